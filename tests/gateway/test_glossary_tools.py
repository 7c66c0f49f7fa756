"""The glossary on the command line, as far as it needs what the gateway knows: trials, proposals, candidates."""

from __future__ import annotations

import argparse

import pytest

from gateway import glossary_tools
from gateway.api.glossary import opened
from gateway.api.glossary.parts import Parts
from gateway.api.glossary.shapes import TermForm
from glossary.options import add_commands
from glossary.term import Form, Term, Wording
from store.connect import Store
from tests.gateway.conftest import Running, Start
from tests.gateway.test_glossary import log_in, translated_before, until_ready, worker
from tests.gateway.test_glossary_words import correction
from translation.memory.correction_log import CorrectionLog

__all__ = ["Running"]


async def call(store: Store, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    return await glossary_tools.run(parser.parse_args(arguments), store, store.keys.prefix, lambda *_: "")


def parts(store: Store) -> Parts:
    return opened(store.client, store.keys.prefix, lambda *_: "")


async def test_a_sentence_is_tried_with_and_without_a_draft(
    start: Start, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = await start()
    async with worker(gateway, prefix) as asked:
        await until_ready(gateway)
        assert (
            await call(gateway.store, "try", "my order", "--from", "en", "--to", "pt", "--term", "order = pedido") == 0
        )
        lines = capsys.readouterr().out.splitlines()
        assert [line.partition(":")[0] for line in lines if not line.startswith("\t")] == [
            "without the glossary", "with the glossary", "with the drafts",
        ]  # fmt: skip
        [question] = asked
        [draft] = question.drafts
        assert {code: each.text for code, each in draft.wordings.items()} == {"en": "order", "pt": "pedido"}
        assert not question.all_drafts
        assert await call(gateway.store, "try", "my order", "--from", "en", "--to", "pt") == 0
        assert asked[1].all_drafts, "without any the glossary's own drafts are tried"


async def test_a_try_that_cannot_be_meant_or_answered(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call(store, "try", "hi", "--from", "en", "--to", "pt", "--term", "order") == 2
    assert await call(store, "try", " ", "--from", "en", "--to", "pt") == 2
    assert await call(store, "try", "hi", "--from", "english", "--to", "pt") == 2
    monkeypatch.setattr("glossary.trial.PATIENCE", 0.1)
    capsys.readouterr()
    assert await call(store, "try", "hi", "--from", "en", "--to", "pt") == 1
    assert "dragoman serve" in capsys.readouterr().err


TERM = ("--from", "en", "--to", "pt", "--term", "order=pedido")


@pytest.mark.parametrize("texts", [True, False])
@pytest.mark.parametrize("given", [TERM, ()], ids=["given", "own"])
async def test_drafts_are_tried_on_the_last_messages(
    start: Start, prefix: str, texts: bool, given: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = await start()
    await translated_before(gateway.store, "where is my order", "hello", "two orders please")
    if not given:
        draft = Term("o", {"en": Wording("order"), "pt": Wording("pedido")}, status="draft")
        await parts(gateway.store).repository.add(draft, "mia")
    async with worker(gateway, prefix) as asked:
        await until_ready(gateway)
        assert await call(gateway.store, "dry-run", *given, *(["--texts"] if texts else [])) == 0
    out, err = capsys.readouterr()
    assert "3 messages looked at; a draft matters in 2, 2 of these were translated again, 2 would change" in err
    assert {each.text for question in asked for each in question.texts} == {"where is my order", "two orders please"}
    lines = out.splitlines()
    assert [line.split("\t")[1:] for line in lines if not line.startswith("\t")] == [["en > pt", "draf"]] * 2
    assert ("\tmessage:\twhere is my order" in lines) == texts


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "no drafts"), (("--term", "order=pedido"), "language code"), ((*TERM, "--term", "box"), "WORD=SAID"),
        ((*TERM, "--messages", "0"), "--messages"), ((*TERM, "--messages", "2001"), "--messages"),
    ],
)  # fmt: skip
async def test_a_dry_run_that_cannot_be_meant(
    store: Store, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call(store, "dry-run", *options) == 2
    assert told in capsys.readouterr().err


async def test_proposals_are_listed_and_decided_on(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    glossary = parts(store)
    forms = [TermForm(texts={"en": word, "pt": "pedido"}, note="n") for word in ("order", "request", "purchase")]
    ids = [(await glossary.proposals.add(form, "alex", comment="they ask\nfor it")).id for form in forms]
    assert await call(store, "proposals") == 0
    out = capsys.readouterr().out
    assert f"{ids[0]}\torder (en) = pedido (pt)\talex\t" in out
    assert "they ask for it" in out
    assert await call(store, "accept", ids[0], "--answer", "thanks") == 0
    assert await call(store, "accept", ids[1], "--text", "pt=solicitação") == 0
    assert await call(store, "refuse", ids[2], "--answer", "no") == 0
    assert await call(store, "accept", ids[2]) == 1
    assert await call(store, "refuse", "none") == 1
    terms = {term.wordings["en"].text: term for term in await glossary.repository.list()}
    assert {word: term.wordings["pt"].text for word, term in terms.items()} == {
        "order": "pedido", "request": "solicitação",
    }  # fmt: skip
    assert terms["request"].note == "n", "what is not changed stays as proposed"
    [entry] = [each for each in await glossary.repository.log.history(most=9, shown=1) if each.about.endswith(ids[0])]
    assert entry.who.startswith("command line")
    decided = {each.id: each.decision for each in await glossary.proposals.list()}
    assert getattr(decided[ids[0]], "answer", "") == "thanks"
    capsys.readouterr()
    assert await call(store, "proposals") == 0
    assert capsys.readouterr().out == ""
    assert await call(store, "proposals", "--state", "refused") == 0
    assert ids[2] in capsys.readouterr().out


async def test_a_proposed_change_may_be_changed_itself(store: Store) -> None:
    glossary = parts(store)
    forms = {"en": Wording("order", (Form("orders", number="p"),)), "pt": Wording("pedido"), "de": Wording("Auftrag")}
    await glossary.repository.add(Term("t1", forms), "mia")
    made = await glossary.proposals.add(TermForm(id="t1", texts={"en": "order", "pt": "encomenda"}), "alex")
    assert await call(store, "accept", made.id, "--text", "pt=compra") == 0
    [term] = await glossary.repository.list()
    assert (term.id, term.wordings["pt"].text, term.wordings["en"].forms) == ("t1", "compra", forms["en"].forms)


async def test_candidates_are_listed_added_and_refused(
    start: Start, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    log = CorrectionLog(gateway.store)
    await log.add(correction(3, "Where is my request?", "Where is my order?"))
    await log.add(correction(5, "My parcel is late", "My package is late"))
    async with worker(gateway, prefix):
        await until_ready(gateway)
        assert await call(gateway.store, "candidates") == 0
        first, second = (
            line.split("\t") for line in sorted(capsys.readouterr().out.splitlines(), key=lambda line: line[9:])
        )
        assert (first[1], second[1]) == ("<parcel> (pt) = package (en)", "<request> (pt) = order (en)")
        assert "instead of request" in second
        assert await call(gateway.store, "candidates", "--add", second[0]) == 0
        assert await call(gateway.store, "candidates", "--refuse", first[0]) == 0
        assert await call(gateway.store, "candidates", "--refuse", first[0]) == 2
        capsys.readouterr()
        assert await call(gateway.store, "candidates") == 0
        assert capsys.readouterr().out == ""
    [term] = await parts(gateway.store).repository.list()
    assert term.wordings["en"].text == "order"

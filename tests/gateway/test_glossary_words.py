"""Words of messages on their way into the glossary: counterparts for proposals, candidates out of corrections."""

from __future__ import annotations

from typing import Any

from conversation import events
from conversation.events import Message, Translation
from store import streams
from store.append import Append
from store.writer import Writer
from tests.gateway.conftest import Running, Start
from tests.gateway.test_glossary import add, call, log_in, until_ready, worker
from translation.memory.correction import Correction
from translation.memory.correction_log import CorrectionLog

__all__ = ["Running"]


async def said(gateway: Running) -> None:
    """A message and its translation, as events 1 and 2 of conversation c."""
    writer = Writer(gateway.store)
    await writer.start()
    message = events.encode(Message("m", "visitor", "Onde está meu pedido?"))
    translation = events.encode(Translation(1, "pt", "en", "done", "Where is my request?"))
    for event in (message, translation):
        await writer.append(Append("c", event))
    await writer.close()


def correction(seq: int, before: str, corrected: str) -> Correction:
    return Correction(
        source_language="pt", target_language="en", source="Onde está meu pedido?", before=before,
        corrected=corrected, by="alex", time=1, conversation="c", seq=seq, of=1,
    )  # fmt: skip


async def test_agents_are_told_what_stands_for_words_of_a_message(start: Start, prefix: str) -> None:
    gateway = await start()
    await log_in(gateway, "alex", "agent")
    await said(gateway)
    form = {"conversation": "c", "seq": 1, "words": "pedido"}
    assert (await call(gateway, "POST", "/counterpart", json=form))[0] == 503
    async with worker(gateway, prefix) as asked:
        await until_ready(gateway)
        assert await call(gateway, "POST", "/counterpart", json=form) == (200, {"text": "<pedido>"})
        of_translation = {**form, "words": "my  request", "of_translation": True}
        assert (await call(gateway, "POST", "/counterpart", json=of_translation))[0] == 200
        assert [(each.text, each.source, each.target, each.of_translation) for q in asked for each in q.marked] == [
            ("Onde está meu pedido?", "pt", "en", False), ("Onde está meu pedido?", "pt", "en", True),
        ]  # fmt: skip
        bad: list[tuple[dict[str, Any], int]] = [
            ({"words": "something else"}, 400), ({"words": "request"}, 400), ({"words": " "}, 400),
            ({"words": "x" * 201}, 400), ({"seq": 2}, 404), ({"conversation": "other"}, 404),
        ]  # fmt: skip
        for fields, status in bad:
            assert (await call(gateway, "POST", "/counterpart", json={**form, **fields}))[0] == status, fields
        assert len(asked) == 2
    await log_in(gateway, "mia", "maintainer")
    assert (await call(gateway, "POST", "/counterpart", json=form))[0] == 403


async def test_corrections_offer_candidates_until_somebody_decides(start: Start, prefix: str) -> None:
    gateway = await start()
    log = CorrectionLog(gateway.store)
    await log.add(correction(3, "Where is my request?", "Where is my order?"))
    await log.add(correction(5, "My request is late", "My order is late"))
    await log.add(correction(6, "My request is late", "Where on earth did you put it"))
    await log_in(gateway, "mia", "maintainer")
    status, body = await call(gateway, "GET", "/candidates")
    assert (status, body) == (200, {"candidates": [], "waiting": 2})  # nobody is there to align the words
    async with worker(gateway, prefix) as asked:
        await until_ready(gateway)
        status, body = await call(gateway, "GET", "/candidates")
        [one] = body["candidates"]
        assert (one["texts"], one["instead"], one["count"]) == ({"pt": "<request>", "en": "order"}, ["request"], 1)
        assert (body["waiting"], one["messages"], one["warnings"]) == (0, [], [])
        await call(gateway, "GET", "/candidates")
        assert len(asked) == 2, "each correction is looked at once"
        await add(gateway, "sequence", "<request>")
        status, body = await call(gateway, "GET", "/candidates")
        assert [each["code"] for each in body["candidates"][0]["warnings"]] == ["two-targets"]
        await add(gateway, "order", "<request>")
        assert (await call(gateway, "GET", "/candidates"))[1]["candidates"] == []
        [term] = (await call(gateway, "GET", "/terms?q=order"))[1]["terms"]
        await call(gateway, "DELETE", f"/terms/{term['id']}")
        assert len((await call(gateway, "GET", "/candidates"))[1]["candidates"]) == 1
        assert (await call(gateway, "POST", "/candidates/refuse", json={"key": one["key"]}))[0] == 200
        assert (await call(gateway, "GET", "/candidates"))[1]["candidates"] == []
    await log_in(gateway, "alex", "agent")
    assert (await call(gateway, "GET", "/candidates"))[0] == 403


async def test_what_the_page_is_about_is_kept_with_the_conversation(start: Start) -> None:
    gateway = await start(translate=False)
    visitor, welcome = await gateway.visitor(scope=["line:garden", " line:garden", "a\nb", ""])
    await visitor.say("m", "Oi")
    [summary] = await streams.summaries(gateway.store, [welcome["conversation"]])
    assert summary["scope"] == "line:garden"

"""The glossary's endpoints on a real gateway: pages of terms, files, history, proposals, trials."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from conversation import events
from conversation.events import Message as Written
from conversation.events import Translation
from conversation.receipt import Receipt, TermUse
from gateway.api.glossary import files
from glossary.trial import Answer, Question, Said, Trials
from glossary.use import Message, Met, Uses
from store.append import Append, Update
from store.connect import Store
from store.writer import Writer
from tests.gateway.conftest import PASSWORD, Running, Start

BASE = "/api/v1/glossary"


async def log_in(gateway: Running, login: str, *roles: str) -> None:
    """From now on the gateway's HTTP session is this user's."""
    if await gateway.users.get(login) is None:
        await gateway.users.add(login, login.title(), PASSWORD, roles, "en")
    gateway.session.headers.pop("Cookie", None)
    async with gateway.session.post(
        gateway.base + "/api/v1/login", json={"login": login, "password": PASSWORD}
    ) as answer:
        assert answer.status == 200
        gateway.session.headers["Cookie"] = f"dragoman_session={answer.cookies['dragoman_session'].value}"


async def call(gateway: Running, method: str, path: str, **options: Any) -> tuple[int, Any]:
    async with gateway.session.request(method, gateway.base + BASE + path, **options) as answer:
        if answer.content_type == "application/x-ndjson":
            return answer.status, [msgspec.json.decode(line) for line in (await answer.read()).splitlines()]
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.read())


async def add(gateway: Running, en: str, pt: str, **more: Any) -> dict[str, Any]:
    status, term = await call(gateway, "POST", "/terms", json={"texts": {"en": en, "pt": pt}, **more})
    assert status == 201, term
    found: dict[str, Any] = term
    return found


@pytest.fixture
async def gateway(start: Start) -> Running:
    """A gateway without translation, with a maintainer logged in."""
    running = await start(translate=False)
    await log_in(running, "mia", "maintainer")
    return running


# --- terms -----------------------------------------------------------------------------------------------------------


async def test_a_term_holds_all_there_is_to_say(gateway: Running) -> None:
    form = {
        "wordings": {
            "en": {"text": "order", "forms": [{"text": "orders", "number": "p"}], "exceptions": ["in order to"]},
            "pt": {"text": "encomenda", "gender": "f", "avoid": ["pedido"]},
        },
        "kind": "forbidden", "status": "draft", "rules": {"case": True}, "part_of_speech": "noun",
        "scope": ["line:x"], "note": "n", "id": "order",
    }  # fmt: skip
    status, term = await call(gateway, "POST", "/terms", json=form)
    assert status == 201
    assert {name: term[name] for name in form} == form
    assert (term["author"], term["do_not_translate"], term["warnings"], term["use"]["used"]) == ("mia", False, [], 0)
    status, changed = await call(gateway, "PUT", "/terms/order", json={"note": "m"})
    assert (changed["note"], changed["wordings"]) == ("m", form["wordings"])
    status, changed = await call(gateway, "PUT", "/terms/order", json={"texts": {"en": "order", "pt": "pedido"}})
    assert changed["wordings"] == {"en": form["wordings"]["en"], "pt": {"text": "pedido"}}  # type: ignore[index]
    assert await call(gateway, "GET", "/terms/order") == (200, changed)
    assert (await call(gateway, "GET", "/terms/none"))[0] == 404


async def test_two_who_change_one_term_are_told(gateway: Running) -> None:
    term = await add(gateway, "order", "pedido")
    path, seen = f"/terms/{term['id']}", {"If-Match": f'"{term["changed"]}"'}
    assert (await call(gateway, "PUT", path, json={"note": "a"}, headers=seen))[0] == 200
    await asyncio.sleep(0.002)  # the time of a change counts milliseconds
    status, body = await call(gateway, "PUT", path, json={"note": "b"}, headers=seen)
    assert (status, body["error"]["code"], body["error"]["term"]["note"]) == (409, "moved", "a")


async def test_saving_and_checking_name_what_a_term_clashes_with(gateway: Running) -> None:
    first = await add(gateway, "gift card", "vale")
    form = {"texts": {"en": "gift card", "pt": "cartão"}}
    status, checked = await call(gateway, "POST", "/terms/check", json={"term": form})
    assert (status, [each["code"] for each in checked["warnings"]]) == (200, ["two-targets"])
    assert checked["forms"]["pt"] == [{"text": "cartões", "number": "p", "gender": "m"}]
    second = await add(gateway, "gift card", "cartão")
    assert [(each["code"], each["other"]) for each in second["warnings"]] == [("two-targets", first["id"])]
    assert (await call(gateway, "GET", "/terms?conflicts=1"))[1]["total"] == 2
    status, body = await call(gateway, "POST", "/terms/check", json={"term": {"texts": {"en": " "}}})
    assert (status, body["error"]["field"]) == (400, "wordings")


async def test_what_the_model_cannot_write_is_told_on_saving_and_importing(gateway: Running) -> None:
    cyrillic = "enc\u043emenda"  # looks like "encomenda"
    status, checked = await call(
        gateway, "POST", "/terms/check", json={"term": {"texts": {"en": "order", "pt": cyrillic}}}
    )
    assert (status, [(each["code"], each["language"]) for each in checked["warnings"]]) == (200, [("spelling", "pt")])
    assert "U+043E" in checked["warnings"][0]["message"]
    saved = await add(gateway, "order", cyrillic)
    assert [each["code"] for each in saved["warnings"]] == ["spelling"]
    status, plan = await call(gateway, "POST", "/import?preview=1", data="en,pt\nbox,caixa\nbag,b\u043elsa\n".encode())
    assert [(each["row"], each["column"], each["kind"]) for each in plan["warnings"]["items"]] == [
        (3, "pt", "spelling")
    ]


async def test_a_page_of_many_terms(gateway: Running) -> None:
    changes = [{"term": {"texts": {"en": f"word {n:03}", "pt": f"palavra {n:03}"}}} for n in range(250)]
    status, done = await call(gateway, "POST", "/terms/batch", json={"changes": changes})
    assert (status, done["version"], len(done["terms"])) == (200, 1, 250)
    async with gateway.session.get(gateway.base + BASE + "/terms?offset=100&limit=50&sort=-text:pt") as answer:
        tag, page = answer.headers["ETag"], await answer.json()
    assert (page["total"], page["all"], page["languages"]) == (
        250,
        250,
        [{"code": "en", "terms": 250}, {"code": "pt", "terms": 250}],
    )
    assert [term["texts"]["en"] for term in page["terms"]] == [f"word {n:03}" for n in range(149, 99, -1)]
    assert (await call(gateway, "GET", "/terms", headers={"If-None-Match": tag}))[0] == 304
    await add(gateway, "new word", "nova")
    status, page = await call(gateway, "GET", "/terms?q=nova", headers={"If-None-Match": tag})
    assert (status, page["total"], page["all"], page["version"]) == (200, 1, 251, 2)
    for bad in ("sort=colour", "used=often", "offset=x"):
        assert (await call(gateway, "GET", f"/terms?{bad}"))[0] == 400


async def test_many_terms_change_together_or_not_at_all(gateway: Running) -> None:
    term = await add(gateway, "order", "pedido")
    good = [{"id": term["id"], "term": {"note": "x"}}, {"term": {"texts": {"en": "box", "pt": "caixa"}}}]
    bad = [
        *good,
        {"term": {"texts": {"en": "alone"}}},
        {"id": "none", "term": None},
        {"term": {"texts": {"en": "order", "pt": "pedido"}}},
    ]
    status, body = await call(gateway, "POST", "/terms/batch", json={"changes": bad})
    assert (status, [each["index"] for each in body["error"]["details"]]) == (400, [2, 3, 4])
    assert (await call(gateway, "POST", "/terms/batch", json={"changes": good, "seen": 0}))[0] == 409
    assert (await call(gateway, "GET", "/terms"))[1]["version"] == 1
    status, done = await call(gateway, "POST", "/terms/batch", json={"changes": good, "seen": 1})
    assert (status, [each["texts"]["en"] for each in done["terms"]]) == (200, ["order", "box"])
    gone = [{"id": each["id"], "term": None} for each in done["terms"]]
    status, done = await call(gateway, "POST", "/terms/batch", json={"changes": gone})
    assert (status, len(done["deleted"])) == (200, 2)


# --- files -----------------------------------------------------------------------------------------------------------


async def test_a_preview_changes_nothing_and_tells_all(gateway: Running) -> None:
    term = await add(gateway, "order", "pedido")
    await add(gateway, "box", "caixa")
    rows = [["id", "en", "pt"], [term["id"], "order", "encomenda"], ["", "gift card", "vale"], ["", "card", "cartão"],
            ["", "card", "ficha"]]  # fmt: skip
    data = "\n".join(",".join(row) for row in rows).encode()
    status, plan = await call(gateway, "POST", "/import?preview=1&replace=1", data=data)
    assert status == 200
    expected = {"version": 2, "preview": True, "rows": 4, "added": 2, "changed": 1, "unchanged": 0, "deleted": 1}
    assert {name: plan[name] for name in expected} == expected
    assert [(each["row"], each["column"]) for each in plan["conflicts"]["items"]] == [(5, "en")]
    assert [(each["row"], each["kind"]) for each in plan["warnings"]["items"]] == [(3, "contains")]
    assert [(each["row"], each["before"]["texts"]["pt"], each["after"]["texts"]["pt"]) for each in plan["changes"]] == [
        (2, "pedido", "encomenda")
    ]
    assert [each["texts"]["en"] for each in plan["deletes"]] == ["box"]
    assert (await call(gateway, "GET", "/terms"))[1]["version"] == 2
    assert (await call(gateway, "POST", "/import?seen=2", data=data))[0] == 400
    assert (await call(gateway, "POST", "/import?skip_conflicts=1&seen=1", data=data))[0] == 409
    status, done = await call(gateway, "POST", "/import?skip_conflicts=1&replace=1&seen=2", data=data)
    assert (status, done["version"], done["added"], done["deleted"]) == (200, 3, 2, 1)
    page = (await call(gateway, "GET", "/terms"))[1]
    assert sorted(each["texts"]["en"] for each in page["terms"]) == ["card", "gift card", "order"]


async def test_a_file_may_be_larger_than_other_requests(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    row = b"<conceptEntry><langSec xml:lang='en'><termSec><term>order</term></termSec></langSec>" \
          b"<langSec xml:lang='pt'><termSec><term>pedido</term></termSec></langSec></conceptEntry>"  # fmt: skip
    space = b" " * (33 * 1024 * 1024)
    tbx = b"<tbx type='TBX-Basic' style='dca' xml:lang='en'><text><body>" + row + space + b"</body></text></tbx>"
    status, done = await call(gateway, "POST", "/import", data=io.BytesIO(tbx))
    assert (status, done.get("added")) == (200, 1), done
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    status, body = await call(gateway, "POST", "/import?progress=1", data=b"x" * 5000)
    assert (status, body["error"]["code"]) == (413, "too_large")


async def test_a_long_import_tells_how_far_it_is(gateway: Running) -> None:
    data = "en,pt\n" + "".join(f"word{n},palavra{n}\n" for n in range(2500))
    status, lines = await call(gateway, "POST", "/import?progress=1", data=data.encode())
    assert status == 200
    assert [line["step"] for line in lines[:-1]][:2] == ["reading", "comparing"]
    assert [(line["done"], line["total"]) for line in lines[2:-1]] == [(1000, 2500), (2000, 2500), (2500, 2500)]
    assert (lines[-1]["result"]["added"], lines[-1]["result"]["version"]) == (2500, 1)
    status, lines = await call(gateway, "POST", "/import?progress=1", data=b"en,pt\na\n")
    assert (lines[-1]["error"]["code"], lines[-1]["error"]["details"][0]["row"]) == ("bad_file", 2)


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "tbx"])
async def test_what_goes_out_comes_in(gateway: Running, kind: str) -> None:
    await add(gateway, "order", "encomenda", note="é\n", scope=["a|b"])
    await add(gateway, "Acme", "Acme", kind="do-not-translate")
    status, data = await call(gateway, "GET", f"/export.{kind}")
    assert status == 200
    status, plan = await call(gateway, "POST", "/import?preview=1", data=data)
    assert (status, plan["unchanged"], plan["format"]) == (200, 2, kind)
    assert (await call(gateway, "GET", "/export.csv?layout=deepl&source=en&target=pt"))[1] == b"Acme,Acme\r\n"
    assert (await call(gateway, "GET", "/export.csv?layout=deepl"))[0] == 400
    assert (await call(gateway, "GET", "/export.doc"))[0] == 404


# --- history and use -------------------------------------------------------------------------------------------------


async def test_history_undo_and_restore(gateway: Running) -> None:
    term = await add(gateway, "order", "pedido")
    await call(gateway, "PUT", f"/terms/{term['id']}", json={"note": "x"})
    await add(gateway, "box", "caixa")
    status, found = await call(gateway, "GET", f"/history?term={term['id']}")
    assert (status, [entry["version"] for entry in found["entries"]], found["more"]) == (200, [2, 1], False)
    assert found["entries"][0]["changes"][0]["before"]["note"] == ""
    status, found = await call(gateway, "GET", "/history?limit=2")
    assert ([entry["version"] for entry in found["entries"]], found["more"], found["version"]) == ([3, 2], True, 3)
    assert (await call(gateway, "GET", "/history/2"))[1]["who"] == "mia"
    assert await call(gateway, "POST", "/history/2/undo", json={}) == (200, {"version": 4, "restored": 1})
    status, body = await call(gateway, "POST", "/history/1/undo", json={})
    assert (status, body["error"]["code"], body["error"]["details"]) == (409, "changed_since", [term["id"]])
    status, done = await call(gateway, "POST", "/restore", json={"version": 2, "preview": True})
    assert (status, done) == (200, {"version": 4, "adds": 0, "changes": 1, "deletes": 1})
    status, done = await call(gateway, "POST", "/restore", json={"version": 2})
    assert (status, done["version"]) == (200, 5)
    page = (await call(gateway, "GET", "/terms"))[1]
    assert [(each["texts"]["en"], each["note"]) for each in page["terms"]] == [("order", "x")]
    for path in ("/history/99", "/history/x", "/history/99999999999999999999"):
        assert (await call(gateway, "GET", path))[0] == 404
    assert (await call(gateway, "POST", "/restore", json={"version": 99}))[0] == 404


async def test_use_is_shown_and_messages_only_to_who_may_read_them(gateway: Running, prefix: str) -> None:
    term = await add(gateway, "order", "pedido")
    met = Met(term["id"], Message("c1", 4, 99, "missed", "no-alignment"))
    await Uses(gateway.store.client, prefix).count([met])
    path = f"/terms/{term['id']}/use"
    use = {"used": 1, "applied": 0, "already": 0, "missed": 1, "last_seen": 99}
    assert await call(gateway, "GET", path) == (200, {"use": use, "messages": []})
    status, found = await call(gateway, "GET", "/stats")
    assert (status, found) == (
        200, {"terms": 1, "approved": 1, "drafts": 0, "retired": 0, "use": use, "proposals": 0},
    )  # fmt: skip
    assert (await call(gateway, "GET", "/terms?used=missed"))[1]["terms"][0]["use"] == use
    await log_in(gateway, "alex", "agent")
    assert (await call(gateway, "GET", path))[1]["messages"] == [
        {"conversation": "c1", "seq": 4, "when": 99, "status": "missed", "how": "no-alignment"}
    ]


# --- proposals -------------------------------------------------------------------------------------------------------


async def test_agents_propose_and_maintainers_decide(gateway: Running) -> None:
    await log_in(gateway, "alex", "agent")
    ids = []
    for en in ("order", "box", "lamp"):
        body = {"term": {"texts": {"en": en, "pt": "x" + en}}, "comment": "c", "conversation": "c1", "seq": 4}
        status, made = await call(gateway, "POST", "/proposals", json=body)
        assert (status, made["by"], made["state"], made["seq"]) == (201, "alex", "open", 4)
        ids.append(made["id"])
    assert (await call(gateway, "POST", "/proposals", json={"term": {"texts": {"en": "alone"}}}))[0] == 400
    assert (await call(gateway, "POST", f"/proposals/{ids[0]}/accept", json={}))[0] == 403
    await log_in(gateway, "ben", "agent")
    assert (await call(gateway, "GET", "/proposals"))[1]["proposals"] == []
    await log_in(gateway, "mia")
    status, found = await call(gateway, "GET", "/proposals")
    assert (found["open"], {each["id"] for each in found["proposals"]}) == (3, set(ids))
    assert found["proposals"][0]["conversation"] is None, "a maintainer reads no conversations"
    status, done = await call(gateway, "POST", f"/proposals/{ids[0]}/accept", json={"answer": "thanks"})
    assert (status, done["state"], done["decided_by"], done["answer"]) == (200, "accepted", "mia", "thanks")
    changed = {"term": {"texts": {"en": "box", "pt": "caixa"}}}
    assert (await call(gateway, "POST", f"/proposals/{ids[1]}/accept", json=changed))[0] == 200
    assert (await call(gateway, "POST", f"/proposals/{ids[2]}/refuse", json={"answer": "no"}))[1]["state"] == "refused"
    for act in ("accept", "refuse"):
        assert (await call(gateway, "POST", f"/proposals/{ids[2]}/{act}", json={}))[0] == 409
        assert (await call(gateway, "POST", f"/proposals/none/{act}", json={}))[0] == 404
    page = (await call(gateway, "GET", "/terms"))[1]
    assert [each["texts"]["pt"] for each in page["terms"]] == ["caixa", "xorder"]
    assert (await call(gateway, "GET", "/history"))[1]["entries"][0]["about"] == f"proposal {ids[1]}"


# --- trials ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def worker(gateway: Running, prefix: str) -> AsyncIterator[list[Question]]:
    """Answers with what it was asked: the way, and how many drafts there are."""
    trials, asked = Trials(gateway.store.client, prefix), list[Question]()

    async def serve() -> None:
        while True:
            if question := await trials.next():
                asked.append(question)
                use = [TermUse(term.id, "s", "t", "applied", target_span=(0, 4)) for term in question.drafts]
                said = tuple(
                    tuple(Said("done", f"{way} {each.text}", terms=tuple(use)) for way in question.ways)
                    for each in question.texts
                )
                found = tuple(f"<{each.words}>" for each in question.marked)
                await trials.answer(question, Answer(said, found))

    task = asyncio.create_task(serve())
    keys = gateway.store.keys
    await gateway.store.ask(
        ("SET", keys.worker("w"), "1"),
        ("XGROUP", "CREATE", keys.jobs(0), "workers", "0", "MKSTREAM"),
        ("XGROUP", "CREATECONSUMER", keys.jobs(0), "workers", "w"),
    )
    try:
        yield asked
    finally:
        while not task.done():  # redis-py may lose a cancellation
            task.cancel()
            await asyncio.wait([task], timeout=1)


async def until_ready(gateway: Running) -> None:
    async with asyncio.timeout(10):
        while (await (await gateway.session.get(gateway.base + "/health/ready")).json())["translation"] == "down":
            await asyncio.sleep(0.02)


async def test_a_sentence_is_tried(start: Start, prefix: str) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    form = {"text": "my order", "source": "en", "target": "pt"}
    status, body = await call(gateway, "POST", "/try", json=form)
    assert (status, body["error"]["code"]) == (503, "no_worker")
    term = await add(gateway, "order", "pedido")
    async with worker(gateway, prefix) as asked:
        await until_ready(gateway)
        draft = {"id": term["id"], "texts": {"en": "order", "pt": "encomenda"}}
        status, tried = await call(gateway, "POST", "/try", json={**form, "drafts": [draft]})
        assert (status, [tried[way]["text"] for way in ("plain", "without", "with")]) == (
            200, ["none my order", "stored my order", "drafts my order"],
        )  # fmt: skip
        assert (asked[0].drafts[0].id, asked[0].drafts[0].wordings["pt"].text, asked[0].all_drafts) == (
            term["id"], "encomenda", False,
        )  # fmt: skip
        for bad in ({"text": " "}, {"text": "x" * 501}, {"source": "english"}, {"drafts": [{"texts": {"en": "x"}}]}):
            assert (await call(gateway, "POST", "/try", json={**form, **bad}))[0] == 400


async def test_a_worker_that_does_not_answer_is_told(
    start: Start, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    monkeypatch.setattr("glossary.trial.Trials.answer", lambda *_: asyncio.sleep(0))
    monkeypatch.setattr("glossary.trial.PATIENCE", 0.3)
    async with worker(gateway, prefix):
        await until_ready(gateway)
        status, body = await call(gateway, "POST", "/try", json={"text": "x", "source": "en", "target": "pt"})
    assert (status, body["error"]["code"]) == (504, "no_answer")


async def translated_before(store: Store, *texts: str) -> None:
    """Each in a conversation of its own: c0, c1..."""
    writer = Writer(store)
    await writer.start()
    for number, text in enumerate(texts):
        conversation = f"c{number}"
        written = events.encode(Written(f"m{number}", "visitor", text))
        await writer.append(Append(conversation, written, updates=(Update("set", "last_seq", "@seq"),)))
        told = Translation(1, "en", "pt", "done", "...", receipt=Receipt())
        await writer.append(Append(conversation, events.encode(told)))
    await writer.close()


@pytest.mark.parametrize("reads", [True, False])
async def test_drafts_are_tried_on_the_last_messages(start: Start, prefix: str, reads: bool) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer", *(["agent"] if reads else []))
    await translated_before(gateway.store, "where is my order", "hello", "two orders please")
    async with worker(gateway, prefix):
        await until_ready(gateway)
        drafts = [{"texts": {"en": "order", "pt": "encomenda"}}]
        status, lines = await call(gateway, "POST", "/dry-run", json={"drafts": drafts})
    assert status == 200
    assert lines[0] == {"step": "found", "looked_at": 3, "matching": 2, "total": 2}
    assert lines[-1] == {"step": "end", "changed": 2, "total": 2}
    assert [(line["done"], line["changed"], line["said_after"]) for line in lines[1:-1]] == [
        (1, True, ["draf"]), (2, True, ["draf"]),
    ]  # fmt: skip
    texts = {line["text"] for line in lines[1:-1]}
    assert texts == ({"where is my order", "two orders please"} if reads else {None})
    assert {line["conversation"] for line in lines[1:-1]} == ({"c0", "c2"} if reads else {None})


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/terms/batch", {"changes": []}), ("POST", "/history/1/undo", {}),
        ("POST", "/restore", {"version": 0}),
        ("POST", "/try", {"text": "x", "source": "en", "target": "pt"}), ("POST", "/dry-run", {"drafts": []}),
        ("POST", "/proposals/p/accept", {}), ("POST", "/proposals/p/refuse", {}),
    ],
)  # fmt: skip
async def test_agents_may_not_maintain(gateway: Running, method: str, path: str, body: Any) -> None:
    await log_in(gateway, "alex", "agent")
    assert (await call(gateway, method, path, json=body))[0] == 403


@pytest.mark.parametrize(
    "path", ["/terms", "/terms/x", "/terms/x/use", "/stats", "/history", "/proposals", "/export.csv"]
)
async def test_shoppers_never_see_it(gateway: Running, path: str) -> None:
    gateway.session.headers.pop("Cookie")
    assert (await call(gateway, "GET", path))[0] == 401

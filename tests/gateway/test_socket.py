"""Real sockets on a real gateway and a real store: what docs/protocol.md promises."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from conversation import events
from conversation.events import Ask
from store.append import Append, Update
from store.connect import Store
from store.streams import summaries
from store.writer import Writer
from tests.gateway.conftest import Start


@pytest.mark.parametrize(
    ("said", "kept"), [("de", "de"), ("pt-BR", "pt-BR"), ("x", None), ("de" + "-abcdefgh" * 9, None), ("<b>", None)]
)
async def test_tags_of_the_hello_are_kept_where_they_are_tags(
    start: Start, store: Store, said: str, kept: str | None
) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor(page_locale=said, earlier_language=said)
    await visitor.say("m1", "Hallo")
    [found] = await summaries(store, [welcome["conversation"]])
    assert (found.get("page_locale"), found.get("earlier_language")) == (kept, kept)


async def test_a_message_reaches_the_agent_and_the_answer_the_visitor(start: Start) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor(page_locale="pt-BR")
    conversation = welcome["conversation"]
    agent = await gateway.agent()
    ack = await visitor.say("m1", "Olá 😭")
    assert (ack["seq"], ack["conversation"]) == (1, conversation)
    [card] = (await agent.next("cards"))["cards"]
    assert card["conversation"] == conversation
    assert (card["last_text"], card["last_role"], card["visitor_online"]) == ("Olá 😭", "visitor", True)
    assert card["waiting_since"] == ack["ts"]
    await agent.send(type="open", conversation=conversation)
    history = await agent.next("history")
    [event] = [event for event in history["events"] if event["kind"] == "message"]
    assert event == {"seq": 1, "ts": ack["ts"], "kind": "message", "id": "m1", "role": "visitor", "text": "Olá 😭"}
    await agent.say("a1", "Hello", conversation=conversation)
    heard = (await visitor.next("event"))["event"]
    assert (heard["role"], heard["name"], heard["text"], heard["language"]) == ("agent", "Alex", "Hello", "en")


async def test_the_sender_gets_the_ack_and_his_other_socket_the_event(start: Start) -> None:
    gateway = await start()
    first, welcome = await gateway.visitor()
    second, again = await gateway.visitor(token=welcome["token"])
    assert again["conversation"] == welcome["conversation"]
    await first.say("m1", "one")
    assert (await second.next("event"))["event"]["text"] == "one"
    await second.say("m2", "two")
    assert (await first.any())["event"]["text"] == "two"  # and nothing of m1 in between


async def test_a_return_resumes_after_the_last_event_seen(start: Start) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor()
    for number in range(5):
        await visitor.say(f"m{number}", str(number))
    await visitor.ws.close()
    socket = await gateway.socket()
    await socket.send(type="hello", v=1, role="visitor", token=welcome["token"], after=3)
    history = await socket.next("history")
    assert [event["text"] for event in history["events"]] == ["3", "4"]


async def test_a_long_history_comes_in_parts(start: Start) -> None:
    gateway = await start(visitor_rate=10_000, visitor_burst=10_000)
    visitor, welcome = await gateway.visitor()
    for number in range(450):
        await visitor.send(type="send", id=f"m{number}", text=str(number))
    await visitor.next("ack", id="m449")
    socket = await gateway.socket()
    await socket.send(type="hello", v=1, role="visitor", token=welcome["token"])
    texts, more = [], True
    while more:
        history = await socket.next("history")
        texts += [event["text"] for event in history["events"]]
        more = history["more"]
    assert texts == [str(number) for number in range(450)]


async def test_two_gateways_on_one_store_are_one_chat(start: Start) -> None:
    here, there = await start(), await start()
    visitor, welcome = await here.visitor()
    await visitor.say("m1", "Olá")
    agent = await there.agent()
    await agent.send(type="open", conversation=welcome["conversation"])
    await agent.next("history")
    await visitor.say("m2", "Oi")
    assert (await agent.next("event"))["event"]["text"] == "Oi"
    await agent.say("a1", "Hello", conversation=welcome["conversation"])
    assert (await visitor.next("event"))["event"]["text"] == "Hello"


async def test_a_question_about_her_language_reaches_the_visitor_alone_and_outlives_a_reload(
    start: Start, writer: Writer
) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor()
    conversation = welcome["conversation"]
    await visitor.say("m1", "ok")
    agent = await gateway.agent()
    await agent.send(type="open", conversation=conversation)
    assert (await agent.next("history"))["ask"] == []
    asked = (Update("set", "language_ask", "pt es"),)
    await writer.append(Append(conversation, signal=events.encode(Ask(("pt", "es"))), updates=asked))
    assert await visitor.next("ask") == {"type": "ask", "conversation": conversation, "languages": ["pt", "es"]}

    async def asked_after_a_reload() -> list[str]:
        socket = await gateway.socket()
        await socket.send(type="hello", v=1, role="visitor", token=welcome["token"])
        return list((await socket.next("history"))["ask"])

    assert await asked_after_a_reload() == ["pt", "es"]
    await agent.send(type="open", conversation=conversation)
    frame = await agent.any()
    while frame["type"] != "history":
        assert frame["type"] != "ask", "an agent is not asked"
        frame = await agent.any()
    assert frame["ask"] == []
    await visitor.send(type="language", language="pt")
    event = (await agent.next("event"))["event"]
    assert (event["kind"], event["language"], event["by"]) == ("language", "pt", "visitor")
    assert await asked_after_a_reload() == []


async def test_who_sets_her_language_all_the_time_is_slowed_down(start: Start) -> None:
    """Each time a whole conversation may be translated again."""
    gateway = await start(visitor_rate=1.0, visitor_burst=3)
    visitor, _ = await gateway.visitor()
    for _ in range(4):
        await visitor.send(type="language", language="pt")
    assert (await visitor.next("error"))["code"] == "too_fast"


async def test_typing_and_marks_reach_the_other_side(start: Start) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor()
    conversation = welcome["conversation"]
    await visitor.say("m1", "Olá")
    agent = await gateway.agent()
    await agent.send(type="open", conversation=conversation)
    await agent.next("history")
    await agent.send(type="typing", on=True, conversation=conversation)
    assert await visitor.next("typing") == {
        "type": "typing", "conversation": conversation, "role": "agent", "on": True, "name": "Alex",
    }  # fmt: skip
    await agent.send(type="mark", delivered=1, read=1, conversation=conversation)
    mark = await visitor.next("mark")
    assert (mark["role"], mark["delivered"], mark["read"]) == ("agent", 1, 1)
    returned = await gateway.socket()
    await returned.send(type="hello", v=1, role="visitor", token=welcome["token"])
    assert (await returned.next("history"))["marks"] == {"agent_delivered": 1, "agent_read": 1}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "send", "id": "m", "text": ""}, "empty"),
        ({"type": "send", "id": "m", "text": "x" * 5001}, "too_long"),
        ({"type": "send", "id": "m"}, "bad_frame"),
        ({"type": "send", "id": "m", "text": 5}, "bad_frame"),
        ({"type": "nonsense"}, "bad_frame"),
        ({"type": "send", "id": "m", "text": "x", "conversation": "another"}, "not_allowed"),
        ({"type": "open", "conversation": "another"}, "not_allowed"),
        ({"type": "more", "before": 5}, "not_allowed"),
        ({"type": "mark", "delivered": 1, "read": 2}, "bad_frame"),
        ({"type": "language", "language": "?"}, "bad_frame"),
        ({"type": "hello", "v": 1, "role": "visitor"}, "bad_frame"),
    ],
)
async def test_bad_frames_are_answered_and_the_line_stays(start: Start, frame: dict[str, object], code: str) -> None:
    gateway = await start()
    visitor, _ = await gateway.visitor()
    await visitor.send(**frame)
    assert (await visitor.next("error"))["code"] == code
    await visitor.say("after", "still here")


async def test_json_that_is_none_and_binary_frames_are_refused(start: Start) -> None:
    gateway = await start()
    visitor, _ = await gateway.visitor()
    await visitor.ws.send_str("{")
    assert (await visitor.next("error"))["code"] == "bad_frame"
    await visitor.ws.send_bytes(b"x")
    assert (await visitor.next("error"))["code"] == "bad_frame"
    await visitor.send(type="ping")
    await visitor.next("pong")


async def test_a_frame_over_the_cap_closes_the_line_with_1009(start: Start) -> None:
    gateway = await start()
    visitor, _ = await gateway.visitor()
    await visitor.ws.send_str("x" * 300_000)
    assert await visitor.close_code() == 1009


async def test_who_sends_too_fast_is_told_when_to_go_on(start: Start) -> None:
    gateway = await start(visitor_rate=1, visitor_burst=3)
    visitor, _ = await gateway.visitor()
    for number in range(4):
        await visitor.send(type="send", id=f"m{number}", text="x")
    error = await visitor.next("error")
    assert (error["code"], error["id"]) == ("too_fast", "m3")
    await asyncio.sleep(error["retry_after"])
    await visitor.say("m3", "x")


@pytest.mark.parametrize(
    ("hello", "code", "close"),
    [
        ({"type": "hello", "v": 2, "role": "visitor"}, "bad_version", 4400),
        ({"type": "ping"}, "bad_frame", 4400),
        ({"type": "hello", "v": 1, "role": "visitor", "token": "forged"}, "not_allowed", 4401),
        ({"type": "hello", "v": 1, "role": "agent"}, "not_allowed", 4401),
    ],
)
async def test_a_bad_hello_is_refused(start: Start, hello: dict[str, object], code: str, close: int) -> None:
    gateway = await start()
    socket = await gateway.socket()
    await socket.send(**hello)
    assert (await socket.next("error"))["code"] == code
    assert await socket.close_code() == close


async def test_an_agent_cannot_write_where_he_has_not_looked(start: Start) -> None:
    gateway = await start()
    agent = await gateway.agent()
    await agent.send(type="send", id="a", text="x", conversation="unknown")
    assert (await agent.next("error"))["code"] == "no_such_conversation"
    await agent.send(type="open", conversation="unknown")
    assert (await agent.next("error"))["code"] == "no_such_conversation"
    await agent.send(type="send", id="a", text="x", conversation="unknown")
    assert (await agent.next("error"))["code"] == "no_such_conversation"


async def test_pages_of_unknown_origins_are_kept_out(start: Start) -> None:
    gateway = await start(origins=("https://shop.example",))
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await gateway.socket(origin="https://evil.example")
    assert refusal.value.status == 403
    await gateway.socket(origin="https://shop.example")
    await gateway.socket(origin=gateway.base)


async def test_the_list_is_paged_newest_first(start: Start) -> None:
    gateway = await start()
    conversations = []
    for number in range(3):
        visitor, welcome = await gateway.visitor()
        await visitor.say("m", str(number))
        conversations.append(welcome["conversation"])
    agent = await gateway.agent()
    await agent.send(type="more", before=2**50)
    listed = await agent.next("cards", more=False)
    assert [card["conversation"] for card in listed["cards"]] == conversations[::-1]
    await agent.send(type="more", before=listed["cards"][1]["ts"])
    older = await agent.next("cards", more=False)
    assert [card["conversation"] for card in older["cards"]] == conversations[:1]


async def test_the_language_can_be_set_by_hand(start: Start) -> None:
    gateway = await start()
    visitor, welcome = await gateway.visitor()
    await visitor.say("m1", "ok")
    agent = await gateway.agent()
    await agent.send(type="open", conversation=welcome["conversation"])
    await agent.next("history")
    await visitor.send(type="language", language="de")
    event = (await agent.next("event"))["event"]
    assert (event["kind"], event["language"], event["by"]) == ("language", "de", "visitor")
    await agent.send(type="open", conversation=welcome["conversation"])
    assert (await agent.next("history"))["language"] == "de"

"""An agent corrects a translation: both sides see it, and the next message that says the same uses it."""

from __future__ import annotations

from typing import Any

import pytest

from conversation import events
from conversation.events import Message, Translation
from conversation.receipt import Receipt
from gateway import frames, room
from gateway.room import Party, Rules
from store.append import Append
from store.writer import Writer
from tests.gateway.conftest import Running, Socket, Start
from translation.memory.correction_log import CorrectionLog
from translation.memory.repository import Repository

AGENT = Party("agent", "alex", name="Alex", language="en")
ORIGINAL = Message("m1", "visitor", "Onde está o pedido LP123456?")
MACHINE = Translation(1, "pt", "en", "done", "Where is the request LP123456?", receipt=Receipt())
RULES = Rules(max_text=50, translate=True)


def wish(text: str, **more: Any) -> frames.Correct:
    return frames.Correct("k1", "c1", 2, text, **more)


def test_a_correction_is_a_further_translation_of_the_same_message_that_names_its_author() -> None:
    effect = room.correct(AGENT, wish(" Where is order LP123456? "), ORIGINAL, MACHINE)
    assert isinstance(effect, room.Correct)
    assert effect.append.event is not None
    event = events.decode_event(effect.append.event)
    receipt = Receipt("edited", edited_by="Alex")
    assert event == Translation(1, "pt", "en", "done", "Where is order LP123456?", receipt=receipt)
    assert frames.view(3, 5, event, "visitor") == frames.EventView(
        3, 5, "translation", of=1, source="pt", target="en", status="done", text="Where is order LP123456?",
        warnings=(), edited=True,
    )  # fmt: skip
    assert (effect.correction.before, effect.correction.corrected) == (MACHINE.text, "Where is order LP123456?")


@pytest.mark.parametrize(
    ("text", "missing", "added"),
    [
        ("Where is my order?", ("LP123456",), ()),
        ("Where is order LP123457?", ("LP123456",), ("LP123457",)),
        ("Where are the 2 orders LP123456?", (), ("2",)),
    ],
)
def test_a_correction_that_lost_what_must_stay_is_taken_after_a_look(
    text: str, missing: tuple[str, ...], added: tuple[str, ...]
) -> None:
    effect = room.correct(AGENT, wish(text), ORIGINAL, MACHINE)
    assert isinstance(effect, room.Refuse)
    assert (effect.error.code, effect.error.id) == ("unsure", "k1")
    assert (effect.error.missing, effect.error.added) == (missing, added)
    assert isinstance(room.correct(AGENT, wish(text, anyway=True), ORIGINAL, MACHINE), room.Correct)


@pytest.mark.parametrize(
    ("party", "text", "translation", "code"),
    [
        (Party("visitor", conversation="c1"), "x", 2, "not_allowed"),
        (AGENT, "  ", 2, "empty"),
        (AGENT, "x" * 101, 2, "too_long"),
        (AGENT, "x", 0, "bad_frame"),
        (AGENT, "x", 2**53, "bad_frame"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(party: Party, text: str, translation: int, code: str) -> None:
    error = room.may_correct(party, frames.Correct("k1", "c1", translation, text), RULES)
    assert error is not None
    assert (error.code, error.id) == (code, "k1")
    assert room.may_correct(AGENT, wish("x" * 100), RULES) is None


def test_what_was_not_translated_is_not_corrected() -> None:
    for status in ("same", "unavailable", "failed"):
        effect = room.correct(AGENT, wish("x"), ORIGINAL, Translation(1, "pt", "en", status))
        assert isinstance(effect, room.Refuse)


def test_a_correction_without_a_use_for_the_memory_is_only_shown() -> None:
    effect = room.correct(
        AGENT, wish("Hi"), Message("m1", "visitor", "Oi"), Translation(1, "en-GB", "en", "done", "Oi")
    )
    assert isinstance(effect, room.Correct)
    assert room.worth_remembering(effect.correction) is None


async def talk(gateway: Running, *agents: str) -> tuple[str, Socket, list[Socket]]:
    """A visitor's message with its translation, event 2, and agents who look at it."""
    visitor, welcome = await gateway.visitor(page_locale="pt-BR")
    conversation = welcome["conversation"]
    await visitor.say("m1", ORIGINAL.text)
    writer = Writer(gateway.store)
    await writer.start()
    await writer.append(Append(conversation, events.encode(MACHINE)))
    await writer.close()
    await visitor.next("event")
    desks = []
    for login in agents:
        desk = await gateway.agent(login)
        await desk.send(type="open", conversation=conversation)
        await desk.next("history")
        desks.append(desk)
    return conversation, visitor, desks


async def test_both_sides_see_it_and_the_memory_and_the_log_keep_it(start: Start) -> None:
    gateway = await start()
    conversation, visitor, [desk] = await talk(gateway, "alex")
    frame = {"type": "correct", "id": "k1", "conversation": conversation, "translation": 2}
    await desk.send(**frame, text="Where is my order?")
    assert (await desk.next("error"))["missing"] == ["LP123456"]
    await desk.send(**frame, text="Where is order LP123456?")
    event = (await desk.next("event"))["event"]
    assert (event["of"], event["text"], event["receipt"]["edited_by"]) == (1, "Where is order LP123456?", "Alex")
    ack = await desk.next("ack", id="k1")
    assert (ack["seq"], ack["conversation"]) == (3, conversation)
    seen = (await visitor.next("event"))["event"]
    assert (seen["of"], seen["text"], seen["edited"]) == (1, "Where is order LP123456?", True)
    assert "receipt" not in seen

    asked = [("onde está o pedido LP777777?", "pt-BR", "en")]
    [[remembered]] = await Repository(gateway.store).look_up(asked)
    assert (remembered.text, remembered.edited, remembered.time) == ("Where is order LP777777?", True, ack["ts"])
    [kept] = await CorrectionLog(gateway.store).last()
    assert (kept.source, kept.before, kept.corrected) == (ORIGINAL.text, MACHINE.text, "Where is order LP123456?")
    assert (kept.source_language, kept.target_language, kept.by, kept.seq) == ("pt", "en", "alex", 3)


async def test_a_repeat_is_stored_once_and_acknowledged_again(start: Start) -> None:
    gateway = await start()
    conversation, _, [desk] = await talk(gateway, "alex")
    for _ in range(2):
        await desk.send(
            type="correct", id="k1", conversation=conversation, translation=2, text="Where is order LP123456?"
        )
        assert (await desk.next("ack", id="k1"))["seq"] == 3
    await desk.send(type="open", conversation=conversation)
    history = await desk.next("history")
    assert [event["seq"] for event in history["events"]][-1] == 3
    assert len(await CorrectionLog(gateway.store).last()) == 1


async def test_of_two_agents_the_last_one_wins_for_everybody(start: Start) -> None:
    gateway = await start()
    conversation, visitor, desks = await talk(gateway, "alex", "kim")
    texts = ["Where is order LP123456?", "Where has order LP123456 got to?"]
    for desk, text in zip(desks, texts, strict=True):
        await desk.send(type="correct", id="k1", conversation=conversation, translation=2, text=text)
    heard = [await frames_of(each, 2 + (each is not visitor)) for each in (visitor, *desks)]
    shown = [[frame["event"] for frame in each if frame["type"] == "event"] for each in heard]
    last = {max(each, key=lambda event: event["seq"])["text"] for each in shown}
    assert len(last) == 1
    assert sorted(event["text"] for event in shown[0]) == sorted(texts)
    [[best, _]] = await Repository(gateway.store).look_up([(ORIGINAL.text, "pt", "en")])
    assert {best.text} == last


async def frames_of(socket: Socket, number: int) -> list[dict[str, Any]]:
    """The next events and acknowledgements."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        frame = await socket.any()
        found += [frame] if frame["type"] in ("event", "ack") else []
    return found


async def test_an_agent_corrects_only_what_he_has_open_and_only_translations(start: Start) -> None:
    gateway = await start()
    conversation, visitor, [desk] = await talk(gateway, "alex")
    for frame, code in (
        ({"conversation": "cNone", "translation": 2}, "no_such_conversation"),
        ({"conversation": conversation, "translation": 1}, "bad_frame"),
        ({"conversation": conversation, "translation": 99}, "bad_frame"),
    ):
        await desk.send(type="correct", id="k", text="x", **frame)
        error = await desk.next("error")
        assert (error["code"], error["id"]) == (code, "k")
    await visitor.send(type="correct", id="k", conversation=conversation, translation=2, text="x")
    assert (await visitor.next("error"))["code"] == "not_allowed"


async def test_the_list_shows_the_corrected_text(start: Start) -> None:
    gateway = await start()
    conversation, _, [desk] = await talk(gateway, "alex")
    await desk.send(type="correct", id="k1", conversation=conversation, translation=2, text="Where is order LP123456?")
    await desk.next("ack", id="k1")
    while (card := (await desk.next("cards"))["cards"][0]).get("last_translation") != "Where is order LP123456?":
        assert card["conversation"] == conversation

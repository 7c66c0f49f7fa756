"""The rules of a conversation, without a socket or a store."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation import events
from gateway import frames, room
from gateway.room import Party, Refuse, Rules, Store
from store.append import Update
from translation import job as jobs

VISITOR = Party(
    "visitor", conversation="c1", page_locale="pt-BR", accept_language="pt-BR,en;q=0.5", earlier_language="de"
)
AGENT = Party("agent", "alex", name="Alex", language="en")
RULES = Rules(max_text=50, translate=True)


def stored(effect: Store | Refuse) -> Store:
    assert isinstance(effect, Store), effect
    return effect


def refused(effect: Store | Refuse) -> frames.Error:
    assert isinstance(effect, Refuse), effect
    return effect.error


def test_a_visitors_message_is_stored_as_written_and_asks_for_a_translation() -> None:
    effect = stored(room.send(VISITOR, frames.Send("m1", "  Olá 😭\n"), RULES))
    assert effect.id == "m1"
    assert effect.append.event is not None
    assert effect.append.job is not None
    message = events.decode_event(effect.append.event)
    assert message == events.Message("m1", "visitor", "  Olá 😭\n")
    job = jobs.decode(effect.append.job)
    assert (job.role, job.text, job.source, job.target) == ("visitor", "  Olá 😭\n", None, None)
    assert (job.page_locale, job.accept_language, job.earlier_language) == ("pt-BR", "pt-BR,en;q=0.5", "de")
    assert Update("setnx", "earlier_language", "de") in effect.append.updates
    fields = {(update.op, update.field) for update in effect.append.updates}
    assert ("setnx", "waiting_since") in fields
    assert ("del", "last_translation") in fields


def test_what_the_page_is_about_goes_with_the_job_and_stays_with_the_conversation() -> None:
    party = Party("visitor", conversation="c1", scope=("line:garden", "channel:web"))
    effect = stored(room.send(party, frames.Send("m1", "Oi"), RULES))
    assert effect.append.job is not None
    assert jobs.decode(effect.append.job).scope == ("line:garden", "channel:web")
    assert Update("set", "scope", "line:garden\nchannel:web") in effect.append.updates
    elsewhere = stored(room.send(VISITOR, frames.Send("m2", "Oi"), RULES))
    assert Update("set", "scope", "") in elsewhere.append.updates
    answer = stored(room.send(AGENT, frames.Send("a1", "Hello", "c1"), RULES))
    assert not [update for update in answer.append.updates if update.field == "scope"]


def test_an_agents_answer_carries_his_language_and_ends_the_waiting() -> None:
    effect = stored(room.send(AGENT, frames.Send("a1", "Hello", "c1"), RULES))
    assert effect.append.job is not None
    assert jobs.decode(effect.append.job).source == "en"
    updates = {(update.op, update.field): update.value for update in effect.append.updates}
    assert ("del", "waiting_since") in updates
    assert updates["set", "agent_language"] == "en"


def test_two_agents_may_use_the_same_message_id() -> None:
    other = Party("agent", "kim", language="en")
    frame = frames.Send("1", "Hello", "c1")
    first, second = (stored(room.send(party, frame, RULES)).append.once for party in (AGENT, other))
    assert first != second


def test_without_translation_no_job_is_asked_for_and_the_message_says_so() -> None:
    effect = stored(room.send(VISITOR, frames.Send("m1", "Oi"), Rules(50, translate=False)))
    assert effect.append.job is None
    assert effect.append.event is not None
    assert events.decode_event(effect.append.event) == events.Message("m1", "visitor", "Oi", translate=False)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (frames.Send("m", ""), "empty"),
        (frames.Send("m", " \n\t "), "empty"),
        (frames.Send("m", "x" * 51), "too_long"),
        (frames.Send("", "x"), "bad_frame"),
        (frames.Send("i" * 65, "x"), "bad_frame"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_id(frame: frames.Send, code: str) -> None:
    error = refused(room.send(VISITOR, frame, RULES))
    assert error.code == code
    assert error.id == frame.id[:64]


def test_a_message_of_just_the_allowed_length_is_taken() -> None:
    stored(room.send(VISITOR, frames.Send("m", "😀" * 50), RULES))


def test_an_agent_must_name_the_conversation() -> None:
    assert refused(room.send(AGENT, frames.Send("m", "Hello"), RULES)).code == "bad_frame"


def test_a_visitor_writes_into_her_own_conversation_whatever_she_names() -> None:
    assert stored(room.send(VISITOR, frames.Send("m", "Oi", "other"), RULES)).append.conversation == "c1"


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=50))
def test_whatever_is_stored_can_be_read_again(text: str) -> None:
    effect = room.send(VISITOR, frames.Send("m", text), RULES)
    if isinstance(effect, Refuse):
        assert effect.error.code == "empty"
        return
    assert effect.append.event is not None
    message = events.decode_event(effect.append.event)
    assert isinstance(message, events.Message)
    assert len(message.text) >= len(text)
    if not any("\ud800" <= c <= "\udfff" for c in text):
        assert message.text == text


@given(st.integers(), st.integers())
def test_marks_are_taken_only_when_they_make_sense(delivered: int, read: int) -> None:
    effect = room.mark(VISITOR, frames.SetMark(delivered, read))
    assert isinstance(effect, Store) == (0 <= read <= delivered < 2**53)


@pytest.mark.parametrize("tag", ["", "x", "english!", "pt_BR", "a" * 50])
def test_a_language_that_is_no_tag_is_refused(tag: str) -> None:
    assert refused(room.set_language(VISITOR, frames.SetLanguage(tag), RULES)).code == "bad_frame"


def test_a_language_set_by_hand_is_an_event_that_names_who_set_it() -> None:
    effect = stored(room.set_language(AGENT, frames.SetLanguage("de", "c1"), RULES))
    assert effect.append.event is not None
    assert events.decode_event(effect.append.event) == events.LanguageSet("de", "agent")


def test_a_language_set_by_hand_ends_the_question_and_mends_what_was_mistaken() -> None:
    append = stored(room.set_language(VISITOR, frames.SetLanguage("pt-BR"), RULES)).append
    assert Update("set", "language_ask", "-") in append.updates
    assert append.job is not None
    job = jobs.decode(append.job)
    assert (job.kind, job.role, job.source, job.text) == ("retranslate", "visitor", "pt-BR", "")
    assert b'"v":2' in append.job, "workers of before must leave it alone"
    assert stored(room.set_language(VISITOR, frames.SetLanguage("pt"), Rules(50, translate=False))).append.job is None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    try:
        frames.decode(data)
    except msgspec.DecodeError:
        pass

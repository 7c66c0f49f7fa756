"""The rules of a conversation: what a frame of a person leads to. Pure: frames in, effects out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation import asking, events
from conversation.events import LanguageSet, Mark, Message, Role, Typing
from gateway import frames
from store.append import Append, Update
from translation import job as jobs

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ID_LENGTH = 64
PREVIEW = 120  # characters of the last message that the list of conversations shows


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks on a socket."""

    role: Role
    login: str = ""  # an agent's; empty for a visitor
    conversation: str | None = None  # a visitor's only one; None for an agent
    name: str = ""
    language: str | None = None  # an agent's working language
    page_locale: str | None = None
    accept_language: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that the rules need."""

    max_text: int
    translate: bool  # False: no message asks for a translation


@dataclass(frozen=True, slots=True)
class Store:
    """Write to the store. ``id``: acknowledge to the sender, or tell him that it failed; None: nobody waits."""

    append: Append
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    error: frames.Error


def send(party: Party, frame: frames.Send, rules: Rules) -> Store | Refuse:
    """A message to store, and a job for its translation."""
    conversation = party.conversation or frame.conversation
    refusal = _check(conversation, frame, rules)
    if conversation is None or refusal:
        return Refuse(refusal or _no_conversation(frame.id))
    text = _encodable(frame.text)
    message = Message(frame.id, party.role, text, party.name, party.language, translate=rules.translate)
    updates = [
        Update("set", "last_seq", "@seq"),
        Update("set", "last_role", party.role),
        Update("set", "last_text", text[:PREVIEW]),
        Update("del", "last_translation"),
    ]
    if party.role == "visitor":
        updates.append(Update("setnx", "waiting_since", "@ts"))
        known = {"name": party.name, "page_locale": party.page_locale, "accept_language": party.accept_language}
        updates += [Update("setnx", field, value) for field, value in known.items() if value]
    else:
        updates.append(Update("del", "waiting_since"))
        if party.language:
            updates.append(Update("set", "agent_language", party.language))
    job = None
    if rules.translate:
        job = jobs.encode(
            jobs.Job(
                party.role, text, source=party.language,
                page_locale=party.page_locale, accept_language=party.accept_language,
            )
        )  # fmt: skip
    return Store(
        Append(
            conversation, events.encode(message), once=f"m:{party.login}:{frame.id}", job=job, updates=tuple(updates)
        ),
        frame.id,
    )


def typing(party: Party, frame: frames.SetTyping) -> Store | Refuse:
    conversation = party.conversation or frame.conversation
    if conversation is None:
        return Refuse(_no_conversation(None))
    return Store(Append(conversation, signal=events.encode(Typing(party.role, frame.on, party.name))))


def mark(party: Party, frame: frames.SetMark) -> Store | Refuse:
    """Received and read so far; the summary keeps the highest values, whatever order they come in."""
    conversation = party.conversation or frame.conversation
    if conversation is None:
        return Refuse(_no_conversation(None))
    if not 0 <= frame.read <= frame.delivered < 2**53:
        return Refuse(frames.Error("bad_frame", "a mark has 0 <= read <= delivered"))
    signal = events.encode(Mark(party.role, frame.delivered, frame.read))
    updates = (
        Update("max", f"{party.role}_delivered", frame.delivered),
        Update("max", f"{party.role}_read", frame.read),
    )
    return Store(Append(conversation, signal=signal, updates=updates))


def set_language(party: Party, frame: frames.SetLanguage, rules: Rules) -> Store | Refuse:
    """The visitor's language, set by hand: it holds until somebody sets another. What was mistaken is done again."""
    conversation = party.conversation or frame.conversation
    if conversation is None:
        return Refuse(_no_conversation(None))
    if not LANGUAGE_TAG.fullmatch(frame.language):
        return Refuse(frames.Error("bad_frame", "language must be a BCP 47 tag such as pt or pt-BR"))
    event = events.encode(LanguageSet(frame.language, party.role))
    updates = (
        Update("set", "language", frame.language),
        Update("set", "language_by", party.role),
        Update("set", asking.FIELD, asking.ENOUGH),
    )
    job = jobs.retranslate(party.role, frame.language) if rules.translate else None
    return Store(Append(conversation, event, job=job, updates=updates))


def _check(conversation: str | None, frame: frames.Send, rules: Rules) -> frames.Error | None:
    """Why this message can't be taken; None when it can."""
    if not 1 <= len(frame.id) <= ID_LENGTH:
        return frames.Error("bad_frame", f"a message id has 1 to {ID_LENGTH} characters", id=frame.id[:ID_LENGTH])
    if conversation is None:
        return _no_conversation(frame.id)
    if not frame.text.strip():
        return frames.Error("empty", "the message has no text", id=frame.id)
    if len(frame.text) > rules.max_text:
        words = f"the message has {len(frame.text)} characters; at most {rules.max_text} are taken"
        return frames.Error("too_long", words, id=frame.id)
    return None


def _no_conversation(message_id: str | None) -> frames.Error:
    return frames.Error("bad_frame", "name the conversation", id=message_id)


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 can hold, replaced by U+FFFD. All else stays as it is."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _SURROGATE.search(text) else text


_SURROGATE = re.compile("[\ud800-\udfff]")

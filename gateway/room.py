"""The rules of a conversation: what a frame of a person leads to. Pure: frames in, effects out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation import asking, events, scope
from conversation.events import LanguageSet, Mark, Message, Role, Translation, Typing
from conversation.receipt import Receipt
from gateway import frames
from store.append import Append, Guard, Update
from translation import job as jobs
from translation.memory import agree
from translation.memory.correction import Correction
from translation.memory.pair import Pair, PairError, validate

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ID_LENGTH = 64
PREVIEW = 120  # characters of the last message that the list of conversations shows
ROOM_TO_CORRECT = 2  # times the longest message: what a correction may have, for a translation may be longer


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
    scope: tuple[str, ...] = ()  # a visitor's: what the page is about
    earlier_language: str | None = None  # a visitor's: of her last conversation, as her browser has kept it


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
class Correct:
    """Write a correction to the store; ``correction`` still lacks its number and time."""

    append: Append
    correction: Correction


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
        known = {
            "name": party.name, "page_locale": party.page_locale, "accept_language": party.accept_language,
            "earlier_language": party.earlier_language,
        }  # fmt: skip
        updates += [Update("setnx", field, value) for field, value in known.items() if value]
        # As the page says now: she may have gone on to another part of the shop.
        updates.append(Update("set", scope.FIELD, scope.encode(party.scope)))
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
                earlier_language=party.earlier_language, scope=party.scope,
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


def may_correct(party: Party, frame: frames.Correct, rules: Rules) -> frames.Error | None:
    """Why this correction can't be taken, whatever it corrects; None when it can."""
    if party.role != "agent":
        return frames.Error("not_allowed", "corrections are for agents", id=frame.id[:ID_LENGTH])
    if not 1 <= frame.translation < 2**53:
        return frames.Error("bad_frame", "translation is the number of an event", id=frame.id[:ID_LENGTH])
    return _check_text(frame.id, frame.text, ROOM_TO_CORRECT * rules.max_text)


def correct(party: Party, frame: frames.Correct, message: Message, translation: Translation) -> Correct | Refuse:
    """A further translation of ``message``, in the agent's words, which takes the place of ``translation``."""
    if translation.status != "done" or translation.text is None:
        return Refuse(frames.Error("bad_frame", "there is no translation to correct", id=frame.id))
    text = _encodable(frame.text).strip()
    original, corrected = agree.sides(message.text, translation.source, text, translation.target)
    missing, added = agree.missing(original, corrected), agree.missing(corrected, original)
    if (missing or added) and not frame.anyway:
        words = "the correction and the original differ in what should be the same in both"
        return Refuse(frames.Error("unsure", words, id=frame.id, missing=missing, added=added))
    receipt = Receipt("edited", edited_by=party.name or party.login)
    event = Translation(translation.of, translation.source, translation.target, "done", text, receipt=receipt)
    updates: tuple[Update, ...] = ()
    if message.role == "visitor":
        updates = (Update("set", "last_translation", text[:PREVIEW], when=Guard("last_seq", str(translation.of))),)
    return Correct(
        Append(frame.conversation, events.encode(event), once=f"c:{party.login}:{frame.id}", updates=updates),
        Correction(
            source_language=translation.source, target_language=translation.target, source=message.text,
            before=translation.text, corrected=text, by=party.login, time=0,
            conversation=frame.conversation, seq=0, of=translation.of,
        ),
    )  # fmt: skip


def worth_remembering(correction: Correction) -> Pair | None:
    """What the next message that says the same is answered with; None where the memory can't hold it."""
    pair = Pair(
        source_language=correction.source_language, target_language=correction.target_language,
        source=correction.source, target=correction.corrected, edited=True, time=correction.time,
    )  # fmt: skip
    try:
        validate(pair)
    except PairError:
        return None
    return pair


def _check(conversation: str | None, frame: frames.Send, rules: Rules) -> frames.Error | None:
    """Why this message can't be taken; None when it can."""
    if refusal := _check_text(frame.id, frame.text, rules.max_text):
        return refusal
    return _no_conversation(frame.id) if conversation is None else None


def _check_text(message_id: str, text: str, most: int) -> frames.Error | None:
    if not 1 <= len(message_id) <= ID_LENGTH:
        return frames.Error("bad_frame", f"an id has 1 to {ID_LENGTH} characters", id=message_id[:ID_LENGTH])
    if not text.strip():
        return frames.Error("empty", "there is no text", id=message_id)
    if len(text) > most:
        return frames.Error("too_long", f"{len(text)} characters; at most {most} are taken", id=message_id)
    return None


def _no_conversation(message_id: str | None) -> frames.Error:
    return frames.Error("bad_frame", "name the conversation", id=message_id)


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 can hold, replaced by U+FFFD. All else stays as it is."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _SURROGATE.search(text) else text


_SURROGATE = re.compile("[\ud800-\udfff]")

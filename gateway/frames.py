"""Every frame in and out of a socket, typed. docs/protocol.md describes them for people who write clients."""

from __future__ import annotations

from typing import Literal

import msgspec

from conversation.events import Event, LanguageSet, Message, Role, Translation
from conversation.receipt import Receipt

VERSION = 1

ErrorCode = Literal[
    "bad_frame",  # not JSON, unknown type, a field missing or of the wrong type
    "bad_version",  # the client speaks another version of the protocol
    "not_allowed",  # this role may not do that, or the token or session is not (or no longer) valid
    "no_such_conversation",
    "empty",  # a message or correction without text
    "too_long",  # a message over ``limits.text`` characters, a correction over twice that
    "too_fast",  # over ``limits.rate`` messages; ``retry_after`` says when to try again
    "unsure",  # a correction lacks or adds what should stay the same: show it, then send the correction with ``anyway``
    "unavailable",  # the store can't take it now: keep it and send it again with the same id
]


# --- from the client ---------------------------------------------------------------------------------------------


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """First frame of every connection."""

    v: int
    role: Role
    token: str | None = None  # visitor: from an earlier welcome; None begins a new conversation
    after: int = 0  # visitor: the highest seq up to which this client has everything
    page_locale: str | None = None  # visitor: the language of the shop's page, as a BCP 47 tag
    earlier_language: str | None = None  # visitor: what was found in her last conversation, as a BCP 47 tag
    name: str = ""  # visitor: a display name, if the shop knows one
    scope: tuple[str, ...] = ()  # visitor: what the page is about, for glossary terms that hold only there


class Send(msgspec.Struct, frozen=True, tag="send"):
    id: str  # made by the client, 1 to 64 characters; the same id is the same message, however often it is sent
    text: str
    conversation: str | None = None  # agents name it; a visitor has one


class SetTyping(msgspec.Struct, frozen=True, tag="typing"):
    on: bool
    conversation: str | None = None


class SetMark(msgspec.Struct, frozen=True, tag="mark"):
    """This side has received everything up to ``delivered`` and shown everything up to ``read``."""

    delivered: int
    read: int = 0
    conversation: str | None = None


class Open(msgspec.Struct, frozen=True, tag="open"):
    """Agent: follow a conversation; its events after ``after`` come as history, later ones live."""

    conversation: str
    after: int = 0


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    conversation: str


class More(msgspec.Struct, frozen=True, tag="more"):
    """Agent: older conversations of the list, those with a last activity before ``before`` (ms since 1970)."""

    before: int


class SetLanguage(msgspec.Struct, frozen=True, tag="language"):
    """Set the visitor's language by hand. A BCP 47 tag."""

    language: str
    conversation: str | None = None


class Correct(msgspec.Struct, frozen=True, tag="correct"):
    """Agent: these words instead of a translation's."""

    id: str  # as that of a message: the same id is the same correction
    conversation: str
    translation: int  # seq of the translation event that is corrected
    text: str
    anyway: bool = False  # the agent has seen that a number, address or the like differs from the original


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    pass


ClientFrame = Hello | Send | SetTyping | SetMark | Open | Leave | More | SetLanguage | Correct | Ping


# --- to the client -----------------------------------------------------------------------------------------------


class Limits(msgspec.Struct, frozen=True):
    text: int  # characters (code points) in one message
    rate: float  # messages a second that one visitor may send in the long run


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    role: Role
    name: str = ""
    language: str | None = None  # agent: the working language


class Marks(msgspec.Struct, frozen=True, omit_defaults=True):
    visitor_delivered: int = 0
    visitor_read: int = 0
    agent_delivered: int = 0
    agent_read: int = 0


class EventView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event as a client sees it: the fields of its kind, the rest left out."""

    seq: int
    ts: int
    kind: Literal["message", "translation", "language"]
    # message
    id: str | None = None
    role: Role | None = None
    text: str | None = None  # message: the original; translation: the translated text
    name: str | None = None
    translate: bool | None = None  # False: no translation will come
    # translation
    of: int | None = None
    source: str | None = None
    target: str | None = None
    status: Literal["done", "same", "unavailable", "failed"] | None = None
    reason: str | None = None
    warnings: tuple[str, ...] | None = None
    edited: bool = False  # an agent corrected it
    receipt: Receipt | None = None  # agents only
    # language; message (the author's, where known)
    language: str | None = None
    by: Literal["detected", "visitor", "agent"] | None = None


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line in the agents' list of conversations."""

    conversation: str
    seq: int  # of its last event
    ts: int  # of its last activity
    name: str = ""  # the visitor's, if known
    language: str | None = None  # the visitor's, as far as known
    last_seq: int = 0  # of its last message
    last_role: Role | None = None
    last_text: str = ""  # of its last message, cut to 120 characters
    last_translation: str | None = None  # the same in the agents' language, once there
    waiting_since: int | None = None  # ms since 1970; None: the agent wrote last
    agent_read: int = 0
    visitor_online: bool = False  # on the gateway that this agent is connected to


class Welcome(msgspec.Struct, frozen=True, omit_defaults=True, tag="welcome"):
    v: int
    you: Person
    limits: Limits
    token: str | None = None  # visitor: keep it, it is the way back into this conversation
    conversation: str | None = None  # visitor


class History(msgspec.Struct, frozen=True, tag="history"):
    """Events that were stored before; ``more``: another history frame of this run follows."""

    conversation: str
    events: list[EventView]
    more: bool
    marks: Marks
    language: str | None  # the visitor's, as far as known
    ask: tuple[str, ...] = ()  # visitor: languages that she is asked about, see Ask


class EventFrame(msgspec.Struct, frozen=True, tag="event"):
    conversation: str
    event: EventView


class Ack(msgspec.Struct, frozen=True, tag="ack"):
    """The message is stored. It is event ``seq``; no event frame for it comes to the socket that sent it.

    A correction is stored and remembered. It is event ``seq``, which comes as an event frame like any other.
    """

    id: str
    conversation: str
    seq: int
    ts: int


class TypingFrame(msgspec.Struct, frozen=True, tag="typing"):
    conversation: str
    role: Role
    on: bool
    name: str = ""


class MarkFrame(msgspec.Struct, frozen=True, tag="mark"):
    conversation: str
    role: Role
    delivered: int
    read: int


class AskFrame(msgspec.Struct, frozen=True, tag="ask"):
    """Visitor: ask her which of these languages she writes in, likeliest first; none: take the question away."""

    conversation: str
    languages: tuple[str, ...]


class Cards(msgspec.Struct, frozen=True, omit_defaults=True, tag="cards"):
    """Lines of the agents' list, new or changed: put each in the place of the one with the same conversation.

    ``more`` is set only on a page of the list (after the hello, and on request): whether older ones can be asked for.
    """

    cards: list[Card]
    more: bool | None = None


class Status(msgspec.Struct, frozen=True, tag="status"):
    """How the system is, sent after the welcome and on every change."""

    store: Literal["ok", "down"]
    translation: Literal["ok", "slow", "down"]  # slow: messages wait longer than usual; down: no worker is there


class Error(msgspec.Struct, frozen=True, omit_defaults=True, tag="error"):
    code: ErrorCode
    message: str  # in English, for developers: clients show their own words for ``code``
    id: str | None = None  # of the message or correction that was refused
    retry_after: float | None = None  # seconds
    missing: tuple[str, ...] = ()  # unsure: what the original has and the correction lacks, as it is written there
    added: tuple[str, ...] = ()  # unsure: the other way round


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    pass


ServerFrame = Welcome | History | EventFrame | Ack | TypingFrame | MarkFrame | AskFrame | Cards | Status | Error | Pong

encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)


def decode(data: str | bytes) -> ClientFrame:
    """Raises msgspec.DecodeError (its subclass ValidationError for JSON of the wrong shape)."""
    return _decoder.decode(data)


def view(seq: int, ts: int, event: Event, role: Role) -> EventView:
    """The event as ``role`` may see it: receipts name glossary terms and are for agents only."""
    match event:
        case Message():
            return EventView(
                seq, ts, "message", id=event.id, role=event.role, text=event.text, name=event.name or None,
                language=event.language, translate=None if event.translate else False,
            )  # fmt: skip
        case Translation():
            receipt = event.receipt
            return EventView(
                seq, ts, "translation", of=event.of, source=event.source, target=event.target, status=event.status,
                text=event.text, reason=event.reason, warnings=receipt.warnings if receipt else None,
                edited=bool(receipt and receipt.edited_by), receipt=receipt if role == "agent" else None,
            )  # fmt: skip
        case LanguageSet():
            return EventView(seq, ts, "language", language=event.language, by=event.by)

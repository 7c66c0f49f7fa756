"""The events of a conversation, as they are stored: an append-only log, one JSON object an event.

The store gives each event its number (``seq``: 1, 2, 3 ... without gaps in a conversation) and its time
(``ts``: milliseconds since 1970, the store's clock); both live beside the payload, not in it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from conversation.receipt import Receipt

Role = Literal["visitor", "agent"]

VERSION = 1


class Message(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="message"):
    """A text as its author wrote it. It never changes."""

    id: str  # the sender's own id for it; a repeat of the id is the same message
    role: Role
    text: str
    name: str = ""  # the author's display name; empty for an unnamed visitor
    language: str | None = (
        None  # set where it is known already when the message is stored (an agent's working language)
    )
    translate: bool = True  # False: no translation was asked for, none will come


class Translation(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="translation"):
    """What became of translating message ``of``: every message that asks for one gets one outcome a target.

    An agent's correction is a further one. Of several, the last counts.
    """

    of: int
    source: str  # the language it was translated from
    target: str
    status: Literal["done", "same", "unavailable", "failed"]
    # done: text is set. same: both people share the language, nothing to translate.
    # unavailable: no model for the direction. failed: it was tried; reason says what happened.
    text: str | None = None
    reason: str | None = None  # "no-model", "worker-died", "engine-error", "too-long", "not-understood"
    receipt: Receipt | None = None


class LanguageSet(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="language"):
    """The visitor's language was found or set."""

    language: str
    by: Literal["detected", "visitor", "agent"]


Event = Message | Translation | LanguageSet


class Typing(msgspec.Struct, frozen=True, tag_field="kind", tag="typing"):
    """A passing signal on the feed: never stored in a conversation."""

    role: Role
    on: bool
    name: str = ""


class Mark(msgspec.Struct, frozen=True, tag_field="kind", tag="mark"):
    """How far one side has received and read. A passing signal; the summary keeps the highest values."""

    role: Role
    delivered: int
    read: int


class Ask(msgspec.Struct, frozen=True, tag_field="kind", tag="ask"):
    """The visitor is to be asked which of these languages she writes in; none: no longer. A passing signal; the
    summary keeps what is asked.
    """

    languages: tuple[str, ...]  # plain codes, likeliest first


Signal = Typing | Mark | Ask

encode = msgspec.json.Encoder().encode
decode_event = msgspec.json.Decoder(Event).decode
decode_feed = msgspec.json.Decoder(Event | Signal).decode

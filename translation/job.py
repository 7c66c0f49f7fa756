"""The job on the bus: what a gateway asks the workers to translate. Versioned, plain fields."""

from __future__ import annotations

from typing import Literal

import msgspec

from conversation.events import Role

VERSION = 2  # the latest that this code understands; each job carries the least that it needs


class Job(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a worker is to do about one event. Conversation and seq travel beside it, in the stream entry.

    ``translate``: one translation of the message that the event is.
    ``retranslate`` (version 2): a person, ``role``, has set the visitor's language to ``source``. Messages before the
    event that were translated as if she wrote or read another are translated once more. ``text`` is empty.

    ``target`` None: the other person's language, as it is known when a worker takes the job.
    ``scope``: what the visitor's page says that it is about; without it what the summary says.
    ``source`` is what the gateway knows of the author's language (a hint for the visitor, the working language
    of an agent); detection has the last word for visitors.
    """

    role: Role
    text: str
    source: str | None = None
    target: str | None = None
    page_locale: str | None = None
    accept_language: str | None = None
    earlier_language: str | None = None  # of the visitor's last conversation
    scope: tuple[str, ...] = ()
    revision: int = 0  # raised where a message is translated once more, e.g. after a corrected language
    kind: Literal["translate", "retranslate"] = "translate"
    v: int = 1


class UnknownVersion(ValueError):
    """A job of a later version than this worker knows: leave it to a newer worker."""


class _Version(msgspec.Struct):
    v: int = 1


encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Job).decode
_decode_version = msgspec.json.Decoder(_Version).decode


def retranslate(role: Role, language: str) -> bytes:
    """The payload of a job of that kind, for the append of the event that sets the language."""
    return encode(Job(role, "", source=language, kind="retranslate", v=2))


def decode(payload: bytes) -> Job:
    """Raises msgspec.DecodeError for bytes that are no job, UnknownVersion for a later one."""
    version = _decode_version(payload).v  # first: what else a later version holds may be of other types
    if version > VERSION:
        raise UnknownVersion(f"job of version {version}, this worker knows {VERSION}")
    return _decode(payload)

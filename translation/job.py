"""The job on the bus: what a gateway asks the workers to translate. Versioned, plain fields."""

from __future__ import annotations

import msgspec

from conversation.events import Role

VERSION = 1


class Job(msgspec.Struct, frozen=True, omit_defaults=True):
    """A wish for one translation of one message. Conversation and seq travel beside it, in the stream entry.

    ``target`` None: the other person's language, as it is known when a worker takes the job.
    ``source`` is what the gateway knows of the author's language (a hint for the visitor, the working language
    of an agent); detection has the last word for visitors.
    """

    role: Role
    text: str
    source: str | None = None
    target: str | None = None
    page_locale: str | None = None
    accept_language: str | None = None
    revision: int = 0  # raised where a message is translated once more, e.g. after a corrected language
    v: int = VERSION


class UnknownVersion(ValueError):
    """A job of a later version than this worker knows: leave it to a newer worker."""


encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Job).decode


def decode(payload: bytes) -> Job:
    """Raises msgspec.DecodeError for bytes that are no job, UnknownVersion for a later one."""
    job = _decode(payload)
    if job.v > VERSION:
        raise UnknownVersion(f"job of version {job.v}, this worker knows {VERSION}")
    return job

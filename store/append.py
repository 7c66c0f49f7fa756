"""One atomic append: what it asks for, what comes back, and the script that does it."""

from __future__ import annotations

from hashlib import sha1
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec

SCRIPT = files("store").joinpath("append.lua").read_bytes()
SCRIPT_SHA = sha1(SCRIPT, usedforsecurity=False).hexdigest()


class Guard(NamedTuple):
    """True where the summary's ``field`` holds ``value`` ("" : or is absent)."""

    field: str
    value: str


class Update(msgspec.Struct, frozen=True, array_like=True):
    """One change of the conversation's summary hash.

    ``set`` writes, ``max`` writes where the number there is smaller (absent counts as 0), ``setnx`` writes where the
    field is absent, ``del`` takes the field away. The values "@seq" and "@ts" stand for the event's number and time.
    With ``when`` it is done only where that guard holds, judged after the updates before it.
    """

    op: Literal["set", "max", "setnx", "del"]
    field: str
    value: str | int = ""
    when: Guard | None = None


class JobRef(NamedTuple):
    """A claimed job: the partition's number and the entry's id in its jobs stream."""

    partition: int
    id: str


class Append(msgspec.Struct, frozen=True, array_like=True):
    """What is to be written for one conversation, all or nothing.

    ``event``    payload for the conversation's log and the feed; gets the next number of the conversation.
    ``signal``   payload for the feed only (typing, marks), with number 0. At most one of the two.
    ``once``     repeat check: with the same id (in this conversation) it is written once. "": no check.
                 Ids that begin with ``t:`` and ``l:`` belong to translation workers.
    ``job``      payload for the jobs stream; needs an event.
    ``updates``  changes of the summary, in order; they alone are fine too.
    ``done``     a claimed job that this finishes: acknowledged and deleted, also where it is a repeat.
    ``when``     written only where that guard holds (``done`` is settled in any case).
    """

    conversation: str
    event: bytes | None = None
    signal: bytes | None = None
    once: str = ""
    job: bytes | None = None
    updates: tuple[Update, ...] = ()
    done: JobRef | None = None
    when: Guard | None = None


class Appended(NamedTuple):
    """What became of an Append.

    ``seq``, ``ts``: the event's number and time (ms since 1970, the store's clock); of the first time for a repeat;
    without an event the conversation's last number (0: none yet) and the time now.
    """

    seq: int
    ts: int
    repeated: bool = False  # it had been written before; nothing was written now
    skipped: bool = False  # ``when`` did not hold; nothing was written

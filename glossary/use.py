"""What became of terms in messages: counted by workers, a batch a second, read by who maintains them.

The counts are statistics: a worker that dies loses those of its last second, and a message that two workers did
counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from redis.asyncio import Redis

from glossary.keys import GlossaryKeys
from store.errors import translated

LAST = 20  # messages that are remembered a term
STATUSES = ("applied", "already", "missed")
_CHUNK = 1000

UseStatus = Literal["applied", "already", "missed"]


class Use(msgspec.Struct, frozen=True):
    """How often a term was met. ``used`` is the sum; ``last_seen`` in milliseconds since 1970, 0: never."""

    used: int = 0
    applied: int = 0
    already: int = 0
    missed: int = 0
    last_seen: int = 0


class Message(msgspec.Struct, frozen=True):
    """One message in which a term was met."""

    conversation: str
    seq: int
    when: int
    status: UseStatus
    how: str

    def same_place(self, other: Message) -> bool:
        return (self.conversation, self.seq) == (other.conversation, other.seq)


class Met(msgspec.Struct, frozen=True):
    """A term and the message in which it was met."""

    term: str
    message: Message


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Message).decode


class Uses:
    """The counts in the store. Raises the errors of ``store.errors``."""

    def __init__(self, client: Redis, prefix: str = "dragoman") -> None:
        self._client: Any = client
        self._keys = GlossaryKeys(prefix)

    async def count(self, met: Sequence[Met]) -> None:
        """Adds to the counts, in one round trip."""
        sums: dict[tuple[str, str], int] = {}
        seen: dict[str, int] = {}
        last: dict[str, list[Message]] = {}
        for each in met:
            key = (each.message.status, each.term)
            sums[key] = sums.get(key, 0) + 1
            seen[each.term] = max(seen.get(each.term, 0), each.message.when)
            messages = last.setdefault(each.term, [])
            if not messages or not messages[-1].same_place(each.message):
                messages.append(each.message)
        if not seen:
            return
        with translated():
            async with self._client.pipeline(transaction=False) as pipe:
                for (status, term), number in sums.items():
                    pipe.hincrby(self._keys.use(status), term, number)
                pipe.hset(self._keys.use("seen"), mapping=seen)
                for term, messages in last.items():
                    pipe.lpush(self._keys.met(term), *map(_encode, messages[-LAST:]))
                    pipe.ltrim(self._keys.met(term), 0, LAST - 1)
                await pipe.execute()

    async def of(self, terms: Sequence[str]) -> list[Use]:
        """The use of each term, in order."""
        uses: list[Use] = []
        for start in range(0, len(terms), _CHUNK):
            part = terms[start : start + _CHUNK]
            with translated():
                async with self._client.pipeline(transaction=False) as pipe:
                    for name in (*STATUSES, "seen"):
                        pipe.hmget(self._keys.use(name), part)
                    columns = await pipe.execute()
            uses += [_use(*values) for values in zip(*columns, strict=True)]
        return uses

    async def all(self) -> dict[str, Use]:
        """The use of every term that was ever met."""
        with translated():
            async with self._client.pipeline(transaction=False) as pipe:
                for name in (*STATUSES, "seen"):
                    pipe.hgetall(self._keys.use(name))
                applied, already, missed, seen = await pipe.execute()
        return {
            term.decode(): _use(applied.get(term), already.get(term), missed.get(term), when)
            for term, when in seen.items()
        }

    async def messages(self, term: str) -> list[Message]:
        """The last messages in which a term was met, newest first."""
        with translated():
            found = await self._client.lrange(self._keys.met(term), 0, LAST - 1)
        return [_decode(payload) for payload in found]


def _use(applied: bytes | None, already: bytes | None, missed: bytes | None, seen: bytes | None) -> Use:
    counts = int(applied or 0), int(already or 0), int(missed or 0)
    return Use(sum(counts), *counts, last_seen=int(seen or 0))

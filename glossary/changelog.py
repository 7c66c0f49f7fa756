"""Reads the glossary's change log: what came after a version, the history of all and of one term.

The log is never cut: it is the audit of who changed what. Raises the errors of ``store.errors``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis

from glossary.history import Entry, TermChange, decode_changes, entry
from glossary.keys import GlossaryKeys
from store.errors import translated

_PAGE = 200  # entries read at a time


class ChangeLog:
    """The log of one glossary."""

    def __init__(self, client: Redis, keys: GlossaryKeys) -> None:
        self._client: Any = client
        self._keys = keys

    async def since(self, version: int, *, most: int = 500) -> Sequence[Entry] | None:
        """Changes after ``version`` with their terms, oldest first; None if they concern more than ``most`` terms."""
        with translated():
            raw = await self._client.xrange(self._keys.log, f"{version + 1}-0", "+", count=most + 1)
        if sum(int(fields[b"n"]) for _, fields in raw) > most:
            return None
        return [await self._entry(*item) for item in raw]

    async def history(self, *, before: int | None = None, most: int = 100, shown: int | None = None) -> Sequence[Entry]:
        """Changes, newest first, those before version ``before`` only. ``shown``: terms of each that are read."""
        with translated():
            raw = await self._client.xrevrange(self._keys.log, _up_to(before), "-", count=most)
        return [await self._entry(entry_id, fields, shown) for entry_id, fields in raw]

    async def of_version(self, version: int, *, shown: int | None = None) -> Entry | None:
        """The change that made ``version``; None where there is none."""
        if not 0 < version < 2**63:
            return None
        with translated():
            raw = await self._client.xrange(self._keys.log, f"{version}-0", f"{version}-0")
        if not raw:
            return None
        [(entry_id, fields)] = raw
        return await self._entry(entry_id, fields, shown)

    async def bulk_of(self, version: int) -> str | None:
        """The key of the list that holds the changes which made ``version``, where they were staged."""
        with translated():
            raw = await self._client.xrange(self._keys.log, f"{version}-0", f"{version}-0")
        found: bytes | None = raw[0][1].get(b"k") if raw else None
        return None if found is None else found.decode()

    async def of_term(self, term_id: str, *, before: int | None = None, most: int = 100) -> Sequence[Entry]:
        """The changes of one term, newest first; each entry holds that term's change alone."""
        found: list[Entry] = []
        mark = b'"id":' + msgspec.json.encode(term_id)  # nothing is decoded that does not name the term
        while len(found) < most:
            with translated():
                raw = await self._client.xrevrange(self._keys.log, _up_to(before), "-", count=_PAGE)
            if not raw:
                break
            for entry_id, fields in raw:
                async for chunk in self._chunks(fields):
                    changes = (
                        tuple(each for each in decode_changes(chunk) if each.id == term_id) if mark in chunk else ()
                    )
                    if changes:
                        found.append(entry(entry_id, fields, changes))
            before = int(raw[-1][0].split(b"-", 1)[0])
        return found[:most]

    async def before(self, version: int) -> dict[str, TermChange]:
        """What has happened to each term after ``version``: as it was then, and as it is now."""
        total: dict[str, TermChange] = {}
        at = version
        while True:
            with translated():
                raw = await self._client.xrange(self._keys.log, f"{at + 1}-0", "+", count=_PAGE)
            if not raw:
                return total
            for _, fields in raw:
                async for chunk in self._chunks(fields):
                    for change in decode_changes(chunk):
                        earlier = total.get(change.id)
                        total[change.id] = change if earlier is None else replace(earlier, after=change.after)
            at = int(raw[-1][0].split(b"-", 1)[0])

    async def _entry(self, entry_id: bytes, fields: dict[bytes, bytes], shown: int | None = None) -> Entry:
        changes: list[TermChange] = []
        async for chunk in self._chunks(fields):
            changes += decode_changes(chunk)
            if shown is not None and len(changes) >= shown:
                break
        return entry(entry_id, fields, tuple(changes[:shown]))

    async def _chunks(self, fields: dict[bytes, bytes]) -> AsyncIterator[bytes]:
        """The changes of an entry as they are stored: a large import's lie in a list beside the log."""
        if b"c" in fields:
            yield fields[b"c"]
            return
        at = 0
        while True:
            with translated():
                chunks = await self._client.lrange(fields[b"k"], at, at + 9)
            for chunk in chunks:
                yield chunk
            if len(chunks) < 10:
                return
            at += 10


def _up_to(before: int | None) -> str:
    return "+" if before is None else f"({before}-0"

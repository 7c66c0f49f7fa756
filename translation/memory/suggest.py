"""Near matches from the memory in the store, for agents: an index a direction, built when it is first asked for."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from translation.memory.forms import base
from translation.memory.near import Index, Near
from translation.memory.pair import direction
from translation.memory.repository import Repository

STALE = 60.0  # seconds after which a changed memory is read again
DIRECTIONS = 8  # indexes that are held; the one that was asked for longest ago goes


@dataclass
class _Held:
    index: Index
    version: int
    looked: float


class Suggestions:
    """Answers within milliseconds once a direction is built; a million pairs take a minute to build, in a thread."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._held: dict[str, _Held] = {}
        self._building = asyncio.Lock()

    async def near(self, text: str, source: str, target: str, limit: int = 3) -> list[Near]:
        """Remembered translations of messages that are almost ``text``, best first. Raises the errors of the store."""
        way = direction(source, target)
        held = self._held.pop(way, None)
        if held is None or time.monotonic() - held.looked > STALE:
            async with self._building:
                held = self._held.pop(way, held)
                if held is None or time.monotonic() - held.looked > STALE:
                    held = await self._built(way, source, target, held)
        self._held[way] = held
        while len(self._held) > DIRECTIONS:
            self._held.pop(next(iter(self._held)))
        return await asyncio.to_thread(held.index.near, text, limit)

    async def _built(self, way: str, source: str, target: str, held: _Held | None) -> _Held:
        now = time.monotonic()
        version = await self._repository.version()
        if held is not None and held.version == version:
            return _Held(held.index, version, now)
        pairs = [pair async for pair in self._repository.pairs_of(way)]
        index = await asyncio.to_thread(Index, pairs, base(source), base(target))
        return _Held(index, version, time.monotonic())

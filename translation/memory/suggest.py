"""Near matches from the memory in the store, for agents: an index a direction, made when it is first asked for."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from store.errors import StoreError
from translation.memory.forms import base
from translation.memory.near import MOST, Index, Near, foremost
from translation.memory.pair import Variant, direction
from translation.memory.repository import Repository

log = logging.getLogger(__name__)

STALE = 60.0  # seconds after which a changed memory is read again, and
REST = 30  # times as long as reading it took, whichever is longer: a large one may take seconds
HELD = 4 * MOST  # messages that are held at most, of all directions; the one that was asked for longest ago goes


@dataclass
class _Held:
    index: Index
    version: int
    due: float  # when to look whether the memory has changed


class Suggestions:
    """Answers within milliseconds, from what is held; reads the memory in the background, one direction at a time."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._held: dict[str, _Held] = {}  # the one asked for last stands last
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def near(self, text: str, source: str, target: str, limit: int = 3) -> list[Near] | None:
        """Remembered translations of messages that are almost ``text``, best first; None: not read yet, ask again."""
        way = direction(source, target)
        held = self._held.pop(way, None)
        if (held is None or time.monotonic() >= held.due) and way not in self._reading:
            task = asyncio.create_task(self._renew(way, source, target, held), name="memory-suggestions")
            self._reading[way] = task
            task.add_done_callback(lambda _: self._reading.pop(way, None))
        if held is None:
            return None
        self._held[way] = held
        return await asyncio.to_thread(held.index.near, text, limit)

    async def close(self) -> None:
        """End what is being read."""
        tasks = list(self._reading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _renew(self, way: str, source: str, target: str, held: _Held | None) -> None:
        try:
            async with self._turn:
                self._keep(way, await self._read(way, source, target, held))
        except StoreError as error:
            log.warning("the memory could not be read for suggestions: %s", error)

    async def _read(self, way: str, source: str, target: str, held: _Held | None) -> _Held:
        begun = time.monotonic()
        version = await self._repository.version()
        if held is not None and held.version == version:
            return _Held(held.index, version, begun + STALE)
        best: list[Variant] = []
        async for some in self._repository.best_of(way):
            best += some
            if len(best) > 2 * MOST:
                best = await asyncio.to_thread(foremost, best)
        index = await asyncio.to_thread(Index, best, base(source), base(target))
        done = time.monotonic()
        return _Held(index, version, done + max(STALE, REST * (done - begun)))

    def _keep(self, way: str, held: _Held) -> None:
        self._held[way] = held
        while sum(len(each.index) for each in self._held.values()) > HELD and len(self._held) > 1:
            self._held.pop(next(iter(self._held)))

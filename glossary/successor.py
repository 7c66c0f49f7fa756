"""What the next version of the glossary will be, built by a worker while a large change is still on its way."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence

import msgspec

from glossary.handover import Coming, Handover
from glossary.layer import Builder
from glossary.matcher import Matcher
from glossary.term import Term
from store.errors import StoreError

_WAIT = 0.1  # seconds, where nothing more is staged yet
_BEAT = 0.3  # seconds between signs of life while it is built


class _After(msgspec.Struct, frozen=True):
    """A changed term as it will be; None where it is deleted."""

    id: str
    after: Term | None


_decode = msgspec.json.Decoder(tuple[_After, ...]).decode


class Successor:
    """Follows one announcement, from when it is made. Seen by nobody until somebody asks for ``matcher``."""

    def __init__(self, handover: Handover, coming: Coming, base: Matcher, pause: Callable[[], None]) -> None:
        """``base`` is at the version that the change is made from. ``pause`` is called every millisecond or so of the
        building thread."""
        self.coming = coming
        self._handover = handover
        self._base = base
        self._pause = pause
        self._changes: dict[str, Term | None] = {}
        self._builder = Builder(pause=self._make_way)
        self._name = secrets.token_hex(6)
        self._given_up = False
        self._task = asyncio.create_task(self._make())

    async def matcher(self) -> Matcher | None:
        """The glossary with the change in it, once it is built; None where that did not work out."""
        await asyncio.wait([self._task])
        return None if self._task.cancelled() or self._task.exception() else self._task.result()

    async def give_up(self) -> None:
        """Nobody waits for it any more. Takes some tenths of a second where it is not ready."""
        self._given_up = True
        await asyncio.wait([self._task])

    async def _make(self) -> Matcher | None:
        beat = 0
        chunks = 0
        try:
            while len(self._changes) < self.coming.count:
                if self._given_up:
                    return None
                beat += 1
                found = await self._handover.read(self.coming, chunks, self._name, beat)
                chunks += len(found)
                if found:
                    await asyncio.to_thread(self._take, found)
                else:
                    await asyncio.sleep(_WAIT)
            building = asyncio.ensure_future(asyncio.to_thread(self._finish))
            while not (await asyncio.wait([building], timeout=_BEAT))[0]:
                beat += 1
                await self._handover.lives(self.coming, self._name, beat)
            built = building.result()
            await self._handover.ready(self.coming, self._name)
        except (_GivenUp, StoreError, msgspec.DecodeError):  # also what a later version of this program stages
            return None
        return built

    def _take(self, chunks: Sequence[bytes]) -> None:
        for chunk in chunks:
            changed = {change.id: change.after for change in _decode(chunk)}
            self._changes.update(changed)
            self._builder.add(term for term in changed.values() if term is not None)

    def _finish(self) -> Matcher:
        terms = {term.id: term for term in self._base.terms() if term.id not in self._changes}
        self._builder.add(terms.values())
        terms.update((term.id, term) for term in self._changes.values() if term is not None)
        return Matcher.of(terms, self._builder.layer(), self.coming.base + 1)

    def _make_way(self) -> None:
        if self._given_up:
            raise _GivenUp
        self._pause()


class _GivenUp(Exception):
    """Nobody waits for what is being built."""

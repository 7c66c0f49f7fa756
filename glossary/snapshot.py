"""The glossary as workers hold it: an immutable matcher, exchanged when the stored version moves on.

Changes go into a thin layer over what is there, so that they hold at once, however large the glossary is. When the
layer has grown, both are built into one again, in a thread that makes way for messages; changes go on meanwhile. A
change that is too large for a layer is announced while it is staged: what comes of it is built beside in the same way,
and is there when it is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

from glossary.handover import LARGE, Coming
from glossary.matcher import Matcher
from glossary.repository import Repository
from glossary.successor import Successor
from glossary.term import Term
from store.errors import StoreError

_THICK = 1000  # terms laid over from which on all are built into one layer
_THICKEST = 5000  # terms laid over beyond which changes wait for that
_AT_ONCE = 50  # terms laid over up to which it is done at once: a millisecond
_WATCH = 0.1  # seconds between looks while an announced change is waited for


class _Closed(Exception):
    """The snapshot is closed: nobody waits for what is being built."""


class Snapshot:
    """Holds the current matcher. ``refresh`` is called every second at least; reading needs no lock."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._current = Matcher()
        self._lock = asyncio.Lock()
        self._building: asyncio.Task[None] | None = None
        self._successor: Successor | None = None
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def current(self) -> Matcher:
        """The glossary as of the last refresh. Immutable; hold it for as long as one batch."""
        return self._current

    async def refresh(self) -> bool:
        """Takes over what has changed. True if something had. Raises the errors of ``store.errors``.

        Costs one round trip when nothing changed.
        """
        async with self._lock:
            version, coming = await self._repository.handover.look()
            changed = version != self._current.version
            if changed and not await self._succeeded(version):
                await self._change(version)
            await self._attend(coming)
        if changed and self._current.overlaid > _THICK and (self._building is None or self._building.done()):
            self._building = asyncio.create_task(self._rebuild())
        return changed

    async def close(self) -> None:
        """Gives up what is being built."""
        self._closed = True
        if self._successor is not None:
            await self._successor.give_up()
        async with self._lock:
            await self._attend(None)
        tasks = [task for task in (self._building, self._watching) if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    async def _change(self, version: int) -> None:
        current = self._current
        changes = await self._changes(version)
        if changes is None:
            await self._load(version)
        else:
            self._current = await _laid_over(current, changes, version)

    async def _load(self, version: int) -> None:
        # The version is read first: what changes during the reading comes with the next refresh.
        terms = (await self._repository.every()).values()
        # Nobody waits for a first matcher but who has no other: there is nothing to make way for.
        pause = self._pause if self._current.version else None
        self._current = await asyncio.to_thread(Matcher, terms, version, pause=pause)

    async def _rebuild(self) -> None:
        before = self._current
        with contextlib.suppress(_Closed):
            built = await asyncio.to_thread(before.rebuilt, self._pause)
            async with self._lock:
                changes = self._current.changed_from(before)
                if changes is not None:  # otherwise all terms were read again meanwhile
                    self._current = await asyncio.to_thread(built.changed, changes, self._current.version)

    async def _succeeded(self, version: int) -> bool:
        """Whether what was announced has come, and is what is current now, together with what came after it."""
        if self._successor is None or not await self._repository.made(self._successor.coming):
            return False
        built = await self._successor.matcher()
        later = None if built is None else await self._repository.changed_since(built.version, version, most=LARGE)
        if built is None or later is None:
            return False
        self._current = await _laid_over(built, later, version) if later else built
        return True

    async def _attend(self, coming: Coming | None) -> None:
        """Makes ready for what is announced, where it can be the next version; nothing else is waited for any more."""
        if coming is not None and (self._closed or coming.base != self._current.version):
            coming = None
        if self._successor is not None and self._successor.coming != coming:
            await self._successor.give_up()
            self._successor = None
        if self._successor is None and coming is not None:
            self._successor = Successor(self._repository.handover, coming, self._current, self._pause)
            self._watching = asyncio.create_task(self._watch(self._successor))

    async def _watch(self, successor: Successor) -> None:
        """Looks often for what is announced, once it is ready: it is to hold as soon as it is made."""
        if await successor.matcher() is None:
            return
        while self._successor is successor:
            await asyncio.sleep(_WATCH)
            with contextlib.suppress(StoreError, _Closed):
                await self.refresh()

    def _pause(self) -> None:
        """In the building thread: lets others have the interpreter."""
        if self._closed:
            raise _Closed
        time.sleep(0.0005)

    async def _changes(self, version: int) -> dict[str, Term | None] | None:
        """The terms that changed since, or None where it is better to read all of them."""
        changes = await self._repository.changed_since(self._current.version, version, most=LARGE)
        if changes is None or self._current.overlaid + len(changes) > _THICKEST:
            return None
        return changes


async def _laid_over(matcher: Matcher, changes: dict[str, Term | None], version: int) -> Matcher:
    if matcher.overlaid + len(changes) <= _AT_ONCE:
        return matcher.changed(changes, version)
    return await asyncio.to_thread(matcher.changed, changes, version)

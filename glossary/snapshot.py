"""The glossary as workers hold it: an immutable matcher, exchanged when the stored version moves on.

Changes go into a thin layer over what is there, so that they hold at once, however large the glossary is. When the
layer has grown, both are built into one again, in a thread that makes way for messages; changes go on meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

from glossary.matcher import Matcher
from glossary.repository import Repository
from glossary.term import Term

_INCREMENTAL = 1000  # changed terms up to which they are laid over; beyond, all terms are read again
_THICK = 1000  # terms laid over from which on all are built into one layer
_THICKEST = 5000  # terms laid over beyond which changes wait for that
_AT_ONCE = 50  # terms laid over up to which it is done at once: a millisecond


class _Closed(Exception):
    """The snapshot is closed: nobody waits for what is being built."""


class Snapshot:
    """Holds the current matcher. ``refresh`` is called every second at least; reading needs no lock."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._current = Matcher()
        self._lock = asyncio.Lock()
        self._building: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def current(self) -> Matcher:
        """The glossary as of the last refresh. Immutable; hold it for as long as one batch."""
        return self._current

    async def refresh(self) -> bool:
        """Takes over what has changed. True if something had. Raises the errors of ``store.errors``.

        Costs one GET when nothing changed.
        """
        async with self._lock:
            current = self._current
            version = await self._repository.version()
            if version == current.version:
                return False
            changes = await self._changes(version)
            if changes is None:
                await self._load(version)
            elif current.overlaid + len(changes) <= _AT_ONCE:
                self._current = current.changed(changes, version)
            else:
                self._current = await asyncio.to_thread(current.changed, changes, version)
        if self._current.overlaid > _THICK and (self._building is None or self._building.done()):
            self._building = asyncio.create_task(self._rebuild())
        return True

    async def close(self) -> None:
        """Gives up what is being built."""
        self._closed = True
        if self._building is not None:
            await asyncio.wait([self._building])

    async def _load(self, version: int) -> None:
        # The version is read first: what changes during the reading comes with the next refresh.
        terms = await self._repository.every()
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

    def _pause(self) -> None:
        """In the building thread: lets others have the interpreter."""
        if self._closed:
            raise _Closed
        time.sleep(0.0005)

    async def _changes(self, version: int) -> dict[str, Term | None] | None:
        """The terms that changed since, or None where it is better to read all of them."""
        changes = await self._repository.changed_since(self._current.version, version, most=_INCREMENTAL)
        if changes is None or self._current.overlaid + len(changes) > _THICKEST:
            return None
        return changes

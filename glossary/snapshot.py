"""The glossary as workers hold it: an immutable matcher, exchanged when the stored version moves on."""

from __future__ import annotations

import asyncio

from glossary.matcher import Matcher
from glossary.repository import Repository
from glossary.term import Term

_INCREMENTAL = 500  # changed terms up to which the matcher is patched; beyond, it is built again in a thread
_OVERLAID = 2000  # patched terms up to which more patches are cheap


class Snapshot:
    """Holds the current matcher. ``refresh`` is called every second at least; reading needs no lock."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._current = Matcher()
        self._lock = asyncio.Lock()

    @property
    def current(self) -> Matcher:
        """The glossary as of the last refresh. Immutable; hold it for as long as one batch."""
        return self._current

    async def refresh(self) -> bool:
        """Takes over what has changed. True if something had. Raises the errors of ``store.errors``.

        Costs one GET when nothing changed. Large changes are built in a thread; the old matcher serves meanwhile.
        """
        async with self._lock:
            version = await self._repository.version()
            if version == self._current.version:
                return False
            changes = await self._changes(version)
            if changes is not None:
                self._current = self._current.changed(changes, version)
            else:
                # The version is read first: what changes during the reading comes with the next refresh.
                terms = await self._repository.list()
                self._current = await asyncio.to_thread(Matcher, terms, version)
            return True

    async def _changes(self, version: int) -> dict[str, Term | None] | None:
        """The terms that changed since, or None where it is better to read all of them."""
        changes = await self._repository.changed_since(self._current.version, version, most=_INCREMENTAL)
        if changes is None:
            return None
        if self._current.overlaid + len(changes) > _OVERLAID:
            return None
        return changes

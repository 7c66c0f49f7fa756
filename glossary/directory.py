"""The glossary in the gateway's memory, for who looks through it: loaded when first asked for, then kept up to date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from glossary.listing import Listing
from glossary.repository import Repository
from glossary.term import Term
from glossary.use import Use, Uses

T = TypeVar("T")

USES_FRESH = 3.0  # seconds for which the counts of all terms serve


class Directory:
    """``look`` runs a function on the listing as it is stored now. Raises the errors of ``store.errors``."""

    def __init__(self, repository: Repository, uses: Uses) -> None:
        self._repository = repository
        self._uses = uses
        self._listing: Listing | None = None
        self._lock = asyncio.Lock()
        self._counts: Mapping[str, Use] = {}
        self._counted = -1e9  # when, by the monotonic clock

    async def look(self, work: Callable[[Listing], T]) -> T:
        """One at a time, in a thread: looking through 100,000 terms must not hold up messages."""
        async with self._lock:
            listing = await self._refreshed()
            return await asyncio.to_thread(work, listing)

    async def terms(self) -> tuple[int, dict[str, Term]]:
        """The glossary's version, and its terms by id, for who only goes through all of them."""
        async with self._lock:
            version = await self._repository.version()
            if self._listing is not None and self._listing.version == version:
                return version, dict(self._listing.terms)
            return version, await self._repository.every()

    async def counts(self) -> Mapping[str, Use]:
        """The use of all terms, a few seconds old at most."""
        if time.monotonic() - self._counted > USES_FRESH:
            self._counts = await self._uses.all()
            self._counted = time.monotonic()
        return self._counts

    async def _refreshed(self) -> Listing:
        version = await self._repository.version()
        listing = self._listing
        if listing is not None and listing.version == version:
            return listing
        changes = None
        if listing is not None and listing.version < version:
            changes = await self._repository.changed_since(listing.version, version)
        if listing is not None and changes is not None:
            await asyncio.to_thread(listing.change, changes, version)
        else:
            # The version is read first: what changes during the reading comes with the next look.
            terms = await self._repository.list()
            listing = self._listing = await asyncio.to_thread(Listing, terms, version)
        return listing

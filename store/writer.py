"""The one door for appends: many callers, one connection, few round trips."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from store.append import Append, Appended
from store.connect import Store


class Writer:
    """Collects appends while the store works on those before, and sends them as one script call a partition.

    While the store is away every append fails at once with StoreUnavailable; nothing is queued or retried, the sender
    repeats with the same ``once`` id. The way back is probed every ``probe`` seconds. ``on_change(up)`` is called
    in the event loop on every change after the start; it must not raise.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_change: Callable[[bool], None] | None = None,
        queue: int = 20_000,
        batch: int = 128,
        timeout: float = 3.0,
        probe: float = 0.2,
    ) -> None:
        raise NotImplementedError

    @property
    def up(self) -> bool:
        """Whether appends are taken now."""
        raise NotImplementedError

    async def start(self) -> None:
        """Connect. Raises StoreUnavailable where the store can't be reached; it may be called again then."""
        raise NotImplementedError

    async def append(self, append: Append) -> Appended:
        """Write. Raises StoreUnavailable (outcome unknown), StoreCorrupt (this one was refused, nothing written)."""
        raise NotImplementedError

    def submit(self, append: Append) -> asyncio.Future[Appended]:
        """The same without a coroutine: the future carries the result or the error."""
        raise NotImplementedError

    async def close(self) -> None:
        """Write what is queued (bounded by ``timeout``), then disconnect. Later appends raise StoreUnavailable."""
        raise NotImplementedError

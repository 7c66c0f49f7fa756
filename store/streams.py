"""Reading: the feed that gateways follow, a conversation's events, summaries, and the list of recent conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from store.connect import Store

Summary = dict[str, str]  # field > value; empty for an unknown conversation


class FeedItem(NamedTuple):
    """Something that happened, in the order of its conversation."""

    conversation: str
    seq: int  # 0: a passing signal
    ts: int  # ms since 1970
    payload: bytes


class FeedBatch(NamedTuple):
    """``gap``: before these items something was missed, whatever is shown must be read again from the logs."""

    items: list[FeedItem]
    gap: bool


class StoredEvent(NamedTuple):
    seq: int
    ts: int
    payload: bytes


class FeedReader:
    """Follows the feeds of all partitions on a connection of its own.

    It begins at the end of the feeds as they are when ``start`` returns; from there on nothing is left out: it
    reconnects by itself and goes on where it was. Where the feed was cut off before it got there, or the store came
    back without its end, the next batch has ``gap`` set (rarely also where nothing was missed).
    """

    def __init__(
        self, store: Store, *, on_change: Callable[[bool], None] | None = None, count: int = 500, block_ms: int = 2000
    ) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        """Fix the cursor at the end of the feeds. Raises StoreUnavailable."""
        raise NotImplementedError

    async def read(self) -> FeedBatch:
        """The next items, at least one unless ``gap``; waits for them, also while the store is away."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


async def read_events(store: Store, conversation: str, *, after: int = 0, limit: int = 500) -> list[StoredEvent]:
    """Events with a number over ``after``, oldest first. Raises StoreUnavailable."""
    raise NotImplementedError


async def read_last_events(store: Store, conversation: str, limit: int, *, before: int = 0) -> list[StoredEvent]:
    """The last ``limit`` events (with a number under ``before`` unless that is 0), oldest first. StoreUnavailable."""
    raise NotImplementedError


async def summaries(store: Store, conversations: Iterable[str]) -> list[Summary]:
    """The summary of each, in order, in one round trip. Raises StoreUnavailable."""
    raise NotImplementedError


async def recent(store: Store, before: int | None, limit: int) -> list[str]:
    """Conversations by last event, newest first; only those before ``before`` (ms) if given. StoreUnavailable."""
    raise NotImplementedError

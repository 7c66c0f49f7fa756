"""Following the feed: how a gateway learns of everything that happens, whichever gateway or worker wrote it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

from store.connect import PROBE, Store
from store.errors import StoreCorrupt, StoreError, StoreUnavailable
from store.streams import fields_of
from store.wire import Part, Wire

log = logging.getLogger(__name__)
GRACE = 3.0  # seconds over the blocking time after which a silent store is taken to be gone


class FeedItem(NamedTuple):
    """Something that happened. Items of one conversation come in the order of their numbers."""

    conversation: str
    seq: int  # 0: a passing signal
    ts: int  # ms since 1970
    payload: bytes


class FeedBatch(NamedTuple):
    """``gap``: before these items something was missed; whatever is shown must be read again from the logs."""

    items: list[FeedItem]
    gap: bool


class FeedReader:
    """Follows the feeds of all partitions on a connection of its own.

    It begins at the end of the feeds as they are when ``start`` returns; from there on nothing is left out: it
    reconnects by itself and goes on where it was. Where the feed was cut off before it got there, or the store came
    back without the feed's end, the next batch has ``gap`` set (rarely also where nothing was missed).
    ``on_change(up)`` is called on every loss and return of the store after the start.
    """

    def __init__(
        self, store: Store, *, on_change: Callable[[bool], None] | None = None, count: int = 500, block_ms: int = 2000
    ) -> None:
        """``count``: most items of one partition in a batch."""
        self._store = store
        self._on_change = on_change
        # A cut leaves at least feed_length entries. So a reply of fewer than that many cannot have a gap before it,
        # and only full ones need a look; that holds as long as full means no more than feed_length.
        self._count = min(count, store.feed_length)
        self._block_ms = block_ms
        self._feeds = [store.keys.feed(partition) for partition in range(store.keys.partitions)]
        self._cursors = ["0-0"] * len(self._feeds)
        self._wire: Wire | None = None
        self._lost = False  # the connection was lost since the last read
        self._closed = False

    async def start(self) -> None:
        """Fix the cursor at the end of the feeds. Raises StoreUnavailable."""
        wire = await Wire.open(self._store.target)
        try:
            self._cursors = await self._ends(wire)
        except BaseException:
            wire.abort()
            raise
        self._wire = wire

    async def read(self) -> FeedBatch:
        """The next items, at least one unless ``gap``; waits for them, also while the store is away."""
        while True:
            try:
                if await self._connect():
                    return FeedBatch([], True)
                batch = await self._read()
            except StoreError as error:
                if self._closed:
                    raise StoreUnavailable("the feed reader was closed") from error
                self._drop()
                await asyncio.sleep(PROBE)
                continue
            if batch.items or batch.gap:
                return batch

    async def close(self) -> None:
        """Disconnect; a waiting ``read`` raises StoreUnavailable."""
        self._closed = True
        if self._wire is not None:
            self._wire.abort()

    # --- connection ----------------------------------------------------------------------------------------------

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.abort()
            self._wire = None
        if not self._lost:
            self._lost = True
            if self._on_change is not None:
                self._on_change(False)

    async def _connect(self) -> bool:
        """Whether a look at the store's return shows that its feeds end before our cursors."""
        if self._wire is not None and not self._wire.closed:
            return False
        if self._closed:
            raise StoreUnavailable("the feed reader was closed")
        wire = await Wire.open(self._store.target)
        try:
            ends = await self._ends(wire)
        except BaseException:
            wire.abort()
            raise
        gap = False
        for index, (end, cursor) in enumerate(zip(ends, self._cursors, strict=True)):
            if _order(end) < _order(cursor):  # it lost its last entries, or everything
                self._cursors[index] = end
                gap = True
        self._wire = wire
        if self._lost:
            self._lost = False
            if self._on_change is not None:
                self._on_change(True)
        return gap

    async def _ends(self, wire: Wire) -> list[str]:
        ends = []
        for feed in self._feeds:
            try:
                async with asyncio.timeout(GRACE):
                    reply = await wire.call("XINFO", "STREAM", feed)
            except StoreCorrupt:  # no such key: nothing has happened yet
                ends.append("0-0")
            except TimeoutError as error:
                raise StoreUnavailable("the store does not answer") from error
            else:
                ends.append(fields_of(reply)[b"last-generated-id"].decode())
        return ends

    # --- reading -------------------------------------------------------------------------------------------------

    async def _read(self) -> FeedBatch:
        wire = self._wire
        assert wire is not None
        command: tuple[Part, ...] = ("XREAD", "COUNT", self._count, "BLOCK", self._block_ms, "STREAMS")
        try:
            async with asyncio.timeout(self._block_ms / 1000 + GRACE):
                reply = await wire.call(*command, *self._feeds, *self._cursors)
        except TimeoutError as error:
            raise StoreUnavailable("the store does not answer") from error
        items: list[FeedItem] = []
        gap = False
        for name, entries in reply or ():
            index = self._feeds.index(name.decode())
            if len(entries) >= self._count and await self._was_cut(wire, index):
                gap = True
            for _, flat in entries:
                # Names and values by turns, in the order that the append script writes them: c, s, t, e.
                items.append(FeedItem(flat[1].decode(), int(flat[3]), int(flat[5]), flat[7]))
            self._cursors[index] = entries[-1][0].decode()
        return FeedBatch(items, gap)

    async def _was_cut(self, wire: Wire, index: int) -> bool:
        """Whether the entry at the cursor is gone, and with it perhaps others after it that were never read."""
        cursor = self._cursors[index]
        async with asyncio.timeout(GRACE):
            if cursor == "0-0":
                reply = fields_of(await wire.call("XINFO", "STREAM", self._feeds[index]))
                return bool(reply[b"entries-added"] != reply[b"length"])
            return not await wire.call("XRANGE", self._feeds[index], cursor, cursor, "COUNT", 1)


def _order(entry: str) -> tuple[int, int]:
    ms, _, number = entry.partition("-")
    return int(ms), int(number)

"""The writing side of one socket: a bounded queue that nobody ever waits for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from gateway import frames
from gateway.room import Party

CLOSE_TOO_SLOW = 4408
_GOODBYE_SECONDS = 2.0


class Wire(Protocol):
    """What a connection needs of its socket."""

    async def send(self, data: bytes) -> None:
        """Write one text frame; may wait for the peer. Raises OSError when the line is gone."""
        ...

    async def close(self, code: int, reason: bytes) -> None: ...

    def abort(self) -> None:
        """Drop the line at once."""
        ...


class Connection:
    """One person's socket, as the hub and the relay see it.

    Frames are queued and written by a task that lives only while there is something to write, so that an idle
    socket costs no task. A reader that lets ``limit`` frames pile up is cut off: it may come back and resume.
    """

    __slots__ = ("_closing", "_limit", "_on_cut", "_queue", "_task", "_wire", "following", "marked", "own", "party")

    def __init__(self, party: Party, wire: Wire, limit: int, on_cut: Callable[[], None]) -> None:
        self.party = party
        self.following: set[str] = set()  # conversations whose events come here live
        self.own: set[str] = set()  # ids of messages sent here whose event is still on its way round the feed
        self.marked: dict[str, tuple[int, int]] = {}  # conversation: delivered and read, as last told by this side
        self._wire = wire
        self._limit = limit
        self._on_cut = on_cut
        self._queue: deque[bytes] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def closed(self) -> bool:
        return self._closing is not None

    def send(self, frame: frames.ServerFrame) -> None:
        self.write(frames.encode(frame))

    def write(self, data: bytes) -> None:
        """Queue an encoded frame. Never waits; after ``close`` it does nothing."""
        if self._closing is not None:
            return
        if len(self._queue) >= self._limit:
            self._on_cut()
            self.close(CLOSE_TOO_SLOW, "reads too slowly")
            return
        self._queue.append(data)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    def close(self, code: int, reason: str) -> None:
        """Begin to close: what is queued goes out first unless the reader was too slow. Never waits."""
        if self._closing is None:
            if code == CLOSE_TOO_SLOW:
                self._queue.clear()
            self._closing = asyncio.create_task(self._goodbye(code, reason))

    async def wait_closed(self) -> None:
        """Wait for the tasks of this connection to end."""
        self._queue.clear()
        tasks = [task for task in (self._task, self._closing) if task is not None]
        if self._task is not None:
            self._task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._wire.send(self._queue.popleft())
        except (OSError, RuntimeError):
            self._queue.clear()  # the line is gone: the reading side notices and ends the connection
        finally:
            self._task = None

    async def _goodbye(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                if self._task is not None and self._queue:
                    await self._task
                await self._wire.close(code, reason.encode())
        except (OSError, RuntimeError, TimeoutError):
            pass  # it does not read, or is gone already: the abort below is all that can be done
        finally:
            self._wire.abort()

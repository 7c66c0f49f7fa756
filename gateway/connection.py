"""The writing side of one socket: a bounded queue that nobody ever waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from gateway import frames
from gateway.room import Party

CLOSE_TOO_SLOW = 4408
_GOODBYE_SECONDS = 2.0


class Wire(Protocol):
    """What a connection needs of its socket."""

    def ready(self) -> bool:
        """Whether the line takes more at once. A line that is gone is ready: what is written there is lost."""
        ...

    def write(self, texts: Iterable[bytes]) -> None:
        """Write text frames in one go. Never waits."""
        ...

    async def drained(self) -> None:
        """Until the line takes more again. Raises OSError when it is gone."""
        ...

    async def close(self, code: int, reason: bytes) -> None: ...

    def abort(self) -> None:
        """Drop the line at once."""
        ...


class Connection:
    """One person's socket, as the hub and the relay see it.

    Frames of one turn of the event loop go out in one write. Only while the line takes no more is there a task that
    waits for it. A reader that lets ``limit`` frames pile up is cut off: it may come back and resume.
    """

    __slots__ = (
        "_closing", "_due", "_limit", "_loop", "_on_cut", "_queue", "_task", "_wire", "following", "marked", "own",
        "party",
    )  # fmt: skip

    def __init__(self, party: Party, wire: Wire, limit: int, on_cut: Callable[[], None]) -> None:
        self.party = party
        self.following: set[str] = set()  # conversations whose events come here live
        self.own: set[str] = set()  # ids of messages sent here whose event is still on its way round the feed
        self.marked: dict[str, tuple[int, int]] = {}  # conversation: delivered and read, as last told by this side
        self._wire = wire
        self._limit = limit
        self._on_cut = on_cut
        self._loop = asyncio.get_running_loop()
        self._queue: list[bytes] = []
        self._due = False  # a flush comes in this turn of the event loop
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
        if not self._due and self._task is None:
            self._due = True
            self._loop.call_soon(self._flush)

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

    def _flush(self) -> None:
        self._due = False
        if not self._queue:
            return
        if self._wire.ready():
            self._wire.write(self._queue)
            self._queue.clear()
        elif self._task is None:
            self._task = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        try:
            await self._wire.drained()
        except (OSError, RuntimeError):
            self._queue.clear()  # the line is gone: the reading side notices and ends the connection
        finally:
            self._task = None
        self._flush()

    async def _goodbye(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                self._flush()
                if self._task is not None:
                    await self._task
                await self._wire.close(code, reason.encode())
        except (OSError, RuntimeError, TimeoutError):
            self._wire.abort()  # it does not read, or is gone already: nothing else can be done

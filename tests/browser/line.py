"""The way between a browser and the gateway, as bad as a test wants it: slow, narrow, or silent without being cut."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlsplit

CHUNK = 1460  # bytes: about what one packet carries


class Line:
    """A TCP relay in front of a gateway. ``delay``: seconds each way; ``rate``: bytes a second each way.

    All connections share the rate, and each begins with a round trip, as a handshake does.
    """

    def __init__(self, gateway: str) -> None:
        self.delay = 0.0
        self.rate = float("inf")
        self.url = ""
        self._port = urlsplit(gateway).port
        self._free = {"up": 0.0, "down": 0.0}  # when the line will have carried all that was given to it
        self._through = asyncio.Event()
        self._through.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hold(self) -> None:
        """Nothing comes through any more, and nobody is told: a train in a tunnel."""
        self._through.clear()

    def release(self) -> None:
        self._through.set()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.sleep(2 * self.delay)
            await self._through.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                await asyncio.gather(self._carry(reader, back, "up"), self._carry(there, writer, "down"))
            finally:
                back.close()
                writer.close()
        self._tasks.discard(task)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        """Late by ``delay``, though what follows does not wait for what is on its way."""
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        clock = asyncio.get_running_loop().time

        async def land() -> None:
            while True:
                due, data = await flying.get()
                await asyncio.sleep(due - clock())
                await self._through.wait()
                if not data:
                    break
                sink.write(data)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()

        landing = asyncio.create_task(land())
        try:
            while data := await source.read(CHUNK):
                self._free[way] = max(self._free[way], clock()) + len(data) / self.rate
                flying.put_nowait((self._free[way] + self.delay, data))
            flying.put_nowait((max(self._free[way], clock()) + self.delay, b""))
            await landing
        finally:
            landing.cancel()

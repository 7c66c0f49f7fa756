"""A WebSocket client that costs next to nothing, so that a benchmark measures the gateway and not its clients.

Masks with a key of zeros, which leaves the payload as it is: fine on loopback, never do that elsewhere.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import cast


class Client(asyncio.Protocol):
    """One socket. ``on_text`` gets every text frame's payload; pings are answered."""

    def __init__(self, on_text: Callable[[bytes], None], headers: dict[str, str]) -> None:
        self.on_text = on_text
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._headers = headers
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def connect(
        cls, host: str, port: int, on_text: Callable[[bytes], None], headers: dict[str, str] | None = None
    ) -> Client:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: cls(on_text, headers or {}), host, port)
        await client._ready
        return client

    def send(self, payload: bytes, opcode: int = 1) -> None:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
        assert self._transport is not None
        self._transport.write(head + b"\0\0\0\0" + payload)

    def pause(self) -> None:
        """Stop reading, as a client does that hangs."""
        assert self._transport is not None
        self._transport.pause_reading()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop has transports of its own, which are no subclass of asyncio.Transport.
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /ws HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._ready.done():
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self._ready.set_exception(ConnectionError(bytes(buffer[:100]).decode("latin-1")))
                return
            self._ready.set_result(None)
            del buffer[: end + 4]
        at = 0
        while len(buffer) - at >= 2:
            first, size, start = buffer[at], buffer[at + 1], at + 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < start + size:
                break
            payload = bytes(buffer[start : start + size])
            at = start + size
            self._frame(first & 15, payload)
        del buffer[:at]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self.on_text(payload)
        elif opcode == 9:
            self.send(payload, 10)
        elif opcode == 8 and not self.closed.done():
            self.closed.set_result(int.from_bytes(payload[:2], "big") if payload else 1005)
            self.send(payload[:2], 8)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._ready.done():
            self._ready.set_exception(ConnectionError("the gateway hung up"))
        if not self.closed.done():
            self.closed.set_result(1006)

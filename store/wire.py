"""One connection to the store: commands in, replies out, as many on the way as the caller likes.

redis-py's own connections cost several times as much a command and may repeat a command after an error, which would
write twice. This one never repeats anything: a lost connection fails every open call with StoreUnavailable.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import hiredis
from redis.asyncio.connection import parse_url

from store.errors import StoreConflict, StoreError, StoreUnavailable, from_reply

Part = str | bytes | int
Reply = Any  # bytes, int, None, or lists of them


class Target:
    """Where to connect to, from a URL: ``unix:///path?db=1``, ``redis://user:password@host:port/db``, ``rediss://``."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for a URL that names no store."""
        options: dict[str, Any] = dict(parse_url(url))
        self.url = url
        self.path: str | None = options.get("path") if url.startswith("unix:") else None
        if url.startswith("unix:") and not self.path:
            raise ValueError("a unix:// URL needs the path of a socket")
        self.host: str = options.get("host") or "localhost"
        self.port: int = options.get("port") or 6379
        self.database: int = options.get("db") or 0
        self.username: str | None = options.get("username")
        self.password: str | None = options.get("password")
        self.tls = _tls(options) if url.startswith("rediss:") else None

    def __str__(self) -> str:
        """For logs and errors: no password."""
        return self.path if self.path else f"{self.host}:{self.port}"


def _tls(options: dict[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
    if options.get("ssl_cert_reqs") == "none":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.get("ssl_certfile"):
        context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
    return context


def pack(*parts: Part) -> bytes:
    """A command as it goes over the wire."""
    packed: bytes = hiredis.pack_command(parts)  # type: ignore[arg-type]  # its stub says: one part only
    return packed


class Wire(asyncio.Protocol):
    """Made by ``Wire.open``. ``closed`` is true once the connection is lost or given up."""

    def __init__(self, target: Target, on_lost: Callable[[], None] | None = None) -> None:
        self._target = target
        self._on_lost = on_lost
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Reply]] = deque()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self.closed = False

    @classmethod
    async def open(cls, target: Target, *, seconds: float = 2.0, on_lost: Callable[[], None] | None = None) -> Wire:
        """Connect, log in, and see that it answers. Raises StoreUnavailable, StoreConflict."""
        loop = asyncio.get_running_loop()

        def make() -> Wire:
            return cls(target, on_lost)

        try:
            async with asyncio.timeout(seconds):
                if target.path:
                    _, wire = await loop.create_unix_connection(make, target.path)
                else:
                    _, wire = await loop.create_connection(make, target.host, target.port, ssl=target.tls)
                try:
                    await wire._greet()
                except BaseException:
                    wire.abort()
                    raise
                return wire
        except ssl.SSLCertVerificationError as error:
            raise StoreConflict(f"the store at {target} shows a certificate that is not trusted: {error}") from error
        except (OSError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            raise StoreUnavailable(f"the store at {target} cannot be reached: {reason}") from error

    async def _greet(self) -> None:
        if self._target.password is not None:
            name = (self._target.username,) if self._target.username else ()
            await self.call("AUTH", *name, self._target.password)
        if self._target.database:
            await self.call("SELECT", self._target.database)
        await self.call("PING")

    # --- calls ---------------------------------------------------------------------------------------------------

    def send(self, packed: bytes) -> asyncio.Future[Reply]:
        """Send one packed command. The future carries its reply, StoreUnavailable, or the error that it stands for."""
        future: asyncio.Future[Reply] = self._loop.create_future()
        if self.closed or self._transport is None:
            future.set_exception(self._gone())
            future.exception()  # whoever drops the future needs no complaint in the log
            return future
        self._waiting.append(future)
        self._transport.write(packed)
        return future

    def call(self, *parts: Part) -> asyncio.Future[Reply]:
        return self.send(pack(*parts))

    async def pipeline(self, commands: Sequence[Sequence[Part]]) -> list[Reply]:
        """Several commands in one write. The first error is raised once all have been answered."""
        if self.closed or self._transport is None:
            raise self._gone()
        futures: list[asyncio.Future[Reply]] = [self._loop.create_future() for _ in commands]
        self._waiting.extend(futures)
        self._transport.write(b"".join([pack(*parts) for parts in commands]))
        # Replies come in the order of the commands, and a lost connection answers all of them: with the last one all
        # are there. Waiting for that one alone takes half the time of asyncio.wait.
        with suppress(StoreError):
            await futures[-1]
        return [future.result() for future in futures]

    def _gone(self) -> StoreUnavailable:
        return StoreUnavailable(f"no connection to the store at {self._target}")

    def abort(self) -> None:
        """Give the connection up now; open calls fail."""
        if self._transport is not None:
            self._transport.abort()
        self._lost("the connection was given up")

    # --- the transport's side ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not of that class

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while True:
                reply = self._reader.gets()
                if reply is False:
                    return
                self._answer(reply)
        except (hiredis.ProtocolError, IndexError):
            # Not a Redis server, or more replies than questions: nothing that follows can be trusted.
            self.abort()

    def _answer(self, reply: Reply) -> None:
        future = self._waiting.popleft()
        if future.done():  # its caller has gone
            return
        if isinstance(reply, hiredis.ReplyError):
            future.set_exception(from_reply(str(reply)))
            future.exception()
        else:
            future.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(str(exc) if exc else "the store closed the connection")

    def _lost(self, reason: str) -> None:
        if self.closed:
            return
        self.closed = True
        waiting, self._waiting = self._waiting, deque()
        for future in waiting:
            if not future.done():
                future.set_exception(StoreUnavailable(f"lost the store at {self._target}: {reason}"))
                future.exception()
        if self._on_lost is not None:
            self._on_lost()

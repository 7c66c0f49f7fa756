"""Connections to the store: one Redis 7+ or Valkey server, named by a URL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from store.errors import StoreConflict, StoreUnavailable
from store.keys import Keys
from store.wire import Part, Reply, Target, Wire

OLDEST = (7, 0)  # stream and script details that we rely on came with Redis 7
PATIENCE = 3.0  # seconds for an everyday command
PROBE = 0.2  # seconds between attempts while the store is away


class Store:
    """One open store: key names, and two ways to ask it.

    ``ask`` shares one pipelined connection: what this package and the hot paths use. ``client`` is a redis-py client
    with short timeouts that never retries, for everything else; wrap its use in ``store.errors.translated()``.
    Appends go through Writer, blocking reads through FeedReader and JobQueue, which hold connections of their own.
    """

    def __init__(self, url: str, *, prefix: str = "dragoman", partitions: int = 1, feed_length: int = 100_000) -> None:
        """Connects nothing yet. Raises ValueError."""
        if feed_length < 1000:
            raise ValueError("a feed must hold at least 1000 entries")
        self.url = url
        self.target = Target(url)
        self.keys = Keys(prefix, partitions)
        self.feed_length = feed_length
        self.client: Redis = Redis.from_url(
            url,
            protocol=2,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._wire: Wire | None = None
        self._opening = asyncio.Lock()

    @classmethod
    async def open(
        cls, url: str, *, prefix: str = "dragoman", partitions: int = 1, feed_length: int = 100_000, wait: float = 0.0
    ) -> Store:
        """Connect and check the server's version and the number of partitions.

        ``wait``: seconds to go on trying while the server is away. Raises StoreUnavailable, StoreConflict (other
        number of partitions, login refused, server too old), ValueError (settings, URL).
        """
        store = cls(url, prefix=prefix, partitions=partitions, feed_length=feed_length)
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            try:
                await store._check()
            except StoreUnavailable:
                if asyncio.get_running_loop().time() >= deadline:
                    await store.close()
                    raise
                await asyncio.sleep(PROBE)
            except BaseException:
                await store.close()
                raise
            else:
                return store

    async def _check(self) -> None:
        (information,) = await self.ask(("INFO", "server"))
        version = _version(information.decode())
        if version < OLDEST:
            raise StoreConflict(
                f"the store is Redis {version[0]}.{version[1]}; it must be Redis 7.0 or later, or Valkey"
            )
        _, partitions = await self.ask(
            ("HSETNX", self.keys.meta, "partitions", self.keys.partitions),
            ("HGET", self.keys.meta, "partitions"),
        )
        if int(partitions) != self.keys.partitions:
            raise StoreConflict(
                f"this store was set up with {int(partitions)} partitions, the settings say {self.keys.partitions}: "
                f"set DRAGOMAN_PARTITIONS={int(partitions)}, or use another store or key prefix"
            )

    async def ask(self, *commands: Sequence[Part]) -> list[Reply]:
        """Send commands in one write, wait for all replies. Raises StoreUnavailable, StoreCorrupt, StoreConflict.

        Never repeats a command. For commands that answer at once: a blocking one would hold up everybody else.
        """
        wire = self._wire
        if wire is None or wire.closed:
            async with self._opening:
                wire = self._wire
                if wire is None or wire.closed:
                    wire = self._wire = await Wire.open(self.target)
        try:
            async with asyncio.timeout(PATIENCE):
                return await wire.pipeline(commands)
        except TimeoutError as error:
            wire.abort()
            raise StoreUnavailable(f"the store at {self.target} did not answer in {PATIENCE:.0f} s") from error

    async def ping(self) -> None:
        """Raises StoreUnavailable where the store does not answer in time."""
        await self.ask(("PING",))

    async def concerns(self) -> list[str]:
        """What about the server's settings could lose data, in plain words; empty if nothing or if it won't tell."""
        try:
            replies = await self.ask(*(("CONFIG", "GET", name) for name in _WANTED))
        except StoreUnavailable:
            raise
        except Exception:
            return []
        found = {reply[0].decode(): reply[1].decode() for reply in replies if reply}
        return [why for name, (good, why) in _WANTED.items() if found.get(name, good[0]) not in good]

    async def close(self) -> None:
        """Close these connections. Writers and readers are closed by their owners."""
        if self._wire is not None:
            self._wire.abort()
            self._wire = None
        await self.client.aclose()


_WANTED = {
    "appendonly": (("yes",), "appendonly is off: acknowledged messages are lost when the store stops"),
    "appendfsync": (("always",), "appendfsync is not 'always': a power cut can lose acknowledged messages"),
    "maxmemory-policy": (("noeviction",), "maxmemory-policy is not 'noeviction': conversations may be thrown away"),
}


def _version(information: str) -> tuple[int, int]:
    for line in information.splitlines():
        name, _, value = line.partition(":")
        if name == "redis_version":
            major, minor, *_ = value.split(".")
            return int(major), int(minor)
    raise StoreConflict("the store does not tell its version: is it a Redis or Valkey server?")

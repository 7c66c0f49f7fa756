"""Connections to the store: one Redis 7+ or Valkey server, named by a URL."""

from __future__ import annotations

from redis.asyncio import Redis

from store.keys import Keys


class Store:
    """One open store: its key names and a client for everyday commands.

    ``client`` has short timeouts and never retries: use it for reads and small writes that may be repeated, and let
    ``store.errors.translate()`` turn its exceptions into ours. Appends go through Writer, blocking reads through
    FeedReader and JobQueue, which hold connections of their own.
    """

    keys: Keys
    client: Redis
    url: str
    feed_length: int

    @classmethod
    async def open(
        cls, url: str, *, prefix: str = "dragoman", partitions: int = 1, feed_length: int = 100_000, wait: float = 0.0
    ) -> Store:
        """Connect and check the server's version and the number of partitions.

        ``url``: ``unix:///path``, ``redis://``, ``rediss://``. ``wait``: seconds to go on trying while the server is
        away. Raises StoreUnavailable, StoreConflict (other number of partitions, server too old), ValueError (url).
        """
        raise NotImplementedError

    async def ping(self) -> None:
        """Raises StoreUnavailable where the store does not answer within a second or so."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the client's connections. Writers and readers are closed by their owners."""
        raise NotImplementedError

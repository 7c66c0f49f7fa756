"""The queue of translation jobs: consumer groups, take-over from dead workers, liveness."""

from __future__ import annotations

from typing import NamedTuple

from store.append import JobRef
from store.connect import Store


class Claim(NamedTuple):
    """One job, ours until it is finished (``Append.done``), given back, or we are taken for dead."""

    ref: JobRef
    conversation: str
    seq: int
    ts: int  # when the message was stored, ms since 1970
    payload: bytes
    deliveries: int  # 1: handed out for the first time


class Health(NamedTuple):
    workers: int  # alive
    waiting: int  # jobs not finished: queued and in work
    oldest_ms: int  # age of the oldest of them; 0 if there is none


class JobQueue:
    """One worker's view of the queue."""

    def __init__(self, store: Store, worker: str) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        """Create the groups where they are missing and show the first sign of life. Raises StoreUnavailable."""
        raise NotImplementedError

    async def heartbeat(self) -> None:
        """Say that this worker is alive; due every second. Raises StoreUnavailable."""
        raise NotImplementedError

    async def read(self, room: int, block_ms: int) -> list[Claim]:
        """At most ``room`` new jobs; waits up to ``block_ms`` for the first. Raises StoreUnavailable."""
        raise NotImplementedError

    async def take_over(self) -> Claim | None:
        """One job of a dead worker, counted as one more delivery. Raises StoreUnavailable."""
        raise NotImplementedError

    async def give_back(self, claims: list[Claim]) -> None:
        """Put jobs back unread: others get them as new ones. Raises StoreUnavailable."""
        raise NotImplementedError

    async def park(self, claim: Claim, version: int) -> None:
        """Lay a job aside for workers that know ``version``. Raises StoreUnavailable."""
        raise NotImplementedError

    async def close(self, *, gone: bool = True) -> None:
        """Disconnect; with ``gone`` also take the sign of life away."""
        raise NotImplementedError


async def health(store: Store) -> Health:
    """Who works and what waits. Raises StoreUnavailable."""
    raise NotImplementedError

"""The queue of translation jobs: consumer groups, take-over from dead workers, liveness.

A job lies in its partition's jobs stream until it is finished; who reads it holds it as a claim. A worker shows that
it lives by a key that expires; claims of a worker without that key are handed to others, one by one, so that a
message that kills workers takes no others with it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from importlib.resources import files
from typing import NamedTuple

from store.append import JobRef
from store.connect import Store
from store.errors import StoreCorrupt, StoreUnavailable
from store.keys import GROUP
from store.streams import fields_of
from store.wire import Part, Reply, Wire

_CLAIM = files("store").joinpath("claim.lua").read_bytes()
_MOVE = files("store").joinpath("move.lua").read_bytes()
_BURY = files("store").joinpath("bury.lua").read_bytes()
HEARTBEAT_MS = 3000  # a worker without a sign of life for this long is dead
MISSED = 2.0  # seconds between two signs of life of our own after which one is missing
GRACE = 3.0  # seconds over the blocking time after which a silent store is taken to be gone
LOOK = 100  # claims of one dead worker that are looked at in one go


class Claim(NamedTuple):
    """One job: ours until it is finished (``Append.done``), given back, or we are taken for dead."""

    ref: JobRef
    conversation: str
    seq: int
    ts: int  # when the message was stored, ms since 1970
    payload: bytes
    deliveries: int  # 1: handed out for the first time


class Health(NamedTuple):
    workers: int  # alive
    waiting: int  # jobs that are not finished: queued and in work
    oldest_ms: int  # age of the oldest of them; 0 if there is none


class JobQueue:
    """One worker's view of the queue. ``worker`` must be unlike that of every other worker, also of earlier ones."""

    def __init__(self, store: Store, worker: str) -> None:
        self._store = store
        self._worker = worker
        self._wire: Wire | None = None
        self._partitions = deque(range(store.keys.partitions))
        self._stale: deque[tuple[int, str, str]] = deque()  # partition, entry, dead owner
        self._held: set[JobRef] = set()  # what we handed out and nobody has settled
        self._torn = False  # a read failed: the store may have given us jobs that we never saw
        self._beaten: float | None = None  # when the last sign of life was given, on the loop's clock
        self._judge_from = 0.0  # from when on others without a sign of life are held to be dead
        self._workers = 1  # alive when last looked at, ourselves included
        self._unfinished = 0  # jobs in the queue when last read, those in work included

    async def start(self) -> None:
        """Show the first sign of life and join the groups. Raises StoreUnavailable."""
        await self.heartbeat()
        for partition in self._partitions:
            jobs = self._store.keys.jobs(partition)
            try:
                await self._store.ask(("XGROUP", "CREATE", jobs, GROUP, "0", "MKSTREAM"))
            except StoreCorrupt as error:
                if error.code != "BUSYGROUP":
                    raise
            await self._store.ask(("XGROUP", "CREATECONSUMER", jobs, GROUP, self._worker))

    async def heartbeat(self) -> None:
        """Say that this worker is alive; due every second. Raises StoreUnavailable."""
        await self._store.ask(("SET", self._store.keys.worker(self._worker), "1", "PX", HEARTBEAT_MS))
        now = asyncio.get_running_loop().time()
        if self._beaten is not None and now - self._beaten > MISSED:
            # The store was away, and with it everybody's signs of life: let them give one before anyone is judged.
            self._judge_from = now + HEARTBEAT_MS / 1000
        self._beaten = now

    @property
    def share(self) -> int:
        """How many of the unfinished jobs would fall to this worker if each had the same, as far as is known."""
        return -(-self._unfinished // self._workers)

    # --- new jobs ------------------------------------------------------------------------------------------------

    async def read(self, room: int, block_ms: int) -> list[Claim]:
        """At most ``room`` new jobs, the oldest first; waits up to ``block_ms`` for the first. 0 does not wait.

        Raises StoreUnavailable; what the store handed out in that moment comes with a later read.
        """
        if room < 1:
            return []
        if self._torn and (lost := await self._recover(room)):
            return lost
        if self._wire is None or self._wire.closed:
            self._wire = await Wire.open(self._store.target)
        # COUNT holds for each stream. With more partitions than room, take turns, and don't wait long on a few.
        self._partitions.rotate(-1)
        chosen = list(self._partitions)[:room]
        if len(chosen) < len(self._partitions):
            block_ms = min(block_ms, 20)
        command: list[Part] = ["XREADGROUP", "GROUP", GROUP, self._worker, "COUNT", room // len(chosen)]
        if block_ms > 0:
            command += ["BLOCK", block_ms]
        names = [self._store.keys.jobs(partition) for partition in chosen]
        self._torn = True
        try:
            async with asyncio.timeout(block_ms / 1000 + GRACE):
                *counted, reply = await self._wire.pipeline(
                    [*(("XLEN", name) for name in names), (*command, "STREAMS", *names, *[">"] * len(names))]
                )
        except StoreCorrupt as error:
            if error.code != "NOGROUP":
                raise
            await self.start()  # the store has lost its groups: it was emptied
            return []
        except TimeoutError as error:
            self._wire.abort()
            raise StoreUnavailable("the store does not answer") from error
        except asyncio.CancelledError:
            self._wire.abort()
            raise
        self._torn = False
        self._unfinished = sum(counted) * len(self._partitions) // len(chosen)
        claims = []
        for name, entries in reply or ():
            partition = chosen[names.index(name.decode())]
            claims += [_claim(partition, entry, 1) for entry in entries]
        self._held.update(claim.ref for claim in claims)
        return claims

    async def _recover(self, room: int) -> list[Claim]:
        """Jobs that are ours in the store's eyes, while we know nothing of them."""
        claims: list[Claim] = []
        for partition in range(self._store.keys.partitions):
            jobs = self._store.keys.jobs(partition)
            try:
                (reply,) = await self._store.ask(
                    ("XREADGROUP", "GROUP", GROUP, self._worker, "COUNT", LOOK + len(self._held), "STREAMS", jobs, "0")
                )
            except StoreCorrupt as error:
                if error.code != "NOGROUP":
                    raise
                continue  # the next read makes the group
            for entry in reply[0][1] if reply else ():
                if JobRef(partition, entry[0].decode()) not in self._held and entry[1]:
                    claims.append(_claim(partition, entry, 1))
        if len(claims) <= room:
            self._torn = False
        claims = claims[:room]
        self._held.update(claim.ref for claim in claims)
        return claims

    def settled(self, ref: JobRef) -> None:
        """This job's outcome is written: forget that it was ours."""
        self._held.discard(ref)

    # --- jobs of the dead ----------------------------------------------------------------------------------------

    async def look_around(self) -> int:
        """Find claims of dead workers, for ``take_over``, and forget dead workers that hold none. Due every second.

        Gives the number of claims found (at most some hundred). Raises StoreUnavailable.
        """
        self._stale.clear()
        if asyncio.get_running_loop().time() < self._judge_from:
            return 0
        for partition in range(self._store.keys.partitions):
            jobs = self._store.keys.jobs(partition)
            try:
                (reply,) = await self._store.ask(("XINFO", "CONSUMERS", jobs, GROUP))
            except StoreCorrupt:  # no stream, no group: nothing to take over
                continue
            for dead, pending in await self._dead(reply):
                if not pending:
                    await _script(self._store, _BURY, (jobs,), GROUP, dead)
                    continue
                (entries,) = await self._store.ask(("XPENDING", jobs, GROUP, "-", "+", LOOK, dead))
                self._stale.extend((partition, entry[0].decode(), dead) for entry in entries)
        return len(self._stale)

    async def _dead(self, reply: Reply) -> list[tuple[str, int]]:
        consumers = [fields_of(flat) for flat in reply]
        others = [
            (fields[b"name"].decode(), int(fields[b"pending"]))
            for fields in consumers
            if fields[b"name"].decode() != self._worker
        ]
        if not others:
            self._workers = 1
            return []
        alive = await self._store.ask(*(("EXISTS", self._store.keys.worker(name)) for name, _ in others))
        self._workers = 1 + sum(alive)
        return [other for other, lives in zip(others, alive, strict=True) if not lives]

    async def take_over(self) -> Claim | None:
        """One job of a dead worker that ``look_around`` found, with one more delivery counted.

        Call it when nothing else is in work here: then a job that kills its worker takes no others with it.
        Raises StoreUnavailable.
        """
        while self._stale:
            partition, entry, owner = self._stale.popleft()
            jobs = self._store.keys.jobs(partition)
            reply = await _script(self._store, _CLAIM, (jobs,), GROUP, entry, owner, self._worker)
            if reply:  # else somebody was faster
                claim = _claim(partition, (entry.encode(), reply[1]), int(reply[0]))
                self._held.add(claim.ref)
                return claim
        return None

    # --- letting go ----------------------------------------------------------------------------------------------

    async def give_back(self, claims: list[Claim]) -> None:
        """Put jobs back unread: others get them as new ones. Raises StoreUnavailable."""
        for claim in claims:
            jobs = self._store.keys.jobs(claim.ref.partition)
            await _script(self._store, _MOVE, (jobs, jobs), GROUP, claim.ref.id, "")
            self._held.discard(claim.ref)

    async def park(self, claim: Claim, version: int) -> None:
        """Lay a job aside for workers that know ``version``. Raises StoreUnavailable."""
        keys = self._store.keys
        partition = claim.ref.partition
        await _script(
            self._store, _MOVE, (keys.jobs(partition), keys.parked(partition)), GROUP, claim.ref.id, str(version)
        )
        self._held.discard(claim.ref)

    async def unpark(self, version: int) -> int:
        """Put jobs back that were laid aside for workers of ``version`` or earlier. Gives their number."""
        moved = 0
        for partition in range(self._store.keys.partitions):
            parked, jobs = self._store.keys.parked(partition), self._store.keys.jobs(partition)
            (entries,) = await self._store.ask(("XRANGE", parked, "-", "+", "COUNT", 1000))
            for entry, flat in entries:
                if int(fields_of(flat)[b"v"]) <= version:
                    await _script(self._store, _MOVE, (parked, jobs), GROUP, entry.decode(), "")
                    moved += 1
        return moved

    async def close(self) -> None:
        """Disconnect and take the sign of life away, so that others need not wait for it to expire."""
        if self._wire is not None:
            self._wire.abort()
        with contextlib.suppress(StoreUnavailable):  # then it expires
            await self._store.ask(("DEL", self._store.keys.worker(self._worker)))


async def health(store: Store) -> Health:
    """Who works and what waits. Raises StoreUnavailable."""
    partitions = range(store.keys.partitions)
    workers: set[str] = set()
    for partition in partitions:
        try:
            (reply,) = await store.ask(("XINFO", "CONSUMERS", store.keys.jobs(partition), GROUP))
        except StoreCorrupt:
            continue
        workers.update(fields_of(flat)[b"name"].decode() for flat in reply)
    commands: list[tuple[Part, ...]] = [("TIME",)]
    for partition in partitions:
        commands.append(("XLEN", store.keys.jobs(partition)))
        commands.append(("XRANGE", store.keys.jobs(partition), "-", "+", "COUNT", 1))
    commands += [("EXISTS", store.keys.worker(worker)) for worker in workers]
    replies = await store.ask(*commands)
    now = int(replies[0][0]) * 1000 + int(replies[0][1]) // 1000
    queues = replies[1 : 1 + 2 * store.keys.partitions]
    first = [int(entries[0][0].partition(b"-")[0]) for entries in queues[1::2] if entries]
    return Health(
        workers=sum(replies[1 + 2 * store.keys.partitions :]),
        waiting=sum(queues[::2]),
        oldest_ms=max(0, now - min(first)) if first else 0,
    )


async def _script(store: Store, script: bytes, keys: tuple[str, ...], *arguments: str) -> Reply:
    # EVAL and not EVALSHA: these are rare and short, and need no care after a restart of the server.
    (reply,) = await store.ask(("EVAL", script, len(keys), *keys, *arguments))
    return reply


def _claim(partition: int, entry: Reply, deliveries: int) -> Claim:
    fields = fields_of(entry[1])
    return Claim(
        ref=JobRef(partition, entry[0].decode()),
        conversation=fields[b"c"].decode(),
        seq=int(fields[b"s"]),
        ts=int(fields[b"t"]),
        payload=fields[b"j"],
        deliveries=deliveries,
    )

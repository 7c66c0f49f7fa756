"""The queue: everybody gets other jobs, the dead lose theirs to the living, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from store import jobs as store_jobs
from store.append import Append
from store.connect import Store
from store.jobs import HEARTBEAT_MS, Claim, JobQueue, health
from store.writer import Writer

Until = Callable[..., Awaitable[object]]


async def fill(store: Store, number: int) -> None:
    writer = Writer(store)
    await writer.start()
    await asyncio.gather(*(writer.append(Append(f"c{n}", b"message", job=f"job {n}".encode())) for n in range(number)))
    await writer.close()


async def finish(store: Store, claim: Claim) -> None:
    writer = Writer(store)
    await writer.start()
    await writer.append(Append(claim.conversation, b"outcome", done=claim.ref))
    await writer.close()


async def worker(store: Store, name: str) -> JobQueue:
    queue = JobQueue(store, name)
    await queue.start()
    return queue


async def die(store: Store, name: str) -> None:
    """Its sign of life expires."""
    await store.ask(("DEL", store.keys.worker(name)))


async def read_all(queue: JobQueue, room: int = 100) -> list[Claim]:
    claims: list[Claim] = []
    while found := await queue.read(room, 0):
        claims += found
    return claims


async def test_hands_every_job_to_one_worker(split_store: Store) -> None:
    a, b = await worker(split_store, "a"), await worker(split_store, "b")
    await fill(split_store, 30)
    first, second = await a.read(12, 0), await read_all(b)
    claims = first + second + await read_all(a)
    assert 0 < len(first) <= 12
    assert sorted(claim.payload for claim in claims) == sorted(f"job {n}".encode() for n in range(30))
    for claim in claims:
        assert (claim.conversation, claim.seq, claim.deliveries) == (f"c{claim.payload[4:].decode()}", 1, 1)
        assert claim.ts > 0
    await a.close()
    await b.close()


@pytest.mark.parametrize("room", [1, 2, 5])
async def test_takes_no_more_than_it_has_room_for(split_store: Store, room: int) -> None:
    queue = await worker(split_store, "a")
    await fill(split_store, 20)
    total = 0
    for _ in range(100):
        claims = await queue.read(room, 0)
        assert len(claims) <= room
        total += len(claims)
        if total == 20:
            break
    assert total == 20
    assert await queue.read(0, 1000) == []
    await queue.close()


async def test_waits_for_the_first_job(split_store: Store) -> None:
    queue = await worker(split_store, "a")
    reading = asyncio.create_task(queue.read(10, 5000))
    await asyncio.sleep(0.05)
    assert not reading.done()
    await fill(split_store, 1)
    assert [claim.payload for claim in await asyncio.wait_for(reading, 1)] == [b"job 0"]
    assert await queue.read(10, 20) == []
    await queue.close()


async def test_knows_how_many_jobs_fall_to_each_worker(split_store: Store) -> None:
    a, b = [await worker(split_store, name) for name in "ab"]
    await fill(split_store, 30)
    assert a.share == 0, "nobody has looked yet"
    await a.look_around()
    await a.read(10, 0)
    assert a.share == 15
    await b.close()  # gone, and its sign of life with it
    await a.look_around()
    assert a.share == 30
    await a.close()


async def test_finds_jobs_from_before_any_worker_came(split_store: Store) -> None:
    await fill(split_store, 3)
    queue = await worker(split_store, "a")
    assert len(await read_all(queue)) == 3
    await queue.close()


async def test_takes_over_from_the_dead_one_by_one(split_store: Store) -> None:
    a, b, c = [await worker(split_store, name) for name in "abc"]
    await fill(split_store, 6)
    taken = await read_all(a)
    assert await b.look_around() == 0, "a lives"
    assert await b.take_over() is None
    await die(split_store, "a")
    assert await b.look_around() == 6
    assert await c.look_around() == 6
    first = await b.take_over()
    assert first is not None
    assert first.deliveries == 2
    assert first.payload == next(claim.payload for claim in taken if claim.ref == first.ref)
    others = [claim for _ in range(7) for queue in (b, c) if (claim := await queue.take_over())]
    assert len({claim.ref for claim in [first, *others]}) == 6, "no job is given to two"
    await finish(split_store, first)
    # A job that nobody has taken over again counts no further delivery: only those who get it are counted.
    await die(split_store, "b")
    await c.look_around()
    again = await c.take_over()
    assert again is not None
    assert again.deliveries == 3
    for queue in (a, b, c):
        await queue.close()


async def test_after_the_store_was_away_nobody_is_taken_for_dead_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, wait_until: Until
) -> None:
    monkeypatch.setattr(store_jobs, "HEARTBEAT_MS", 300)
    monkeypatch.setattr(store_jobs, "MISSED", 0.05)
    a, b = await worker(store, "a"), await worker(store, "b")
    await fill(store, 3)
    await read_all(a)
    await asyncio.sleep(0.1)  # no sign of life could be given: neither a's nor b's
    await die(store, "a")
    await b.heartbeat()
    assert await b.look_around() == 0, "a may be alive and as cut off as b was"
    await wait_until(b.look_around, "a's jobs are found once it has had its time")
    for queue in (a, b):
        await queue.close()


async def test_a_finished_job_is_not_taken_over(store: Store) -> None:
    a, b = await worker(store, "a"), await worker(store, "b")
    await fill(store, 2)
    one, two = await read_all(a)
    await die(store, "a")
    await b.look_around()
    await finish(store, one)
    claim = await b.take_over()
    assert claim is not None
    assert claim.ref == two.ref
    assert await b.take_over() is None
    await a.close()
    await b.close()


async def test_forgets_dead_workers_that_hold_nothing(store: Store) -> None:
    a, b = await worker(store, "a"), await worker(store, "b")
    await fill(store, 1)
    (claim,) = await a.read(1, 0)
    await die(store, "a")
    await b.look_around()
    assert await names(store) == {"a", "b"}, "its job would be lost with it"
    # Also where the job came between the look and the deed.
    await store_jobs._script(store, store_jobs._BURY, (store.keys.jobs(0),), "workers", "a")
    assert await names(store) == {"a", "b"}
    await finish(store, claim)
    await b.look_around()
    assert await names(store) == {"b"}
    await a.close()
    await b.close()


async def names(store: Store) -> set[str]:
    (reply,) = await store.ask(("XINFO", "CONSUMERS", store.keys.jobs(0), "workers"))
    return {flat[1].decode() for flat in reply}


async def test_the_sign_of_life_expires_by_itself(store: Store) -> None:
    queue = await worker(store, "a")
    (left,) = await store.ask(("PTTL", store.keys.worker("a")))
    assert 0 < left <= HEARTBEAT_MS
    await queue.close()
    assert await store.ask(("EXISTS", store.keys.worker("a"))) == [0]


async def test_what_is_given_back_is_new_again(split_store: Store) -> None:
    a, b = await worker(split_store, "a"), await worker(split_store, "b")
    await fill(split_store, 5)
    claims = await read_all(a)
    await a.give_back(claims[1:])
    again = await read_all(b)
    assert sorted(claim.payload for claim in again) == sorted(claim.payload for claim in claims[1:])
    assert {claim.deliveries for claim in again} == {1}
    assert (await health(split_store)).waiting == 5
    await a.close()
    await b.close()


async def test_lays_aside_what_only_newer_workers_know(split_store: Store) -> None:
    a, b = await worker(split_store, "a"), await worker(split_store, "b")
    await fill(split_store, 4)
    claims = await read_all(a)
    for claim, version in zip(claims, (2, 2, 3, 3), strict=True):
        await a.park(claim, version)
    assert (await health(split_store)).waiting == 0
    assert await b.unpark(1) == 0
    assert await b.unpark(2) == 2
    assert sorted(c.payload for c in await read_all(b)) == sorted(claim.payload for claim in claims[:2])
    assert await b.unpark(3) == 2
    back = await read_all(b)
    assert sorted((c.conversation, c.seq, c.ts, c.payload) for c in back) == sorted(
        (claim.conversation, claim.seq, claim.ts, claim.payload) for claim in claims[2:]
    )
    await a.close()
    await b.close()


async def test_health(split_store: Store, wait_until: Until) -> None:
    assert await health(split_store) == (0, 0, 0)
    await fill(split_store, 3)
    await wait_until(lambda: _oldest(split_store), "the oldest job has an age")
    a = await worker(split_store, "a")
    b = await worker(split_store, "b")
    found = await health(split_store)
    assert (found.workers, found.waiting) == (2, 3)
    claims = await read_all(a)
    assert (await health(split_store)).waiting == 3, "in work is not done"
    for claim in claims:
        await finish(split_store, claim)
    await die(split_store, "a")
    assert await health(split_store) == (1, 0, 0)
    await a.close()
    await b.close()


async def _oldest(store: Store) -> bool:
    return (await health(store)).oldest_ms > 20


async def test_goes_on_when_the_store_was_emptied(store: Store) -> None:
    queue = await worker(store, "a")
    await fill(store, 1)
    await store.ask(("DEL", store.keys.jobs(0)))
    assert await queue.read(5, 0) == []
    await fill(store, 2)
    assert len(await queue.read(5, 0)) == 2
    await queue.close()


async def test_jobs_whose_reply_was_lost_come_with_the_next_read(split_store: Store) -> None:
    queue = await worker(split_store, "a")
    await fill(split_store, 4)
    held = await read_all(queue)
    reading = asyncio.create_task(queue.read(10, 5000))
    await asyncio.sleep(0.05)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    # What the store hands to this worker now, nobody sees: as if that read had been answered when it was given up.
    await fill(split_store, 3)
    for partition in range(split_store.keys.partitions):
        jobs = split_store.keys.jobs(partition)
        await split_store.ask(("XREADGROUP", "GROUP", "workers", "a", "STREAMS", jobs, ">"))
    lost = await queue.read(2, 0)
    lost += await queue.read(2, 0)
    assert sorted(claim.payload for claim in lost) == [b"job 0", b"job 1", b"job 2"]
    assert not {claim.ref for claim in lost} & {claim.ref for claim in held}
    assert await read_all(queue) == []
    await queue.close()

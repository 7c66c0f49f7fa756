"""A large change is built by workers while it is staged, holds in all of them once it is made, and never in part."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from glossary import handover, successor
from glossary import snapshot as snapshots
from glossary.handover import Coming
from glossary.repository import GlossaryMoved, Repository
from glossary.snapshot import Snapshot
from store.connect import Store
from tests.glossary.conftest import pair, pairs, said

WaitUntil = Callable[..., Awaitable[object]]
MANY = 3000  # terms: three chunks
BEFORE = (1, ("primeiro",))
AFTER = (2, ("primeiro", "p0", f"p{MANY - 1}"))


class Slow(Repository):
    """Stages the first chunk and then waits for ``go_on``."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.client, store.keys.prefix)
        self.waits, self.go_on = asyncio.Event(), asyncio.Event()
        self.steps: list[tuple[Any, ...]] = []
        self._staged = 0

    async def _stage(self, *what: Any) -> None:
        if self._staged:
            self.waits.set()
            await self.go_on.wait()
        self._staged += 1
        await super()._stage(*what)

    def begin(self, terms: Sequence[Any] | None = None) -> asyncio.Task[int]:
        wanted = pairs(MANY) if terms is None else terms
        return asyncio.create_task(self.put_many(wanted, "ana", progress=lambda *step: self.steps.append(step)))


class Workers:
    """Snapshots that look for changes as workers do. ``seen``: every state that messages could have met."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.snapshots: list[Snapshot] = []
        self.seen: list[tuple[int, tuple[str, ...]]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, count: int = 1) -> None:
        for _ in range(count):
            snapshot = Snapshot(Repository(self._store.client, self._store.keys.prefix))
            await snapshot.refresh()
            self.snapshots.append(snapshot)
            self._tasks.append(asyncio.create_task(self._look(snapshot)))

    async def _look(self, snapshot: Snapshot) -> None:
        while True:
            self.note(snapshot)
            await asyncio.sleep(0.01)
            await snapshot.refresh()

    def note(self, snapshot: Snapshot) -> None:
        state = (snapshot.current.version, tuple(said(snapshot, f"first w0 w{MANY - 1}")))
        if state not in self.seen:
            self.seen.append(state)

    def all_at(self, version: int) -> bool:
        return all(each.current.version == version for each in self.snapshots)

    def following(self) -> int:
        return sum(each._successor is not None for each in self.snapshots)

    async def end(self) -> None:
        for task in self._tasks:
            while not task.done():  # a cancellation that meets redis-py while it hands a connection back can get lost
                task.cancel()
                await asyncio.wait([task], timeout=1)
        for snapshot in self.snapshots:
            self.note(snapshot)
            await snapshot.close()


@asynccontextmanager
async def working(store: Store, count: int) -> AsyncIterator[Workers]:
    workers = Workers(store)
    try:
        await workers.start(count)
        yield workers
    finally:
        await workers.end()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look often here: there is less to wait for."""
    monkeypatch.setattr(handover, "LOOK", 0.1)
    monkeypatch.setattr(handover, "_SILENCE", 0.5)
    monkeypatch.setattr(snapshots, "_WATCH", 0.01)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever somebody reads all terms."""
    read: list[str] = []
    every = Repository.every

    async def counted(self: Repository) -> Any:
        read.append("")
        return await every(self)

    monkeypatch.setattr(Repository, "every", counted)
    return read


@pytest.fixture
async def slow(store: Store, repository: Repository) -> Slow:
    """A glossary of one term, and who is about to make it large."""
    await repository.add(pair("first", "primeiro"), "ana")
    return Slow(store)


async def left(store: Store) -> list[str]:
    """What an import leaves in the store while it is under way."""
    names = [name.decode() async for name in store.client.scan_iter(match=f"{store.keys.prefix}:{{glossary}}:*")]
    return [name for name in names if name.split(":")[2] in ("stage", "coming", "follow")]


async def test_all_workers_have_it_ready_and_none_has_half_of_it(
    store: Store, slow: Slow, loads: list[str], wait_until: WaitUntil
) -> None:
    async with working(store, 3) as workers:
        importing = slow.begin()
        await slow.waits.wait()
        await wait_until(lambda: workers.following() == 3)
        await workers.start()  # one that begins in the middle
        await wait_until(lambda: workers.following() == 4)
        loads.clear()
        slow.go_on.set()
        assert await importing == 2
        await wait_until(lambda: workers.all_at(2), seconds=1)
        assert (workers.following(), workers.seen, loads) == (0, [BEFORE, AFTER], [])
    assert slow.steps[:3] == [(1000, MANY), (2000, MANY), (3000, MANY)]
    assert slow.steps[-1] == (4, 4, "workers")
    assert await left(store) == []


@pytest.mark.parametrize("killed", [False, True], ids=["cancelled", "killed"])
async def test_an_import_that_is_given_up_is_forgotten(
    store: Store, slow: Slow, killed: bool, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(handover, "_LIFE", 1)
    async with working(store, 2) as workers:
        if killed:
            await slow.handover.announce(Coming("dead", 1, MANY))
        else:
            importing = slow.begin()
            await slow.waits.wait()
        await wait_until(lambda: workers.following() == 2)
        if not killed:
            importing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await importing
        await wait_until(lambda: workers.following() == 0)
        assert workers.seen == [BEFORE]
        await Repository(store.client, store.keys.prefix).put_many(pairs(MANY), "bea")
        await wait_until(lambda: workers.all_at(2), seconds=1)
        assert workers.seen == [BEFORE, AFTER]
    assert [name for name in await left(store) if not name.endswith("dead")] == []


async def test_of_two_imports_at_once_one_is_made(store: Store, slow: Slow, wait_until: WaitUntil) -> None:
    async with working(store, 2) as workers:
        one = slow.begin(pairs(MANY, "other"))
        await slow.waits.wait()
        await wait_until(lambda: workers.following() == 2)
        assert await Repository(store.client, store.keys.prefix).put_many(pairs(MANY), "bea") == 2
        await wait_until(lambda: workers.all_at(2))
        slow.go_on.set()
        with pytest.raises(GlossaryMoved):
            await one
        await wait_until(lambda: workers.following() == 0)
        assert workers.seen == [BEFORE, AFTER]
    assert await left(store) == []


async def test_the_one_that_is_announced_later_is_followed_when_the_first_is_gone(
    store: Store, slow: Slow, repository: Repository, loads: list[str], wait_until: WaitUntil
) -> None:
    await repository.handover.announce(first := Coming("first", 1, MANY))
    async with working(store, 2) as workers:
        await wait_until(lambda: workers.following() == 2)
        importing = slow.begin()
        await slow.waits.wait()
        await repository.handover.withdraw(first)
        loads.clear()
        slow.go_on.set()
        assert await importing == 2
        await wait_until(lambda: workers.all_at(2), seconds=1)
        assert (workers.seen, loads) == ([BEFORE, AFTER], [])


async def test_a_change_before_it_is_made_wins(
    store: Store, slow: Slow, repository: Repository, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(handover, "LOOK", 60.0)
    monkeypatch.setattr(handover, "PATIENCE", 60.0)
    slow.go_on.set()
    async with working(store, 2) as workers:
        importing = slow.begin()
        await wait_until(lambda: (2, 2, "workers") in slow.steps)
        await repository.change(pair("first", "outro"), "bea")
        async with asyncio.timeout(5):  # nobody waits any longer for what cannot be
            with pytest.raises(GlossaryMoved):
                await importing
        await wait_until(lambda: workers.all_at(2))
        assert workers.seen == [BEFORE, (2, ("outro",))]


@pytest.mark.parametrize("later", [1, 1500], ids=["few", "many"])
async def test_changes_after_it_was_made_are_laid_over(
    slow: Slow, repository: Repository, later: int, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_WATCH", 1000.0)
    slow.go_on.set()
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    importing = slow.begin()
    await slow.waits.wait()
    await snapshot.refresh()
    await importing
    await repository.put_many(pairs(later, "later"), "bea", delete=[f"w{MANY - 1}"])
    assert said(snapshot, "first w0 w1999") == ["primeiro"]
    loads.clear()
    await snapshot.refresh()
    assert said(snapshot, f"first w0 w1999 w{MANY - 1}") == ["primeiro", "later0", "p1999"]
    assert (snapshot.current.version, len(loads)) == (3, 0 if later == 1 else 1)
    snapshot._watching and snapshot._watching.cancel()
    await snapshot.close()


async def test_a_worker_that_dies_costs_nobody_anything(
    store: Store, slow: Slow, repository: Repository, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(handover, "PATIENCE", 60.0)
    async with working(store, 1) as workers:
        importing = slow.begin()
        await slow.waits.wait()
        _, coming = await repository.handover.look()
        assert coming is not None
        await repository.handover.lives(coming, "dead", 1)
        await wait_until(lambda: workers.following() == 1)
        slow.go_on.set()
        async with asyncio.timeout(10):
            assert await importing == 2
        await wait_until(lambda: workers.all_at(2), seconds=1)
    assert slow.steps[-1] == (1, 1, "workers")


async def test_a_slow_worker_is_not_waited_for_without_end(
    store: Store, slow: Slow, loads: list[str], monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(handover, "PATIENCE", 0.3)
    go_on = threading.Event()
    monkeypatch.setattr(Snapshot, "_pause", lambda _: go_on.wait(30))
    async with working(store, 1) as workers:
        importing = slow.begin()
        await slow.waits.wait()
        await wait_until(lambda: workers.following() == 1)
        loads.clear()
        slow.go_on.set()
        began = time.monotonic()
        assert await importing == 2
        assert time.monotonic() - began < 5
        assert slow.steps[-1] == (0, 1, "workers")
        assert workers.seen == [BEFORE]
        go_on.set()
        await wait_until(lambda: workers.all_at(2))
        assert (workers.seen, loads) == ([BEFORE, AFTER], [])


async def test_what_cannot_be_read_beforehand_is_read_when_it_is_made(
    store: Store, slow: Slow, loads: list[str], monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(successor, "_decode", lambda _: handover._decode(b"[]"))
    slow.go_on.set()
    async with working(store, 1) as workers:
        loads.clear()
        assert await slow.begin() == 2
        await wait_until(lambda: workers.all_at(2))
        assert (workers.seen, len(loads)) == ([BEFORE, AFTER], 1)


async def test_a_snapshot_that_is_closed_follows_no_longer(
    slow: Slow, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    importing = slow.begin()
    await slow.waits.wait()
    await snapshot.refresh()
    assert snapshot._successor is not None
    async with asyncio.timeout(5):
        await snapshot.close()
    await snapshot.refresh()
    assert snapshot._successor is None
    slow.go_on.set()
    assert await importing == 2

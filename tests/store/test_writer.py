"""The writer: many appends in few round trips, and what happens when the store goes away."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

import pytest

from store.append import Append
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreUnavailable
from store.streams import read_events
from store.writer import Writer

Until = Callable[..., Awaitable[object]]


async def opened(server: Embedded) -> Store:
    await server.ready()
    return await Store.open(server.url)


async def test_many_appends_take_few_round_trips(split_store: Store) -> None:
    writer = Writer(split_store, batch=100)
    await writer.start()
    await writer.append(Append("first", b"x"))
    before = await _calls(split_store)
    results = await asyncio.gather(*(writer.append(Append(f"c{n % 7}", b"x")) for n in range(1000)))
    assert await _calls(split_store) - before <= 12 * split_store.keys.partitions
    for c in range(7):
        assert [r.seq for r in results[c::7]] == list(range(1, len(results[c::7]) + 1))  # in the order of the calls
    await writer.close()


async def _calls(store: Store) -> int:
    (information,) = await store.ask(("INFO", "commandstats"))
    lines = [line for line in information.decode().splitlines() if line.startswith("cmdstat_evalsha:")]
    return int(lines[0].split("calls=")[1].split(",")[0]) if lines else 0


async def test_goes_on_after_the_server_has_forgotten_its_scripts(split_store: Store) -> None:
    writer = Writer(split_store)
    await writer.start()
    await writer.append(Append("c0", b"x"))
    await split_store.ask(("SCRIPT", "FLUSH"))
    results = await asyncio.gather(*(writer.append(Append(f"c{n}", b"x", once="o")) for n in range(9)))
    assert [each.seq for each in results] == [2] + 8 * [1]
    assert not any(each.repeated for each in results)
    assert writer.up
    await writer.close()


async def test_a_full_queue_refuses_at_once(store: Store) -> None:
    writer = Writer(store, queue=10)
    await writer.start()
    futures = [writer.submit(Append("c", b"x")) for _ in range(25)]
    assert sum(future.done() for future in futures) == 15
    results = await asyncio.gather(*futures, return_exceptions=True)
    assert [isinstance(each, StoreUnavailable) for each in results] == 10 * [False] + 15 * [True]
    assert len(await read_events(store, "c")) == 10
    await writer.close()


async def test_closing_writes_what_is_queued_and_takes_no_more(store: Store) -> None:
    writer = Writer(store)
    await writer.start()
    futures = [writer.submit(Append("c", b"x")) for _ in range(300)]
    await writer.close()
    assert [future.result().seq for future in futures] == list(range(1, 301))
    with pytest.raises(StoreUnavailable):
        await writer.append(Append("c", b"x"))


async def test_start_says_when_nobody_is_there(store: Store) -> None:
    absent = Store("unix:///nowhere/at/all")
    with pytest.raises(StoreUnavailable, match="/nowhere/at/all"):
        await Writer(absent).start()
    await absent.close()


async def test_a_caller_that_leaves_does_not_disturb_the_others(store: Store, writer: Writer) -> None:
    calls = [asyncio.create_task(writer.append(Append("c", str(n).encode()))) for n in range(10)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in results] == [True, False] * 5
    kept = {results[n].seq: n for n in (1, 3, 5, 7, 9)}
    for event in await read_events(store, "c"):
        assert event.seq not in kept or event.payload == str(kept[event.seq]).encode()


async def test_a_killed_server_loses_and_doubles_nothing(own_server: Embedded, wait_until: Until) -> None:
    """kill -9 again and again under load; senders repeat with the same id until they hear that it is stored."""
    store = await opened(own_server)
    changes: list[bool] = []
    writer = Writer(store, on_change=changes.append)
    await writer.start()
    keeper = asyncio.create_task(own_server.keep_running())
    acknowledged: dict[tuple[str, str], int] = {}
    refused = 0
    done = False

    async def sender(who: int) -> None:
        nonlocal refused
        n = 0
        while not done:
            while not done:
                try:
                    result = await writer.append(Append(f"c{who % 5}", f"{who}.{n}".encode(), once=f"m:{who}.{n}"))
                except StoreUnavailable:
                    refused += 1
                    await asyncio.sleep(0.02)
                else:
                    acknowledged[f"c{who % 5}", f"{who}.{n}"] = result.seq
                    n += 1
                    break

    senders = [asyncio.create_task(sender(who)) for who in range(20)]
    for kill in range(1, 4):
        floor = len(acknowledged) + 200
        await wait_until(lambda floor=floor: len(acknowledged) > floor, "more is acknowledged")
        pid = own_server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await wait_until(lambda kill=kill: changes.count(True) == kill, "the writer is up again")
    floor = len(acknowledged) + 200
    await wait_until(lambda: len(acknowledged) > floor, "more is acknowledged")
    done = True
    await asyncio.gather(*senders)
    keeper.cancel()
    assert changes == [False, True] * 3
    assert refused > 0
    found: dict[tuple[str, str], int] = {}
    for c in range(5):
        events = await read_events(store, f"c{c}", limit=1_000_000)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        for event in events:
            key = (f"c{c}", event.payload.decode())
            assert key not in found, "an event is there twice"
            found[key] = event.seq
    assert acknowledged.items() <= found.items()
    await writer.close()
    await store.close()


async def test_a_stalled_server_is_away_until_it_goes_on(own_server: Embedded, wait_until: Until) -> None:
    store = await opened(own_server)
    changes: list[bool] = []
    writer = Writer(store, on_change=changes.append, patience=0.5)
    await writer.start()
    await writer.append(Append("c", b"before"))
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await writer.append(Append("c", b"stalled", once="m:1"))
        assert 0.4 < time.monotonic() - began < 2
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await writer.append(Append("c", b"stalled", once="m:2"))
        assert time.monotonic() - began < 0.1, "while it is away, appends fail at once"
        assert changes == [False]
    finally:
        os.kill(pid, signal.SIGCONT)
    await wait_until(lambda: writer.up, "the writer is up again")
    # The first one reached the stalled server, which may have written it: the repeat settles that.
    await writer.append(Append("c", b"stalled", once="m:1"))
    await writer.append(Append("c", b"stalled too", once="m:2"))
    assert [event.payload for event in await read_events(store, "c")] == [b"before", b"stalled", b"stalled too"]
    assert changes == [False, True]
    await writer.close()
    await store.close()


async def test_notices_a_stalled_server_with_nothing_to_write(own_server: Embedded, wait_until: Until) -> None:
    store = await opened(own_server)
    writer = Writer(store, patience=0.3)
    await writer.start()
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await wait_until(lambda: not writer.up, "the writer is down", 4.0)
    os.kill(pid, signal.SIGCONT)
    await wait_until(lambda: writer.up, "the writer is up")
    await writer.close()
    await store.close()

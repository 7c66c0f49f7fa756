"""Following the feed: nothing is left out, whatever happens to the reader or the store."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest

from store.append import Append
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreUnavailable
from store.feed import FeedItem, FeedReader
from store.streams import summaries
from store.writer import Writer

Until = Callable[..., Awaitable[object]]
OpenStore = Callable[..., Awaitable[Store]]


async def take(feed: FeedReader, number: int) -> list[FeedItem]:
    items: list[FeedItem] = []
    async with asyncio.timeout(10):
        while len(items) < number:
            batch = await feed.read()
            assert not batch.gap
            items += batch.items
    return items


async def test_brings_events_and_signals_from_its_start_on(split_store: Store) -> None:
    writer = Writer(split_store)
    await writer.start()
    await writer.append(Append("a", b"before"))
    feed = FeedReader(split_store)
    await feed.start()
    written = []
    for name in "abcdef":
        written.append((name, (await writer.append(Append(name, b"event"))), b"event"))
        written.append((name, (await writer.append(Append(name, signal=b"typing"))), b"typing"))
    items = await take(feed, 12)
    for name in "abcdef":
        expected = [
            FeedItem(name, result.seq if payload == b"event" else 0, result.ts, payload)
            for who, result, payload in written
            if who == name
        ]
        assert [item for item in items if item.conversation == name] == expected
    await feed.close()
    await writer.close()


async def test_a_reader_that_loses_its_connection_all_the_time_misses_nothing(
    split_store: Store, wait_until: Until
) -> None:
    writer = Writer(split_store)
    await writer.start()
    feed = FeedReader(split_store)
    await feed.start()
    seen: dict[str, list[int]] = {}
    gaps = 0

    async def follow() -> None:
        nonlocal gaps
        while True:
            batch = await feed.read()
            gaps += batch.gap
            for item in batch.items:
                seen.setdefault(item.conversation, []).append(item.seq)

    stored = 0
    done = False

    async def send(who: int) -> None:
        nonlocal stored
        while not done:
            if await _stored(writer, f"c{who % 5}", f"{who}.{stored}"):
                stored += 1
            else:
                await asyncio.sleep(0.02)

    following = asyncio.create_task(follow())
    senders = [asyncio.create_task(send(who)) for who in range(10)]
    for _ in range(8):
        floor = stored + 100
        await wait_until(lambda floor=floor: stored > floor, "more is stored")
        await split_store.ask(("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
    done = True
    await asyncio.gather(*senders)
    last = [int(each["seq"]) for each in await summaries(split_store, [f"c{c}" for c in range(5)])]
    await wait_until(lambda: [seen.get(f"c{c}", [0])[-1] for c in range(5)] == last, "all have arrived")
    for numbers in seen.values():
        assert numbers == list(range(1, len(numbers) + 1))
    assert gaps == 0
    following.cancel()
    await feed.close()
    await writer.close()


async def _stored(writer: Writer, conversation: str, text: str) -> bool:
    try:
        await writer.append(Append(conversation, text.encode(), once=text))
    except StoreUnavailable:
        return False
    return True


async def test_says_when_it_fell_out_of_the_feed(open_store: OpenStore) -> None:
    store = await open_store(feed_length=1000)
    writer = Writer(store)
    await writer.start()
    await writer.append(Append("c", b"x"))
    feed = FeedReader(store)
    await feed.start()
    await asyncio.gather(*(writer.append(Append("c", b"x")) for _ in range(900)))
    await take(feed, 900)  # a long way, but not too long
    await asyncio.gather(*(writer.append(Append("c", b"x")) for _ in range(1500)))
    batch = await feed.read()
    assert batch.gap
    assert batch.items[0].seq > 902
    rest = batch.items[-1].seq
    while rest < 2401:
        batch = await feed.read()
        assert not batch.gap, "it is told once"
        rest = batch.items[-1].seq
    await feed.close()
    await writer.close()


async def test_says_so_too_when_it_started_on_an_empty_feed(open_store: OpenStore) -> None:
    store = await open_store(feed_length=1000)
    writer = Writer(store)
    await writer.start()
    feed = FeedReader(store)
    await feed.start()
    await asyncio.gather(*(writer.append(Append("c", b"x")) for _ in range(2000)))
    assert (await feed.read()).gap
    await feed.close()
    await writer.close()


async def test_says_so_when_the_store_came_back_without_its_end(store: Store, writer: Writer) -> None:
    feed = FeedReader(store)
    await feed.start()
    await writer.append(Append("c", b"x"))
    await take(feed, 1)
    await store.ask(("DEL", store.keys.feed(0)))
    await store.ask(("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
    batch = await feed.read()
    assert batch.gap
    assert batch.items == []
    await feed.close()


async def test_survives_the_end_of_the_server(own_server: Embedded, wait_until: Until) -> None:
    await own_server.ready()
    store = await Store.open(own_server.url)
    changes: list[bool] = []
    writer, feed = Writer(store), FeedReader(store, on_change=changes.append)
    await writer.start()
    await feed.start()
    await writer.append(Append("c", b"one"))
    assert [item.payload for item in await take(feed, 1)] == [b"one"]
    reading = asyncio.create_task(feed.read())
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await wait_until(lambda: changes == [False], "the loss is told")
    own_server.start()
    await wait_until(lambda: writer.up, "the writer is up")
    await writer.append(Append("c", b"two"))
    batch = await reading
    assert ([item.payload for item in batch.items], batch.gap) == ([b"two"], False)
    assert changes == [False, True]
    await feed.close()
    await writer.close()
    await store.close()


async def test_gives_up_a_store_that_falls_silent(
    own_server: Embedded, wait_until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.feed.GRACE", 0.3)
    await own_server.ready()
    store = await Store.open(own_server.url)
    changes: list[bool] = []
    feed = FeedReader(store, on_change=changes.append, block_ms=100)
    await feed.start()
    reading = asyncio.create_task(feed.read())
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await wait_until(lambda: changes == [False], "the loss is told")
    os.kill(pid, signal.SIGCONT)
    await wait_until(lambda: changes == [False, True], "the return is told")
    assert not reading.done()
    await feed.close()
    with pytest.raises(StoreUnavailable):
        await reading
    await store.close()

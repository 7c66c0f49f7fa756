"""The append script: numbers without gaps, repeats, guards, updates, jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.append import Append, Guard, Update
from store.connect import Store
from store.errors import StoreCorrupt
from store.feed import FeedReader
from store.jobs import JobQueue
from store.streams import read_events, read_last_events, recent, summaries
from store.writer import Writer


async def test_numbers_events_from_one_without_gaps(store: Store, writer: Writer) -> None:
    stored = [await writer.append(Append("c", f"event {n}".encode())) for n in range(5)]
    await writer.append(Append("c", signal=b"typing"))
    await writer.append(Append("c", updates=(Update("set", "name", "Ana"),)))
    stored.append(await writer.append(Append("c", b"event 5")))
    assert [each.seq for each in stored] == [1, 2, 3, 4, 5, 6]
    events = await read_events(store, "c")
    assert [(event.seq, event.payload) for event in events] == [(n + 1, f"event {n}".encode()) for n in range(6)]
    assert [event.ts for event in events] == [each.ts for each in stored]


async def test_reads_a_part_of_the_log(store: Store, writer: Writer) -> None:
    for n in range(1, 10):
        await writer.append(Append("c", str(n).encode()))
    assert [event.seq for event in await read_events(store, "c", after=4, limit=3)] == [5, 6, 7]
    assert [event.seq for event in await read_last_events(store, "c", 3)] == [7, 8, 9]
    assert [event.seq for event in await read_last_events(store, "c", 2, before=7)] == [5, 6]
    assert await read_events(store, "nobody") == []


async def test_a_repeat_is_the_first_time_again(store: Store, writer: Writer) -> None:
    first = await writer.append(Append("c", b"hello", once="m:1", job=b"job", updates=(Update("set", "n", "1"),)))
    second = await writer.append(Append("c", b"other", once="m:1", job=b"job", updates=(Update("set", "n", "2"),)))
    elsewhere = await writer.append(Append("d", b"hello", once="m:1"))
    assert (first.seq, first.repeated) == (1, False)
    assert (second.seq, second.ts, second.repeated) == (1, first.ts, True)
    assert not elsewhere.repeated
    assert len(await read_events(store, "c")) == 1
    assert await store.ask(("XLEN", store.keys.jobs(0))) == [1]
    assert (await summaries(store, ["c"]))[0]["n"] == "1"


async def test_updates_of_the_summary(store: Store, writer: Writer) -> None:
    async def summary(*updates: Update, event: bytes | None = b"x") -> dict[str, str]:
        await writer.append(Append("c", event, updates=updates))
        (found,) = await summaries(store, ["c"])
        return {name: value for name, value in found.items() if name not in ("seq", "ts")}

    assert await summary(Update("set", "a", "1"), Update("set", "last", "@seq")) == {"a": "1", "last": "1"}
    assert await summary(Update("max", "a", 3), Update("max", "last", 0)) == {"a": "3", "last": "1"}
    assert await summary(Update("max", "b", 12345678901)) == {"a": "3", "last": "1", "b": "12345678901"}
    assert await summary(Update("setnx", "a", "9"), Update("setnx", "c", "9"), Update("del", "b")) == {
        "a": "3", "last": "1", "c": "9",
    }  # fmt: skip
    assert "b" in await summary(Update("setnx", "b", "new"))  # a field that was taken away is absent
    assert (await summary(Update("set", "when", "@ts")))["when"] == (await summaries(store, ["c"]))[0]["ts"]
    assert (await summary(Update("del", "nothing")))["a"] == "3"
    # an update alone is no event
    assert (await summary(Update("set", "a", "quiet"), event=None))["a"] == "quiet"
    assert len(await read_events(store, "c")) == 7


async def test_an_update_with_a_guard(store: Store, writer: Writer) -> None:
    await writer.append(Append("c", b"x", updates=(Update("set", "last", "@seq"),)))
    await writer.append(
        Append(
            "c",
            updates=(
                Update("set", "right", "1", Guard("last", "1")),
                Update("set", "wrong", "1", Guard("last", "2")),
                Update("set", "absent", "1", Guard("nothing", "")),
                Update("set", "last", "7"),
                Update("set", "after", "1", Guard("last", "7")),
            ),
        )
    )
    (summary,) = await summaries(store, ["c"])
    assert {"right", "absent", "after"} <= summary.keys()
    assert "wrong" not in summary


async def test_an_append_with_a_guard(store: Store, writer: Writer) -> None:
    await writer.append(Append("c", updates=(Update("set", "language", "pt"),)))
    held = await writer.append(Append("c", b"one", when=Guard("language", "pt")))
    missed = await writer.append(Append("c", b"two", once="o", when=Guard("language", "")))
    assert (held.seq, held.skipped) == (1, False)
    assert missed.skipped
    assert [event.payload for event in await read_events(store, "c")] == [b"one"]
    # what was skipped has not happened: it may still come
    assert not (await writer.append(Append("c", b"two", once="o"))).repeated


async def test_a_finished_job_is_gone_whatever_became_of_its_outcome(store: Store, writer: Writer) -> None:
    queue = JobQueue(store, "worker")
    await queue.start()
    for n in range(3):
        await writer.append(Append("c", b"message", once=f"m:{n}", job=b"job"))
    first, second, third = await queue.read(10, 0)
    await writer.append(Append("c", b"outcome", once="t:1", done=first.ref))
    assert (await writer.append(Append("c", b"outcome", once="t:1", done=second.ref))).repeated
    assert (await writer.append(Append("c", b"outcome", when=Guard("no", "yes"), done=third.ref))).skipped
    assert await store.ask(("XLEN", store.keys.jobs(0)), ("XPENDING", store.keys.jobs(0), "workers")) == [
        0, [0, None, None, None],
    ]  # fmt: skip
    assert len(await read_events(store, "c")) == 4
    await queue.close()


async def test_one_that_is_refused_spoils_no_neighbour(store: Store, writer: Writer) -> None:
    await store.ask(("SET", store.keys.summary("broken"), "not a hash"))
    results = await asyncio.gather(
        *(writer.append(Append(name, b"x")) for name in ("a", "broken", "b")), return_exceptions=True
    )
    assert [getattr(each, "seq", None) for each in results] == [1, None, 1]
    assert isinstance(results[1], StoreCorrupt)
    assert results[1].code == "WRONGTYPE"
    assert writer.up


async def test_refuses_what_makes_no_sense(writer: Writer) -> None:
    with pytest.raises(ValueError, match="not both"):
        await writer.append(Append("c", b"event", signal=b"signal"))
    with pytest.raises(ValueError, match="needs an event"):
        await writer.append(Append("c", job=b"job"))
    with pytest.raises(ValueError, match="utf-8"):
        await writer.append(Append("c", b"\xff\xfe"))
    assert (await writer.append(Append("c", "só texto ✓".encode()))).seq == 1


async def test_recent_conversations_come_newest_first(split_store: Store) -> None:
    writer = Writer(split_store)
    await writer.start()
    times = {}
    for n in range(6):
        name = f"c{n}"
        times[name] = (await writer.append(Append(name, b"x"))).ts
        await asyncio.sleep(0.002)  # so that no two share a millisecond
    await writer.append(Append("c0", signal=b"typing"))  # no activity
    assert await recent(split_store, None, 3) == ["c5", "c4", "c3"]
    assert await recent(split_store, times["c3"], 10) == ["c2", "c1", "c0"]
    assert [each["seq"] for each in await summaries(split_store, ["c0", "c5"])] == ["1", "1"]
    assert await summaries(split_store, ["nobody"]) == [{}]
    assert await summaries(split_store, []) == []
    await writer.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 15), st.booleans()), max_size=120))
async def test_any_mix_of_appends_and_repeats_keeps_the_logs_whole(
    open_store: Callable[..., Awaitable[Store]], plan: list[tuple[int, int, bool]]
) -> None:
    """Two writers, everything at once: contiguous numbers, every id stored once, the feed in the logs' order."""
    store = await open_store(partitions=2)
    feed = FeedReader(store)
    await feed.start()
    writers = [Writer(store), Writer(store)]
    for writer in writers:
        await writer.start()
    results = await asyncio.gather(
        *(writers[left].append(Append(f"c{c}", f"{c}.{i}".encode(), once=f"m:{i}")) for c, i, left in plan)
    )
    wanted = {(f"c{c}", f"{c}.{i}".encode()) for c, i, _ in plan}
    logs = {f"c{c}": await read_events(store, f"c{c}") for c in range(4)}
    assert {(name, event.payload) for name, log in logs.items() for event in log} == wanted
    for log in logs.values():
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        assert len({event.payload for event in log}) == len(log)
    for (c, i, _), appended in zip(plan, results, strict=True):
        assert logs[f"c{c}"][appended.seq - 1].payload == f"{c}.{i}".encode()
    assert sum(not each.repeated for each in results) == len(wanted)
    seen: dict[str, list[int]] = {}
    while sum(map(len, seen.values())) < len(wanted):
        for item in (await feed.read()).items:
            seen.setdefault(item.conversation, []).append(item.seq)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())
    for writer in writers:
        await writer.close()
    await feed.close()

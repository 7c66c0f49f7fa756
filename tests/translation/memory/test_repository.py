"""The memory in the store: found in one round trip, changed all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from store.connect import Store
from store.errors import StoreUnavailable
from translation.memory import repository
from translation.memory.book import Book
from translation.memory.keys import SHARDS, MemoryKeys
from translation.memory.pair import Pair, PairError
from translation.memory.repository import MemoryMoved, Repository

LANGUAGES = [("en", "pt"), ("pt", "en"), ("de", "en")]


def pairs(number: int, word: str = "Line") -> list[Pair]:
    """Pairs with all that can happen: repeats, edits, spans, several directions."""
    made = []
    for n in range(number):
        source, target = LANGUAGES[n % 3]
        text = f"{word} {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" + (f" order {1000 + n}" if n % 4 == 0 else "")
        for count in range(1 + n % 3):
            answer = f"{text} said {'abc'[count]}"
            made.append(
                Pair(
                    source_language=source,
                    target_language=target,
                    source=text,
                    target=answer,
                    count=count + 1,
                    edited=n % 10 == 0 and count == 1,
                    time=n,
                )
            )
    return made


@pytest.fixture
def memory(store: Store) -> Repository:
    return Repository(store)


def wishes(known: Sequence[Pair]) -> list[tuple[str, str, str]]:
    return [(pair.source.upper() + "!", pair.source_language, pair.target_language) for pair in known]


async def everything(memory: Repository) -> list[Pair]:
    return sorted(
        [pair async for pair in memory.pairs()], key=lambda pair: (pair.source_language, pair.source, pair.target)
    )


@pytest.mark.parametrize("number", [30, 600], ids=["in one script", "staged"])
async def test_answers_as_a_book_does(memory: Repository, number: int) -> None:
    known = pairs(number)
    assert await memory.put(known) == len(known)
    assert await memory.put(known[:40]) == 40
    book = Book([*known, *known[:40]])
    asked = [*wishes(known), ("Line zz", "en", "pt"), ("😊", "en", "pt"), ("Line aa", "fr", "pt")]
    found = await memory.look_up(asked)
    assert found == [book.look_up(*wish) for wish in asked]
    assert sum(map(bool, found)) == len(known)


async def test_a_batch_is_one_round_trip(memory: Repository, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = pairs(60)
    await memory.put(known)
    asked = 0
    ask = store.ask

    async def counted(*commands: Any) -> list[Any]:
        nonlocal asked
        asked += 1
        return await ask(*commands)

    monkeypatch.setattr(store, "ask", counted)
    assert all(await memory.look_up(wishes(known)))
    assert asked == 1
    assert await memory.look_up([]) == []
    assert await memory.look_up([("😊", "en", "pt")]) == [()]
    assert asked == 1


async def test_what_is_known_is_counted_once_more(memory: Repository) -> None:
    known = pairs(300)
    await memory.put(known)
    before = await everything(memory)
    await memory.put(known)
    twice = await everything(memory)
    assert [pair.count for pair in twice] == [2 * pair.count for pair in before]
    assert [pair.target for pair in twice] == [pair.target for pair in before]


async def test_replacing_forgets_the_rest(memory: Repository) -> None:
    await memory.put(pairs(300))
    new = pairs(3, "Other")
    await memory.put(new, replace=True)
    assert {pair.source for pair in await everything(memory)} == {pair.source for pair in new}
    assert sum(each.said for each in await memory.stats()) == sum(pair.count for pair in new)
    await memory.put([], replace=True)
    assert await everything(memory) == []
    assert await memory.stats() == []


@pytest.mark.parametrize("replace", [False, True])
async def test_an_import_that_breaks_off_leaves_everything_as_it_was(
    memory: Repository, store: Store, prefix: str, replace: bool
) -> None:
    await memory.put(pairs(300))
    before, version = await everything(memory), await memory.version()

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await memory.put(pairs(500, "New"), replace=replace, progress=stop)
    assert await everything(memory) == before
    assert await memory.version() == version
    assert not [name async for name in store.client.scan_iter(match=f"{prefix}:*stage*")]


async def test_a_pair_that_says_nothing_stops_an_import_before_it_begins(memory: Repository) -> None:
    with pytest.raises(PairError):
        await memory.put([*pairs(5), Pair(source_language="en", target_language="pt", source="Hi", target=" ")])
    assert await everything(memory) == []


@pytest.mark.parametrize("number", [10, 300], ids=["in one script", "staged"])
async def test_changes_at_the_same_time_are_all_kept(memory: Repository, number: int) -> None:
    sets = [pairs(number, word) for word in ("One", "Two", "One")]
    await asyncio.gather(*(memory.put(each) for each in sets))
    assert sum(pair.count for pair in await everything(memory)) == sum(pair.count for each in sets for pair in each)


@pytest.mark.parametrize("number", [10, 300], ids=["in one script", "staged"])
async def test_gives_up_where_others_change_it_all_the_time(
    memory: Repository, store: Store, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = memory._meta

    async def outrun() -> dict[str, int]:
        found = await look()
        await store.client.hincrby(MemoryKeys(store.keys.prefix).meta, "version", 1)
        return found

    monkeypatch.setattr(memory, "_meta", outrun)
    with pytest.raises(MemoryMoved):
        await memory.put(pairs(number))
    assert await everything(memory) == []


async def test_pairs_move_where_the_forms_have_changed(
    memory: Repository, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    known = pairs(90)
    await memory.put(known)
    before = await everything(memory)
    # As if an earlier version had kept them under other digests: what the shards hold swaps places.
    keys = MemoryKeys(store.keys.prefix)
    first, second = keys.shard("en-pt", b"\x00"), keys.shard("en-pt", b"\x01")
    for key in keys.shards("en-pt"):
        if key not in (first, second) and await store.client.exists(key):
            await store.client.rename(key, second if await store.client.exists(first) else first)
    await store.client.hset(keys.meta, "form", "0")
    lost = [pair async for pair in memory.pairs()]
    assert len(lost) < len(before)
    await memory.put(known[:2])
    found = await memory.look_up(wishes(lost))
    assert all(found)
    assert int(await store.client.hget(keys.meta, "form")) == repository.FORM


async def test_stats(memory: Repository) -> None:
    known = [pair for pair in pairs(600) if pair.source_language == "pt"]
    await memory.put(known)
    (stats,) = await memory.stats()
    held = await everything(memory)
    assert stats.direction == "pt-en"
    assert stats.pairs == len(held)
    assert stats.edited == sum(pair.edited for pair in held) > 0
    assert stats.said == sum(pair.count for pair in held)
    assert 0 < stats.forms < stats.pairs
    assert stats.size > 50 * stats.pairs


async def test_a_store_that_is_away_is_told(own_server: Any) -> None:
    await own_server.ready()
    store = await Store.open(own_server.url)
    memory = Repository(store)
    await memory.put(pairs(3))
    await own_server.stop()
    with pytest.raises(StoreUnavailable):
        await memory.look_up(wishes(pairs(3)))
    await store.close()


def test_shards_stay_where_they_are() -> None:
    keys = MemoryKeys("p")
    assert SHARDS == 64
    assert keys.shard("en-pt", b"\xc1rest") == "p:{memory}:en-pt:1" == keys.shards("en-pt")[1]
    assert keys.stage("t", keys.shard("en-pt", b"\x02")) == "p:{memory}:stage:t:en-pt:2"

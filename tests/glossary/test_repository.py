"""Terms in a real store: every change atomic, versioned and logged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from glossary.history import TermChange
from glossary.repository import GlossaryMoved, Repository, TermExists, TermMissing
from glossary.term import Term, TermError
from store.connect import Store
from store.errors import StoreUnavailable
from tests.glossary.conftest import pair, pairs

Change = Callable[[Repository], Awaitable[object]]


async def test_add_change_delete(repository: Repository) -> None:
    assert (await repository.version(), await repository.list(), await repository.get("x")) == (0, [], None)
    added = await repository.add(pair("order", "pedido"), "ana")
    assert (added.author, added.created, added.changed) == ("ana", 1001, 1001)
    assert await repository.get("order") == added
    changed = await repository.change(pair("order", "encomenda"), "bea")
    assert (changed.author, changed.created, changed.changed) == ("ana", 1001, 1002)
    assert await repository.list() == [changed]
    assert (await repository.version(), await repository.count()) == (2, 1)
    await repository.delete("order", "caio")
    assert (await repository.version(), await repository.count()) == (3, 0)
    history = await repository.log.history()
    assert [(entry.version, entry.who, entry.when, entry.changes) for entry in history] == [
        (3, "caio", 1003, (TermChange("order", changed, None),)),
        (2, "bea", 1002, (TermChange("order", added, changed),)),
        (1, "ana", 1001, (TermChange("order", None, added),)),
    ]
    assert [entry.version for entry in await repository.log.history(before=2)] == [1]


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (TermExists, lambda it: it.add(pair("order", "encomenda"), "ana")),
        (TermMissing, lambda it: it.change(pair("box", "caixa"), "ana")),
        (TermMissing, lambda it: it.delete('x"y', "ana")),
        (TermError, lambda it: it.add(Term("bad", {}), "ana")),
        (TermError, lambda it: it.put_many([pair("box", "caixa"), Term("bad", {})], "ana")),
        (GlossaryMoved, lambda it: it.put_many([pair("box", "caixa")], "ana", seen=0)),
        (GlossaryMoved, lambda it: it.put_many(pairs(300), "ana", seen=0)),
    ],
)
async def test_what_does_not_fit_changes_nothing(
    repository: Repository, error: type[Exception], change: Change
) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    with pytest.raises(error):
        await change(repository)
    assert (await repository.version(), await repository.count()) == (1, 1)


async def test_a_change_of_nothing_raises_no_version(repository: Repository) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    await repository.change(pair("order", "pedido"), "bea")
    assert await repository.put_many([pair("order", "pedido")], "bea", delete=["none"]) == 1
    assert len(await repository.log.history()) == 1


@pytest.mark.parametrize("count", [3, 700])
async def test_many_at_once(repository: Repository, count: int) -> None:
    await repository.add(pair("gone", "x"), "ana")
    await repository.add(pair("w1", "old"), "ana")
    steps: list[tuple[int, int]] = []
    terms = pairs(count)
    version = await repository.put_many(terms, "bea", delete=["gone"], progress=lambda *step: steps.append(step))
    assert version == await repository.version() == 3
    stored = {term.id: term for term in await repository.list()}
    assert stored.keys() == {f"w{i}" for i in range(count)}
    assert stored["w1"].wordings["pt"].text == "p1"
    assert (stored["w1"].author, stored["w2"].author) == ("ana", "bea")
    (entry,) = await repository.log.history(most=1)
    assert (entry.version, entry.count, len(entry.changes)) == (3, count + 1, count + 1)
    assert {change.id: change.after for change in entry.changes}["gone"] is None
    assert steps == ([] if count < 200 else [(count + 1, count + 1)])


async def test_a_large_change_gives_way_to_another(repository: Repository, store: Store) -> None:
    await repository.add(pair("order", "pedido"), "ana")

    async def meddle() -> None:
        await repository.delete("order", "bea")

    tasks: list[asyncio.Task[None]] = []
    with pytest.raises(GlossaryMoved):  # the other change falls between the staging and the end
        await repository.put_many(
            pairs(6000),
            "ana",
            progress=lambda *_: None if tasks else tasks.append(asyncio.ensure_future(meddle())),
        )
    await asyncio.gather(*tasks)
    assert await repository.list() == []
    names = [name async for name in store.client.scan_iter(match="*{glossary}:*")]
    assert not [name for name in names if b":stage:" in name and store.keys.prefix.encode() in name]


async def test_what_is_staged_is_forgotten_though_nobody_is_left_to_do_it(
    repository: Repository, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    stage = repository._stage

    class Killed(BaseException):
        pass

    async def once(*what: Any) -> None:
        names = [name async for name in store.client.scan_iter(match=f"{store.keys.prefix}:{{glossary}}:stage:*")]
        assert [await store.client.ttl(name) > 0 for name in names] == [True], "from the first moment on"
        await stage(*what)
        raise Killed

    monkeypatch.setattr(repository, "_stage", once)
    monkeypatch.setattr(repository, "_forget", lambda *_: asyncio.sleep(0))
    with pytest.raises(Killed):
        await repository.put_many(pairs(300), "ana")
    names = [name async for name in store.client.scan_iter(match=f"{store.keys.prefix}:{{glossary}}:*:*")]
    assert [await store.client.ttl(name) > 0 for name in names] == [True, True], "its terms and its changes"


async def test_a_store_that_is_away_is_told(tmp_path: object) -> None:
    store = Store(f"unix://{tmp_path}/no.sock")
    with pytest.raises(StoreUnavailable):
        await Repository(store.client).version()
    await store.close()


async def test_terms_keep_what_they_hold(repository: Repository) -> None:
    term = replace(pair("order", 'enco"menda\\'), note='é\n\u2028"}')
    stored = await repository.add(term, 'an"a')
    await repository.change(replace(term, note="new"), "b")
    (latest, _) = await repository.log.history()
    assert latest.changes[0].before == stored

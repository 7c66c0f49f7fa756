"""Terms in a real store: every change atomic, versioned and logged; snapshots follow."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from glossary import snapshot as snapshots
from glossary.history import TermChange
from glossary.repository import GlossaryMoved, Repository, TermExists, TermMissing
from glossary.snapshot import Snapshot
from glossary.term import Term, TermError, Wording
from store.connect import Store
from store.errors import StoreUnavailable


def pair(en: str, pt: str) -> Term:
    return Term(en, {"en": Wording(en), "pt": Wording(pt)})


class Clock:
    now = 1000

    def __call__(self) -> int:
        self.now += 1
        return self.now


def said(snapshot: Snapshot, text: str) -> list[str]:
    return [match.target_text for match in snapshot.current.match(text, "en", "pt")]


@pytest.fixture
def repository(store: Store, prefix: str) -> Repository:
    return Repository(store.client, prefix, clock=Clock())


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


async def test_what_does_not_fit_changes_nothing(repository: Repository) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    with pytest.raises(TermExists):
        await repository.add(pair("order", "encomenda"), "ana")
    with pytest.raises(TermMissing):
        await repository.change(pair("box", "caixa"), "ana")
    with pytest.raises(TermMissing):
        await repository.delete('x"y', "ana")
    with pytest.raises(TermError):
        await repository.add(Term("bad", {}), "ana")
    with pytest.raises(TermError):
        await repository.put_many([pair("box", "caixa"), Term("bad", {})], "ana")
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
    terms = [pair(f"w{i}", f"p{i}") for i in range(count)]
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
    with pytest.raises(GlossaryMoved):
        await repository.put_many([pair("box", "caixa")], "ana", seen=0)

    async def meddle() -> None:
        await repository.delete("order", "bea")

    tasks: list[asyncio.Task[None]] = []
    with pytest.raises(GlossaryMoved):  # the other change falls between the staging and the end
        await repository.put_many(
            [pair(f"w{i}", "x") for i in range(6000)],
            "ana",
            progress=lambda *_: None if tasks else tasks.append(asyncio.ensure_future(meddle())),
        )
    await asyncio.gather(*tasks)
    assert await repository.list() == []
    names = [name async for name in store.client.scan_iter(match="*{glossary}:*")]
    assert not [name for name in names if b":stage:" in name and store.keys.prefix.encode() in name]


async def test_the_snapshot_follows(repository: Repository) -> None:
    snapshot = Snapshot(repository)
    assert not await snapshot.refresh()
    await repository.add(pair("order", "pedido"), "ana")
    assert await snapshot.refresh()
    first = snapshot.current
    assert [match.target_text for match in first.match("my order", "en", "pt")] == ["pedido"]
    assert not await snapshot.refresh()
    assert snapshot.current is first
    await repository.change(pair("order", "encomenda"), "ana")
    await repository.add(pair("box", "caixa"), "ana")
    assert await snapshot.refresh()
    assert [match.target_text for match in snapshot.current.match("order box", "en", "pt")] == ["encomenda", "caixa"]
    assert snapshot.current.version == 3
    assert [match.target_text for match in first.match("order box", "en", "pt")] == ["pedido"]
    await repository.put_many([pair(f"w{i}", f"p{i}") for i in range(900)], "ana", delete=["order"])
    assert await snapshot.refresh()
    assert (len(snapshot.current), snapshot.current.version) == (901, 4)
    assert [match.target_text for match in snapshot.current.match("order box w7", "en", "pt")] == ["caixa", "p7"]


async def test_the_snapshot_is_built_anew_while_changes_go_on(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., Awaitable[object]]
) -> None:
    monkeypatch.setattr(snapshots, "_THICK", 5)
    await repository.add(pair("first", "primeiro"), "ana")
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    go_on = threading.Event()
    monkeypatch.setattr(Snapshot, "_pause", lambda _: go_on.wait(10))
    await repository.put_many([pair(f"w{number}", f"p{number}") for number in range(6)], "ana")
    await snapshot.refresh()
    assert snapshot.current.overlaid == 6
    await repository.change(pair("w1", "outro"), "bea")  # while it is built
    await repository.delete("w2", "bea")
    await snapshot.refresh()
    assert said(snapshot, "first w0 w1 w2") == ["primeiro", "p0", "outro"]
    go_on.set()
    await wait_until(lambda: snapshot.current.overlaid == 2)
    assert said(snapshot, "first w0 w1 w2") == ["primeiro", "p0", "outro"]
    assert (snapshot.current.version, len(snapshot.current)) == (4, 6)
    await snapshot.close()


async def test_a_snapshot_that_is_closed_builds_no_longer(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_THICK", 5)
    await repository.add(pair("first", "primeiro"), "ana")
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    await repository.put_many([pair(f"w{number}", f"p{number}") for number in range(500)], "ana")
    await snapshot.refresh()
    await snapshot.close()
    assert snapshot.current.overlaid == 500
    assert said(snapshot, "w7") == ["p7"]


async def test_terms_read_again_while_it_is_built_are_kept(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., Awaitable[object]]
) -> None:
    monkeypatch.setattr(snapshots, "_THICK", 5)
    await repository.add(pair("first", "primeiro"), "ana")
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    go_on, waits = threading.Event(), threading.Event()
    monkeypatch.setattr(Snapshot, "_pause", lambda _: waits.set() or go_on.wait(10))
    await repository.put_many([pair(f"w{number}", f"p{number}") for number in range(6)], "ana")
    await snapshot.refresh()
    await wait_until(waits.is_set)
    monkeypatch.setattr(snapshots, "_THICKEST", 6)
    monkeypatch.setattr(Snapshot, "_pause", lambda _: None)
    await repository.change(pair("first", "segundo"), "bea")
    await snapshot.refresh()
    assert snapshot.current.overlaid == 0
    go_on.set()
    await snapshot.close()
    assert said(snapshot, "first w3") == ["segundo", "p3"]


async def test_a_snapshot_of_a_store_that_was_emptied_starts_again(repository: Repository, store: Store) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    await repository.add(pair("box", "caixa"), "ana")
    snapshot = Snapshot(repository)
    await snapshot.refresh()
    async for name in store.client.scan_iter(match=f"{store.keys.prefix}:{{glossary}}:*"):
        await store.client.delete(name)
    await repository.add(pair("mail", "correio"), "ana")
    await snapshot.refresh()
    assert [term.id for term in snapshot.current.terms()] == ["mail"]


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

"""The glossary as workers hold it: changes hold at once, and are built in beside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from glossary import snapshot as snapshots
from glossary.repository import Repository
from glossary.snapshot import Snapshot
from store.connect import Store
from tests.glossary.conftest import pair, pairs, said

WaitUntil = Callable[..., Awaitable[object]]


async def test_the_snapshot_follows(repository: Repository) -> None:
    snapshot = Snapshot(repository)
    assert not await snapshot.refresh()
    await repository.add(pair("order", "pedido"), "ana")
    assert await snapshot.refresh()
    first = snapshot.current
    assert said(snapshot, "my order") == ["pedido"]
    assert not await snapshot.refresh()
    assert snapshot.current is first
    await repository.change(pair("order", "encomenda"), "ana")
    await repository.add(pair("box", "caixa"), "ana")
    assert await snapshot.refresh()
    assert said(snapshot, "order box") == ["encomenda", "caixa"]
    assert snapshot.current.version == 3
    assert [match.target_text for match in first.match("order box", "en", "pt")] == ["pedido"]
    await repository.put_many(pairs(900), "ana", delete=["order"])
    assert await snapshot.refresh()
    assert (len(snapshot.current), snapshot.current.version) == (901, 4)
    assert said(snapshot, "order box w7") == ["caixa", "p7"]


@dataclass
class Held:
    """A snapshot of ``first`` and six terms in a layer over it. Building them into one waits for ``go_on``."""

    snapshot: Snapshot
    begun: threading.Event
    go_on: threading.Event


@pytest.fixture
async def held(repository: Repository, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil) -> AsyncIterator[Held]:
    monkeypatch.setattr(snapshots, "_THICK", 5)
    await repository.add(pair("first", "primeiro"), "ana")
    held = Held(Snapshot(repository), threading.Event(), threading.Event())
    await held.snapshot.refresh()
    pause = Snapshot._pause

    def wait(snapshot: Snapshot) -> None:
        held.begun.set()
        held.go_on.wait(10)
        pause(snapshot)

    monkeypatch.setattr(Snapshot, "_pause", wait)
    await repository.put_many(pairs(6), "ana")
    await held.snapshot.refresh()
    await wait_until(held.begun.is_set)
    assert held.snapshot.current.overlaid == 6
    yield held
    held.go_on.set()
    await held.snapshot.close()


async def test_it_is_built_anew_while_changes_go_on(repository: Repository, held: Held, wait_until: WaitUntil) -> None:
    await repository.change(pair("w1", "outro"), "bea")
    await repository.delete("w2", "bea")
    await held.snapshot.refresh()
    assert said(held.snapshot, "first w0 w1 w2") == ["primeiro", "p0", "outro"]
    held.go_on.set()
    await wait_until(lambda: held.snapshot.current.overlaid == 2)
    assert said(held.snapshot, "first w0 w1 w2") == ["primeiro", "p0", "outro"]
    assert (held.snapshot.current.version, len(held.snapshot.current)) == (4, 6)


async def test_terms_read_again_while_it_is_built_are_kept(
    repository: Repository, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_THICKEST", 6)
    monkeypatch.setattr(Snapshot, "_pause", lambda _: None)
    await repository.change(pair("first", "segundo"), "bea")
    await held.snapshot.refresh()
    assert held.snapshot.current.overlaid == 0
    held.go_on.set()
    await held.snapshot.close()
    assert said(held.snapshot, "first w3") == ["segundo", "p3"]


async def test_one_that_is_closed_is_built_no_longer(held: Held, wait_until: WaitUntil) -> None:
    closing = asyncio.create_task(held.snapshot.close())
    await wait_until(lambda: held.snapshot._closed)
    held.go_on.set()
    await closing
    assert held.snapshot.current.overlaid == 6
    assert said(held.snapshot, "w3") == ["p3"]


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

"""Fixtures for all tests: a real store, and a way to wait for things without guessing how long they take."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from store.connect import Store
from store.embedded import Embedded
from store.writer import Writer

T = TypeVar("T")


def _given() -> str | None:
    return os.environ.get("TEST_REDIS_URL") or os.environ.get("REDIS_URL")


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store for the whole session: the one that REDIS_URL names, else an embedded server.

    Tests share it: use a key prefix of your own (fixture ``prefix``).
    """
    given = _given()
    if given:
        yield given
        return
    server = Embedded(tmp_path_factory.mktemp("store"))
    server.start()
    asyncio.run(server.ready())
    yield server.url
    asyncio.run(server.stop())


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(6)}"


async def _forget(store: Store) -> None:
    names = [name async for name in store.client.scan_iter(match=f"{store.keys.prefix}:*", count=1000)]
    for start in range(0, len(names), 500):
        await store.client.unlink(*names[start : start + 500])


OpenStore = Callable[..., Awaitable[Store]]


@pytest.fixture
async def open_store(store_url: str) -> AsyncIterator[OpenStore]:
    """Opens stores with keys of their own on the shared server; they are emptied and closed after the test."""
    opened: list[Store] = []

    async def open_one(**options: Any) -> Store:
        options = {"prefix": f"test-{secrets.token_hex(6)}"} | options
        opened.append(await Store.open(store_url, **options))
        return opened[-1]

    yield open_one
    for store in opened:
        await _forget(store)
        await store.close()


@pytest.fixture
async def store(open_store: OpenStore, prefix: str) -> Store:
    """A store with one partition."""
    return await open_store(prefix=prefix)


@pytest.fixture(params=[1, 3], ids=["1 partition", "3 partitions"])
async def split_store(request: pytest.FixtureRequest, open_store: OpenStore, prefix: str) -> Store:
    """The same with one and with three partitions."""
    return await open_store(prefix=prefix, partitions=request.param)


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[Writer]:
    made = Writer(store)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Embedded]:
    """A server that a test may kill or stall, started but perhaps not yet ready: Redis where REDIS_URL is set."""
    redis = shutil.which("redis-server") if _given() else None
    server = Embedded(tmp_path / "data", binary=Path(redis) if redis else None)
    server.start()
    yield server
    asyncio.run(server.stop())


async def wait_until(
    condition: Callable[[], T | Awaitable[T]], what: str = "the condition", seconds: float = 10.0
) -> T:
    """The first true result of ``condition``, asked again and again. Fails after ``seconds``."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        result = condition()
        if isinstance(result, Awaitable):
            result = await result
        if result:
            return result
        if loop.time() > deadline:
            pytest.fail(f"{what} did not come true within {seconds:g} s (last: {result!r})")
        await asyncio.sleep(0.01)


@pytest.fixture(name="wait_until")
def _wait_until() -> Callable[..., Awaitable[object]]:
    return wait_until

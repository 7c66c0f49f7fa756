"""Opening a store: what fits, what does not, and errors in our own words."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest

from store import connect
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreConflict, StoreCorrupt, StoreError, StoreUnavailable, translated
from store.keys import Keys
from store.wire import Target, Wire

Until = Callable[..., Awaitable[object]]
OpenStore = Callable[..., Awaitable[Store]]


async def test_remembers_the_number_of_partitions(open_store: OpenStore, prefix: str) -> None:
    await open_store(prefix=prefix, partitions=4)
    await open_store(prefix=prefix, partitions=4)
    with pytest.raises(StoreConflict, match="set up with 4 partitions, the settings say 2"):
        await open_store(prefix=prefix, partitions=2)


async def test_refuses_an_old_server(store_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "OLDEST", (99, 0))
    with pytest.raises(StoreConflict, match="must be Redis 7"):
        await Store.open(store_url, prefix=prefix)


async def test_nobody_there() -> None:
    with pytest.raises(StoreUnavailable, match="/nowhere"):
        await Store.open("unix:///nowhere")
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1"):
        await Store.open("redis://:secret@127.0.0.1:1", wait=0.3)


@pytest.mark.parametrize("url", ["http://localhost", "unix://", "localhost:6379", "redis://localhost:port"])
def test_refuses_what_is_no_url_of_a_store(url: str) -> None:
    with pytest.raises(ValueError):
        Target(url)


def test_shows_no_password() -> None:
    target = Target("redis://user:s%40cret@host:1234/3")
    assert (target.username, target.password, target.host, target.port, target.database) == (
        "user", "s@cret", "host", 1234, 3,
    )  # fmt: skip
    assert "cret" not in str(target)


async def test_waits_for_a_server_that_is_coming(own_server: Embedded) -> None:
    await own_server.ready()
    url = own_server.url
    await own_server.stop()
    opening = asyncio.create_task(Store.open(url, wait=10))
    await asyncio.sleep(0.1)
    assert not opening.done()
    own_server.start()
    await (await opening).close()


async def test_asks_again_on_a_new_connection_after_a_loss(own_server: Embedded, wait_until: Until) -> None:
    await own_server.ready()
    store = await Store.open(own_server.url)
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await wait_until(lambda: own_server.pid is None, "it has ended")
    with pytest.raises(StoreUnavailable):
        await store.ping()
    own_server.start()
    await own_server.ready()
    await store.ping()
    await store.close()


async def test_does_not_wait_for_ever(own_server: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.2)
    await own_server.ready()
    store = await Store.open(own_server.url)
    pid = own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(StoreUnavailable, match="did not answer"):
        await store.ping()
    os.kill(pid, signal.SIGCONT)
    await store.ping()
    await store.close()


async def test_login(own_server: Embedded) -> None:
    await own_server.ready()
    wire = await Wire.open(Target(own_server.url))
    await wire.call("ACL", "SETUSER", "ana", "on", ">pass word", "~*", "+@all")
    await wire.call("CONFIG", "SET", "requirepass", "s@cret")
    wire.abort()
    for login in ("ana:pass%20word@", ":s%40cret@"):
        store = await Store.open(own_server.url.replace("unix://", f"unix://{login}"))
        with translated():
            assert await store.client.ping()
        await store.close()
    for login in ("", ":wrong@"):
        with pytest.raises(StoreConflict, match="refuses our login"):
            await Store.open(own_server.url.replace("unix://", f"unix://{login}"))


async def test_errors_are_ours(store: Store) -> None:
    await store.client.set(store.keys.meta + "x", "1")
    with pytest.raises(StoreCorrupt) as caught, translated():
        await store.client.hgetall(store.keys.meta + "x")
    assert caught.value.code == "WRONGTYPE"
    with pytest.raises(StoreCorrupt):
        await store.ask(("HGETALL", store.keys.meta + "x"))
    away = Store("unix:///nowhere")
    with pytest.raises(StoreUnavailable), translated():
        await away.client.ping()
    await away.close()
    assert issubclass(StoreCorrupt, StoreError)


async def test_replies_find_their_callers(store: Store) -> None:
    await store.ping()
    replies = await asyncio.gather(*(store.ask(("ECHO", str(n)), ("ECHO", "x" * n)) for n in range(200)))
    assert replies == [[str(n).encode(), b"x" * n] for n in range(200)]


async def test_nobody_else_than_a_store_answers() -> None:
    async def chat(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(chat, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(StoreUnavailable):
        await Wire.open(Target(f"redis://127.0.0.1:{port}"))
    server.close()


def test_keys_of_a_partition_share_their_slot() -> None:
    keys = Keys("shop", 4)
    for name in ("a", "b", "}{", "ü"):
        tags = {key.split("}")[0].split("{")[1] for key in keys.of(name)}
        assert tags == {str(keys.partition(name))}
    assert {keys.partition(f"c{n}") for n in range(100)} == {0, 1, 2, 3}
    # Stored data depends on where a conversation lies.
    assert [keys.partition(name) for name in ("a", "b", "conversation")] == [3, 1, 1]
    for wrong in ("", "a{b"):
        with pytest.raises(ValueError):
            Keys(wrong)
    with pytest.raises(ValueError):
        Keys("ok", 0)

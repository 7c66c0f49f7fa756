"""The embedded server: one per folder, gone with its parent, whole after every end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from store import embedded as module
from store.append import Append
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreInUse, StoreStartFailed
from store.streams import read_events
from store.writer import Writer

Until = Callable[..., Awaitable[object]]


def gone(pid: int) -> bool:
    """Whether a process has ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


async def write(server: Embedded, *payloads: bytes) -> list[bytes]:
    """Append them, give everything that is there."""
    await server.ready()
    store = await Store.open(server.url)
    writer = Writer(store)
    await writer.start()
    for payload in payloads:
        await writer.append(Append("c", payload))
    found = [event.payload for event in await read_events(store, "c")]
    await writer.close()
    await store.close()
    return found


async def test_keeps_everything_across_a_clean_stop(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    server.start()
    assert await write(server, b"one") == [b"one"]
    pid = server.pid
    assert pid is not None
    await server.stop()
    assert server.pid is None
    assert gone(pid)
    server.start()
    assert await write(server, b"two") == [b"one", b"two"]
    await server.stop()


async def test_is_private_and_durable(own_server: Embedded) -> None:
    await own_server.ready()
    store = await Store.open(own_server.url)
    replies = await store.ask(*(("CONFIG", "GET", name) for name in ("port", "appendonly", "appendfsync", "save")))
    assert [reply[1] for reply in replies] == [b"0", b"yes", b"always", b""]
    assert await store.concerns() == []
    await store.ask(("CONFIG", "SET", "appendfsync", "everysec"))
    assert len(await store.concerns()) == 1
    await store.close()
    assert own_server.folder.stat().st_mode & 0o077 == 0
    assert (own_server.folder / "store.sock").stat().st_mode & 0o177 == 0


async def test_two_on_one_folder(own_server: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_PATIENCE", 0.2)
    await own_server.ready()
    with pytest.raises(StoreInUse, match=rf"process {os.getpid()}\).*[Ss]top that one"):
        Embedded(own_server.folder).start()
    assert await write(own_server, b"still here") == [b"still here"]


async def test_the_lock_lasts_as_long_as_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parent lets go without ending its server (here: of the lock alone), nobody else may start one."""
    monkeypatch.setattr(module, "LOCK_PATIENCE", 0.2)
    server = Embedded(tmp_path / "data")
    server.start()
    await server.ready()
    assert server._lock is not None
    os.close(server._lock)
    server._lock = None
    with pytest.raises(StoreInUse):
        Embedded(tmp_path / "data").start()
    await server.stop()
    again = Embedded(tmp_path / "data")
    again.start()
    await again.ready()
    await again.stop()


async def test_a_killed_parent_takes_its_server_along(tmp_path: Path, wait_until: Until) -> None:
    script = textwrap.dedent("""
        import asyncio, sys, time
        from pathlib import Path
        from store.embedded import Embedded
        server = Embedded(Path(sys.argv[1]))
        server.start()
        asyncio.run(server.ready())
        print(server.pid, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "data")], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert not gone(pid)
    parent.kill()
    parent.wait()
    after = Embedded(tmp_path / "data")
    after.start()  # waits for the lock
    assert gone(pid)
    await after.ready()
    await after.stop()


async def test_starts_again_after_a_kill_for_its_supervisor(own_server: Embedded, wait_until: Until) -> None:
    assert await write(own_server, b"one") == [b"one"]
    keeper = asyncio.create_task(own_server.keep_running())
    url, pid = own_server.url, own_server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await wait_until(lambda: own_server.pid not in (None, pid), "another server runs")
    assert own_server.url == url
    assert await write(own_server, b"two") == [b"one", b"two"]
    keeper.cancel()


async def test_stops_a_server_that_hangs(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    server.start()
    await write(server, b"one")
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await server.stop(seconds=0.2)
    assert gone(pid)
    server.start()
    assert await write(server) == [b"one"]
    await server.stop()


@pytest.mark.parametrize("name", ["with a space", "x" * 120])
async def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    server = Embedded(tmp_path / name)
    server.start()
    socket = Path(module.Target(server.url).path or "")
    assert socket.parent != server.folder
    assert await write(server, b"one") == [b"one"]
    assert socket.parent.stat().st_mode & 0o077 == 0
    assert Embedded(tmp_path / name).url == server.url  # other commands find it
    await server.stop()
    assert not socket.parent.exists()


async def test_takes_no_socket_folder_that_others_may_write_to(tmp_path: Path) -> None:
    server = Embedded(tmp_path / ("y" * 120))
    squatted = Path(module.Target(server.url).path or "").parent
    squatted.mkdir()
    squatted.chmod(0o777)
    try:
        with pytest.raises(StoreStartFailed, match="not ours alone"):
            server.start()
    finally:
        squatted.rmdir()
    await server.stop()


async def test_loads_a_log_whose_last_write_was_cut_short(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    server.start()
    assert len(await write(server, b"one", b"two")) == 2
    await server.stop()
    (log,) = (tmp_path / "data" / "appendonlydir").glob("*.incr.aof")
    size = log.stat().st_size
    os.truncate(log, size - 7)
    server.start()
    # The script's effects stand or fall together: the second append is gone as a whole.
    assert await write(server, b"again") == [b"one", b"again"]
    await server.stop()


async def test_says_why_it_does_not_start(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    server.start()
    await write(server, *(b"some payload" for _ in range(20)))
    await server.stop()
    (log,) = (tmp_path / "data" / "appendonlydir").glob("*.incr.aof")
    content = log.read_bytes()
    assert content.count(b"$12\r\nsome payload") >= 20
    log.write_bytes(content.replace(b"$12\r\nsome payload", b"?12\r\nsome payload", 1))
    server.start()
    with pytest.raises(StoreStartFailed, match="Bad file format"):
        await server.ready()
    await server.stop()
    with pytest.raises(StoreStartFailed, match="no-such-server"):
        Embedded(tmp_path / "other", binary=Path("/no-such-server")).start()

"""The bounded writer: order kept, nobody waits, slow readers cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from gateway import frames
from gateway.connection import CLOSE_TOO_SLOW, Connection
from gateway.room import Party
from gateway.wire import text_head


class FakeWire:
    """Takes frames while ``open`` is set, as a peer that reads; blocks else."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.writes = 0
        self.open = asyncio.Event()
        self.open.set()
        self.closed: int | None = None
        self.ended = asyncio.Event()  # closed or aborted
        self.aborted = asyncio.Event()
        self.broken = False

    def ready(self) -> bool:
        return self.open.is_set()

    def write(self, texts: Iterable[bytes]) -> None:
        assert self.open.is_set(), "written to a line that takes no more"
        self.writes += 1
        self.sent += texts

    async def drained(self) -> None:
        if self.broken:
            raise ConnectionResetError
        await self.open.wait()

    async def close(self, code: int, reason: bytes) -> None:
        await self.open.wait()
        self.closed = code
        self.ended.set()

    def abort(self) -> None:
        self.aborted.set()
        self.ended.set()


def connect(wire: FakeWire, limit: int = 4) -> tuple[Connection, list[int]]:
    cuts: list[int] = []
    return Connection(Party("visitor", conversation="c"), wire, limit, lambda: cuts.append(1)), cuts


async def settled(connection: Connection) -> None:
    while connection._queue:
        await asyncio.sleep(0)


async def test_frames_go_out_in_order_and_no_task_is_left() -> None:
    wire = FakeWire()
    connection, _ = connect(wire)
    for number in range(3):
        connection.write(b"%d" % number)
    await settled(connection)
    assert wire.writes == 1, "what comes in one turn goes out in one write"
    connection.send(frames.Pong())
    await settled(connection)
    assert wire.sent == [b"0", b"1", b"2", b'{"type":"pong"}']


async def test_a_reader_that_stops_is_cut_off_and_writing_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.connection._GOODBYE_SECONDS", 0.05)
    wire = FakeWire()
    wire.open.clear()
    connection, cuts = connect(wire, limit=4)
    for _ in range(5):
        connection.write(b"x")
    assert cuts == [1]
    assert connection.closed
    await asyncio.wait_for(wire.aborted.wait(), 5)
    connection.write(b"ignored")
    await connection.wait_closed()
    assert wire.sent == []


async def test_a_slow_reader_that_wakes_up_in_time_gets_the_code() -> None:
    wire = FakeWire()
    wire.open.clear()
    connection, _ = connect(wire, limit=1)
    for _ in range(3):
        connection.write(b"x")
    wire.open.set()
    await asyncio.wait_for(wire.ended.wait(), 5)
    assert wire.closed == CLOSE_TOO_SLOW
    await connection.wait_closed()


async def test_what_was_queued_goes_out_before_a_friendly_close() -> None:
    wire = FakeWire()
    connection, cuts = connect(wire)
    connection.write(b"last words")
    connection.close(1001, "the gateway stops")
    await asyncio.wait_for(wire.ended.wait(), 5)
    assert not wire.aborted.is_set()
    assert wire.sent == [b"last words"]
    assert wire.closed == 1001
    assert not cuts
    await connection.wait_closed()


async def test_a_broken_line_ends_the_task_quietly() -> None:
    wire = FakeWire()
    wire.broken = True
    wire.open.clear()
    connection, _ = connect(wire)
    connection.write(b"x")
    await settled(connection)
    await connection.wait_closed()
    assert wire.sent == []


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_heads_of_every_length_are_read_back(size: int) -> None:
    head = text_head(size)
    assert head[0] == 0x81
    short = head[1]
    assert short == size if short < 126 else size == int.from_bytes(head[2:], "big")
    assert len(head) == (2 if size < 126 else 4 if size < 65_536 else 10)

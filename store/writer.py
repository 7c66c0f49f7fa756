"""The one door for appends: many callers, one connection, few round trips.

While one round trip is on its way new appends collect; they go out together with the next one, as one script call a
partition. That is faster than a call an append even at low load, and needs no waiting for a batch to fill.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

import msgspec

from store.append import SCRIPT, SCRIPT_SHA, Append, Appended
from store.connect import PROBE, Store
from store.errors import StoreCorrupt, StoreError, StoreUnavailable, from_reply
from store.keys import GROUP
from store.wire import Reply, Wire, pack

log = logging.getLogger(__name__)
_encode = msgspec.msgpack.Encoder().encode
_Entry = tuple[str, bytes, "asyncio.Future[Appended]"]  # conversation, the append as msgpack
IDLE = 1.0  # seconds without an append after which the store is asked whether it is still there


class Writer:
    """Collects appends while the store works on those before.

    While the store is away every append fails at once with StoreUnavailable; nothing is queued or retried, the sender
    repeats with the same ``once`` id. The way back is probed by itself. ``on_change(up)`` is called in the event loop
    on every change after the start; it must not raise. Appends of one caller in one conversation keep their order.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_change: Callable[[bool], None] | None = None,
        queue: int = 20_000,
        batch: int = 128,
        patience: float = 3.0,
    ) -> None:
        """``queue``: appends that may wait; more fail at once. ``patience``: seconds until a silent store is away."""
        self._store = store
        self._on_change = on_change
        self._limit = queue
        self._batch = batch
        self._patience = patience
        self._queue: deque[_Entry] = deque()
        self._wake = asyncio.Event()
        self._wire: Wire | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._up = False
        self._loop = asyncio.get_running_loop()

    @property
    def up(self) -> bool:
        """Whether appends are taken now."""
        return self._up

    async def start(self) -> None:
        """Connect. Raises StoreUnavailable where the store can't be reached; it may be called again then."""
        if self._task is None:
            self._wire = await self._connect()
            self._up = True
            self._task = asyncio.create_task(self._run(), name="store-writer")

    async def append(self, append: Append) -> Appended:
        """Write. Raises StoreUnavailable (outcome unknown), StoreCorrupt (this one was refused)."""
        return await self.submit(append)

    def submit(self, append: Append) -> asyncio.Future[Appended]:
        """The same without a coroutine: the future carries the result or the error. It may be dropped.

        Raises ValueError for an append that makes no sense, e.g. a payload that is not UTF-8.
        """
        packed = pack_append(append)
        future: asyncio.Future[Appended] = self._loop.create_future()
        if not self._up or self._closing:
            _fail(future, StoreUnavailable("the store is away"))
        elif len(self._queue) >= self._limit:
            _fail(future, StoreUnavailable("too many messages wait for the store"))
        else:
            self._queue.append((append.conversation, packed, future))
            self._wake.set()
        return future

    async def close(self) -> None:
        """Write what is queued, as far as ``patience`` goes, then disconnect. Later appends raise StoreUnavailable."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            if not self._up:
                self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._up = False
        self._fail_queue(StoreUnavailable("the writer was closed"))
        if self._wire is not None:
            self._wire.abort()

    # --- the task ------------------------------------------------------------------------------------------------

    async def _connect(self) -> Wire:
        return await Wire.open(self._store.target, on_lost=self._wake.set)

    async def _run(self) -> None:
        wire = self._wire
        assert wire is not None
        while True:
            try:
                await self._serve(wire)
                return
            except Exception as error:
                if not isinstance(error, StoreError):
                    log.exception("the store's writer met an error of its own")
                wire.abort()
                self._change(False)
                self._fail_queue(StoreUnavailable(str(error)))
            wire = self._wire = await self._return()
            self._change(True)

    async def _serve(self, wire: Wire) -> None:
        """Until closing. Raises StoreError once this connection is of no more use."""
        while not (self._closing and not self._queue):
            if not self._queue:
                self._wake.clear()
                try:
                    async with asyncio.timeout(IDLE):
                        await self._wake.wait()
                except TimeoutError:
                    await self._wait(wire, [wire.call("PING")])
                if wire.closed:
                    raise StoreUnavailable("the store is gone")
                continue
            batch = [self._queue.popleft() for _ in range(min(self._batch, len(self._queue)))]
            try:
                await self._flush(wire, batch)
            except BaseException as error:
                for _, _, future in batch:
                    _fail(future, StoreUnavailable(str(error)))
                raise

    async def _flush(self, wire: Wire, batch: list[_Entry]) -> None:
        keys = self._store.keys
        if keys.partitions == 1:
            groups = {0: batch}
        else:
            groups = {}
            for entry in batch:
                groups.setdefault(keys.partition(entry[0]), []).append(entry)
        calls = [(entries, self._command(partition, entries)) for partition, entries in groups.items()]
        futures = [wire.send(command) for _, command in calls]
        try:
            await self._wait(wire, futures)
        except StoreCorrupt as error:
            if error.code != "NOSCRIPT":
                raise
            # The server has restarted or dropped its scripts. A call that met this has run nothing.
            await self._wait(wire, [wire.call("SCRIPT", "LOAD", SCRIPT)])
            futures = [
                wire.send(command) if _lacks_script(future) else future
                for (_, command), future in zip(calls, futures, strict=True)
            ]
            await self._wait(wire, futures)
        for (entries, _), future in zip(calls, futures, strict=True):
            _settle(entries, future.result())

    def _command(self, partition: int, entries: list[_Entry]) -> bytes:
        keys = self._store.keys
        names = [keys.feed(partition), keys.jobs(partition), keys.recent(partition)]
        for conversation, _, _ in entries:
            names += keys.of(conversation)
        packed = _array(len(entries)) + b"".join([entry[1] for entry in entries])
        return pack("EVALSHA", SCRIPT_SHA, len(names), *names, GROUP, self._store.feed_length, packed)

    async def _wait(self, wire: Wire, futures: list[asyncio.Future[Reply]]) -> None:
        """Until all are done. Raises the first error, StoreUnavailable after ``patience``."""
        _, late = await asyncio.wait(futures, timeout=self._patience)
        if late:
            raise StoreUnavailable(f"the store did not answer in {self._patience:g} s")
        for future in futures:
            future.result()

    async def _return(self) -> Wire:
        while True:
            await asyncio.sleep(PROBE)
            try:
                return await self._connect()
            except StoreError:
                continue

    def _change(self, up: bool) -> None:
        if self._up != up:
            self._up = up
            if self._on_change is not None:
                self._on_change(up)

    def _fail_queue(self, error: StoreError) -> None:
        while self._queue:
            _fail(self._queue.popleft()[2], error)


def pack_append(a: Append) -> bytes:
    """One append as the script takes it. Raises ValueError for one that makes no sense."""
    if a.event is not None and a.signal is not None:
        raise ValueError("an append is an event or a signal, not both")
    if a.job is not None and a.event is None:
        raise ValueError("a job needs an event")
    # The server's msgpack knows strings but no binary type; payloads are text anyway.
    event = a.event.decode() if a.event is not None else None
    signal = a.signal.decode() if a.signal is not None else None
    job = a.job.decode() if a.job is not None else None
    return _encode((a.conversation, event, signal, a.once, job, a.updates, a.done, a.when))


def _array(length: int) -> bytes:
    """The head of a msgpack array: its items follow, packed one by one when they came in."""
    return bytes((0x90 | length,)) if length < 16 else b"\xdc" + length.to_bytes(2, "big")


def _settle(entries: list[_Entry], reply: list[int | bytes]) -> None:
    numbers = iter(reply)
    for (_, _, future), seq, ts, outcome in zip(entries, numbers, numbers, numbers, strict=True):
        if future.done():  # its caller has gone
            continue
        if isinstance(outcome, bytes):
            _fail(future, from_reply(outcome.decode(errors="replace")))
        else:
            future.set_result(Appended(int(seq), int(ts), outcome == 1, outcome == 2))


def _lacks_script(future: asyncio.Future[Reply]) -> bool:
    error = future.exception()
    return isinstance(error, StoreCorrupt) and error.code == "NOSCRIPT"


def _fail(future: asyncio.Future[Appended], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # a dropped future needs no complaint in the log

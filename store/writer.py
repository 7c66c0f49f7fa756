"""The one door for appends: many callers, one connection, few round trips.

While a round trip is on its way new appends collect; they go out together with the next one, as one script call a
partition. That is faster than a call an append even at low load, and needs no waiting for a batch to fill. Under high
load a second round trip sets out before the first is back, so that the store has work while the caller reads replies.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from store.append import SCRIPT, SCRIPT_SHA, Append, Appended
from store.connect import PROBE, Store
from store.errors import StoreCorrupt, StoreError, StoreUnavailable, from_reply
from store.keys import GROUP
from store.wire import Reply, Wire, pack

log = logging.getLogger(__name__)
_encode = msgspec.msgpack.Encoder().encode
_Packed = tuple[int, bytes]
_Entry = tuple[str, _Packed, "asyncio.Future[Appended]"]  # conversation, the append as the script takes it
_OPERATIONS = {"set": 1, "del": 2, "max": 3, "setnx": 4}  # as append.lua numbers them
_NO_GUARD = ("", "")
IDLE = 1.0  # seconds without an append after which the store is asked whether it is still there
FLIGHTS = 2  # round trips under way at once: one that the store works on, one that lies ready for it
ENOUGH = 24  # appends that are worth a round trip while another is under way; fewer wait for its return


class _Flight(NamedTuple):
    """One round trip: a script call for each partition that its appends belong to."""

    groups: list[tuple[list[_Entry], bytes]]  # appends, and the command that writes them
    replies: list[asyncio.Future[Reply]]  # in the order of the groups, which is the order they come in
    due: float  # the loop's time at which a store that has not answered is away

    @property
    def back(self) -> bool:
        return self.replies[-1].done()


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
        self._flying = 0  # round trips under way
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
            if not self._flying or len(self._queue) == ENOUGH:  # else a look at the queue would change nothing
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
        flights: deque[_Flight] = deque()
        try:
            while flights or self._queue or not self._closing:
                self._wake.clear()
                while self._queue and (not flights or (len(flights) < FLIGHTS and len(self._queue) >= ENOUGH)):
                    flights.append(self._depart(wire))
                self._flying = len(flights)
                if not flights:
                    await self._idle(wire)
                    continue
                if not flights[0].back:
                    await self._look_out(flights[0])
                if _lacks_script(flights[0].replies):
                    await self._load_script(wire, flights)
                while flights and flights[0].back:
                    for (entries, _), reply in zip(flights[0].groups, flights[0].replies, strict=True):
                        _settle(entries, reply.result())
                    flights.popleft()
        except BaseException as error:
            for flight in flights:
                for entries, _ in flight.groups:
                    for _, _, future in entries:
                        _fail(future, StoreUnavailable(str(error)))
            raise
        finally:
            self._flying = 0

    async def _idle(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._wake.wait()
        except TimeoutError:
            await self._wait([wire.call("PING")])
        if wire.closed:
            raise StoreUnavailable("the store is gone")

    def _depart(self, wire: Wire) -> _Flight:
        """Send the next batch of the queue."""
        batch = [self._queue.popleft() for _ in range(min(self._batch, len(self._queue)))]
        keys = self._store.keys
        if keys.partitions == 1:
            parts = {0: batch}
        else:
            parts = {}
            for entry in batch:
                parts.setdefault(keys.partition(entry[0]), []).append(entry)
        groups = [(entries, self._command(partition, entries)) for partition, entries in parts.items()]
        replies = [wire.send(command) for _, command in groups]
        replies[-1].add_done_callback(self._on_reply)
        return _Flight(groups, replies, self._loop.time() + self._patience)

    def _on_reply(self, _: asyncio.Future[Reply]) -> None:
        self._wake.set()

    async def _look_out(self, flight: _Flight) -> None:
        """Until it is back, or there is more to send. Raises StoreUnavailable when it stays away too long."""
        try:
            async with asyncio.timeout_at(flight.due):
                await self._wake.wait()
        except TimeoutError:
            raise StoreUnavailable(f"the store did not answer in {self._patience:g} s") from None

    async def _load_script(self, wire: Wire, flights: deque[_Flight]) -> None:
        """The server has restarted or dropped its scripts: load it, and repeat the calls that met this.

        Such a call has run nothing, nor has any after it on this connection, so that the order stays.
        """
        await self._wait([reply for flight in flights for reply in flight.replies], calm=True)
        await self._wait([wire.call("SCRIPT", "LOAD", SCRIPT)])
        for flight in flights:
            for number, (_, command) in enumerate(flight.groups):
                if _lacks_script([flight.replies[number]]):
                    flight.replies[number] = wire.send(command)
        await self._wait([reply for flight in flights for reply in flight.replies])

    def _command(self, partition: int, entries: list[_Entry]) -> bytes:
        keys = self._store.keys
        names = [keys.feed(partition), keys.jobs(partition), keys.recent(partition)]
        for conversation, _, _ in entries:
            names += keys.of(conversation)
        packed = join_appends([entry[1] for entry in entries])
        return pack("EVALSHA", SCRIPT_SHA, len(names), *names, GROUP, self._store.feed_length, packed)

    async def _wait(self, replies: list[asyncio.Future[Reply]], *, calm: bool = False) -> None:
        """Until all are there. Raises StoreUnavailable after ``patience``, and unless ``calm`` the first error."""
        _, late = await asyncio.wait(replies, timeout=self._patience)
        if late:
            raise StoreUnavailable(f"the store did not answer in {self._patience:g} s")
        if not calm:
            for reply in replies:
                reply.result()

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


def pack_append(a: Append) -> tuple[int, bytes]:
    """One append as the script takes it: the number of items, and the items as msgpack.

    Raises ValueError for one that makes no sense.
    """
    if a.event is not None and a.signal is not None:
        raise ValueError("an append is an event or a signal, not both")
    if a.job is not None and a.event is None:
        raise ValueError("a job needs an event")
    # The server's msgpack knows strings but no binary type; payloads are text anyway.
    items: list[str | int] = [
        a.conversation,
        a.event.decode() if a.event is not None else "",
        a.signal.decode() if a.signal is not None else "",
        a.once,
        a.job.decode() if a.job is not None else "",
        a.done.id if a.done is not None else "",
        *(a.when or _NO_GUARD),
        len(a.updates),
    ]
    for update in a.updates:
        items += (_OPERATIONS[update.op], update.field, update.value, *(update.when or _NO_GUARD))
    packed = _encode(items)
    return len(items), packed[1 if len(items) < 16 else 3 :]  # without the array's head


def join_appends(packed: Sequence[_Packed]) -> bytes:
    """Packed appends as the one argument of the script: a msgpack array with a head of 32 bits."""
    length = sum([count for count, _ in packed])
    return b"".join((b"\xdd", length.to_bytes(4, "big"), *[items for _, items in packed]))


def _settle(entries: list[_Entry], reply: list[int | bytes]) -> None:
    numbers = iter(reply)
    for (_, _, future), seq, ts, outcome in zip(entries, numbers, numbers, numbers, strict=True):
        if future.done():  # its caller has gone
            continue
        if isinstance(outcome, bytes):
            _fail(future, from_reply(outcome.decode(errors="replace")))
        else:
            future.set_result(Appended(int(seq), int(ts), outcome == 1, outcome == 2))


def _lacks_script(replies: list[asyncio.Future[Reply]]) -> bool:
    errors = [reply.exception() for reply in replies if reply.done()]
    return any(isinstance(error, StoreCorrupt) and error.code == "NOSCRIPT" for error in errors)


def _fail(future: asyncio.Future[Appended], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # a dropped future needs no complaint in the log

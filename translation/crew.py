"""What one worker does all day: claims jobs, finds out languages, translates in a thread, writes outcomes.

The *reader* takes the jobs that wait, up to a batch, and settles their languages; the *engine* translates them in a
thread of its own. The next are read only when it is done: what is read sooner would wait here, where another worker
might be idle. A batch never waits to become fuller, and jobs that come in while one is translated make the next.

Jobs of dead workers are taken alone, with nothing else in the engine: one of them may be what killed its worker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from store.append import Append
from store.connect import PROBE
from store.errors import StoreCorrupt, StoreError, StoreUnavailable
from store.jobs import JobQueue
from store.writer import Writer
from translation import job as jobs
from translation.intake import Intake
from translation.outcome import Task, forestall, write
from translation.request import Failed, Outcome, Request, Unavailable
from translation.watchdog import HardWatchdog, Watchdog

log = logging.getLogger(__name__)

T = TypeVar("T")

BLOCK_MS = 500  # how long a read waits for jobs, and so how long a stop may have to wait for the reader
HEARTBEAT_SECONDS = 1.0
UNPARK_EVERY = 10  # heartbeats
# Of both directions, so that each has a few dozen texts to sort by length: the engine's batches are then of one length
# each, which makes up for a third of its time. More would only wait longer.
BATCH = 96
LONG = 2000  # characters; a message that long takes a good part of a second, and others need not wait for it
LONGEST_BATCH = 60.0  # seconds; after that the process is taken to hang, and ends


class Translator(Protocol):
    def translate(self, requests: Sequence[Request]) -> list[Outcome]: ...


class Crew:
    """One worker process's work, between its queue and its pipeline."""

    def __init__(
        self,
        intake: Intake,
        queue: JobQueue,
        translator: Translator,
        writer: Writer,
        *,
        batch: int = BATCH,
        watchdog: Watchdog | None = None,
        note: Callable[[Task, Outcome], None] | None = None,
    ) -> None:  # fmt: skip
        """``batch``: most jobs that are taken together. ``note`` is told every outcome."""
        self._intake = intake
        self._queue = queue
        self._translator = translator
        self._writer = writer
        self._batch = batch
        self._watchdog = watchdog or HardWatchdog()
        self._note = note
        self._ready: list[Task] = []
        self._found = 0  # jobs of dead workers that were seen
        self._wake = asyncio.Event()  # the engine has something to do, or is to stop
        self._working = False  # the engine is at a batch
        self._room = asyncio.Event()  # the reader may read
        self._stop = asyncio.Event()
        self._told: set[tuple[str, str]] = set()  # directions whose missing model was logged
        self._writing: set[asyncio.Task[None]] = set()
        self._engine_thread = ThreadPoolExecutor(1, "engine")

    async def run(self) -> None:
        """Until ``stop``: then the current batch is finished and its outcomes written, the rest given back."""
        loops = [
            asyncio.create_task(work, name=name)
            for name, work in (("reader", self._read()), ("engine", self._translate()), ("heart", self._beat()))
        ]
        reader, engine, heart = loops
        try:
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            for task in loops:
                if task.done():
                    task.result()  # a fault of ours ends the process; its jobs are taken over
            await asyncio.wait([reader, engine])
            if self._writing:
                await asyncio.wait(self._writing)
            await self._give_back()
        finally:
            heart.cancel()
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            self._engine_thread.shutdown(wait=False, cancel_futures=True)
            self._intake.close()

    def stop(self) -> None:
        """End in order. Call it in the event loop."""
        self._stop.set()
        self._wake.set()
        self._room.set()

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something else in the engine's thread, between batches: something short, messages wait for it."""
        return await asyncio.get_running_loop().run_in_executor(self._engine_thread, work)

    # --- reading -------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        while not self._stop.is_set():
            if self._ready or self._working:
                # What is read now would only wait here, while another worker might be idle.
                self._room.clear()
                await self._room.wait()
                continue
            try:
                claims = await self._queue.read(self._batch, BLOCK_MS)
                await self._intake.prepare(claims, self._lay_ready)
            except StoreUnavailable:
                await asyncio.sleep(PROBE)

    def _lay_ready(self, tasks: list[Task]) -> None:
        self._ready += tasks
        self._wake.set()

    # --- translating ---------------------------------------------------------------------------------------------

    async def _translate(self) -> None:
        while True:
            if not self._stop.is_set() and (rescued := await self._rescue()):
                await self._work(rescued)
            self._working = False
            self._room.set()
            if self._stop.is_set():
                return
            if not self._ready:
                self._wake.clear()
                if not self._found:
                    await self._wake.wait()
                continue
            self._working = True
            tasks, self._ready = self._ready, []
            for batch in _long_last(tasks):
                if self._stop.is_set():
                    self._ready += batch  # to be given back
                else:
                    await self._work(batch)

    async def _rescue(self) -> list[Task]:
        """The tasks of one job of a dead worker, if there is any."""
        if not self._found:
            return []
        try:
            claim = await self._queue.take_over()
        except StoreUnavailable:
            claim = None
        if claim is None:
            self._found = 0
            return []
        log.info("taking over a job of a dead worker, delivery %d", claim.deliveries)
        tasks: list[Task] = []
        await self._intake.prepare([claim], tasks.extend)
        return tasks

    async def _work(self, tasks: list[Task]) -> None:
        requests = [(task, task.request) for task in tasks]
        wanted = [request for _, request in requests if request is not None]
        outcomes: list[Outcome] = []
        if wanted:
            self._watchdog.begin(LONGEST_BATCH)
            try:
                loop = asyncio.get_running_loop()
                outcomes = await loop.run_in_executor(self._engine_thread, self._ask, wanted)
            finally:
                self._watchdog.end()
        answers = iter(outcomes)
        ends = [(task, next(answers) if request is not None else task.settled) for task, request in requests]
        self._tell(ends)
        if self._note is not None:
            for task, outcome in ends:
                self._note(task, outcome)
        while len(self._writing) >= 2:  # the store is slow or away: don't pile up
            await asyncio.wait(self._writing, return_when=asyncio.FIRST_COMPLETED)
        now = time.monotonic()
        appends = [write(task, outcome, now) for task, outcome in ends]
        appends = [*filter(None, (forestall(task) for task in tasks)), *appends]
        writing = asyncio.create_task(self._write(appends))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def _ask(self, requests: list[Request]) -> list[Outcome]:
        """In the engine's thread. A pipeline that breaks on one request must not take the others along."""
        try:
            outcomes = self._translator.translate(requests)
            if len(outcomes) == len(requests):
                return outcomes
            log.error("the pipeline gave %d outcomes for %d requests", len(outcomes), len(requests))
        except Exception as error:
            log.error("the pipeline broke: %s", _where(error))
        if len(requests) == 1:
            return [Failed("engine-error")]
        return [outcome for request in requests for outcome in self._ask([request])]

    def _tell(self, ends: list[tuple[Task, Outcome]]) -> None:
        """What a person should mend, once for each direction."""
        for task, outcome in ends:
            if isinstance(outcome, Unavailable) and task.target is not None:
                direction = (task.source.partition("-")[0], task.target.partition("-")[0])
                if direction not in self._told:
                    self._told.add(direction)
                    log.warning(
                        "no usable model for %s > %s (%s): such messages stand in the original. "
                        "Get one with: dragoman models fetch %s-%s",
                        *direction, outcome.reason, *direction,
                    )  # fmt: skip

    async def _write(self, appends: list[Append]) -> None:
        """Until all are stored: the store's repeat check makes that safe. What finishes a job comes last."""
        for part in ([each for each in appends if each.done is None], [each for each in appends if each.done]):
            if not await self._write_part(part):
                return

    async def _write_part(self, appends: list[Append]) -> bool:
        while appends:
            results = await asyncio.gather(*(self._writer.submit(append) for append in appends), return_exceptions=True)
            left = []
            for append, result in zip(appends, results, strict=True):
                if isinstance(result, StoreUnavailable):
                    left.append(append)
                    continue
                if isinstance(result, StoreCorrupt):
                    log.error("the store refuses an outcome: %s", result)
                elif isinstance(result, BaseException):
                    raise result
                if append.done is not None:
                    self._queue.settled(append.done)
            appends = left
            if appends:
                if self._stop.is_set():
                    log.warning("%d outcomes could not be written: other workers will take the jobs over", len(appends))
                    return False
                await asyncio.sleep(PROBE)
        return True

    # --- living --------------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        beats = 0
        while True:
            try:
                await self._queue.heartbeat()
                if beats % UNPARK_EVERY == 0:
                    await self._queue.unpark(jobs.VERSION)
                if not self._found:
                    self._found = await self._queue.look_around()
                    if self._found:
                        self._wake.set()
            except StoreError as error:
                log.debug("no sign of life could be given: %s", error)
            beats += 1
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _give_back(self) -> None:
        claims = [task.claim for task in self._ready if task.ends]
        self._ready = []
        try:
            await self._queue.give_back(claims)
        except StoreError as error:
            log.warning("%d jobs could not be given back, others will take them over: %s", len(claims), error)


def _long_last(tasks: list[Task]) -> list[list[Task]]:
    """All tasks but long messages first, then these one by one. What belongs to one job stays together."""
    split = Counter(task.claim.ref for task in tasks)
    long = [task for task in tasks if task.job and len(task.job.text) > LONG and split[task.claim.ref] == 1]
    if not long or len(tasks) == 1:
        return [tasks]
    return [first for first in [[task for task in tasks if task not in long]] if first] + [[task] for task in long]


def _where(error: Exception) -> str:
    """An error without its words, which may quote a text: its type and where it came up."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} in {place}"

"""What one worker does all day: claims jobs, finds out languages, translates in a thread, writes outcomes.

Round after round: it takes what waits in the queue, settles the languages, and lets the engine translate the jobs of
one direction, in a thread of its own; the other directions' wait for the next round, and more may join them. A round
never waits to become fuller, and what is not needed yet stays in the queue, where another worker might be idle.

Jobs of dead workers are taken alone, with nothing else in the engine: one of them may be what killed its worker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
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
from translation.pool import Pool
from translation.request import Failed, Outcome, Request, Unavailable
from translation.watchdog import HardWatchdog, Watchdog

log = logging.getLogger(__name__)

T = TypeVar("T")

BLOCK_MS = 500  # how long a read waits for jobs, and so how long a stop or a dead worker's job may have to wait
HEARTBEAT_SECONDS = 1.0
UNPARK_EVERY = 10  # heartbeats
# Jobs of one direction that are translated together, where so many wait: the engine sorts them by length, and takes a
# fifth less time for each than in batches of 24. More would only wait longer, and all outcomes come at once.
BATCH = 96
FEWEST_HELD = 32  # jobs that a worker takes without asking whether they are more than its share
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
        """``batch``: most jobs that are translated together; as many more may be held for the next round. ``note`` is
        told every outcome."""
        self._intake = intake
        self._queue = queue
        self._translator = translator
        self._writer = writer
        self._batch = batch
        self._most_held = 2 * batch  # so that a round finds enough of one direction
        self._watchdog = watchdog or HardWatchdog()
        self._note = note
        self._pool = Pool()
        self._found = 0  # jobs of dead workers that were seen
        self._stop = asyncio.Event()
        self._told: set[tuple[str, str]] = set()  # directions whose missing model was logged
        self._writing: set[asyncio.Task[None]] = set()
        self._engine_thread = ThreadPoolExecutor(1, "engine")

    async def run(self) -> None:
        """Until ``stop``: then the current batch is finished and its outcomes written, the rest given back."""
        loops = [asyncio.create_task(self._translate(), name="rounds"), asyncio.create_task(self._beat(), name="heart")]
        try:
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            for task in loops:
                if task.done():
                    task.result()  # a fault of ours ends the process; its jobs are taken over
            if self._writing:
                await asyncio.wait(self._writing)
            await self._give_back()
        finally:
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            self._engine_thread.shutdown(wait=False, cancel_futures=True)
            self._intake.close()

    def stop(self) -> None:
        """End in order. Call it in the event loop."""
        self._stop.set()

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something else in the engine's thread, between batches: something short, messages wait for it."""
        return await asyncio.get_running_loop().run_in_executor(self._engine_thread, work)

    # --- rounds --------------------------------------------------------------------------------------------------

    async def _translate(self) -> None:
        while not self._stop.is_set():
            if rescued := await self._rescue():
                await self._work(rescued)
                continue
            await self._read()
            if not self._stop.is_set() and (tasks := self._pool.take(self._batch)):
                await self._work(tasks)

    async def _read(self) -> None:
        """Put what waits in the queue into the pool. Where both are empty, wait a moment for the first job."""
        room = min(self._most_held, max(self._queue.share, FEWEST_HELD)) - len(self._pool)
        try:
            claims = await self._queue.read(room, 0 if len(self._pool) else BLOCK_MS)
            self._pool.add(await self._intake.prepare(claims))
        except StoreUnavailable:
            await asyncio.sleep(PROBE)

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
        return await self._intake.prepare([claim])

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
            except StoreError as error:
                log.debug("no sign of life could be given: %s", error)
            beats += 1
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _give_back(self) -> None:
        claims = [task.claim for task in self._pool.drain() if task.ends]
        try:
            await self._queue.give_back(claims)
        except StoreError as error:
            log.warning("%d jobs could not be given back, others will take them over: %s", len(claims), error)


def _where(error: Exception) -> str:
    """An error without its words, which may quote a text: its type and where it came up."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} in {place}"

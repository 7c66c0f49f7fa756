"""A worker's way in: from claimed jobs to tasks whose languages are settled."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from conversation import scope
from store import streams
from store.append import Append, Appended, Guard
from store.connect import PROBE, Store
from store.errors import StoreError, StoreUnavailable
from store.jobs import Claim, JobQueue
from store.writer import Writer
from translation import job as jobs
from translation import language, speakers
from translation.again import LOOKED_AT, Again, again
from translation.memory.choose import Remembered
from translation.outcome import Task
from translation.speakers import Belief, Detect, Rules

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# Asked with texts, each with source and target language; answers what is remembered for each, best first.
Recall = Callable[[Sequence[tuple[str, str, str]]], Awaitable[Sequence[tuple[Remembered, ...]]]]

REFRESH_PATIENCE = 0.1  # seconds; a glossary that takes longer to build serves the messages after


class Intake:
    """Understands jobs, finds out languages, and stores what was learnt about a visitor's language."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        queue: JobQueue,
        detect: Detect,
        rules: Rules,
        *,
        refresh: Callable[[], Awaitable[object]] | None = None,
        recall: Recall | None = None,
    ) -> None:  # fmt: skip
        """``refresh`` brings the glossary up to date; one call runs at a time. ``recall`` asks the memory."""
        self._store = store
        self._writer = writer
        self._queue = queue
        self._detect = detect
        self._rules = rules
        self._refresh = refresh
        self._recall = recall
        self._refreshing: asyncio.Task[object] | None = None
        self._learning: asyncio.Future[list[Appended | BaseException]] | None = None  # what is being stored
        self._thread = ThreadPoolExecutor(1, "language")

    async def prepare(self, claims: list[Claim]) -> list[Task]:
        """The tasks of ``claims``, their languages settled.

        What was learnt is stored beside; the next call waits for that, for its claims are to know it. Where the store
        goes away just then, that much is lost, and the next message will tell. Waits for a store that is away as long
        as it takes.
        """
        understood: list[tuple[Claim, jobs.Job | None]] = []
        for claim in claims:
            try:
                understood.append((claim, jobs.decode(claim.payload)))
            except jobs.UnknownVersion as error:
                await self._leave(claim, error)
            except msgspec.DecodeError:
                understood.append((claim, None))
        if not understood:
            return []
        if self._learning is not None:
            await asyncio.wait([self._learning])
        now = time.monotonic()
        names = list(dict.fromkeys(claim.conversation for claim, _ in understood))
        found, _ = await asyncio.gather(self._ask(streams.summaries, names), self._look_at_glossary())
        summaries = dict(zip(names, found, strict=True))
        before = {name: speakers.believed(summary) for name, summary in summaries.items()}

        logs = {
            claim.ref: await self._ask(streams.read_last_events, claim.conversation, LOOKED_AT)
            for claim, job in understood
            if job is not None and job.kind == "retranslate"
        }

        def settle() -> tuple[list[Task], dict[str, Belief]]:
            after = dict(before)
            tasks: list[Task] = []
            for claim, job in understood:
                if job is not None and claim.ref in logs:
                    for each in again(job, claim.seq, logs[claim.ref], language.written_in):
                        task = self._settle(claim, each.job, now, summaries[claim.conversation], after)
                        tasks.append(_once_more(task, each, job))
                    tasks.append(Task(claim, now, job))
                else:
                    tasks.append(self._settle(claim, job, now, summaries[claim.conversation], after))
            return tasks, after

        tasks, after = await asyncio.get_running_loop().run_in_executor(self._thread, settle)
        self._store_learnt([each for name in names for each in speakers.keep(name, before[name], after[name])])
        return await self._with_memory(tasks)

    def _settle(
        self, claim: Claim, job: jobs.Job | None, now: float, summary: streams.Summary, beliefs: dict[str, Belief]
    ) -> Task:
        """In the language thread: one job's direction. ``beliefs`` moves on with every message of a visitor."""
        name = claim.conversation
        if job is None:
            return Task(claim, now, None)
        if job.role == "visitor":
            beliefs[name], way = speakers.visitor_writes(job, beliefs[name], summary, self._rules, self._detect)
        else:
            way = speakers.agent_writes(job, beliefs[name], summary, self._rules, language.written_in)
        way = speakers.in_parts(job, way, beliefs[name], self._rules, language.mixed)
        about = frozenset(job.scope) or scope.decode(summary.get(scope.FIELD))
        known = beliefs[name].state
        exact = known.language if known is not None else None
        return Task(
            claim, now, job, way.source, way.target, way.detected, parts=way.parts, variant=exact, scope=about
        )  # fmt: skip

    async def _with_memory(self, tasks: list[Task]) -> list[Task]:
        """The tasks with what is remembered for them; without, where the memory cannot be asked."""
        asking = [index for index, task in enumerate(tasks) if task.request is not None]
        wishes = [(each.text, each.source, each.target) for task in tasks if (each := task.request) is not None]
        if self._recall is None or not wishes:
            return tasks
        try:
            found = dict(zip(asking, await self._recall(wishes), strict=True))
        except StoreError as error:
            log.warning("the memory could not be asked, the models translate alone: %s", error)
            return tasks
        except Exception:
            log.exception("the memory could not answer, the models translate alone")
            return tasks
        return [replace(task, remembered=found.get(index, ())) for index, task in enumerate(tasks)]

    async def _leave(self, claim: Claim, error: jobs.UnknownVersion) -> None:
        log.info("a job is left to newer workers: %s", error)
        version = int(msgspec.json.decode(claim.payload)["v"])
        while True:
            try:
                return await self._queue.park(claim, version)
            except StoreUnavailable:
                await asyncio.sleep(PROBE)

    async def _ask(self, read: Callable[Concatenate[Store, P], Awaitable[T]], *what: P.args, **more: P.kwargs) -> T:
        while True:
            try:
                return await read(self._store, *what, **more)
            except StoreUnavailable:
                await asyncio.sleep(PROBE)

    async def _look_at_glossary(self) -> None:
        if self._refresh is None:
            return
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.ensure_future(_quietly(self._refresh))
        await asyncio.wait([self._refreshing], timeout=REFRESH_PATIENCE)

    def _store_learnt(self, learnt: list[Append]) -> None:
        if learnt:
            submitted = (self._writer.submit(append) for append in learnt)
            self._learning = asyncio.gather(*submitted, return_exceptions=True)

    def close(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)


def _once_more(task: Task, each: Again, wish: jobs.Job) -> Task:
    """The task that writes one further outcome; the job goes on with the next. What was set since then wins."""
    return replace(
        task,
        claim=task.claim._replace(seq=each.seq),
        ends=False,
        pending=each.pending,
        when=None if each.pending else Guard("language", wish.source or ""),
    )


async def _quietly(refresh: Callable[[], Awaitable[object]]) -> None:
    try:
        await refresh()
    except StoreError as error:
        log.warning("the glossary could not be looked at, the one of before serves: %s", error)

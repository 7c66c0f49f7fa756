"""The worker process: everything that one needs, wired together, from its settings to its end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from glossary.repository import Repository
from glossary.snapshot import Snapshot
from glossary.trial import Trials
from glossary.use import Uses
from store.connect import Store
from store.errors import StoreError, StoreUnavailable
from store.jobs import JobQueue
from store.writer import Writer
from translation.crew import BATCH, Crew, Translator
from translation.engines.base import EngineError
from translation.engines.provider import Provider, installed_engines
from translation.intake import Intake, Recall
from translation.language import Evidence, detect
from translation.language import models as language_models
from translation.memory.repository import Repository as Memory
from translation.pipeline import Pipeline
from translation.route import routes
from translation.speakers import Detect, Rules, past_names
from translation.trials import Aside, Bench, serve
from translation.usage import Usage

log = logging.getLogger(__name__)

STORE_WAIT = 30.0  # seconds that a starting worker waits for the store


class Settings(Protocol):
    """What a worker reads of the settings."""

    @property
    def redis_url(self) -> str | None: ...
    @property
    def key_prefix(self) -> str: ...
    @property
    def partitions(self) -> int: ...
    @property
    def feed_length(self) -> int: ...
    @property
    def working_language(self) -> str: ...
    @property
    def shop_languages(self) -> tuple[str, ...]: ...
    @property
    def models_path(self) -> Path: ...
    @property
    def model_memory(self) -> int: ...
    @property
    def recent(self) -> int: ...
    @property
    def tables_path(self) -> Path: ...


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT: then finish the current batch and leave the rest to others.

    Raises StoreUnavailable where the store does not come up, StoreConflict where its settings do not fit. Ends the
    process where one batch takes over a minute.
    """
    if not settings.redis_url:
        raise StoreUnavailable("no store: set REDIS_URL, or run `dragoman serve`, which starts one")
    async with AsyncExitStack() as stack:
        store = await Store.open(
            settings.redis_url,
            prefix=settings.key_prefix,
            partitions=settings.partitions,
            feed_length=settings.feed_length,
            wait=STORE_WAIT,
        )
        stack.push_async_callback(store.close)
        engines = installed_engines(settings.models_path, settings.model_memory * 1_000_000)
        # Before the first sign of life: a worker that shows one is ready to translate at once.
        snapshot = Snapshot(Repository(store.client, settings.key_prefix))
        stack.push_async_callback(snapshot.close)
        await asyncio.gather(
            asyncio.to_thread(_load, engines, settings), asyncio.to_thread(_first_words), _first_terms(snapshot)
        )
        # What only a few messages need comes while the first ones are served.
        rest = asyncio.create_task(asyncio.to_thread(language_models.load))
        stack.push_async_callback(asyncio.wait, [rest])
        # What lives as long as the process is not looked through for garbage: that takes a tenth of a second.
        gc.collect()
        gc.freeze()
        await work(
            store,
            Pipeline(engines, lambda: snapshot.current, tables=settings.tables_path, recent=settings.recent),
            past_names(lambda: snapshot.current, detect, settings.working_language),
            Rules(settings.working_language, settings.shop_languages),
            refresh=snapshot.refresh,
            recall=Memory(store).look_up,
            usage=Usage(Uses(store.client, settings.key_prefix)),
            trials=partial(
                serve,
                Trials(store.client, settings.key_prefix),
                Bench(engines, lambda: snapshot.current),
                refresh=snapshot.refresh,
            ),
        )


def _load(engines: Provider, settings: Settings) -> None:
    """Load what the shop's languages need, both legs where their way is by a third one, or all where it names none, as
    far as there is memory, and let it translate once: first calls are slow. The rest is loaded when it is needed."""
    ours, known = settings.working_language, engines.models
    pairs = [pair for each in settings.shop_languages for pair in ((each, ours), (ours, each))]
    wanted = {leg for pair in pairs for way in routes(*pair, known)[:1] for leg in way.legs} if pairs else {*known}
    ready: list[tuple[str, str]] = []
    for source, target in sorted(wanted):
        engine = engines.get(source, target) if engines.fits(source, target) else None
        if engine is None:
            continue
        try:
            engine.translate(["1"])
        except EngineError as error:
            log.error("a model does not translate: %s", error)
        else:
            ready.append((source, target))
    named = ", ".join(f"{source} > {target}" for source, target in ready)
    log.info("ready to translate: %s", named or "nothing, no model is installed")


def _first_words() -> None:
    """Detect one clear text: the first time takes a second, for the models behind it."""
    detect(Evidence("Hello, where is my order?"))


async def _first_terms(snapshot: Snapshot) -> None:
    """The glossary before the first message: later it is looked at between messages."""
    try:
        await snapshot.refresh()
    except StoreError as error:
        log.warning("the glossary could not be loaded, it is tried again: %s", error)


async def work(
    store: Store,
    translator: Translator,
    detect: Detect,
    rules: Rules,
    *,
    refresh: Callable[[], Awaitable[object]] | None = None,
    recall: Recall | None = None,
    usage: Usage | None = None,
    trials: Callable[[Aside], Coroutine[None, None, None]] | None = None,
    batch: int = BATCH,
) -> None:
    """One worker on an open store, until SIGTERM or SIGINT. ``trials`` runs beside it."""
    async with AsyncExitStack() as stack:
        writer = Writer(store)
        await writer.start()
        stack.push_async_callback(writer.close)
        queue = JobQueue(store, worker_id())
        await queue.start()
        stack.push_async_callback(queue.close)
        intake = Intake(store, writer, queue, detect, rules, refresh=refresh, recall=recall)
        crew = Crew(intake, queue, translator, writer, batch=batch, note=usage.note if usage else None)
        if usage is not None:
            stack.push_async_callback(usage.flush)
            stack.push_async_callback(_cancel, asyncio.create_task(usage.run()))
        if trials is not None:
            stack.push_async_callback(_cancel, asyncio.create_task(trials(crew.aside)))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, crew.stop)
            stack.callback(loop.remove_signal_handler, number)
        await crew.run()


async def _cancel(task: asyncio.Task[None]) -> None:
    while not task.done():  # a cancellation that meets redis-py while it hands a connection back can get lost
        task.cancel()
        await asyncio.wait([task], timeout=1)


def worker_id() -> str:
    """Unlike that of any other worker, now or before, on any machine."""
    return f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}"

"""Wires the gateway together, starts it and stops it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import WSCloseCode, web

from gateway import keys, pages, socket
from gateway.api import glossary, health, login, memory, openapi
from gateway.api.errors import ApiError, Handler, answer
from gateway.auth import origin_allowed
from gateway.board import Board
from gateway.corrections import Corrector
from gateway.door import Door
from gateway.hub import Hub
from gateway.metrics import Metrics
from gateway.relay import Relay
from gateway.room import Rules
from gateway.settings import Settings
from gateway.status import StatusWatch
from gateway.users import Users
from store import streams
from store.connect import Store
from store.errors import StoreUnavailable
from store.feed import FeedReader
from store.writer import Writer
from translation.memory.repository import Repository as Memory
from translation.memory.suggest import Suggestions
from translation.spelling import Spelling

log = logging.getLogger(__name__)

STORE_WAIT = 60.0  # seconds that a starting gateway waits for its store
MAX_BODY = 32 * 1024 * 1024  # bytes of one HTTP request; imports of a glossary have a limit of their own


async def run(settings: Settings, started: Callable[[str, int], None] | None = None) -> None:
    """Serve until SIGTERM, SIGINT or cancelled. ``started`` is told the address once connections are taken.

    Raises StoreUnavailable where the store can't be reached, OSError where the port is taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings) as gateway:
        # What lives as long as the process need not be looked at again in every collection of garbage.
        gc.collect()
        gc.freeze()
        if started is not None:
            started(gateway.host, gateway.port)
        waiting = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({waiting, *gateway.tasks}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            task.result()  # work that must never end has ended: better to start anew than to go on half


@dataclass(frozen=True)
class Gateway:
    """A running gateway: where it listens, and the work that goes on as long as it lives."""

    host: str
    port: int
    tasks: tuple[asyncio.Task[None], ...]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Gateway]:
    """A gateway that takes connections while the context lasts."""
    async with AsyncExitStack() as stack:
        app, tasks = await _wire(settings, stack)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=3.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield Gateway(host, port, tasks)
        for connection in tuple(app[keys.DOOR].hub.connections):
            connection.close(WSCloseCode.GOING_AWAY, "the gateway stops")


async def _wire(settings: Settings, stack: AsyncExitStack) -> tuple[web.Application, tuple[asyncio.Task[None], ...]]:
    store = await Store.open(
        settings.redis_url or _no_store(), prefix=settings.key_prefix, partitions=settings.partitions,
        feed_length=settings.feed_length, wait=STORE_WAIT,
    )  # fmt: skip
    stack.push_async_callback(store.close)
    metrics, hub, users = Metrics(), Hub(), Users(store.client, settings.key_prefix)
    secret = settings.secret.encode() if settings.secret else await users.secret()

    board = Board(hub, partial(streams.summaries, store))
    status = StatusWatch(store, hub, metrics, settings.translate)
    writer = Writer(store, on_change=status.on_store)
    await writer.start()
    stack.push_async_callback(writer.close)
    metrics.store_up.set(1)
    relay = Relay(writer, hub, board, metrics)
    feed = FeedReader(store)
    await feed.start()
    stack.push_async_callback(feed.close)
    rules = Rules(settings.max_text, settings.translate)

    app = web.Application(middlewares=[_errors, _same_origin], client_max_size=MAX_BODY)
    app[keys.SETTINGS], app[keys.STORE], app[keys.USERS] = settings, store, users
    app[keys.GUESSES], app[keys.METRICS] = login.Guesses(), metrics
    app[keys.GLOSSARY] = glossary.opened(store.client, settings.key_prefix, Spelling(settings.models_path).unwritable)
    suggestions = app[keys.SUGGESTIONS] = Suggestions(Memory(store))
    stack.push_async_callback(suggestions.close)
    corrector = Corrector(store, writer, metrics)
    app[keys.DOOR] = Door(settings, rules, secret, hub, relay, board, corrector, store, users, status, metrics)
    app.add_routes(
        [
            web.get("/ws", socket.handle),
            web.get("/health/live", health.live),
            web.get("/health/ready", health.ready),
            web.get("/metrics", health.metrics),
            web.post("/api/v1/login", login.log_in),
            web.post("/api/v1/logout", login.log_out),
            web.get("/api/v1/me", login.who),
            web.get("/api/v1/openapi.json", openapi.document),
            *glossary.routes(),
            *memory.routes(),
            *pages.routes(),
        ]
    )
    tasks = tuple(asyncio.create_task(work) for work in (follow(feed, relay, status), board.run(), status.run()))
    for task in tasks:
        stack.push_async_callback(_cancel, task)
    return app, tasks


async def follow(feed: FeedReader, relay: Relay, status: StatusWatch) -> None:
    """Bring everything that happens to the sockets of this gateway, until cancelled."""
    while True:
        batch = await feed.read()
        if batch.gap:
            status.resync_all()
        for item in batch.items:
            relay.on_entry(item)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _no_store() -> str:
    raise StoreUnavailable("no store: set REDIS_URL, or run `dragoman serve`, which starts one")


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as error:
        return answer(error.body, error.status)
    except web.HTTPError as error:
        if not request.path.startswith("/api/"):
            raise
        code = error.reason.lower().replace(" ", "_")
        return answer({"error": {"code": code, "message": error.text or error.reason}}, error.status)
    except StoreUnavailable:
        body = {"error": {"code": "unavailable", "message": "the store is away: try again in a moment"}}
        return answer(body, 503, {"Retry-After": "1"})


@web.middleware
async def _same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of another origin can't make a logged-in browser change anything: only our own pages may."""
    if request.method not in ("GET", "HEAD") and not origin_allowed(
        request.headers.get("Origin"), request.host, frozenset()
    ):
        raise ApiError(403, "not_allowed", "requests that change something come from this gateway's own pages")
    return await handler(request)

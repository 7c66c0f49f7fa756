"""`dragoman serve`: the store, the workers and the gateway of one machine, started, kept running and ended together."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from redis.exceptions import RedisError

from gateway import address, local_store, settings
from gateway.children import Child, dragoman
from gateway.settings import Settings
from gateway.users import Users
from store import jobs
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreError, StoreUnavailable

log = logging.getLogger(__name__)

DEMO_LOGIN = "demo"
_LOOK_SECONDS = 0.1
_TELL_SECONDS = 10.0
_GRACE_SECONDS = 4.0  # for a child to end by itself
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Places:
    """Where people go, once all is ready."""

    shop: str
    desk: str
    glossary: str
    login: str | None
    password: str | None

    def __str__(self) -> str:
        login = f"    log in as {self.login} with {self.password}" if self.login else ""
        return (
            "\nDragoman is ready. Ctrl-C ends it.\n\n"
            f"  Demo shop   {self.shop}\n  Desk        {self.desk}{login}\n  Glossary    {self.glossary}\n"
        )


async def serve(wanted: Settings, environ: Mapping[str, str], *, demo: bool, ready_file: Path | None) -> None:
    """Run until Ctrl-C, SIGTERM or SIGHUP. Call it in the main thread.

    ``environ``: what children inherit besides their settings. ``ready_file``: is written once all is ready, with the
    places and the process ids, anew when those change, and removed at the end. Raises AddressError, GaveUp, StoreError.
    """
    chosen = replace(wanted, port=address.free_port(wanted.host, wanted.port))
    supervisor = _Supervisor(chosen, environ, demo, ready_file)
    with _stop_signals(supervisor.stop_asked):
        try:
            await supervisor.run()
        finally:
            await supervisor.end()


class _Supervisor:
    def __init__(self, settled: Settings, environ: Mapping[str, str], demo: bool, ready_file: Path | None) -> None:
        self._settings = settled
        self._environ = environ
        self._demo = demo
        self._ready_file = ready_file
        self._embedded = None if settled.redis_url else Embedded(local_store.folder(settled))
        self._noted = False  # the embedded store is ours and others may find it
        self._store: Store | None = None
        self._gateway: Child | None = None
        self._workers: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    @property
    def _children(self) -> list[Child]:
        return [*([self._gateway] if self._gateway else []), *self._workers]

    def stop_asked(self) -> None:
        """End in order; asked again, at once."""
        if self._stop.is_set():
            for child in self._children:
                child.kill()
        self._stop.set()

    async def run(self) -> None:
        stopped = asyncio.create_task(self._stop.wait())
        try:
            if self._embedded is not None:
                self._embedded.start()
                local_store.note_url(self._settings, self._embedded.url)
                self._noted = True
                self._settings = replace(self._settings, redis_url=self._embedded.url)
                if not await self._before(stopped, self._embedded.ready()):
                    return
                self._keep(self._embedded.keep_running())
            self._make_children()
            for child in reversed(self._children):
                self._keep(child.keep_running())
            if not await self._before(stopped, self._start()):
                return
            await self._before(stopped)
        finally:
            stopped.cancel()

    async def _before(self, stopped: asyncio.Task[bool], *work: Awaitable[None]) -> bool:
        """Do ``work``, if any, watching the children: True once it is done, False when the stop came first."""
        doing = [asyncio.ensure_future(each) for each in work]
        try:
            await asyncio.wait([stopped, *doing, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in (*doing, *self._tasks):
                if task.done():
                    task.result()  # a child that gave up, or a fault of ours: ends everything
            return not stopped.done() and all(task.done() for task in doing)
        finally:
            for task in doing:
                task.cancel()
            await asyncio.gather(*doing, return_exceptions=True)

    def _make_children(self) -> None:
        inherited = {name: text for name, text in self._environ.items() if name not in settings.variable_names()}
        inherited |= settings.to_environ(self._settings)
        count = (self._settings.workers or _processors()) if self._settings.translate else 0
        names = [f"worker-{number}" for number in range(1, count + 1)]
        self._workers = [Child(name, dragoman("worker", "--name", name), inherited) for name in names]
        self._gateway = Child("gateway", dragoman("gateway"), inherited)

    async def _start(self) -> None:
        """Wait for everybody and say where to go."""
        host, port = self._settings.host, self._settings.port
        url = f"http://{address.for_browsers(host)}:{port}"
        self._store = await local_store.open_at(str(self._settings.redis_url), self._settings, wait=30.0)
        password = await self._make_demo_user(self._store) if self._demo else None
        await asyncio.gather(
            _patiently("the gateway", lambda: asyncio.to_thread(address.answers, host, port, "/health/ready")),
            _patiently("the workers", lambda: self._workers_alive(self._store)),
        )
        login = DEMO_LOGIN if password else None
        places = Places(f"{url}/shop/", f"{url}/desk/", f"{url}/glossary/", login, password)
        print(places, flush=True)
        if self._ready_file is not None:
            self._keep(self._keep_ready_file(self._ready_file, places))

    async def _make_demo_user(self, store: Store) -> str:
        """A login for this run, whose password nobody knew before."""
        users, password = Users(store.client, self._settings.key_prefix), secrets.token_urlsafe(9)
        await users.remove(DEMO_LOGIN)  # of a run that was killed
        await users.add(DEMO_LOGIN, "Alex", password, ["admin"], self._settings.working_language)
        return password

    async def _workers_alive(self, store: Store | None) -> bool:
        return store is not None and (await jobs.health(store)).workers >= len(self._workers)

    async def _keep_ready_file(self, path: Path, places: Places) -> None:
        known: dict[str, int | None] = {}
        while True:
            pids = {child.name: child.pid for child in self._children}
            pids["supervisor"] = os.getpid()
            if self._embedded is not None:
                pids["store"] = self._embedded.pid
            if pids != known and None not in pids.values():
                known = pids
                partial = path.with_name(path.name + ".new")
                partial.touch(mode=0o600)
                partial.write_text(json.dumps({**places.__dict__, "pids": pids}), encoding="utf-8")
                partial.replace(path)
            await asyncio.sleep(_LOOK_SECONDS)

    def _keep(self, work: Awaitable[None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    async def end(self) -> None:
        """Gateway first, so that nobody is promised anything more; the store last."""
        if self._gateway is not None:
            await self._gateway.stop(_GRACE_SECONDS)
        await asyncio.gather(*(worker.stop(_GRACE_SECONDS) for worker in self._workers))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._store is not None:
            with contextlib.suppress(StoreError, RedisError, OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    if self._demo:
                        await Users(self._store.client, self._settings.key_prefix).remove(DEMO_LOGIN)
                    await self._store.close()
        if self._embedded is not None:
            if self._noted:
                local_store.note_url(self._settings, None)
            await self._embedded.stop()
        if self._ready_file is not None:
            self._ready_file.unlink(missing_ok=True)


def _processors() -> int:
    """How many this process may use; a container is often given fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _stop_signals(handler: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    # A hang-up that is ignored was meant to be: `nohup dragoman serve`.
    numbers = [each for each in _STOP_SIGNALS if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN]
    for number in numbers:
        loop.add_signal_handler(number, handler)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _patiently(who: str, there: Callable[[], Awaitable[bool]]) -> None:
    """Wait until ``there`` says so, and say now and then that we wait."""
    loop = asyncio.get_running_loop()
    told = loop.time()
    while True:
        with contextlib.suppress(StoreUnavailable):
            if await there():
                return
        if loop.time() - told >= _TELL_SECONDS:
            told = loop.time()
            log.warning("still waiting for %s", who)
        await asyncio.sleep(_LOOK_SECONDS)

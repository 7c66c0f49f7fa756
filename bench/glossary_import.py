"""Files of 100,000 terms, imported over HTTP: `python -m bench.glossary_import`. How long each format takes, how soon
after it is published a change holds in the last of two workers, and what messages feel of it, there and in the gateway.

A worker is here a process that holds the glossary as workers do, and matches a message every 10 ms in a thread.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import aiohttp
import uvloop

from bench.glossary_size import message
from bench.glossary_store import EVERY, term
from bench.system import System, system
from glossary.exchange import write
from glossary.repository import Repository
from glossary.snapshot import Snapshot
from glossary.term import Term
from store.connect import Store

FORMATS = ("csv", "tbx", "xlsx")
QUIET = 5.0  # seconds
PATIENCE = aiohttp.ClientTimeout(120)
GLANCE = 0.01  # seconds between the looks of who measures
LOOK = 1.0  # seconds between a worker's looks, as where it has nothing to do


async def main(count: int, workers: int, formats: list[str]) -> None:
    pick = random.Random(1)
    async with system() as running, aiohttp.ClientSession() as session:
        port, _ = await running.gateway()
        session.headers["Cookie"] = await running.agent_cookie(port, "mia", "maintainer")
        store = await Store.open(running.url)
        repository = Repository(store.client)
        await repository.put_many([term(pick, f"t{number}") for number in range(count)], "bench")
        async with followed(running, workers) as followers:
            await asyncio.sleep(QUIET)
            for each in followers:
                print(f"quiet: {await each.felt()}")
            for kind in formats:
                terms = [term(pick, f"t{number}") for number in range(count)]
                data = await asyncio.to_thread(write, terms, format=kind)
                for each in followers:
                    await each.felt()
                url = f"http://127.0.0.1:{port}/api/v1/glossary/import?progress=1"
                print(f"{kind.upper()} of {len(data) / 1e6:.1f} MB over HTTP: ", end="", flush=True)
                async with asked(session, port):
                    await imported(session.post(url, data=data, timeout=PATIENCE), repository, followers)
        await store.close()


@asynccontextmanager
async def asked(session: aiohttp.ClientSession, port: int) -> AsyncIterator[None]:
    """Asks the gateway whether it lives, again and again, and tells how long it took to answer."""
    times: list[float] = []

    async def ask() -> None:
        while True:
            begin = time.perf_counter()
            async with session.get(f"http://127.0.0.1:{port}/health/live") as answer:
                await answer.read()
            times.append((time.perf_counter() - begin) * 1e3)
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(ask())
    yield
    task.cancel()
    await asyncio.wait([task])
    print(f"  the gateway answered {felt(times)}", flush=True)


def felt(times: list[float]) -> str:
    ordered = sorted(times) or [0.0]
    p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    return f"{len(times)} times, p50 {p50:.2f} ms, p99 {p99:.2f} ms, most {ordered[-1]:.1f} ms"


async def imported(
    request: AbstractAsyncContextManager[aiohttp.ClientResponse], repository: Repository, followers: list[Follower]
) -> None:
    before = await repository.version()
    published = asyncio.create_task(moved(repository, before))
    begin = time.monotonic()
    steps: dict[str, float] = {}
    async with request as answer:
        async for line in answer.content:
            step = json.loads(line)
            if "error" in step:
                published.cancel()
                raise RuntimeError(line.decode())
            steps.setdefault(step.get("step", "done"), time.monotonic() - begin)
    took = time.monotonic() - begin
    at = await published
    held = [await each.held(before + 1) - at for each in followers]
    print(f"{took:.1f} s ({', '.join(f'{name} from {when:.1f}' for name, when in steps.items())}); "
          f"holds in the last worker {max(held):.2f} s after it was published", flush=True)  # fmt: skip
    for each in followers:
        print(f"  {await each.felt()}", flush=True)


async def moved(repository: Repository, before: int) -> float:
    """When the version went up, by the monotonic clock, which all processes share."""
    while await repository.version() == before:
        await asyncio.sleep(GLANCE)
    return time.monotonic()


class Follower:
    """A worker process, seen from outside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._held: dict[int, float] = {}
        self._felt: asyncio.Queue[str] = asyncio.Queue()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "felt" in told:
                self._felt.put_nowait(told["felt"])
            else:
                self._held[told["version"]] = told["at"]
            self._news.set()

    async def held(self, version: int) -> float:
        async with asyncio.timeout(60):
            while version not in self._held:
                self._news.clear()
                await self._news.wait()
        return self._held[version]

    async def felt(self) -> str:
        """What messages felt since it was last asked."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        return await self._felt.get()

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._task


@asynccontextmanager
async def followed(running: System, count: int) -> AsyncIterator[list[Follower]]:
    command = (sys.executable, "-m", "bench.glossary_import", "--follow", running.url)
    processes = [
        await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(count)
    ]
    followers = [Follower(process) for process in processes]
    try:
        for each in followers:
            await each.held(1)
        yield followers
    finally:
        for each in followers:
            await each.end()


async def follow(url: str) -> None:
    """In a process of its own, until standard input ends; a line of it asks what messages felt."""
    store = await Store.open(url)
    snapshot = Snapshot(Repository(store.client))
    await snapshot.refresh()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    times: list[float] = []
    tasks = [asyncio.create_task(each) for each in (_look(snapshot), _match(snapshot, times), _tell(snapshot))]
    while await lines.readline():
        print(json.dumps({"felt": f"a worker matched {felt(times)}"}), flush=True)
        times.clear()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await snapshot.close()
    await store.close()


async def _look(snapshot: Snapshot) -> None:
    while True:
        await snapshot.refresh()
        await asyncio.sleep(LOOK)


async def _tell(snapshot: Snapshot) -> None:
    told = 0
    while True:
        if snapshot.current.version != told:
            told = snapshot.current.version
            print(json.dumps({"version": told, "at": time.monotonic()}), flush=True)
        await asyncio.sleep(GLANCE)


async def _match(snapshot: Snapshot, times: list[float]) -> None:
    """``times``: milliseconds from when a message is there to when it is matched."""
    pick = random.Random(2)
    terms: list[Term] = [each for each, _ in zip(snapshot.current.terms(), range(1000), strict=False)]
    messages = [message(pick, terms) for _ in range(200)]
    while True:
        due = time.perf_counter() + EVERY
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(lambda text: snapshot.current.match(text, "en", "pt"), pick.choice(messages))
        times.append((time.perf_counter() - due) * 1e3)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--follow", help=argparse.SUPPRESS)
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        uvloop.run(follow(options.follow) if options.follow else main(options.terms, options.workers, options.formats))

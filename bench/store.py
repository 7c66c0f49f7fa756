"""Appends to the embedded store, every one on the disk before its reply: `python -m bench.store`.

Coalesced (store.writer.Writer) beside the same script called through redis-py, a call an append. Both write what a
visitor's message writes: event, feed, summary, repeat check, and with --jobs a job for translation.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles

import uvloop
from redis.asyncio import Redis

from store.append import SCRIPT, Append, Update
from store.connect import Store
from store.embedded import Embedded
from store.keys import GROUP
from store.writer import Writer, join_appends, pack_append

EVENT = b'{"kind":"message","id":"0a1b2c3d4e5f","role":"visitor","text":"Where is my order? I have waited a week."}'
JOB = b'{"role":"visitor","text":"Where is my order? I have waited a week."}'
UPDATES = (
    Update("set", "last_seq", "@seq"),
    Update("set", "last_role", "visitor"),
    Update("set", "last_text", "Where is my order? I have waited a week."),
    Update("del", "last_translation"),
    Update("setnx", "waiting_since", "@ts"),
)
Call = Callable[[Append], Awaitable[object]]


def message(number: int, run: str, jobs: bool) -> Append:
    return Append(f"c{number % 500}", EVENT, once=f"{run}:{number}", job=JOB if jobs else None, updates=UPDATES)


async def measure(name: str, call: Call, senders: int, seconds: float, jobs: bool) -> None:
    """Each sender waits for its reply before it sends the next."""
    times: list[float] = []
    number = 0
    end = time.perf_counter() + seconds

    async def send() -> None:
        nonlocal number
        while (began := time.perf_counter()) < end:
            number += 1
            await call(message(number, f"{name}{senders}", jobs))
            times.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(send() for _ in range(senders)))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    cuts = quantiles(times, n=100)
    print(
        f"{name:11} {senders:5} senders  {len(times) / took:8.0f} appends/s   p50 {cuts[49] * 1000:6.2f} ms   "
        f"p99 {cuts[98] * 1000:6.2f} ms   {cpu / len(times) * 1e6:5.0f} us of our CPU each",
        flush=True,
    )


async def main(seconds: float, jobs: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-store-") as folder:
        server = Embedded(Path(folder))
        server.start()
        try:
            await server.ready()
            store = await Store.open(server.url)
            writer = Writer(store)
            await writer.start()
            client = Redis.from_url(server.url, protocol=2, max_connections=1000)
            script = client.register_script(SCRIPT)

            async def one_by_one(append: Append) -> object:
                keys = [
                    store.keys.feed(0),
                    store.keys.jobs(0),
                    store.keys.recent(0),
                    *store.keys.of(append.conversation),
                ]
                return await script(keys, [GROUP, store.feed_length, join_appends([pack_append(append)])])

            for senders in (1, 10, 100, 500):
                await measure("coalesced", writer.append, senders, seconds, jobs)
                await measure("one by one", one_by_one, senders, seconds, jobs)
            await client.aclose()
            await writer.close()
            await store.close()
        finally:
            await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each line")
    parser.add_argument("--jobs", action="store_true", help="every message asks for a translation")
    options = parser.parse_args()
    uvloop.run(main(options.seconds, options.jobs))

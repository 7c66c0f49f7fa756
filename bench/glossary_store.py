"""A large glossary in the store: `python -m bench.glossary_store`. Loading it, and how soon changes hold.

Beside that, messages are matched every 10 ms, as a worker does, to see what loading and rebuilding cost them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.glossary_size import ENDINGS, message, phrase
from glossary import snapshot as snapshots
from glossary.repository import Repository
from glossary.snapshot import Snapshot
from glossary.term import Term, Wording
from store.connect import Store
from store.embedded import Embedded

EVERY = 0.01  # seconds between messages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=100_000)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.terms))


async def run(count: int) -> None:
    pick = random.Random(1)
    terms = [term(pick, f"t{number}") for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="dg", dir="/tmp") as folder:
        server = Embedded(Path(folder))
        server.start()
        try:
            await server.ready()
            store = await Store.open(server.url, prefix="bench", wait=10)
            await measure(Repository(store.client, "bench"), terms, pick)
            await store.close()
        finally:
            await server.stop()


async def measure(repository: Repository, terms: list[Term], pick: random.Random) -> None:
    messages = [message(pick, terms) for _ in range(200)]
    begin = time.perf_counter()
    await repository.put_many(terms, "bench")
    print(f"{len(terms)} terms stored in {time.perf_counter() - begin:.2f} s")
    snapshot = Snapshot(repository)
    begin = time.perf_counter()
    await snapshot.refresh()
    print(f"loaded from the store in {time.perf_counter() - begin:.2f} s")
    async with matched(snapshot, messages, "nothing else going on"):
        await asyncio.sleep(2)

    waits = []
    async with matched(snapshot, messages, "200 changes of one term"):
        for number in range(200):
            await repository.put_many([term(pick, f"t{number}")], "bench")
            begin = time.perf_counter()
            await snapshot.refresh()
            waits.append((time.perf_counter() - begin) * 1e3)
            await asyncio.sleep(0.005)
    print(f"  a change of one term taken over in {sorted(waits)[100]:.1f} ms, at most {max(waits):.1f} ms")

    await repository.put_many([term(pick, f"u{number}") for number in range(snapshots._THICK - 100)], "bench")
    async with matched(snapshot, messages, "all built into one layer again"):
        await snapshot.refresh()
        building = snapshot._building
        assert building is not None
        begin = time.perf_counter()
        await repository.put_many([term(pick, "last")], "bench")
        await snapshot.refresh()
        meanwhile = (time.perf_counter() - begin) * 1e3
        await building
        print(f"built again in {time.perf_counter() - begin:.2f} s; a change of one term meanwhile held "
              f"after {meanwhile:.0f} ms")  # fmt: skip

    news = [term(pick, each.id) for each in terms]
    async with matched(snapshot, messages, "as many terms changed, by the loop of a gateway"):
        await repository.put_many(news, "bench")
    async with matched(snapshot, messages, "taken over by the loop of a worker"):
        begin = time.perf_counter()
        await snapshot.refresh()
        print(f"an import of {len(terms)} terms taken over in {time.perf_counter() - begin:.2f} s")


def term(pick: random.Random, term_id: str) -> Term:
    return Term(term_id, {language: Wording(phrase(pick, language)) for language in ENDINGS})


@asynccontextmanager
async def matched(snapshot: Snapshot, messages: list[str], what: str) -> AsyncIterator[None]:
    """Matches messages in a thread, as the engine's thread does, and tells what they waited."""
    times: list[float] = []
    late: list[float] = []

    def match(number: int) -> float:
        begin = time.perf_counter()
        snapshot.current.match(messages[number % len(messages)], "en", "pt")
        return (time.perf_counter() - begin) * 1e3

    async def go_on() -> None:
        number = 0
        while True:
            due = time.perf_counter() + EVERY
            await asyncio.sleep(EVERY)
            late.append((time.perf_counter() - due) * 1e3)
            times.append(await asyncio.to_thread(match, number))
            number += 1

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        times.sort()
        late.sort()
        print(f"  {what}: {len(times)} messages; match p50 {times[len(times) // 2]:.2f} ms, most {times[-1]:.1f} ms; "
              f"loop late p50 {late[len(late) // 2]:.2f} ms, most {late[-1]:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()

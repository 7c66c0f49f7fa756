"""The worker on a real store, with a fake pipeline: outcomes, languages, faults, the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conversation.events import Translation
from conversation.receipt import Detected
from store.connect import Store
from store.embedded import Embedded
from store.jobs import JobQueue, health
from store.writer import Writer
from tests.translation.crews import Chat, Pipeline, crew_on
from translation import job as jobs
from translation.crew import FEWEST_HELD
from translation.job import Job

Until = Callable[..., Awaitable[Any]]


# --- outcomes --------------------------------------------------------------------------------------------------------


async def test_a_message_gets_its_translation(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        seq = await chat.say("c", "olá @pt")
        found = await chat.outcome("c", seq)
        assert (found.status, found.text, found.source, found.target) == ("done", "OLÁ @PT in en", "pt", "en")
        assert found.receipt is not None
        assert (found.receipt.models, found.receipt.detected) == (("fake",), Detected("pt", 0.99, ("named",)))
        assert 0 < found.receipt.ms < 5000
        assert (await chat.summary("c"))["last_translation"] == "OLÁ @PT in en"
        assert await health(store) == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello @en", ("same", None)),
        ("hallo @de", ("unavailable", "no-model")),
        ("fail", ("failed", "too-long")),
        ("break", ("failed", "engine-error")),
    ],
)
async def test_every_message_gets_an_outcome(
    store: Store, chat: Chat, pipeline: Pipeline, text: str, expected: tuple[str, str | None]
) -> None:
    async with crew_on(store, pipeline):
        found = await chat.outcome("c", await chat.say("c", text))
        assert (found.status, found.reason, found.text) == (*expected, None)
        assert "last_translation" not in await chat.summary("c")


async def test_what_is_no_job_gets_an_outcome_too(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        seq = await chat.send("c", b"nonsense")
        found = await chat.outcome("c", seq)
        assert (found.status, found.reason) == ("failed", "not-understood")


async def test_one_that_breaks_the_pipeline_takes_nobody_along(
    store: Store, chat: Chat, pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    seqs = [await chat.say(f"c{n}", "break" if n == 2 else "olá") for n in range(5)]
    async with crew_on(store, pipeline):
        statuses = [(await chat.outcome(f"c{n}", seq)).status for n, seq in enumerate(seqs)]
    assert statuses == ["done", "done", "failed", "done", "done"]
    assert "RuntimeError" in caplog.text
    assert "no log may show this" not in caplog.text


async def test_the_last_translation_belongs_to_the_last_message(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "um"))
        assert (await chat.summary("c"))["last_translation"] == "UM in en"
        pipeline.gate.clear()
        late = await chat.say("c", "dois")
        await wait_until(lambda: len(pipeline.batches) == 2, "it is in work")
        answer = await chat.say("c", "hi", "agent", source="en")
        pipeline.gate.set()
        await chat.outcome("c", late)
        await chat.outcome("c", answer)
        assert "last_translation" not in await chat.summary("c")


async def test_names_the_missing_model_once(
    store: Store, chat: Chat, pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    async with crew_on(store, pipeline):
        for n in range(3):
            await chat.outcome(f"c{n}", await chat.say(f"c{n}", "geheim @de"))
    assert caplog.text.count("dragoman models fetch de-en") == 1
    assert "geheim" not in caplog.text


async def test_translates_again_for_a_raised_revision(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        seq = await chat.say("c", "olá @es")
        assert (await chat.outcome("c", seq)).source == "es"
        again = jobs.encode(Job("visitor", "olá @es", source="pt", revision=1))
        await store.ask(("XADD", store.keys.jobs(0), "*", "c", "c", "s", seq, "t", 1, "j", again))
        async with asyncio.timeout(10):
            while len(found := [e for e in await chat.events("c") if isinstance(e, Translation)]) < 2:
                await asyncio.sleep(0.01)
        assert [event.source for event in found] == ["es", "pt"]
        assert (await chat.summary("c"))["language"] == "es"


async def pending(store: Store) -> int:
    """Jobs that some worker has."""
    (reply,) = await store.ask(("XPENDING", store.keys.jobs(0), "workers"))
    return int(reply[0])


# --- batches ---------------------------------------------------------------------------------------------------------


async def test_takes_what_waits_once_the_engine_is_free(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline, batch=8):
        pipeline.gate.clear()
        await chat.say("c", "0")
        await wait_until(lambda: pipeline.batches, "the first is in work")
        for n in range(1, 21):
            await chat.say("c", str(n))
        await asyncio.sleep(0.1)
        assert await pending(store) == 1, "what waits is left to workers that are free"
        pipeline.gate.set()
        await chat.outcome("c", 21)
        texts = [[request.text for request in batch] for batch in pipeline.batches]
        assert texts == [["0"], *([str(n) for n in range(first, min(first + 8, 21))] for first in (1, 9, 17))]


async def test_takes_little_before_it_knows_who_else_is_there(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    for n in range(FEWEST_HELD + 8):
        await chat.say(f"c{n}", "olá")
    pipeline.gate.clear()
    async with crew_on(store, pipeline):
        await wait_until(lambda: pipeline.batches, "the first are in work")
        assert await pending(store) == FEWEST_HELD
        pipeline.gate.set()
        await wait_until(lambda: sum(map(len, pipeline.batches)) == FEWEST_HELD + 8, "all are")


async def test_looks_at_the_glossary_before_each_batch(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    versions: list[int] = []
    version = 0

    async def refresh() -> None:
        versions.append(version)

    async with crew_on(store, pipeline, refresh=refresh):
        for version in (1, 2, 3):
            await chat.outcome("c", await chat.say("c", "olá"))
            assert versions[-1] == version


async def test_a_glossary_that_takes_long_holds_up_nobody(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    started = 0

    async def refresh() -> None:
        nonlocal started
        started += 1
        await asyncio.Event().wait()

    async with crew_on(store, pipeline, refresh=refresh):
        await chat.outcome("c", await chat.say("c", "olá"), seconds=2)
        await chat.outcome("c", await chat.say("c", "olá"), seconds=2)
        assert started == 1


async def test_nobody_waits_for_a_long_message(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    long = [await chat.say("c", letter * 3000) for letter in "ab"]
    short = [await chat.say(f"d{n}", "olá") for n in range(3)]
    async with crew_on(store, pipeline):
        for seq in long:
            await chat.outcome("c", seq)
        assert [await chat.outcome(f"d{n}", seq) for n, seq in enumerate(short)]
    assert [[request.text[:3] for request in batch] for batch in pipeline.batches] == [["olá"] * 3, ["aaa"], ["bbb"]]


async def test_long_messages_not_begun_are_given_back(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    for letter in "abc":
        await chat.say("c", letter * 3000)
    pipeline.gate.clear()
    async with crew_on(store, pipeline) as crew:
        await wait_until(lambda: pipeline.batches, "the first is in work")
        crew.stop()
        pipeline.gate.set()
    assert [len(batch) for batch in pipeline.batches] == [1]
    assert (await health(store))[1] == 2


# --- ends ------------------------------------------------------------------------------------------------------------


async def test_stops_with_the_current_batch_done_and_the_rest_given_back(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline, batch=4) as crew:
        pipeline.gate.clear()
        first = await chat.say("c", "0")
        await wait_until(lambda: pipeline.batches, "the first is in work")
        later = {await chat.say("c", str(n)) for n in range(1, 7)}
        crew.stop()
    assert [len(batch) for batch in pipeline.batches] == [1]
    assert set(await chat.outcomes("c")) == {first}
    other = JobQueue(store, "other")
    await other.start()
    rest = await other.read(100, 0)
    assert {claim.seq for claim in rest} == later
    assert {claim.deliveries for claim in rest} == {1}
    assert (await health(store))[:2] == (1, 6)
    await other.close()


async def test_leaves_jobs_of_later_versions_to_newer_workers(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    later = b'{"kind":"later","v":3}'
    async with crew_on(store, pipeline):
        await chat.send("c", later)
        seq = await chat.say("c", "now")
        await chat.outcome("c", seq)
    assert set(await chat.outcomes("c")) == {seq}
    assert await store.ask(("XLEN", store.keys.jobs(0)), ("XLEN", store.keys.parked(0))) == [0, 1]
    newer = JobQueue(store, "newer")
    assert await newer.unpark(3) == 1
    await newer.start()
    assert [claim.payload for claim in await newer.read(10, 0)] == [later]
    await newer.close()


async def test_goes_on_after_the_store_was_away(own_server: Embedded, pipeline: Pipeline, wait_until: Until) -> None:
    await own_server.ready()
    store = await Store.open(own_server.url)
    writer = Writer(store)
    await writer.start()
    chat = Chat(store, writer)
    async with crew_on(store, pipeline):
        pipeline.gate.clear()
        seqs = [await chat.say("c", f"{n}") for n in range(5)]
        await wait_until(lambda: pipeline.batches, "a batch is in work")
        assert own_server.pid is not None
        os.kill(own_server.pid, signal.SIGKILL)
        await wait_until(lambda: not writer.up, "the store is gone")
        pipeline.gate.set()
        await asyncio.sleep(0.3)  # the outcomes find nobody
        own_server.start()
        await wait_until(lambda: writer.up, "the store is back")
        for seq in seqs:
            assert (await chat.outcome("c", seq)).status == "done"
        assert (await chat.outcome("c", await chat.say("c", "more"))).text == "MORE in en"
    await writer.close()
    await store.close()


async def test_two_that_finish_one_job_write_one_outcome(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker is so slow that it is taken for dead, and comes back after another has done its work."""
    heartbeat = JobQueue.heartbeat

    async def unless_slow(queue: JobQueue) -> None:
        if queue._worker != "slow":
            await heartbeat(queue)

    monkeypatch.setattr(JobQueue, "heartbeat", unless_slow)
    quick = Pipeline()
    async with crew_on(store, pipeline, "slow"):
        pipeline.gate.clear()
        seq = await chat.say("c", "olá")
        await wait_until(lambda: pipeline.batches, "the slow one has it")
        async with crew_on(store, quick, "quick"):
            assert (await chat.outcome("c", seq)).status == "done"
            assert [request.text for batch in quick.batches for request in batch] == ["olá"]
            pipeline.gate.set()
            await wait_until(lambda: pipeline.finished, "the slow one is done too")
    assert set(await chat.outcomes("c")) == {seq}


# --- deaths: real processes ------------------------------------------------------------------------------------------

_PROCESS = """
import asyncio, os, sys, time
from conversation.receipt import Detected, Receipt
from store.connect import Store
from translation import crew, worker
from translation.language import State
from translation.request import Done
from translation.speakers import Rules

class Pipeline:
    def translate(self, requests):
        for request in requests:
            if request.text == "poison":
                os.kill(os.getpid(), 9)
            if request.text == "hang":
                time.sleep(60)
            if request.text == "slow":
                time.sleep(0.1)
        return [Done(request.text.upper(), Receipt()) for request in requests]

def detect(evidence, state):
    return State({"pt": 1.0}, "pt"), Detected("pt", 1.0)

async def main():
    store = await Store.open(sys.argv[1], prefix=sys.argv[2])
    await worker.work(store, Pipeline(), detect, Rules("en"), batch=8)
    await store.close()

crew.LONGEST_BATCH = float(sys.argv[3])
asyncio.run(main())
"""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(store_url: str, prefix: str, tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def start_one(longest_batch: float = 60.0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _PROCESS, store_url, prefix, str(longest_batch)]
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as output:
            started.append(subprocess.Popen(command, stderr=output))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.wait()


async def test_a_killed_worker_loses_nothing(store: Store, chat: Chat, start: Start, wait_until: Until) -> None:
    first = start()
    await wait_until(lambda: _alive(store, 1), "a worker is there")
    seqs = {n: [await chat.say(f"c{n}", "slow") for _ in range(3)] for n in range(8)}
    await wait_until(lambda: _some(chat, 8), "some are done")
    first.kill()
    second = start()
    for n, numbers in seqs.items():
        for seq in numbers:
            assert (await chat.outcome(f"c{n}", seq, seconds=20)).text == "SLOW"
    found = await health(store)
    assert (found.workers, found.waiting) == (1, 0)
    second.terminate()
    assert await asyncio.to_thread(second.wait, 5) == 0


async def test_a_message_that_kills_workers_ends_in_a_failure_alone(
    store: Store, chat: Chat, start: Start, wait_until: Until
) -> None:
    """It kills two workers, is not tried a third time, and everybody who sat in a batch with it is translated."""
    seqs = [await chat.say(f"c{n}", "poison" if n == 3 else "olá") for n in range(8)]
    for _ in range(2):
        process = start()
        await asyncio.to_thread(process.wait, 20)
        assert process.returncode == -signal.SIGKILL
    start()
    outcomes = [await chat.outcome(f"c{n}", seq, seconds=20) for n, seq in enumerate(seqs)]
    assert [(each.status, each.reason) for each in outcomes] == [
        ("failed", "worker-died") if n == 3 else ("done", None) for n in range(8)
    ]
    await wait_until(lambda: _names(store, 1), "the dead are forgotten")


async def test_a_worker_that_hangs_ends_itself(store: Store, chat: Chat, start: Start, tmp_path: Path) -> None:
    process = start(longest_batch=1.0)
    seq = await chat.say("c", "hang")
    assert await asyncio.to_thread(process.wait, 15) != 0
    assert "translate" in (tmp_path / "worker-0.log").read_text(), "it says where it hung"
    for _ in range(2):
        start(longest_batch=1.0)
    assert (await chat.outcome("c", seq, seconds=20)).reason == "worker-died"


async def test_a_stopped_worker_finishes_its_batch(store: Store, chat: Chat, start: Start, wait_until: Until) -> None:
    process = start()
    await wait_until(lambda: _alive(store, 1), "a worker is there")
    seqs = [await chat.say("c", "slow") for _ in range(20)]
    await wait_until(lambda: _some(chat, 1, "c"), "some are done")
    process.terminate()
    assert await asyncio.to_thread(process.wait, 10) == 0
    done = await chat.outcomes("c")
    assert 0 < len(done) < 20
    start()
    for seq in seqs:
        assert (await chat.outcome("c", seq, seconds=20)).status == "done"


async def _alive(store: Store, number: int) -> bool:
    return (await health(store)).workers == number


async def _some(chat: Chat, number: int, conversation: str | None = None) -> bool:
    names = [conversation] if conversation else [f"c{n}" for n in range(8)]
    return sum([len(await chat.outcomes(name)) for name in names]) >= number


async def _names(store: Store, number: int) -> bool:
    (reply,) = await store.ask(("XINFO", "CONSUMERS", store.keys.jobs(0), "workers"))
    return len(reply) == number

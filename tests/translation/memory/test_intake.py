"""Workers ask the memory once a batch, and do without where it cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from conversation.events import Message, encode
from conversation.receipt import Detected
from store.append import Append
from store.connect import Store
from store.errors import StoreUnavailable
from store.jobs import JobQueue
from store.writer import Writer
from translation import job as jobs
from translation.intake import Intake
from translation.job import Job
from translation.language.state import State
from translation.memory.choose import Remembered
from translation.memory.pair import Pair
from translation.memory.repository import Repository
from translation.outcome import Task
from translation.speakers import Rules


def detect(evidence: Any, state: State | None) -> tuple[State, Detected]:
    return State({"pt": 1.0}, "pt", 1), Detected("pt", 0.9)


async def prepared(store: Store, writer: Writer, recall: Any, *texts: str) -> list[Task]:
    queue = JobQueue(store, "worker")
    await queue.start()
    try:
        for index, text in enumerate(texts):
            job = jobs.encode(Job("visitor", text))
            await writer.append(Append(f"c{index}", encode(Message("id", "visitor", text)), job=job))
        claims = await queue.read(100, 1000)
        intake = Intake(store, writer, queue, detect, Rules("en", ()), recall=recall)
        tasks: list[Task] = []
        tasks += await intake.prepare(claims)
        intake.close()
        return tasks
    finally:
        await queue.close()


async def test_tasks_carry_what_is_remembered(store: Store, writer: Writer) -> None:
    memory = Repository(store)
    await memory.put([Pair(source_language="pt", target_language="en", source="Olá!", target="Hello!")])
    calls: list[Any] = []

    async def recall(wishes: Sequence[tuple[str, str, str]]) -> Any:
        calls.append(list(wishes))
        return await memory.look_up(wishes)

    tasks = await prepared(store, writer, recall, "olá", "Outra coisa")
    assert len(calls) == 1
    requests = [task.request for task in tasks]
    assert [request.remembered for request in requests if request] == [(Remembered("Hello", same=False),), ()]


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ValueError("damaged")])
async def test_a_memory_that_fails_costs_no_message(store: Store, writer: Writer, error: Exception) -> None:
    async def recall(wishes: Sequence[tuple[str, str, str]]) -> Any:
        raise error

    tasks = await prepared(store, writer, recall, "Olá", "Tudo bem?")
    requests = [task.request for task in tasks]
    assert [(request.text, request.remembered) for request in requests if request] == [("Olá", ()), ("Tudo bem?", ())]

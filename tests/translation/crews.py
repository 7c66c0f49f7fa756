"""Workers on a real store with a fake pipeline, and a chat that gives them work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from conversation import events
from conversation.events import LanguageSet, Message, Role, Translation
from conversation.receipt import Detected, Receipt
from store.append import Append, Update
from store.connect import Store
from store.jobs import JobQueue
from store.streams import read_events, summaries
from store.writer import Writer
from translation import job as jobs
from translation.crew import Crew
from translation.intake import Intake
from translation.job import Job
from translation.language import Evidence, State
from translation.request import Done, Failed, Outcome, Request, Same, Unavailable
from translation.speakers import Rules


class Pipeline:
    """Upper-cases. What else it does is asked for by the text."""

    def __init__(self) -> None:
        self.batches: list[list[Request]] = []
        self.finished = 0
        self.gate = threading.Event()
        self.gate.set()

    def translate(self, requests: Sequence[Request]) -> list[Outcome]:
        self.batches.append(list(requests))
        self.gate.wait(10)
        outcomes = [self._one(request) for request in requests]
        self.finished += 1
        return outcomes

    @staticmethod
    def _one(request: Request) -> Outcome:
        if request.text == "break":
            raise RuntimeError(f"no log may show this: {request.text}")
        if request.source.partition("-")[0] == request.target.partition("-")[0]:
            return Same()
        if "de" in (request.source, request.target):
            return Unavailable("no-model")
        if request.text == "fail":
            return Failed("too-long")
        return Done(f"{request.text.upper()} in {request.target}", Receipt(models=("fake",)))


class NoWatchdog:
    def begin(self, seconds: float) -> None: ...

    def end(self) -> None: ...


def detect(evidence: Evidence, state: State | None) -> tuple[State, Detected]:
    """The language is named in the text, else it stays."""
    named = next((word[1:] for word in evidence.text.split() if word.startswith("@")), None)
    before = state or State()
    if named is None:
        known = before.language or "pt"
        return State({known: 1.0}, known, before.messages + 1, before.chosen), Detected(known, 0.9 if state else 0.5)
    plain = named.partition("-")[0]
    return State({plain: 1.0}, named, before.messages + 1), Detected(plain, 0.99, ("named",))


@asynccontextmanager
async def crew_on(store: Store, pipeline: Any, name: str = "crew", **options: Any) -> AsyncIterator[Crew]:
    writer = Writer(store)
    await writer.start()
    queue = JobQueue(store, name)
    await queue.start()
    rules = Rules("en", options.pop("shop_languages", ()))
    intake = Intake(store, writer, queue, detect, rules, refresh=options.pop("refresh", None))
    crew = Crew(intake, queue, pipeline, writer, watchdog=NoWatchdog(), **options)
    running = asyncio.create_task(crew.run())
    try:
        yield crew
    finally:
        crew.stop()
        pipeline.gate.set()
        await asyncio.wait_for(running, 10)
        await queue.close()
        await writer.close()


class Chat:
    """Sends messages as a gateway does, and reads what became of them."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self.store, self.writer = store, writer

    async def say(self, conversation: str, text: str, role: str = "visitor", **job: Any) -> int:
        message = Message("id", role, text)  # type: ignore[arg-type]
        payload = jobs.encode(Job(role, text, **job))  # type: ignore[arg-type]
        return await self.send(conversation, payload, events.encode(message), role)

    async def send(self, conversation: str, payload: bytes, event: bytes = b"{}", role: str = "visitor") -> int:
        updates = (Update("set", "last_seq", "@seq"), Update("del", "last_translation"))
        return (await self.writer.append(Append(conversation, event, job=payload, updates=updates))).seq

    async def events(self, conversation: str) -> list[Any]:
        found = await read_events(self.store, conversation, limit=10_000)
        return [events.decode_event(event.payload) for event in found if event.payload != b"{}"]

    async def outcomes(self, conversation: str) -> dict[int, Translation]:
        found = [event for event in await self.events(conversation) if isinstance(event, Translation)]
        assert len({event.of for event in found}) == len(found), "a message has two outcomes"
        return {event.of: event for event in found}

    async def outcome(self, conversation: str, seq: int, seconds: float = 10.0) -> Translation:
        async with asyncio.timeout(seconds):
            while (found := (await self.outcomes(conversation)).get(seq)) is None:
                await asyncio.sleep(0.01)
        return found

    async def set_language(self, conversation: str, language: str, by: Role = "visitor") -> int:
        """A person sets the visitor's language."""
        fields = {"language": language, "language_by": by, "language_ask": "-"}
        event = events.encode(LanguageSet(language, by))
        updates = tuple(Update("set", field, value) for field, value in fields.items())
        job = jobs.retranslate(by, language)
        return (await self.writer.append(Append(conversation, event, job=job, updates=updates))).seq

    async def summary(self, conversation: str) -> dict[str, str]:
        return (await summaries(self.store, [conversation]))[0]

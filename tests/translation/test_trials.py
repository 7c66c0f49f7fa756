"""Trials, counts and changes of the glossary in a worker: a real store and crew, an engine without a model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from conversation.receipt import Receipt, TermUse
from glossary.repository import Repository
from glossary.snapshot import Snapshot
from glossary.term import Term, Wording
from glossary.trial import NoAnswer, Text, Trials
from glossary.use import Use, Uses
from store.connect import Store
from tests.translation.crews import Chat, Pipeline, crew_on
from translation.engines.base import Engine
from translation.engines.echo import Echo
from translation.request import Done, Outcome, Request
from translation.trials import Bench, serve
from translation.usage import Usage

Until = Callable[..., Awaitable[Any]]
ORDER = Term("order", {"en": Wording("order"), "pt": Wording("pedido")})


class Engines:
    def get(self, source: str, target: str) -> Engine | None:
        return None if target == "de" else Echo(source, target)

    def why_not(self, source: str, target: str) -> str | None:
        return "no-model"


@dataclass
class Worker:
    repository: Repository
    snapshot: Snapshot
    trials: Trials


@asynccontextmanager
async def worker(store: Store, prefix: str, pipeline: Pipeline, **options: Any) -> AsyncIterator[Worker]:
    repository, trials = Repository(store.client, prefix), Trials(store.client, prefix)
    snapshot = Snapshot(repository)
    async with crew_on(store, pipeline, refresh=snapshot.refresh, **options) as crew:
        serving = asyncio.create_task(
            serve(trials, Bench(Engines(), lambda: snapshot.current), crew.aside, snapshot.refresh)
        )
        try:
            yield Worker(repository, snapshot, trials)
        finally:
            while not serving.done():  # redis-py may lose a cancellation
                serving.cancel()
                await asyncio.wait([serving], timeout=1)


async def test_a_text_is_said_without_and_with_drafts(store: Store, prefix: str, pipeline: Pipeline) -> None:
    async with worker(store, prefix, pipeline) as at:
        await at.repository.add(ORDER, "mia")
        draft = replace(ORDER, wordings={"en": Wording("order"), "pt": Wording("encomenda")}, status="draft")
        answer = await at.trials.ask([Text("my order", "en", "pt"), Text("x", "en", "de")], drafts=[draft])
        (plain, stored, drafted), other = answer.said
        assert [each.text for each in (plain, stored, drafted)] == ["my order", "my pedido", "my encomenda"]
        assert ([use.status for use in drafted.terms], plain.terms) == (["applied"], ())
        assert [(each.status, each.reason) for each in other] == [("unavailable", "no-model")] * 3
        again = await at.trials.ask([Text("my order", "en", "pt")], ways=["stored"])
        assert again.said[0][0].text == "my pedido", "a trial leaves nothing behind"


async def test_stored_drafts_and_scopes_can_be_tried(store: Store, prefix: str, pipeline: Pipeline) -> None:
    async with worker(store, prefix, pipeline) as at:
        await at.repository.add(replace(ORDER, status="draft"), "mia")
        await at.repository.add(replace(ORDER, id="o2", scope=("line:x",), wordings={
            "en": Wording("box"), "pt": Wording("caixa")}), "mia")  # fmt: skip
        ask = [Text("order box", "en", "pt")]
        [said] = (await at.trials.ask(ask, all_drafts=True)).said
        assert [each.text for each in said] == ["order box", "order box", "pedido box"]
        [said] = (await at.trials.ask(ask, ways=["stored"], scope=["line:x"])).said
        assert said[0].text == "order caixa"


async def test_a_change_reaches_an_idle_worker_within_a_second(store: Store, prefix: str, pipeline: Pipeline) -> None:
    async with worker(store, prefix, pipeline) as at:
        longest = 0.0
        for number in range(5):
            version = await at.repository.put_many([replace(ORDER, note=str(number))], "mia")
            began = time.monotonic()
            while at.snapshot.current.version != version:
                assert time.monotonic() - began < 10
                await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - began)
        assert longest < 1.5  # a second, and something for a busy machine


async def test_messages_are_counted_shortly_after_they_are_stored(
    store: Store, prefix: str, chat: Chat, wait_until: Until
) -> None:
    class Terms(Pipeline):
        def _said(self, request: Request) -> Outcome:
            uses = (
                TermUse("order", "a", "b", "applied", "aligned"),
                TermUse("box", "a", "b", "missed", "no-alignment"),
            )
            return Done(request.text, Receipt(terms=uses))

        def translate(self, requests: Any) -> list[Outcome]:
            return [self._said(request) for request in requests]

    uses = Uses(store.client, prefix)
    usage = Usage(uses)
    async with worker(store, prefix, Terms(), note=usage.note):
        seq = await chat.say("c", "olá")
        await chat.outcome("c", seq)
        assert await uses.of(["order"]) == [Use()], "nothing is counted on the message's way"
        await usage.flush()
    [order, box] = await uses.of(["order", "box"])
    assert ((order.applied, order.missed), (box.applied, box.missed)) == ((1, 0), (0, 1))
    [message] = await uses.messages("box")
    assert (message.conversation, message.seq, message.how) == ("c", seq, "no-alignment")
    assert message.when == order.last_seen > 1_600_000_000_000


async def test_counts_wait_for_a_store_that_is_away(tmp_path: object) -> None:
    store = Store(f"unix://{tmp_path}/no.sock")
    usage = Usage(Uses(store.client))
    task: Any = type("T", (), {"job": type("J", (), {"revision": 0}), "claim": type("C", (), {
        "conversation": "c", "seq": 1, "ts": 1})})  # fmt: skip
    usage.note(task, Done("x", Receipt(terms=(TermUse("order", "a", "b", "applied"),))))
    await usage.flush()
    assert [met.term for met in usage._met] == ["order"]
    await store.close()


async def test_nobody_answers(store: Store, prefix: str) -> None:
    trials = Trials(store.client, prefix)
    with pytest.raises(NoAnswer):
        await trials.ask([Text("x", "en", "pt")], patience=0.1)
    assert await trials.next() is None, "a question that nobody waits for any more is gone"

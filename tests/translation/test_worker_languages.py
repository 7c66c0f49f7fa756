"""The worker on a real store: whose language is which, asking, corrections."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from crews import Chat, Pipeline, crew_on, detect

from conversation.events import LanguageSet, Translation
from conversation.receipt import Detected
from store.append import Append, Update
from store.connect import Store
from translation.language import Evidence, State

Until = Callable[..., Awaitable[Any]]


async def test_tells_when_a_language_becomes_known_and_when_it_changes(
    store: Store, chat: Chat, pipeline: Pipeline
) -> None:
    async with crew_on(store, pipeline):
        for text in ("hm", "olá @pt", "sim", "hola @es", "bien"):
            await chat.outcome("c", await chat.say("c", text))
        found = await chat.events("c")
        told = [event.language for event in found if isinstance(event, LanguageSet)]
        assert told == ["pt", "es"]
        sources = [event.source for event in found if isinstance(event, Translation)]
        assert sources == ["pt", "pt", "pt", "es", "es"]
        summary = await chat.summary("c")
        assert (summary["language"], summary["language_by"]) == ("es", "detected")
        assert '"messages":5' in summary["language_state"], "the state is handed on from message to message"


async def test_messages_of_one_batch_know_of_each_other(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    seqs = [await chat.say("c", text) for text in ("olá @it", "sim", "sim")]
    async with crew_on(store, pipeline):
        assert [(await chat.outcome("c", seq)).source for seq in seqs] == ["it", "it", "it"]
        told = [event.language for event in await chat.events("c") if isinstance(event, LanguageSet)]
        assert told == ["it"]


async def test_an_agent_is_translated_into_the_language_of_the_visitor(
    store: Store, chat: Chat, pipeline: Pipeline
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "hola @es"))
        found = await chat.outcome("c", await chat.say("c", "hello", "agent", source="en"))
        assert (found.source, found.target, found.text) == ("en", "es", "HELLO in es")
        assert found.receipt is not None
        assert found.receipt.detected is None


@pytest.mark.parametrize(
    ("known", "target"),
    [
        ({"page_locale": "pt-BR", "accept_language": "fr"}, "pt"),
        ({"accept_language": "it-IT,it;q=0.9,en;q=0.5"}, "it"),
        ({}, "nl"),
    ],
)
async def test_a_visitor_who_has_not_written_yet(
    store: Store, chat: Chat, pipeline: Pipeline, known: dict[str, str], target: str
) -> None:
    await chat.writer.append(Append("c", updates=tuple(Update("set", field, value) for field, value in known.items())))
    async with crew_on(store, pipeline, shop_languages=("nl", "pt")):
        found = await chat.outcome("c", await chat.say("c", "hello", "agent", source="en"))
        assert (found.status, found.target) == ("done", target)
        asked = await chat.outcome("c", await chat.say("c", "hello", "agent", source="en", target="fr"))
        assert asked.target == "fr"


async def test_a_visitor_of_whom_nothing_is_known(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        found = await chat.outcome("c", await chat.say("c", "hello", "agent", source="en"))
        assert (found.status, found.reason, found.target) == ("unavailable", "no-language", "und")


async def test_a_language_set_by_hand_holds(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "olá @pt"))
        by_hand = (Update("set", "language", "pt-BR"), Update("set", "language_by", "agent"))
        await chat.writer.append(Append("c", b"{}", updates=by_hand))
        assert (await chat.outcome("c", await chat.say("c", "ok"))).source == "pt-BR"
        summary = await chat.summary("c")
        assert (summary["language"], summary["language_by"]) == ("pt-BR", "agent")
        assert '"chosen":"pt-BR"' in summary["language_state"]


async def test_what_is_set_by_hand_meanwhile_is_not_overwritten(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    """The visitor picks her language while a worker makes up its mind about a message from before."""
    deciding, go_on = threading.Event(), threading.Event()

    def slow(evidence: Evidence, state: State | None) -> tuple[State, Detected]:
        deciding.set()
        go_on.wait(10)
        return detect(evidence, state)

    async with crew_on(store, pipeline) as crew:
        crew._intake._detect = slow
        seq = await chat.say("c", "hola @es")
        await asyncio.to_thread(deciding.wait, 10)
        by_hand = (Update("set", "language", "pt"), Update("set", "language_by", "visitor"))
        await chat.writer.append(Append("c", b"{}", updates=by_hand))
        go_on.set()
        await chat.outcome("c", seq)
        summary = await chat.summary("c")
        assert (summary["language"], summary["language_by"]) == ("pt", "visitor")
        assert not [event for event in await chat.events("c") if isinstance(event, LanguageSet)]

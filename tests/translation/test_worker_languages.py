"""The worker on a real store: whose language is which, asking, corrections."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from conversation import events
from conversation.events import Ask, LanguageSet, Translation
from conversation.receipt import Detected
from store.append import Append, Appended, Update
from store.connect import Store
from store.errors import StoreUnavailable
from store.jobs import health
from store.streams import fields_of
from store.writer import Writer
from tests.translation.crews import Chat, Pipeline, crew_on, detect
from translation import job as jobs
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


# --- asking ----------------------------------------------------------------------------------------------------------


async def _asked(store: Store) -> list[tuple[str, ...]]:
    """What the feed told about questions, in order."""
    (entries,) = await store.ask(("XRANGE", store.keys.feed(0), "-", "+"))
    told = [events.decode_feed(fields_of(entry[1])[b"e"]) for entry in entries if b"ask" in fields_of(entry[1])[b"e"]]
    return [each.languages for each in told if isinstance(each, Ask)]


async def test_asks_while_unsure_and_takes_the_question_away_when_sure(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline, shop_languages=("nl", "pt-BR")):
        seq = await chat.say("c", "hm", page_locale="es-MX", accept_language="it,en;q=0.5")
        assert (await chat.outcome("c", seq)).status == "done", "the chat goes on meanwhile"
        await wait_until(lambda: _field(chat, "language_ask", "pt es it en"), "she is asked")
        await chat.outcome("c", await chat.say("c", "olá @pt"))
        await wait_until(lambda: _field(chat, "language_ask", None), "it is clear now")
    assert await _asked(store) == [("pt", "es", "it", "en"), ()]


async def test_never_asks_again_after_an_answer(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:  # fmt: skip
    def unsure(evidence: Evidence, state: State | None) -> tuple[State, Detected]:
        return State({"pt": 0.5, "es": 0.4}, "pt"), Detected("pt", 0.5)

    async with crew_on(store, pipeline) as crew:
        crew._intake._detect = unsure
        await chat.outcome("c", await chat.say("c", "hm"))
        await wait_until(lambda: _field(chat, "language_ask", "pt es"), "she is asked")
        await chat.set_language("c", "es", "agent")
        for text in ("hm?", "hm!"):
            await chat.say("c", text)
        await wait_until(lambda: _idle(store), "all is done")
    assert (await chat.summary("c"))["language_ask"] == "-"
    assert await _asked(store) == [("pt", "es")]


async def test_an_answer_that_comes_meanwhile_is_not_asked_for(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    deciding, go_on = threading.Event(), threading.Event()

    def slow(evidence: Evidence, state: State | None) -> tuple[State, Detected]:
        deciding.set()
        go_on.wait(10)
        return detect(evidence, state)

    async with crew_on(store, pipeline) as crew:
        crew._intake._detect = slow
        seq = await chat.say("c", "hm")
        await asyncio.to_thread(deciding.wait, 10)
        await chat.set_language("c", "pt")
        go_on.set()
        await chat.outcome("c", seq)
    assert (await chat.summary("c"))["language_ask"] == "-"
    assert await _asked(store) == []


async def _field(chat: Chat, field: str, value: str | None) -> bool:
    return (await chat.summary("c")).get(field) == value


# --- corrections -----------------------------------------------------------------------------------------------------


async def _translations(chat: Chat, number: int) -> list[tuple[int, str, str, str | None]]:
    """Message, source, target and text of every outcome, once there are so many."""
    async with asyncio.timeout(10):
        while True:
            found = [event for event in await chat.events("c") if isinstance(event, Translation)]
            if len(found) >= number:
                return [(event.of, event.source, event.target, event.text) for event in found]
            await asyncio.sleep(0.01)


async def _idle(store: Store) -> bool:
    return (await health(store)).waiting == 0


async def test_what_was_mistaken_is_translated_again_once(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        hers = await chat.say("c", "oi @es")
        await chat.outcome("c", hers)
        his = await chat.say("c", "hello", "agent", source="en")
        await chat.outcome("c", his)
        at = await chat.set_language("c", "pt-BR", "agent")
        found = await _translations(chat, 4)
        assert found[2:] == [(hers, "pt-BR", "en", "OI @ES in en"), (his, "en", "pt-BR", "HELLO in pt-BR")]
        assert [request.text for request in pipeline.batches[-1]] == ["oi @es", "hello"], "in one batch"
        again = [event for event in await chat.events("c") if isinstance(event, Translation)][2]
        assert again.receipt is not None
        assert again.receipt.detected == Detected("pt", 1.0, ("chosen:pt-BR",))
        await wait_until(lambda: _idle(store), "the job is done")
        # The same job once more, as after a worker's death: nothing is left to do.
        payload = jobs.retranslate("agent", "pt-BR")
        await store.ask(("XADD", store.keys.jobs(0), "*", "c", "c", "s", at, "t", 1, "j", payload))
        await wait_until(lambda: _idle(store), "it is done again")
    assert await _translations(chat, 4) == found


async def test_a_job_that_another_worker_left_half_done_is_finished_without_repeats(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    seqs = []
    async with crew_on(store, pipeline):
        for text in ("um @es", "dois @es"):
            seqs.append(await chat.say("c", text))
            await chat.outcome("c", seqs[-1])
    at = await chat.set_language("c", "pt")
    first = Translation(seqs[0], "pt", "en", "done", "by the one that died")
    await chat.writer.append(Append("c", events.encode(first), once=f"t:{seqs[0]}::{at}"))
    async with crew_on(store, pipeline):
        await wait_until(lambda: _idle(store), "the job is done")
    texts = [text for *_, text in (await _translations(chat, 4))[2:]]
    assert texts == ["by the one that died", "DOIS @ES in en"]


async def test_a_job_ends_only_when_all_that_it_led_to_is_stored(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, lost, mended = Writer.submit, 0, False

    def losing_one(writer: Writer, append: Append) -> asyncio.Future[Appended]:
        nonlocal lost
        if mended or not append.once.startswith("t:1::4"):
            return submit(writer, append)
        lost += 1
        future: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        future.set_exception(StoreUnavailable("just then"))
        return future

    monkeypatch.setattr("translation.crew.PROBE", 0.01)
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "oi @es"))
        monkeypatch.setattr(Writer, "submit", losing_one)
        assert await chat.set_language("c", "pt") == 4
        await wait_until(lambda: lost > 5, "an outcome is lost again and again")
        assert not await _idle(store), "the job is still there for others"
        mended = True
        await wait_until(lambda: _idle(store), "the job is done")
        assert len(await _translations(chat, 2)) == 2


async def test_what_she_wrote_in_another_language_beyond_doubt_stays(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        for text in ("Buenos días, quiero devolver los zapatos que compré @es", "ok @es"):
            await chat.outcome("c", await chat.say("c", text))
        await chat.set_language("c", "pt")
        await wait_until(lambda: _idle(store), "the job is done")
        assert [(of, source) for of, source, *_ in (await _translations(chat, 3))[2:]] == [(4, "pt")]


async def test_of_two_corrections_the_last_holds(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:  # fmt: skip
    async with crew_on(store, pipeline):
        seq = await chat.say("c", "oi @pt")
        await chat.outcome("c", seq)
    await chat.set_language("c", "es")
    await chat.set_language("c", "it")
    async with crew_on(store, pipeline):
        await wait_until(lambda: _idle(store), "both are done")
    assert [source for _, source, *_ in await _translations(chat, 2)] == ["pt", "it"]


async def test_a_correction_is_dropped_when_the_next_one_overtakes_it(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "oi @pt"))
        pipeline.gate.clear()
        await chat.set_language("c", "es")
        await wait_until(lambda: len(pipeline.batches) == 2, "the mistake is in work")
        await chat.set_language("c", "pt")
        pipeline.gate.set()
        await wait_until(lambda: _idle(store), "both are done")
    assert [source for _, source, *_ in await _translations(chat, 1)] == ["pt"]


async def test_a_late_outcome_does_not_come_after_the_corrected_one(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    """One worker still translates the message as Spanish while another already does it as Portuguese."""
    quick = Pipeline()
    async with crew_on(store, pipeline, "slow"):
        pipeline.gate.clear()
        seq = await chat.say("c", "oi @es")
        await wait_until(lambda: pipeline.batches, "the slow one has it")
        async with crew_on(store, quick, "quick"):
            await chat.set_language("c", "pt")
            assert (await _translations(chat, 1))[0][:2] == (seq, "pt")
        pipeline.gate.set()
        await wait_until(lambda: _idle(store), "the slow one is done too")
    assert [source for _, source, *_ in await _translations(chat, 1)] == ["pt"]


async def test_without_anything_to_correct_the_job_just_ends(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "oi @pt"))
        await chat.set_language("c", "pt")
        await wait_until(lambda: _idle(store), "the job is done")
    assert len(pipeline.batches) == 1


async def test_a_switch_that_is_detected_changes_nothing_of_before(
    store: Store, chat: Chat, pipeline: Pipeline, wait_until: Until
) -> None:
    async with crew_on(store, pipeline):
        for text in ("oi @pt", "hola @es"):
            await chat.outcome("c", await chat.say("c", text))
        await wait_until(lambda: _idle(store), "all is done")
    assert len(await _translations(chat, 2)) == 2


# --- agents who write her language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claro, já vou verificar a sua encomenda.", ("same", "pt")),
        ("> onde está a minha encomenda?", ("same", "pt")),
        ("Of course, I will check your order.", ("done", "en")),
        ("ok", ("done", "en")),
    ],
)
async def test_an_agent_who_writes_her_language_is_not_translated(
    store: Store, chat: Chat, pipeline: Pipeline, text: str, expected: tuple[str, str]
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "olá @pt"))
        found = await chat.outcome("c", await chat.say("c", text, "agent", source="en"))
    assert (found.status, found.source, found.target) == (*expected, "pt")


async def test_an_agents_language_is_looked_at_again_when_hers_is_corrected(
    store: Store, chat: Chat, pipeline: Pipeline
) -> None:
    """He answered in Portuguese, which was taken for English while she was taken for a Spaniard."""
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "oi @es"))
        his = await chat.say("c", "Claro, já vou verificar a sua encomenda.", "agent", source="en")
        assert (await chat.outcome("c", his)).source == "en"
        await chat.set_language("c", "pt", "agent")
        assert (his, "pt", "pt", None) in await _translations(chat, 4)


async def test_a_message_in_two_languages_is_translated_in_parts(store: Store, chat: Chat, pipeline: Pipeline) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "oi @pt"))
        await chat.outcome("c", await chat.say("c", "My order has not arrived yet. Pode me ajudar com isso?"))
        await chat.outcome(
            "c", await chat.say("c", "You have asked us this: onde está o meu pedido?", "agent", source="en")
        )
        await chat.outcome(
            "c", await chat.say("c", "Here is your question.\nOnde está o meu pedido?", "agent", source="en")
        )
        wanted = [request for batch in pipeline.batches for request in batch]
        assert [[part.language for part in request.parts] for request in wanted] == [
            [],
            ["en", "pt"],
            ["en", "pt"],
            ["en", "pt"],
        ]


async def test_her_variant_chooses_the_terms_and_is_not_told_as_another_language(
    store: Store, chat: Chat, pipeline: Pipeline
) -> None:
    async with crew_on(store, pipeline):
        first = await chat.outcome("c", await chat.say("c", "oi @pt-BR"))
        answer = await chat.outcome("c", await chat.say("c", "hello", "agent", source="en"))
        wanted = [(each.source, each.target) for batch in pipeline.batches for each in batch]
        assert wanted == [("pt-BR", "en"), ("en", "pt-BR")]
        assert (first.source, first.target, answer.source, answer.target) == ("pt", "en", "en", "pt")

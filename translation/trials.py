"""Texts translated on trial: with the glossary as it is, without it, and with terms that are not stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from glossary.matcher import Matcher
from glossary.trial import Answer, Question, Said, Trials
from store.connect import PROBE
from store.errors import StoreError
from translation.counterpart import counterparts
from translation.normalise import Steps
from translation.pipeline import Pipeline
from translation.request import Done, EngineProvider, Failed, Outcome, Request, Same, Unavailable

log = logging.getLogger(__name__)


class Aside(Protocol):
    """Runs work in the engine's thread, between batches: ``translation.crew.Crew.aside``."""

    def __call__(self, work: Callable[[], Answer], /) -> Awaitable[Answer]: ...


class Bench:
    """Answers questions in the engine's thread, beside the pipeline of the messages and on the same engines."""

    def __init__(self, engines: EngineProvider, glossary: Callable[[], Matcher]) -> None:
        """``glossary``: the terms as they are stored."""
        self._glossary = glossary
        self._now: Matcher | None = None
        self._pipeline = Pipeline(engines, lambda: self._now)
        # What is always said the same way has no alignment.
        self._aligned = Pipeline(engines, lambda: None, Steps(phrases=False, wording=False))

    def answer(self, question: Question) -> Answer:
        stored = self._glossary()
        terms = list(question.drafts)
        if question.all_drafts:
            terms += [term for term in stored.terms() if term.status == "draft"]
        changes = {term.id: replace(term, status="approved") if term.status == "draft" else term for term in terms}
        scope = frozenset(question.scope)
        requests = [Request(each.text, each.source, each.target, scope=scope) for each in question.texts]
        columns: list[list[Said]] = []
        for way in question.ways:
            matcher = stored.changed(dict(changes), stored.version) if way == "drafts" else stored
            self._now = None if way == "none" else matcher
            columns.append([_said(outcome) for outcome in self._pipeline.translate(requests)])
        self._now = None
        found = counterparts(self._aligned, question.marked)
        return Answer(tuple(zip(*columns, strict=True)), tuple(found))


async def serve(trials: Trials, bench: Bench, aside: Aside, refresh: Callable[[], Awaitable[object]]) -> None:
    """Answers questions, one after the other, until cancelled.

    ``refresh`` brings the glossary up to date; it is called at least every second, so that a worker that has nothing
    to do knows of changes too.
    """
    while True:
        try:
            question = await trials.next()
            await refresh()
            if question is not None:
                await trials.answer(question, await aside(partial(bench.answer, question)))
        except StoreError:
            await asyncio.sleep(PROBE)
        except Exception as error:  # the one who asked hears nothing and is told so; messages go on
            log.error("a text could not be tried: %s", type(error).__name__)
            await asyncio.sleep(PROBE)


def _said(outcome: Outcome) -> Said:
    match outcome:
        case Done():
            receipt = outcome.receipt
            return Said("done", outcome.text, None, receipt.terms, receipt.warnings, receipt.score)
        case Same():
            return Said("same")
        case Unavailable():
            return Said("unavailable", reason=outcome.reason)
        case Failed():
            return Said("failed", reason=outcome.reason)

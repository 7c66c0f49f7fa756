"""The whole way of a text: prepare, engine, finish; many requests at once, one engine call a pass and direction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from translation.direction import ALL, Direction, direction
from translation.engines.base import Continuing, Engine, Freer, Hypothesis, Link
from translation.memory.use import remembered
from translation.message import Message, sound
from translation.normalise import Steps
from translation.patchwork import Patchwork, Way
from translation.pivot import Pivoted
from translation.prepare import Prepared
from translation.recent import Asked, Recent
from translation.request import (
    Done,
    EngineProvider,
    Evicting,
    Failed,
    GlossarySnapshot,
    Outcome,
    Request,
    Same,
    Surveyed,
    Unavailable,
)
from translation.route import Route, routes
from translation.scoped import scoped

__all__ = [
    "Done",
    "EngineProvider",
    "Failed",
    "GlossarySnapshot",
    "Outcome",
    "Pipeline",
    "Request",
    "Same",
    "Unavailable",
]

log = logging.getLogger(__name__)


class Pipeline:
    """Translates batches of requests. Not thread-safe: one thread calls it, as it does the engines."""

    def __init__(
        self,
        engines: EngineProvider,
        glossary: Callable[[], GlossarySnapshot | None],
        steps: Steps = ALL,
        *,
        tables: Path | None = None,
        recent: int = 0,
    ) -> None:
        """``glossary`` is asked once a batch for the terms as they stand; None where there are none.

        ``steps``: fewer than all only to measure what each is worth. ``tables``: a folder with the shop's own tables,
        beside those in ``translation/data`` and of the same form; it need not exist. ``recent``: segments whose
        translations are kept in memory for when they come again.
        """
        self._steps = steps
        self._tables = tables
        self._engines = engines
        self._glossary = glossary
        self._directions: dict[tuple[str, str], Direction] = {}
        self._routes: dict[tuple[str, str], tuple[Route, ...]] = {}
        self._recent = Recent(recent)
        if isinstance(engines, Evicting):
            engines.on_evicted(self._let_go)

    def translate(self, requests: Sequence[Request]) -> list[Outcome]:
        """One outcome a request, in order. Never raises for what a request holds.

        Takes one engine call for each direction, and a further one for what failed its checks.
        """
        glossary = self._glossary()
        outcomes = [self._begin(request, scoped(glossary, request.scope)) for request in requests]
        messages = [
            way
            for item in outcomes
            for way in (item.ways if isinstance(item, Patchwork) else [item] if isinstance(item, Way) else [])
        ]
        while waiting := [message for message in messages if message.waiting]:
            by_engine: dict[int, list[Way]] = {}  # one for all variants of a language
            for message in waiting:
                by_engine.setdefault(id(message.direction.engine), []).append(message)
            for batch in by_engine.values():
                self._run(batch)
        return [_end(item) if isinstance(item, Way | Patchwork) else item for item in outcomes]

    def _let_go(self, engine: Engine) -> None:
        """Forgets an engine whose memory is wanted."""
        self._recent.forget(engine)
        self._directions = {key: known for key, known in self._directions.items() if known.engine is not engine}

    def linked(self, request: Request) -> tuple[str, tuple[Link, ...]] | None:
        """A free translation, and which of its words come from which of the text; None where there is no way from
        one language to the other in one step."""
        legs = self._legs(request.source, request.target)
        if len(legs) != 1:
            return None
        message = Message(request, legs[0], None, links=True)
        while message.waiting:
            self._run([message])
        outcome = message.outcome()
        return (outcome.text, message.links) if isinstance(outcome, Done) else None

    def _run(self, messages: Sequence[Way]) -> None:
        """One pass: all that waits goes through the engine in one call, each text once; what is to be decoded with
        less help goes in a call of its own."""
        engine = messages[0].direction.engine
        wanted = [_asked(prepared) for message in messages for prepared in message.waiting]
        try:
            answers = self._answers(engine, dict.fromkeys(wanted))
        except Exception:
            if len(messages) == 1:
                log.exception("the engine %s failed on one message", engine.name)
                messages[0].fail("engine-error")
                return
            log.warning(
                "the engine %s failed on a batch of %d messages: going on one by one", engine.name, len(messages)
            )
            for message in messages:
                self._run([message])
            return
        for message in messages:
            _take(message, answers)

    def _answers(self, engine: Engine, wanted: Collection[Asked]) -> dict[Asked, Hypothesis]:
        known = ((asked, self._recent.get(engine, asked)) for asked in wanted)
        answers = {asked: answer for asked, answer in known if answer is not None}
        left = [asked for asked in wanted if asked not in answers]
        for (freely, begun), several in groupby(sorted(left, key=_kind), key=_kind):
            asking = list(several)
            texts = [asked.text for asked in asking]
            if begun:
                assert isinstance(engine, Continuing)  # nobody else is asked so
                found = engine.translate_from(texts, [asked.begun or "" for asked in asking])
            elif freely:
                assert isinstance(engine, Freer)
                found = engine.translate_freely(texts)
            else:
                found = engine.translate(texts)
            for asked, answer in zip(asking, found, strict=True):
                answers[asked] = answer
                self._recent.put(engine, asked, answer)
        return answers

    def serves(self, source: str, target: str) -> bool:
        """Whether there is a way from one language tag to another. Loads its models."""
        return bool(self._legs(source, target))

    def _begin(self, request: Request, glossary: GlossarySnapshot | None) -> Way | Patchwork | Outcome:
        if request.parts and sound(request.text) == request.text:  # what is mended has other offsets
            if (done := _remembered(request, glossary)) is not None:
                return done
            return Patchwork(request, lambda each: self._begin_one(each, glossary))
        return self._begin_one(request, glossary)

    def _begin_one(self, request: Request, glossary: GlossarySnapshot | None) -> Way | Outcome:
        if request.source.partition("-")[0].lower() == request.target.partition("-")[0].lower():
            return Same()
        if (done := _remembered(request, glossary)) is not None:
            return done
        legs = self._legs(request.source, request.target)
        if not legs:
            return Unavailable(self._engines.why_not(request.source, request.target) or "no-model")
        try:
            if len(legs) == 2:
                return Pivoted(request, *legs, glossary)
            return Message(request, legs[0], glossary)
        except Exception:
            log.exception("a text could not be prepared (%d characters)", len(request.text))
            return Failed("internal-error")

    def _legs(self, source: str, target: str) -> tuple[Direction, ...]:
        """The directions to take: the best way whose models can all be used. Empty: there is none."""
        ways = self._routes.get((source, target))
        if ways is None:
            known = self._engines.models if isinstance(self._engines, Surveyed) else {}
            ways = self._routes[source, target] = routes(source, target, known) or (Route(((source, target),)),)
        for way in ways:
            tags = [source, way.pivot, target] if way.pivot else [source, target]
            legs = [self._direction(start, end) for start, end in pairwise(tags)]
            if all(legs):
                return tuple(leg for leg in legs if leg)
        return ()

    def _direction(self, source: str, target: str) -> Direction | None:
        engine = self._engines.get(source, target)
        if engine is None:
            return None
        known = self._directions.get((source, target))
        if known is None or known.engine is not engine:
            known = self._directions[source, target] = direction(source, target, engine, self._steps, self._tables)
            for problem in known.problems:
                log.error("a table of the shop's is left out: %s", problem)
        return known


def _remembered(request: Request, glossary: GlossarySnapshot | None) -> Done | None:
    """A translation from the memory; none where it holds nothing that may be sent."""
    try:
        return remembered(request, glossary)
    except Exception:
        log.exception("a remembered translation could not be checked")
        return None


def _asked(prepared: Prepared) -> Asked:
    return Asked(prepared.text, prepared.freely, prepared.begun)


def _kind(asked: Asked) -> tuple[bool, bool]:
    """What goes to the engine in one call."""
    return asked.freely, asked.begun is not None


def _take(message: Way, answers: dict[Asked, Hypothesis]) -> None:
    try:
        message.take([answers[_asked(prepared)] for prepared in message.waiting])
    except Exception:
        log.exception("a translation could not be finished")
        message.fail("internal-error")


def _end(message: Way | Patchwork) -> Outcome:
    try:
        return message.outcome(_end) if isinstance(message, Patchwork) else message.outcome()
    except Exception:
        log.exception("a translation could not be put together")
        return Failed("internal-error")

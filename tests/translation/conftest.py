"""Engines that tests can reckon with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import pytest

from store.connect import Store
from store.writer import Writer
from tests.translation import crews
from translation.engines.base import EngineError, Hypothesis, Link
from translation.normalise import Steps
from translation.pipeline import Outcome, Pipeline, Request


class FakeEngine:
    """Answers each segment with ``answer(segment)``: by default the segment itself. Keeps what it was asked."""

    name = "fake"
    source = "en"
    target = "pt"
    max_tokens = 128

    def __init__(self, answer: Callable[[str], str] = lambda text: text, links: bool = False) -> None:
        self.answer = answer
        self.links = links
        self.calls: list[list[str]] = []

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        self.calls.append(list(segments))
        return [self._one(segment) for segment in segments]

    def _one(self, segment: str) -> Hypothesis:
        if "EXPLODE" in segment:
            raise EngineError("cannot")
        text = self.answer(segment)
        links = tuple(Link(i, i + 1, i, i + 1) for i in range(min(len(text), len(segment)))) if self.links else ()
        return Hypothesis(text, -0.1, links)


class FreeEngine(FakeEngine):
    """Knows a second way: ``free(segment)``."""

    def __init__(self, answer: Callable[[str], str], free: Callable[[str], str]) -> None:
        super().__init__(answer)
        self.free = free
        self.free_calls: list[list[str]] = []

    def translate_freely(self, segments: Sequence[str]) -> list[Hypothesis]:
        self.free_calls.append(list(segments))
        return [Hypothesis(self.free(segment), -0.2, ()) for segment in segments]


class Engines:
    """Serves one engine for every direction to and from English, none for others."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine

    def get(self, source: str, target: str) -> FakeEngine | None:
        return self.engine if "en" in (source, target) else None

    def why_not(self, source: str, target: str) -> str | None:
        return None if "en" in (source, target) else "no-model"


class Bench:
    """A pipeline over a fake engine."""

    def __init__(self, engine: FakeEngine, steps: Steps) -> None:
        self.engine = engine
        self.engines = Engines(engine)
        self.pipeline = Pipeline(self.engines, lambda: None, steps)

    def __call__(self, *texts: str, source: str = "en", target: str = "pt") -> list[Outcome]:
        return self.pipeline.translate([Request(text, source, target) for text in texts])


@pytest.fixture
def fake() -> Callable[..., Bench]:
    """Makes a pipeline: ``fake(answer=..., links=..., rewrite=..., free=...)`` gives a callable from texts to outcomes.

    ``rewrite`` False: what the model sees is changed only to protect spans. ``free``: what the engine says when it
    decodes freely, which it otherwise cannot.
    """

    def make(
        answer: Callable[[str], str] = lambda text: text,
        links: bool = False,
        rewrite: bool = True,
        free: Callable[[str], str] | None = None,
    ) -> Bench:
        engine = FreeEngine(answer, free) if free else FakeEngine(answer, links)
        return Bench(engine, Steps() if rewrite else Steps(*[False] * len(fields(Steps))))

    return make


@pytest.fixture
def chat(store: Store, writer: Writer) -> crews.Chat:
    return crews.Chat(store, writer)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> crews.Pipeline:
    """For a worker of ``crews.crew_on``."""
    monkeypatch.setattr("translation.crew.BLOCK_MS", 50)  # a stop waits for the reader
    return crews.Pipeline()

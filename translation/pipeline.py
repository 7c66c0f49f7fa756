"""The whole way of a text: prepare, engine, finish; many requests at once, one engine call a pass and direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conversation.receipt import Receipt
from translation.request import (
    Done,
    EngineProvider,
    Failed,
    GlossarySnapshot,
    Outcome,
    Request,
    Same,
    Unavailable,
)

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


class Pipeline:
    """Translates batches of requests. Not thread-safe: one thread calls it, as it does the engines."""

    def __init__(self, engines: EngineProvider, glossary: Callable[[], GlossarySnapshot | None]) -> None:
        """``glossary`` is asked once a batch for the terms as they stand; None where there are none."""
        self._engines = engines
        self._glossary = glossary

    def translate(self, requests: Sequence[Request]) -> list[Outcome]:
        """One outcome a request, in order. Never raises for what a request holds."""
        outcomes: list[Outcome] = []
        for request in requests:
            if request.source.partition("-")[0] == request.target.partition("-")[0]:
                outcomes.append(Same())
                continue
            engine = self._engines.get(request.source, request.target)
            if engine is None:
                outcomes.append(Unavailable("no-model"))
                continue
            [hypothesis] = engine.translate([request.text])
            outcomes.append(Done(hypothesis.text, Receipt(models=(engine.name,), score=hypothesis.score)))
        return outcomes

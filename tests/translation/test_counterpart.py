"""What stands for words on the other side, on the real models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from glossary.trial import Marked
from models.installed import find
from translation.counterpart import counterparts
from translation.engines.load import load
from translation.normalise import Steps
from translation.pipeline import Pipeline


class Engines:
    def __init__(self) -> None:
        self._loaded = {(each.source, each.target): load(each) for each in find()}

    def get(self, source: str, target: str) -> Any:
        return self._loaded.get((source, target))

    def why_not(self, source: str, target: str) -> str:
        return "no-model"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Engines(), lambda: None, Steps(phrases=False, wording=False))


PAID = "Olá, onde está meu pedido? Já paguei o boleto ontem."
SHOWN = "Hi, where is my order? I have already paid the bank slip yesterday."
CABLE = "The charging cable is broken"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (Marked(PAID, "pt", "en", "pedido", False, SHOWN), "order"),
        (Marked(PAID, "pt", "en", "order", True, SHOWN), "pedido"),
        (Marked(PAID, "pt", "en", "boleto", False, SHOWN), "bank slip"),
        (Marked(PAID, "pt", "en", "paid", True, SHOWN), "paguei"),
        (Marked(CABLE, "en", "pt", "charging cable"), "cabo de carregamento"),
        (Marked(CABLE, "en", "pt", "cabo de carregamento", True), "charging cable"),
        (Marked(CABLE, "en", "pt", "unha", True), ""),  # no word of it
        (Marked(CABLE, "en", "xx", "cable"), ""),  # no model
    ],
)
def test_of_a_message(pipeline: Pipeline, marked: Marked, expected: str) -> None:
    assert counterparts(pipeline, [marked]) == [expected]


def test_words_that_the_model_says_otherwise_are_asked_for_by_themselves(fake: Callable[..., Any]) -> None:
    bench = fake(answer=lambda text: {"parcel": "encomenda"}.get(text.strip(" ."), text))
    marked = Marked("my encomenda is late", "pt", "en", "parcel", of_translation=True)
    assert counterparts(Pipeline(bench.engines, lambda: None), [marked]) == ["encomenda"]

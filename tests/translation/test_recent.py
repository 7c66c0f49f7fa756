"""What was said a moment ago is not asked again, and what is kept of it stays small."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from glossary.matcher import Matcher
from glossary.term import Term, Wording
from tests.translation.conftest import Engines, FakeEngine, FreeEngine
from translation.engines.base import Engine, Hypothesis
from translation.pipeline import Done, Failed, Pipeline, Request
from translation.recent import LONGEST, Asked, Recent

ORDER = Term(id="1", wordings={"en": Wording("order"), "pt": Wording("encomenda")})


def en_to_pt(text: str) -> Request:
    return Request(text, "en", "pt")


def said(number: int) -> Hypothesis:
    return Hypothesis(f"said {number}", -0.1, ())


def test_the_engine_is_asked_once_for_what_comes_again() -> None:
    engine = FakeEngine(str.upper)
    pipeline = Pipeline(Engines(engine), lambda: None, recent=10)
    first, again = (pipeline.translate([en_to_pt("Where is the box?")]) for _ in range(2))
    assert first == again
    assert engine.calls == [["Where is the box?"]]


def test_only_what_is_new_in_a_batch_is_asked() -> None:
    engine = FakeEngine(str.upper)
    pipeline = Pipeline(Engines(engine), lambda: None, recent=10)
    pipeline.translate([en_to_pt("Where is the box?")])
    done = pipeline.translate([en_to_pt(text) for text in ("a new one.", "Where is the box?", "a new one.")])
    assert [each.text for each in done if isinstance(each, Done)] == ["A NEW ONE.", "WHERE IS THE BOX?", "A NEW ONE."]
    assert engine.calls[1:] == [["a new one."]]


def test_terms_that_have_changed_meanwhile_hold() -> None:
    """Only the model's answer is kept: what is made of it follows the glossary of the moment."""
    terms: list[Term] = []
    pipeline = Pipeline(Engines(FakeEngine(links=True)), lambda: Matcher(terms, len(terms)), recent=10)
    texts = []
    for _ in range(2):
        [done] = pipeline.translate([en_to_pt("where is my order")])
        assert isinstance(done, Done)
        texts.append(done.text)
        terms.append(ORDER)
    assert "encomenda" not in texts[0]
    assert "encomenda" in texts[1]


def test_decoding_freely_is_another_question() -> None:
    engine = FreeEngine(lambda text: text, lambda text: "onde")  # a copy is tried again, freely
    recent = Recent(10)
    recent.put(engine, Asked("where", False), said(1))
    assert recent.get(engine, Asked("where", True)) is None


def test_failures_are_not_kept() -> None:
    engine = FakeEngine()
    pipeline = Pipeline(Engines(engine), lambda: None, recent=10)
    for _ in range(2):
        assert pipeline.translate([en_to_pt("EXPLODE")]) == [Failed("engine-error")]
    assert len(engine.calls) == 2


def test_two_models_do_not_answer_for_one_another() -> None:
    there, back = FakeEngine(), FakeEngine()
    back.source, back.target = "pt", "en"
    recent = Recent(10)
    recent.put(there, Asked("no", False), said(1))
    assert recent.get(back, Asked("no", False)) is None


def test_a_model_that_was_let_go_is_asked_anew() -> None:
    class Evicting(Engines):
        def on_evicted(self, tell: Callable[[Engine], None]) -> None:
            self.tell = tell

    engine = FakeEngine(str.upper)
    engines = Evicting(engine)
    pipeline = Pipeline(engines, lambda: None, recent=10)
    pipeline.translate([en_to_pt("Where is the box?")])
    engines.tell(engine)
    pipeline.translate([en_to_pt("Where is the box?")])
    assert len(engine.calls) == 2


@given(st.lists(st.integers(0, 12), max_size=60), st.integers(0, 8))
def test_holds_the_latest_and_no_more(asked: list[int], most: int) -> None:
    engine: Engine = FakeEngine()
    recent = Recent(most)
    order: list[int] = []  # as a plain list would do it, the latest last
    for number in asked:
        question = Asked(str(number), False)
        assert recent.get(engine, question) == (said(number) if number in order else None)
        recent.put(engine, question, said(number))
        order = [*(each for each in order if each != number), number][-most:] if most else []


def test_long_segments_are_not_kept() -> None:
    recent, engine = Recent(10), FakeEngine()
    for length in (LONGEST, LONGEST + 1):
        recent.put(engine, Asked("x" * length, False), said(length))
    assert recent.get(engine, Asked("x" * LONGEST, False)) == said(LONGEST)
    assert recent.get(engine, Asked("x" * (LONGEST + 1), False)) is None

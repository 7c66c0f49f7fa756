"""Students go on from the beginning of a translation: what they would have said anyway, and what they would not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.installed import find
from tests.models.marian_writer import write_shortlist
from tests.translation.engines.tiny import END, SOURCE_WORDS, TEXTS, Shape, make
from translation.engines.base import Continuing, Hypothesis
from translation.engines.load import load
from translation.engines.student import _FEWEST_WORDS, _LONGEST_TARGET, Student

# Numbers are not rounded: whatever is compared is the same, one by one.
SHAPES = {
    "recurrence": Shape(rounded=False, input_steps=False),
    "recurrence, split vocabularies, shortlist": Shape(rounded=False, input_steps=False, shared=False, shortlist=True),
    "attention": Shape(rounded=False, input_steps=False, attends=True),
    "attention, deep, shortlist": Shape(rounded=False, input_steps=False, attends=True, decoder=3, shortlist=True),
}
LIMIT = 20


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("rows", [1, 6])
def test_its_own_beginning_gives_its_own_translation(tmp_path: Path, shape: Shape, rows: int) -> None:
    engine = load(make(tmp_path, shape, seed=4)[0])
    assert isinstance(engine, Student)
    sources = [[*engine._source_words.ids(text), END] for text in TEXTS]
    candidates = [engine._shortlist.candidates(source) for source in sources]
    free = engine._search.run(sources, candidates, [LIMIT] * len(sources))
    for length in (0, 1, 2, 7, LIMIT - 1):
        beginnings = [found.words[: max(0, length - row)] for row, found in enumerate(free)]
        for at in range(0, len(sources), rows):
            part = slice(at, at + rows)
            found = engine._search.run(sources[part], candidates[part], [LIMIT] * rows, beginnings=beginnings[part])
            for one, other in zip(found, free[part], strict=True):
                assert (one.words, one.aligned, one.ended) == (other.words, other.aligned, other.ended)
                assert one.score == pytest.approx(other.score, abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_says_what_it_is_told_even_words_that_its_shortlist_lacks(tmp_path: Path, shape: Shape) -> None:
    installed, reference = make(tmp_path, shape, seed=4)
    if shape.shortlist:
        write_shortlist(installed.files["shortlist"], [[9]] * SOURCE_WORDS, frequent=5)
    engine = load(installed)
    assert isinstance(engine, Student)
    assert isinstance(engine, Continuing)
    beginnings = ["fine yellow", "", "bread", "nobody paints tall houses", "we walk", "summer"]
    together = engine.translate_from(TEXTS, beginnings)
    lacking = 0
    for text, beginning, found in zip(TEXTS, beginnings, together, strict=True):
        assert found.text.startswith(beginning)
        assert engine.translate_from([text], [beginning])[0].text == found.text
        source, words = [*engine._source_words.ids(text), END], engine._target_words.ids(beginning)
        allowed = engine._shortlist.candidates(source)
        lacking += len(set(words) - set(allowed.tolist()))
        allowed = np.union1d(allowed, np.array(words, np.int64))
        [row] = engine._search.run([source], [allowed], [LIMIT], beginnings=[words])
        assert row.words[: len(words)] == words
        scores, _ = reference.steps(source, row.words)
        said = [*row.words, END] if row.ended else row.words
        chances = scores[: len(said), allowed]
        chances = chances - np.log(np.exp(chances).sum(axis=1, keepdims=True))
        chosen = chances[np.arange(len(said)), np.searchsorted(allowed, said)]
        assert row.score == pytest.approx(chosen.mean(), abs=1e-3)  # of the whole, its beginning too
    assert lacking > 3 or not shape.shortlist
    free = engine.translate([TEXTS[1]])[0]
    assert (together[1].text, together[1].links) == (free.text, free.links)


def test_what_cannot_be_begun_is_empty_and_its_neighbours_are_not(tmp_path: Path) -> None:
    engine = load(make(tmp_path, Shape(), seed=4)[0])
    assert isinstance(engine, Student)
    nothing = Hypothesis("", 0.0, ())
    long = "we " * (_LONGEST_TARGET - _FEWEST_WORDS)
    found = engine.translate_from([TEXTS[0], TEXTS[1], "", TEXTS[2]], ["丏", "we", "we", long])
    assert found[1].text.startswith("we")
    assert [found[0], *found[2:]] == [nothing] * 3
    assert engine.translate_from([], []) == []


def test_the_students_of_the_wheel_go_on_as_they_began() -> None:
    engine = next(load(model) for model in find() if model.source == "en")
    assert isinstance(engine, Student)
    texts = ["Where is the blue parcel that I sent you?", "The invoice has the number 48213, but it was paid twice."]
    for text, free in zip(texts, engine.translate(texts), strict=True):
        words = free.text.split()
        beginnings = [" ".join(words[:number]) for number in range(len(words))]
        for found in engine.translate_from([text] * len(words), beginnings):
            assert (found.text, found.links) == (free.text, free.links)
            assert found.score == pytest.approx(free.score, abs=1e-5)
    [found] = engine.translate_from(["The parcel is broken."], ["A caixa"])
    assert found.text == "A caixa está quebrada."  # what comes behind agrees with it
    assert any(link.target_start == 2 and link.source_start == 4 for link in found.links)

"""chrF, beside sacrebleu's."""

from __future__ import annotations

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from models.chrf import chrf

TEXT = st.text("ab cé,", max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_is_that_of_sacrebleu(pairs: list[tuple[str, str]]) -> None:
    translations, references = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    expected = sacrebleu.corpus_chrf(translations, [references]).score
    assert chrf(translations, references) == pytest.approx(expected, abs=1e-6)


def test_ends() -> None:
    assert chrf(["Onde está?"], ["Onde está?"]) == pytest.approx(100)
    assert chrf(["xyz"], ["abc"]) == 0
    assert chrf([""], ["abc"]) == chrf([], []) == 0

"""Folding keeps exact offsets, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.folding import fold, fold_key, same

texts = st.text(
    st.one_of(st.sampled_from("aAéÉßİıñ ç\u0301\u0308\u00ad\u200dﬁ’`–\t\nйЙё가각が日本ไทย\u0651أ"), st.characters()),
    max_size=30,
)


@given(texts)
def test_offsets_rise_and_stay_inside(text: str) -> None:
    folded = fold(text)
    starts = folded.starts if folded.starts is not None else list(range(len(text)))
    assert len(starts) == len(folded.text)
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)


@given(texts, st.data())
def test_a_span_folds_to_what_was_found(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    span = folded.span(start, end)
    if span is not None:
        assert fold_key(text[slice(*span)]).strip() == folded.text[start:end].strip()


@given(texts)
def test_the_key_is_the_folded_text(text: str) -> None:
    assert fold_key(text) == fold(text).text


def test_a_character_that_grows_is_never_cut() -> None:
    folded = fold("Straße")
    assert folded.text == "strasse"
    assert folded.span(0, 7) == (0, 6)
    assert folded.span(0, 5) is None
    assert folded.span(5, 7) is None


def test_combining_marks_belong_to_the_letter_before() -> None:
    text = "cafe\u0301 bar"
    folded = fold(text)
    assert folded.text == "cafe bar"
    assert folded.span(0, 4) == (0, 5)


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        ("cartao", "cartão", True),
        ("CARTÃO", "cartão", True),
        ("país", "pais", False),
        ("pais", "país", True),
        ("мои", "мой", False),
        ("STRASSE", "Straße", True),
        ("credit  card", "credit card", True),
        ("l’ordre", "l'ordre", True),
        ("cafe\u0301", "café", True),
    ],
)
def test_a_message_may_leave_accents_out_but_not_have_others(found: str, wanted: str, right: bool) -> None:
    assert same(found, wanted, case=False, accents=False) is right


def test_strict_rules() -> None:
    assert not same("cartao", "cartão", case=False, accents=True)
    assert not same("cartão", "Cartão", case=True, accents=False)
    assert same("Cartao", "Cartão", case=True, accents=False)

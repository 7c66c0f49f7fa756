"""Splitting: pieces and layout put together again give the text; no cut inside a span."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation import segment
from translation.protect import Span, find

TEXT = st.lists(
    st.sampled_from(
        ["One two. ", "Três! ", "\n", "\r\n", "  - ", "* ", "1. ", "a, b; ", "\t", " ", "ok", "😀", "x@y.zz ", "? "]
    ),
    max_size=30,
).map("".join)


def texts(text: str, pieces: list[segment.Piece]) -> list[str]:
    return [text[start:end] for start, end in pieces]


def test_lines_leave_layout_outside() -> None:
    text = "  - Olá. Tudo bem?\r\n\r\n\t1. um; dois \n   \n> fim."
    assert texts(text, segment.lines(text)) == ["Olá. Tudo bem?", "um; dois", "fim."]


@given(TEXT)
def test_lines_hold_everything_but_layout(text: str) -> None:
    at = 0
    for start, end in segment.lines(text):
        assert at <= start < end
        assert text[start:end].strip() == text[start:end]
        assert not any(char.isalpha() for char in text[at:start])
        at = end
    assert not any(char.isalpha() for char in text[at:])


@pytest.mark.parametrize("cut", [segment.sentences, segment.clauses])
@given(text=TEXT)
def test_cuts_lose_only_space(cut: Callable[..., list[segment.Piece]], text: str) -> None:
    for line in segment.lines(text):
        at = line[0]
        for start, end in cut(text, line, find(text)):
            assert not text[at:start].strip()
            at = end
        assert not text[at : line[1]].strip()


def test_sentences_know_abbreviations_and_spans() -> None:
    text = "Dr. Ana wrote. See ana@x.org! Is it 3.5? Yes"
    assert texts(text, segment.sentences(text, (0, len(text)), find(text))) == [
        "Dr. Ana wrote.", "See ana@x.org!", "Is it 3.5?", "Yes",
    ]  # fmt: skip


def test_no_cut_inside_a_span() -> None:
    text = "say `one. Two, three` now. End"
    spans = find(text)
    assert texts(text, segment.sentences(text, (0, len(text)), spans)) == ["say `one. Two, three` now.", "End"]
    assert texts(text, segment.clauses(text, (0, len(text)), spans)) == ["say `one. Two, three` now.", "End"]


@given(st.text("abc. ,\u00e9", max_size=200), st.integers(4, 20))
def test_shortened_pieces_fit_and_keep_order(text: str, most: int) -> None:
    for line in segment.lines(text):
        at = line[0]
        for start, end in segment.shorten(text, line, lambda piece: len(piece) <= most):
            assert end - start <= most
            assert not text[at:start].strip()
            at = end
        assert at == line[1]


def test_a_word_without_end_is_cut_by_length() -> None:
    pieces = segment.shorten("x" * 5000, (0, 5000), lambda piece: len(piece) <= 128)
    assert pieces[0][0] == 0
    assert pieces[-1][1] == 5000
    assert all(a[1] == b[0] for a, b in pairwise(pieces))


def test_a_cut_by_length_goes_around_a_span() -> None:
    text = "x" * 90 + "@" + "y" * 30 + " z"
    spans = [Span(60, 121, "email")]
    assert all(
        not (span.start < cut < span.end)
        for span in spans
        for piece in segment.shorten(text, (0, len(text)), lambda piece: len(piece) <= 100, spans)
        for cut in piece
    )

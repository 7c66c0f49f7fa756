"""Edits: the new text, and where offsets go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from translation.edits import Edit, Edited


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("abcdef ", max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = [
        Edit(start, end, draw(st.text("XYZ", max_size=4))) for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return text, edits


@given(edited())
def test_replaces_right_to_left_as_one_would_by_hand(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    assert Edited(text, edits).text == expected


@given(edited())
def test_untouched_characters_keep_their_neighbours(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    after = Edited(text, edits)
    for offset in range(len(text)):
        if any(edit.start <= offset < edit.end for edit in edits):
            continue
        start, end = after.start(offset), after.end(offset + 1)
        assert after.text[start:end] == text[offset]
        assert (after.back_start(start), after.back_end(end)) == (offset, offset + 1)


def test_a_range_around_a_replacement_holds_all_of_it() -> None:
    after = Edited("one two three", [Edit(4, 7, "zwei!")])
    assert after.text[after.start(4) : after.end(7)] == "zwei!"


def test_an_insertion_belongs_to_neither_neighbour() -> None:
    after = Edited("ab", [Edit(1, 1, "--")])
    assert after.text[after.start(0) : after.end(1)] == "a"
    assert after.text[after.start(1) : after.end(2)] == "b"

"""Stand-ins are found in what the model said, as it is or with other marks between their letters."""

from __future__ import annotations

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from translation.edits import Edited
from translation.engines.base import Hypothesis
from translation.prepare import Held, Prepared
from translation.restore import _exactly, _loosely, restore

TOKENS = st.text("aB1. -é", min_size=1, max_size=5)
OUTPUTS = st.text("aAbB1. -éß\u00a0", max_size=24)
WORD = r"[\p{L}\p{N}]"


@given(TOKENS, OUTPUTS)
@example("1.1", "1.1.1")
def test_a_token_is_found_where_a_pattern_would_find_it(token: str, output: str) -> None:
    pattern = regex.escape(token)
    if token[0].isalnum() and token[-1].isalnum():
        pattern = f"(?<!{WORD}){pattern}(?!{WORD})"
    assert list(_exactly(token, output)) == [match.span() for match in regex.finditer(pattern, output)]


@given(TOKENS, OUTPUTS)
@example("QZ1", "the qz 1 code, Q. Z-1 and QZ12, q - z1")
def test_its_letters_are_found_where_a_pattern_would_find_them(token: str, output: str) -> None:
    bare = [regex.escape(char) for char in token if char.isalnum()]
    pattern = f"(?<!{WORD})" + r"[^\p{L}\p{N}]{0,2}".join(bare) + f"(?!{WORD})"
    expected = [match.span() for match in regex.finditer(pattern, output, regex.IGNORECASE)] if len(bare) > 1 else []
    assert list(_loosely(token, output)) == expected


@given(TOKENS, OUTPUTS)
@example("24", "240 24h")
def test_a_number_with_its_unit_may_touch_letters_but_no_digits(token: str, output: str) -> None:
    pattern = regex.escape(token)
    if token[0].isalnum() and token[-1].isalnum():
        pattern = rf"(?<!\d){pattern}(?!\d)"
    assert list(_exactly(token, output, glued=True)) == [match.span() for match in regex.finditer(pattern, output)]


def _restored(source: str, number: str, output: str) -> tuple[str, bool]:
    at = source.index(number)
    held = Held(at, at + len(number), number, number, "number")
    prepared = Prepared((0, len(source)), source, Edited(source, ()), (held,), ())
    done = restore(prepared, Hypothesis(output, 0.0, ()), {})
    return done.text, bool(done.lost)


def test_a_number_is_found_with_its_unit() -> None:
    assert _restored("Já passaram 24h.", "24", "It's been 24h.") == ("It's been 24h.", False)
    assert _restored("Já passaram 24 horas.", "24", "It's been 24h.")[1], "the unit was not there"
    assert _restored("Já passaram 24h.", "24", "It's been 240h.")[1]

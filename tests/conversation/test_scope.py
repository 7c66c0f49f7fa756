"""Names of scopes: what is taken, and that the summary keeps it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversation import scope


def test_what_cannot_be_used_is_left_out() -> None:
    found = scope.names_of([" line:garden ", "", "line:garden", "a\nb", "x" * 65, "channel:app"])
    assert found == ("line:garden", "channel:app")
    assert len(scope.names_of(str(number) for number in range(20))) == scope.MOST_NAMES


@given(st.lists(st.text(max_size=80), max_size=12))
def test_the_summary_holds_every_name(given_names: list[str]) -> None:
    names = scope.names_of(given_names)
    assert scope.decode(scope.encode(names)) == frozenset(names)
    assert scope.encode(names).encode("utf-8") is not None


def test_none() -> None:
    assert scope.encode(()) == ""
    assert scope.decode("") == scope.decode(None) == frozenset()

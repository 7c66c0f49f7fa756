"""Keys in a text: all of them, where they are, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glossary.search import Index

LETTERS = st.text("ab ", max_size=40)
KEYS = st.dictionaries(st.text("ab ", min_size=1, max_size=12), st.integers(), max_size=30)


@given(KEYS, LETTERS)
def test_finds_what_a_plain_search_finds(keys: dict[str, int], text: str) -> None:
    expected = {
        (start, start + len(key), value)
        for key, value in keys.items()
        for start in range(len(text))
        if text.startswith(key, start)
    }
    found = list(Index(dict(keys)).find(text))
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_long_keys_that_begin_alike() -> None:
    keys = {"garden chair": 1, "garden chair cover": 2, "garden table": 3, "garden": 4}
    assert sorted(Index(keys).find("a garden chair cove")) == [(2, 8, 4), (2, 14, 1)]


def test_others_get_on_while_it_is_built() -> None:
    pauses: list[int] = []
    Index({str(number): number for number in range(5000)}, lambda: pauses.append(1))
    assert len(pauses) == 10

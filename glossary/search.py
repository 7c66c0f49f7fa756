"""Which of very many keys stand in a text: one pass over the text, however many keys there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import ahocorasick

V = TypeVar("V")

# Code points of a key that the automaton knows; the rest is looked up in a dictionary. The automaton of whole keys is
# several times as large, and while it is finished, in one step, no other thread of the process gets on.
_PREFIX = 6
_PAUSE_EVERY = 1000  # keys: about a millisecond of work


class Index(Generic[V]):
    """Keys with a value each. Immutable; safe to use from several threads."""

    def __init__(self, keys: dict[str, V], pause: Callable[[], None] | None = None) -> None:
        """Takes ``keys`` over; none is empty. ``pause`` is called every few keys."""
        lengths: dict[str, tuple[int, ...]] = {}
        for number, key in enumerate(keys):
            if pause is not None and number % _PAUSE_EVERY == 0:
                pause()
            prefix = key[:_PREFIX]
            known = lengths.get(prefix, ())
            if len(key) not in known:
                lengths[prefix] = (*known, len(key))
        self._keys = keys
        self._automaton: Any = ahocorasick.Automaton()
        for number, (prefix, each) in enumerate(lengths.items()):
            if pause is not None and number % _PAUSE_EVERY == 0:
                pause()
            self._automaton.add_word(prefix, (len(prefix) - 1, each))
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, V]]:
        """Start, end (exclusive) and value of every key that stands in ``text``, overlapping ones too."""
        keys, size = self._keys, len(text)
        for last, (before, lengths) in self._automaton.iter(text) if keys else ():
            start = last - before
            for length in lengths:
                end = start + length
                if end <= size and (value := keys.get(text[start:end])) is not None:
                    yield start, end, value

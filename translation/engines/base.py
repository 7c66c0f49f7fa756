"""What every translation engine offers: segments in, hypotheses out, one direction an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable


class EngineError(Exception):
    """The engine could not translate a batch. Retrying the same batch is not expected to help."""


class Link(NamedTuple):
    """One target piece and the source piece it is aligned to. Offsets in code points, end exclusive.

    A dozen are made for each message: a tuple costs a third of a frozen dataclass.
    """

    source_start: int
    source_end: int
    target_start: int
    target_end: int


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One segment's translation."""

    text: str
    score: float  # mean log-probability a token (natural log, at most 0)
    links: tuple[Link, ...]  # in target order; empty where the engine gives no alignment
    truncated: bool = False  # the segment or the output reached the engine's length limit


class Engine(Protocol):
    """Translates one direction. Not thread-safe unless it says so; one thread calls it."""

    @property
    def name(self) -> str:
        """The model's name, as receipts show it, e.g. ``firefox-enpt-1693087644``."""
        ...

    @property
    def source(self) -> str: ...

    @property
    def target(self) -> str: ...

    def count_tokens(self, text: str) -> int:
        """Length of ``text`` in the model's own pieces, end of sentence left out."""
        ...

    @property
    def max_tokens(self) -> int:
        """Longest segment that is translated whole."""
        ...

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        """One hypothesis a segment, in order. Empty segments give empty hypotheses. Raises EngineError."""
        ...


@runtime_checkable
class Freer(Protocol):
    """An engine that knows another way, slower, for what went wrong the usual way."""

    def translate_freely(self, segments: Sequence[str]) -> list[Hypothesis]:
        """As ``translate``, with more to choose from and without turning in circles. Raises EngineError."""
        ...


@runtime_checkable
class Continuing(Protocol):
    """An engine that goes on from the beginning of a translation."""

    def translate_from(self, segments: Sequence[str], beginnings: Sequence[str]) -> list[Hypothesis]:
        """As ``translate``, with each translation going on freely from where its beginning ends: a whole word, after
        which the model may still put an ending. Score and links are of the whole.

        Empty where the model cannot spell the beginning. Raises EngineError.
        """
        ...


# Words in a row that free decoding says only once, unless the source repeats itself too. Two would forbid too much
# that is right.
UNREPEATED = 3


def repeats(words: Sequence[object], length: int) -> bool:
    """Whether any ``length`` words in a row stand in it twice. False for a length of 0."""
    runs = [tuple(words[at : at + length]) for at in range(len(words) - length + 1)] if length else []
    return len(set(runs)) < len(runs)

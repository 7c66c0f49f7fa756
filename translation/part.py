"""A part of a message: what was tried for it, and the best of that so far. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from translation.finished import Finished
from translation.prepare import Caution, Prepared
from translation.protect import Span
from translation.segment import Piece


@dataclass(frozen=True, slots=True)
class Said:
    """The translation of a piece. ``prepared``: what the model got; None where no model was asked."""

    piece: Piece
    finished: Finished
    prepared: Prepared | None = None


@dataclass
class Part:
    """A piece of the text with the best translation so far."""

    piece: Piece
    spans: Sequence[Span]
    caution: Caution = Caution.FREE
    lost: frozenset[int] | None = frozenset()  # starts of the spans that did not come through; None: all need codes
    waiting: list[Prepared] = field(default_factory=list)
    best: list[Said] | None = None
    best_weight: int = 0
    retried: bool = False  # the best one is not the first
    tried: set[tuple[str, ...]] = field(default_factory=set)
    insisting: list[int] = field(default_factory=list)  # what waits is another try for these of the best, for its terms


def inside(items: Sequence[Span], piece: Piece) -> list[Span]:
    """Those that lie within the piece."""
    return [item for item in items if piece[0] <= item.start and item.end <= piece[1]]


def between(piece: Piece, spans: Sequence[Span]) -> list[Piece]:
    """What is left of the piece without the spans."""
    pieces = []
    at = piece[0]
    for span in spans:
        if at < span.start:
            pieces.append((at, span.start))
        at = span.end
    if at < piece[1]:
        pieces.append((at, piece[1]))
    return pieces


def more_lost(before: frozenset[int] | None, done: Sequence[tuple[Prepared, Finished]]) -> frozenset[int] | None:
    """The spans that need codes next time. None, for all of them, where something else went wrong with a number."""
    lost = frozenset(prepared.piece[0] + at for prepared, finished in done for at in finished.lost)
    if before is None or not lost or lost <= before:
        return None
    return before | lost

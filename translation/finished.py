"""The translation of one piece, restored and checked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from conversation.receipt import TermUse
from translation.engines.base import Hypothesis, Link


@dataclass(frozen=True, slots=True)
class Finished:
    """The translation of one piece. Offsets in ``uses`` refer to the piece and to ``text``."""

    text: str
    protected: int = 0
    uses: tuple[TermUse, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: frozenset[str] = frozenset()
    score: float = 0.0
    lost: tuple[int, ...] = ()  # starts, in the piece, of protected spans that did not come through
    links: tuple[Link, ...] = ()  # only where somebody asked for them
    hypothesis: Hypothesis | None = None  # what the model said, only where a term is missed

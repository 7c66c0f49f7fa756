"""Where the glossary's terms stand in a message and in its translation. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import structs

from conversation.receipt import TermUse
from glossary.matcher import Match


def kept_terms(source: str, text: str, matches: Sequence[Match]) -> list[TermUse]:
    """What became of the terms of ``source`` that were not to be translated: where they stand in ``text``."""
    uses = []
    at = 0
    for match in matches:
        wanted = source[match.start : match.end]
        found = text.find(wanted, at)
        if found < 0:
            found = text.find(wanted)
        placed = (found, found + len(wanted)) if found >= 0 else None
        at = found + len(wanted) if found >= 0 else at
        status: Literal["applied", "missed"] = "applied" if placed else "missed"
        how = "kept" if placed else "span-lost"
        uses.append(TermUse(match.term.id, wanted, wanted, status, how, (match.start, match.end), placed))
    return uses


def shifted(use: TermUse, source: int, target: int) -> TermUse:
    """A use whose offsets count from further in front: by ``source`` in the message, ``target`` in its translation."""

    def moved(span: tuple[int, int] | None, by: int) -> tuple[int, int] | None:
        return (span[0] + by, span[1] + by) if span else None

    return structs.replace(use, source_span=moved(use.source_span, source), target_span=moved(use.target_span, target))

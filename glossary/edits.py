"""Edits of a text that know where everything went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """``text`` goes where the old text has ``start`` to ``end``. Offsets in code points, end exclusive."""

    start: int
    end: int
    text: str


def settle(first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit]:
    """All edits of ``first`` and those of ``second`` that overlap none before them, in text order."""
    kept = list(first)
    for edit in second:
        if all(edit.end <= other.start or other.end <= edit.start for other in kept):
            kept.append(edit)
    return sorted(kept, key=lambda edit: (edit.start, edit.end))


def apply(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with ``edits``, which are in text order and do not overlap."""
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)


def moved(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """Where a span of the old text lies in the new one. A span that was replaced whole is its replacement."""
    shift = 0
    for edit in edits:
        if edit.end > start:
            break
        shift += len(edit.text) - (edit.end - edit.start)
    new_start = start + shift
    for edit in edits:
        if start <= edit.start and edit.end <= end and edit.end > start:
            shift += len(edit.text) - (edit.end - edit.start)
    return new_start, end + shift

"""Replacements in a text, and where offsets move by them. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` gives way to ``text``. Offsets in code points, end exclusive; start == end inserts."""

    start: int
    end: int
    text: str


class Edited:
    """A text after edits, with its offsets tied to those before.

    ``edits`` are in text order and do not overlap; offsets refer to the text before all of them.
    """

    __slots__ = ("_after", "_before", "edits", "text")

    def __init__(self, before: str, edits: Sequence[Edit]) -> None:
        self.edits = tuple(edits)
        parts: list[str] = []
        self._before = [0]  # starts of the pieces before ...
        self._after = [0]  # ... and after
        at = length = 0
        for edit in self.edits:
            parts += (before[at : edit.start], edit.text)
            length += edit.start - at
            self._before.append(edit.start)
            self._after.append(length)
            length += len(edit.text)
            at = edit.end
            self._before.append(at)
            self._after.append(length)
        parts.append(before[at:])
        self.text = "".join(parts)

    def start(self, offset: int) -> int:
        """Where a range that began at ``offset`` begins now: behind an insertion there, before a replacement."""
        return _start(self._before, self._after, offset)

    def end(self, offset: int) -> int:
        """Where a range that ended at ``offset`` ends now: before an insertion there, behind a replacement."""
        return _end(self._before, self._after, offset)

    def back_start(self, offset: int) -> int:
        """Where a range of the new text that begins at ``offset`` began before."""
        return _start(self._after, self._before, offset)

    def back_end(self, offset: int) -> int:
        """Where a range of the new text that ends at ``offset`` ended before."""
        return _end(self._after, self._before, offset)


def _start(here: list[int], there: list[int], offset: int) -> int:
    piece = bisect_right(here, offset) - 1  # odd pieces are edits, even ones what lies between
    return there[piece] if piece % 2 else there[piece] + offset - here[piece]


def _end(here: list[int], there: list[int], offset: int) -> int:
    piece = max(bisect_left(here, offset) - 1, 0)
    return there[piece + 1] if piece % 2 else there[piece] + offset - here[piece]

"""Rewrites chat into what a model was trained on: marks and letters it can spell, plain case. Pure.

Only what the model sees changes; every change is an edit on the original.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import regex

from translation.edits import Edit
from translation.protect import Kind, Span

_MARKS = {
    "’": "'", "‘": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
    "\t": " ", "¡": "", "¿": "", "×": "x", "•": "-", "·": "-",
}  # fmt: skip
_ODD = regex.compile(r"[^\x20-\x22\x24-\x3b\x3d\x3f\x41-\x5b\x5d\x5f\x61-\x7a\x7c]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Normal:
    """Edits on a piece, and spans that the model cannot spell and has to leave alone."""

    edits: tuple[Edit, ...] = ()
    unspeakable: tuple[Span, ...] = ()
    dotted: bool = False
    capitals: bool = False
    raised: bool = False


class Normaliser:
    """The rewriting for one model. ``knows`` says of a single character whether the model can spell it."""

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._known: dict[str, bool] = {}

    def normalise(self, source: str, spans: Sequence[Span]) -> Normal:
        """``spans`` are left alone."""
        if not _ODD.search(source):
            return Normal()
        work = _Work(source)
        for start, end in _between(spans, len(source)):
            self._spell(work, start, end)
        edits = work.edits
        raised = bool(edits) and edits[0].start == 0 and edits[0].text[:1].islower() and source[0].isupper()
        return Normal(tuple(edits), tuple(work.unspeakable), raised=raised)

    def knows(self, char: str) -> bool:
        """Whether the model can spell a character; asked of the model once."""
        known = self._known.get(char)
        if known is None:
            known = self._known[char] = self._knows(char)
        return known

    def _spell(self, work: _Work, start: int, end: int) -> None:
        """Replaces what the model cannot spell by what it can, or sets it aside."""
        done = start
        for match in _ODD.finditer(work.source, start, end):
            at, char = match.start(), match.group()
            if at < done or (self.knows(char) and char not in _MARKS):
                continue
            done = at + 1
            if char in _MARKS:
                work.edits.append(Edit(at, at + 1, _MARKS[char]))
            elif not char.isalnum():
                work.set_aside(at, at + 1, "mark")
            elif char.isupper() and self.knows(char.lower()):
                work.edits.append(Edit(at, at + 1, char.lower()))
            else:
                done = work.set_word_aside(start, end, at)


@dataclass
class _Work:
    source: str
    edits: list[Edit] = field(default_factory=list)
    unspeakable: list[Span] = field(default_factory=list)

    def set_aside(self, start: int, end: int, kind: Kind) -> None:
        if self.unspeakable and self.unspeakable[-1].kind == kind and self.unspeakable[-1].end == start:
            start = self.unspeakable.pop().start
        self.unspeakable.append(Span(start, end, kind))

    def set_word_aside(self, start: int, end: int, at: int) -> int:
        """Makes the word around ``at`` a span: a name from another language, most likely. Returns its end."""
        first = at
        while first > start and self.source[first - 1].isalnum():
            first -= 1
        word = _WORD.match(self.source, first, end)
        last = max(word.end() if word else 0, at + 1)
        while self.edits and self.edits[-1].end > first:
            self.edits.pop()
        while self.unspeakable and self.unspeakable[-1].end > first:
            first = min(first, self.unspeakable.pop().start)
        self.set_aside(first, last, "foreign")
        return last


def _between(spans: Sequence[Span], length: int) -> list[tuple[int, int]]:
    gaps = []
    at = 0
    for span in spans:
        if at < span.start:
            gaps.append((at, span.start))
        at = span.end
    if at < length:
        gaps.append((at, length))
    return gaps

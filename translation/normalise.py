"""Rewrites chat into what a model was trained on: marks and letters it can spell, plain case. Pure.

Only what the model sees changes; every change is an edit on the original.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import regex

from translation.edits import Edit, Edited
from translation.phrases import Phrases, Rules
from translation.protect import Kind, Span
from translation.standin import BESIDE
from translation.tables import Language

_MARKS = {
    "’": "'", "‘": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
    "\t": " ", "¡": "", "¿": "", "×": "x", "•": "-", "·": "-",
}  # fmt: skip
_ODD = regex.compile(r"[^\x20-\x22\x24-\x3b\x3d\x3f\x41-\x5b\x5d\x5f\x61-\x7a\x7c]")
_WORDS = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}]+)?")
_CALM = regex.compile(r"\p{Ll}{2}")
_SENTENCE_BEFORE = regex.compile(r"(?:^|[.!?…])[\s\"'“(]*$")
_STRETCHED = regex.compile(r"(\p{L})\1{2,}")
_ROMAN = regex.compile(r"[IVXLCDM]+")
_NO_SPACE = regex.compile(
    r"(?<=\p{L}{2})[,;!?](?=\p{L}{2})|(?<=\p{Ll}{2})\.(?=\p{Lu}\p{Ll})|(?<=\p{Ll}{4})\.(?=\p{Ll}{2,}(?:\s|$))"
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Normal:
    """Edits on a piece, and spans that the model cannot spell and has to leave alone."""

    edits: tuple[Edit, ...] = ()
    unspeakable: tuple[Span, ...] = ()
    dotted: bool = False  # a full stop was added
    capitals: bool = False  # capitals were taken away
    raised: bool = False  # the first letter was a capital and no longer is one


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done to a text for the model's sake; all of it, unless a measurement wants to know what each is worth."""

    capitals: bool = True
    words: bool = True  # short forms, accents, stretched letters, missing spaces
    dot: bool = True
    phrases: bool = True
    wording: bool = True


class Normaliser:
    """The rewriting for one model. ``knows`` says of a single character whether the model can spell it."""

    def __init__(
        self,
        knows: Callable[[str], bool],
        language: Language,
        phrases: Phrases,
        steps: Steps,
        count: Callable[[str], int] = len,
    ) -> None:
        """``count``: how many pieces the model cuts a word into; of words that it knows few."""
        self._count = count
        self._rules = phrases.source if steps.wording else Rules()
        self._knows = knows
        self._known: dict[str, bool] = {}
        self._language = language
        self._steps = steps
        self._rewritten = {**language.accents, **language.short} if steps.words else {}
        self._endings = (
            regex.compile("|".join(sorted(language.endings)) + "$") if language.endings and steps.words else None
        )

    def normalise(self, source: str, spans: Sequence[Span]) -> Normal:
        """``spans`` are left alone."""
        work = _Work(source)
        gaps = _between(spans, len(source))
        capitals = self._steps.capitals and _in_capitals(source, gaps)
        if not capitals:
            work.edits += self._by_rules(source, spans, gaps)
        if self._steps.words:
            for start, end in gaps:
                work.edits += _spaces(source, start, end)
        if capitals or self._steps.words:
            work.ruled = [(edit.start, edit.end) for edit in work.edits]
            for start, end in gaps:
                self._words(work, start, end, capitals)
        if _ODD.search(source):
            for start, end in gaps:
                self._spell(work, start, end)
        dotted = self._steps.dot and source[-1:].isalnum() and not (spans and spans[-1].end == len(source))
        if dotted:
            work.edits.append(Edit(len(source), len(source), "."))
        edits = sorted(work.edits, key=lambda edit: (edit.start, edit.end))
        first = edits[0] if edits else None
        raised = bool(first and first.start == 0 and first.text[:1].islower() and source[0].isupper())
        return Normal(tuple(edits), tuple(work.unspeakable), dotted, capitals, raised)

    def knows(self, char: str) -> bool:
        """Whether the model can spell a character; asked of the model once."""
        known = self._known.get(char)
        if known is None:
            known = self._known[char] = self._knows(char)
        return known

    def _words(self, work: _Work, start: int, end: int, capitals: bool) -> None:
        """Takes capitals away, writes short forms out, puts accents back."""
        for match in _WORDS.finditer(work.source, start, end):
            word = match.group()
            low = word.lower()
            if self._steps.words and _STRETCHED.search(low) and not _ROMAN.fullmatch(word):
                low = self._calm(low)
            wanted = self._rewritten.get(low) or self._with_ending(low)
            if wanted is None:
                if low != word.lower():
                    wanted = low
                elif not capitals or low == word:
                    continue
                else:
                    wanted = low
            if any(first < match.end() and match.start() < last for first, last in work.ruled):
                continue
            if capitals:
                if _SENTENCE_BEFORE.search(work.source, 0, match.start()):
                    wanted = wanted[0].upper() + wanted[1:]
            elif len(word) > 1 and word.isupper() and word != low and low not in self._language.short:
                continue  # an abbreviation
            elif word[0].isupper():
                wanted = wanted[0].upper() + wanted[1:]
            if wanted != word:
                work.edits.append(Edit(match.start(), match.end(), wanted))
                work.words.add(match.start())

    def _by_rules(self, source: str, spans: Sequence[Span], gaps: Sequence[tuple[int, int]]) -> list[Edit]:
        """What the rules change; they read over what stands beside the sentence."""
        if not spans:
            return self._rules.edits(source, 0, len(source)) if self._rules.fitting(source) else []
        beside = [span for span in spans if span.kind in BESIDE]
        thin = Edited(
            source, [Edit(span.start, span.end + (source[span.end : span.end + 1] == " "), "") for span in beside]
        )
        if not self._rules.fitting(thin.text):
            return []
        edits: list[Edit] = []
        for edit in self._rules.edits(thin.text, 0, len(thin.text)):
            start, end = thin.back_start(edit.start), thin.back_end(edit.end)
            if any(span.kind not in BESIDE and span.start < end and start < span.end for span in spans):
                continue
            parts = [(max(start, first), min(end, last)) for first, last in gaps if first < end and start < last]
            if len(parts) < 2:
                edits.append(Edit(start, end, edit.text))
                continue
            first, last = parts[0]  # the space before the span stays
            edits.append(Edit(first, first + len(source[first:last].rstrip()), edit.text.rstrip()))
            edits += (Edit(*part, "") for part in parts[1:])
        return edits

    def _calm(self, word: str) -> str:
        """A word with stretched letters as it is written: of all ways the one that the model knows best."""
        runs = [match.group(1) for match in _STRETCHED.finditer(word)]
        if len(runs) > 3 or len(set(word)) == 1:
            return word
        between = _STRETCHED.split(word)[::2]
        ways = [
            "".join(
                part + char * length for part, char, length in zip(between, (*runs, ""), (*lengths, 0), strict=True)
            )
            for lengths in product((1, 2), repeat=len(runs))
        ]
        known = [way for way in ways if way in self._rewritten]
        # Of two as short the one with more letters: "good" rather than "god".
        return known[0] if known else min(ways, key=lambda way: (self._count(way), -len(way)))

    def _with_ending(self, low: str) -> str | None:
        if self._endings is None or len(low) < 6 or not low.isascii():
            return None
        match = self._endings.search(low)
        return low[: match.start()] + self._language.endings[match.group()] if match else None

    def _spell(self, work: _Work, start: int, end: int) -> None:
        """Replaces what the model cannot spell by what it can, or sets it aside."""
        done = start
        for match in _ODD.finditer(work.source, start, end):
            at, char = match.start(), match.group()
            if (
                at < done
                or work.rewritten(at)
                or any(first <= at < last for first, last in work.ruled)
                or (self.knows(char) and char not in _MARKS)
            ):
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
    ruled: list[tuple[int, int]] = field(default_factory=list)  # what rules have rewritten already
    words: set[int] = field(default_factory=set)  # starts of words that were rewritten as a whole

    def rewritten(self, at: int) -> bool:
        """Whether a word that was rewritten as a whole holds an offset."""
        if not self.words or not self.source[at].isalnum():
            return False
        while at and self.source[at - 1].isalnum() and at not in self.words:
            at -= 1
        return at in self.words

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


def _spaces(source: str, start: int, end: int) -> list[Edit]:
    """The spaces that are missing behind points and commas."""
    return [Edit(match.end(), match.end(), " ") for match in _NO_SPACE.finditer(source, start, end)]


def _in_capitals(source: str, gaps: Sequence[tuple[int, int]]) -> bool:
    """Whether a text shouts: at least two words, and hardly a small letter."""
    if any(_CALM.search(source, start, end) for start, end in gaps):
        return False
    words = [word for start, end in gaps for word in _WORDS.findall(source, start, end) if len(word) > 2]
    upper = sum(char.isupper() for word in words for char in word)
    return len(words) > 1 and upper > 0.85 * sum(map(len, words))


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

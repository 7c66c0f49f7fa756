"""Cuts a text into pieces that a model translates, and leaves everything between them exactly as it stands. Pure.

What lies outside the pieces (line breaks, indentation, bullets, blank lines) is layout and never reaches the model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

import regex

from translation.protect import Span

Piece = tuple[int, int]  # offsets in code points, end exclusive

# A line, or a column of it, without its indentation, its bullet or number, and its trailing space.
_LINE = regex.compile(
    r"[^\S\r\n\v\f\x1c-\x1e\x85\u2028\u2029]*+"
    r"(?:(?:[-*+•·‣◦▪–—>#]{1,3}|\d{1,2}[.)]|[a-zA-Z]\))[^\S\r\n\v\f\x1c-\x1e\x85\u2028\u2029]++)*+"
    r"(?P<body>\S(?:[^\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]*\S)?)"
)
_SENTENCE_END = regex.compile(
    r"(?:(?<!\b(?:[A-Z]|Sr|Sra|Dr|Dra|Mr|Mrs|Ms|St|Sto|Sta|Prof|Av|Tel|No|Nr|etc|ex|e\.g|i\.e|p\.ex|z\.B|vs|approx))"
    r"[.!?…]+[)\]\"'’”»]*\s+(?=[\p{Lu}\p{Lo}\d¿¡\"'“«(\[])|[!?]{1,5}[)\]\"'’”»]*\s+(?=\p{L})|[。！？]+\s*)"
)
_CLAUSE_END = regex.compile(r"[;:,،、，]\s+|\s+[–—-]\s+|[.!?…]+\s+")
_SPACE = regex.compile(r"\s+")


def lines(text: str) -> list[Piece]:
    """The lines of ``text`` that hold anything, without their layout."""
    return [match.span("body") for match in _LINE.finditer(text)]


def sentences(text: str, piece: Piece, spans: Sequence[Span] = ()) -> list[Piece]:
    """The sentences of a piece, without the space between them. No cut falls inside a span."""
    return _cut(text, piece, _SENTENCE_END, spans)


def clauses(text: str, piece: Piece, spans: Sequence[Span] = ()) -> list[Piece]:
    """The clauses of a piece: cut after commas, colons, semicolons, dashes."""
    return _cut(text, piece, _CLAUSE_END, spans)


def _cut(text: str, piece: Piece, pattern: regex.Pattern[str], spans: Sequence[Span]) -> list[Piece]:
    start, end = piece
    pieces: list[Piece] = []
    for match in pattern.finditer(text, start, end):
        at = match.end()
        stop = match.start() + len(match.group().rstrip())
        if at >= end or stop <= start or _around(at, spans) or _around(stop, spans):
            continue
        pieces.append((start, stop))
        start = at
    if start < end:
        pieces.append((start, end))
    return pieces


def shorten(text: str, piece: Piece, fits: Callable[[str], bool], spans: Sequence[Span] = ()) -> list[Piece]:
    """Cuts a piece until every part ``fits``: by sentence, then by clause, finally at spaces or anywhere.

    Neighbouring parts are joined again as long as they fit together.
    """
    if fits(text[piece[0] : piece[1]]):
        return [piece]
    for cut in (sentences, clauses):
        parts = cut(text, piece, spans)
        if len(parts) > 1:
            return _join(text, [part for whole in parts for part in shorten(text, whole, fits, spans)], fits)
    return _halve(text, piece, fits, spans)


def _join(text: str, parts: list[Piece], fits: Callable[[str], bool]) -> list[Piece]:
    joined = [parts[0]]
    for part in parts[1:]:
        if fits(text[joined[-1][0] : part[1]]):
            joined[-1] = (joined[-1][0], part[1])
        else:
            joined.append(part)
    return joined


def _halve(text: str, piece: Piece, fits: Callable[[str], bool], spans: Sequence[Span]) -> list[Piece]:
    start, end = piece
    if fits(text[start:end]) or end - start < 2:
        return [piece]
    middle = (start + end) // 2
    if span := _around(middle, spans):  # never inside a span, unless the span alone is too long
        middle = span.start if span.start > start else span.end
    else:
        space = min(
            (match for match in _SPACE.finditer(text, start + 1, end - 1) if not _around(match.start(), spans)),
            key=lambda match: abs(match.start() - middle),
            default=None,
        )
        if space is not None:
            return _halve(text, (start, space.start()), fits, spans) + _halve(text, (space.end(), end), fits, spans)
    if middle in (start, end):
        return [piece]
    return _halve(text, (start, middle), fits, spans) + _halve(text, (middle, end), fits, spans)


def _around(offset: int, spans: Sequence[Span]) -> Span | None:
    """The span that ``offset`` lies within, if any."""
    index = bisect_left(spans, offset, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and offset < spans[index].end else None

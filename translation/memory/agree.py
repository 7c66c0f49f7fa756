"""Whether a text and its translation agree in what must be the same in both: addresses, codes, numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from translation import tables
from translation.memory.forms import spans_of
from translation.protect import Span

# Kinds that a translation holds as they are; figures are compared by themselves, the rest a translator may leave out.
_VERBATIM = frozenset(("code", "placeholder", "tag", "email", "url", "mention", "hashtag", "iban", "sku"))
_ENTITY = regex.compile(r"&\w+;")
_DIGITS = regex.compile(r"\d+")
_SPACE = regex.compile(r"\s+")
_WORD = regex.compile(r"[\p{L}\p{M}]+")


@dataclass(frozen=True, slots=True)
class Side:
    """A text or its translation, with its protected spans."""

    text: str
    language: str
    spans: Sequence[Span]


def sides(text: str, source: str, other: str, target: str) -> tuple[Side, Side]:
    """A text in language ``source`` and its translation ``other`` in ``target``."""
    return Side(text, source, spans_of(text, source, target)), Side(other, target, spans_of(other, target, source))


def agree(one: Side, other: Side) -> bool:
    """Whether both hold the same, as often."""
    return (not one.spans and not other.spans) or (_all_in(one, other) and _all_in(other, one))


def missing(one: Side, other: Side) -> tuple[str, ...]:
    """What ``other`` lacks of ``one``, as it is written there, each once, in order."""
    found = list(_lost_verbatim(one, other))
    lacked = _lost_figures(one, other)
    for digits in _DIGITS.finditer(one.text) if lacked else ():
        if _value(digits[0]) in lacked:
            around = (span for span in one.spans if span.start <= digits.start() and digits.end() <= span.end)
            found.append(next(around, Span(*digits.span(), "number")))
    found.sort(key=lambda span: span.start)
    return tuple(dict.fromkeys(one.text[span.start : span.end].strip() for span in found))


def _all_in(one: Side, other: Side) -> bool:
    return not any(True for _ in _lost_verbatim(one, other)) and not _lost_figures(one, other)


def _lost_verbatim(one: Side, other: Side) -> Iterator[Span]:
    """The spans that have to stay as they are and don't stand in the other text as often, give or take white space."""
    kept = [span for span in one.spans if span.kind in _VERBATIM]
    if not kept:
        return
    own, others = _SPACE.sub("", one.text), _SPACE.sub("", other.text)
    for span in kept:
        token = _SPACE.sub("", one.text[span.start : span.end])
        if own.count(token) > others.count(token) and not _ENTITY.fullmatch(token):
            yield span


def _lost_figures(one: Side, other: Side) -> Counter[str]:
    """Numbers that the other text says neither in figures nor in words."""
    lost = _figures(one.text) - _figures(other.text)
    if not lost:
        return lost
    numbers = tables.language(other.language).numbers
    return lost - Counter(str(numbers[word]) for word in _WORD.findall(other.text.lower()) if word in numbers)


def _figures(text: str) -> Counter[str]:
    """Runs of digits: the same in "1,000.50" and "1.000,50", in "1-3" and "1 to 3", in 19/01 and 01/19."""
    return Counter(map(_value, _DIGITS.findall(text)))


def _value(digits: str) -> str:
    return digits.lstrip("0") or "0"

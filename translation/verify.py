"""Checks a translated piece against its source: what can be known to be wrong without reading either. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import regex

from translation.prepare import Held, Prepared
from translation.restore import Fixed

Warning_ = Literal["span-lost", "number-changed", "length", "repetition", "untranslated"]

_DIGITS = regex.compile(r"\d+")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_STUTTER = regex.compile(r"(\S{1,4}?)\1{9,}")


def check(
    prepared: Prepared,
    text: str,
    fixed: Sequence[Fixed],
    lost: Sequence[Held],
    *,
    truncated: bool,
    number_words: dict[str, int],
) -> tuple[Warning_, ...]:
    """What is wrong with a translation, worst first; nothing where all is well.

    ``fixed``: the protected spans in ``text``; ``lost``: those that are not. ``number_words``: those of the source
    language, which the translation may write as digits.
    """
    found: list[Warning_] = []
    if lost:
        kinds = {item.kind for item in lost}
        if kinds - {"number"}:
            found.append("span-lost")
        if "number" in kinds:
            found.append("number-changed")
    if "number-changed" not in found and _new_numbers(prepared, text, fixed, number_words):
        found.append("number-changed")
    if _repeats(prepared.text, text):
        found.append("repetition")
    elif truncated or _length_off(prepared.text, text):
        found.append("length")
    if _untranslated(prepared, text, fixed):
        found.append("untranslated")
    return tuple(found)


def _new_numbers(prepared: Prepared, text: str, fixed: Sequence[Fixed], number_words: dict[str, int]) -> bool:
    """Whether the translation has figures that are neither protected spans nor number words of the source."""
    outside = Counter(_digits_outside(text, fixed))
    if not outside:
        return False
    allowed = Counter(
        str(number_words[word]) for word in _WORD.findall(prepared.source.lower()) if word in number_words
    )
    return any(int(figure) > 12 if len(figure) < 3 else True for figure in outside - allowed)


def _digits_outside(text: str, fixed: Sequence[Fixed]) -> list[str]:
    return [
        match.group()
        for match in _DIGITS.finditer(text)
        if not any(item.start <= match.start() < item.end for item in fixed)
    ]


def _repeats(source: str, target: str) -> bool:
    """Whether the translation turns in circles and the source does not."""
    words = target.lower().split()
    if len(words) >= 8 and _circles(words):
        return not _circles(source.lower().split())
    return len(target) > 60 and bool(_STUTTER.search(target)) and not _STUTTER.search(source)


def _circles(words: Sequence[str]) -> bool:
    return len(set(words)) * 2 <= len(words)


def _length_off(source: str, target: str) -> bool:
    """A translation of a sentence is neither less than a third of it nor more than three times as long."""
    if not target.strip():
        return bool(source.strip())
    if len(source) < 20:
        return len(target) > 60 + len(source)
    return not len(source) / 3 <= len(target) <= len(source) * 3


def _untranslated(prepared: Prepared, text: str, fixed: Sequence[Fixed]) -> bool:
    """Whether the model copied a sentence instead of translating it. Names and short answers may stay as they are."""
    before = _words(prepared.text, [item.token for item in prepared.held])
    return len(before) >= 4 and before == _words(text, [item.text for item in fixed])


def _words(text: str, without: Sequence[str]) -> list[str]:
    for token in without:
        text = text.replace(token, " ")
    return _WORD.findall(text.lower())

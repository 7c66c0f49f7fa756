"""Checks a translated piece against its source: what can be known to be wrong without reading either. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import regex

from translation.prepare import Prepared
from translation.restore import Fixed, Restored

Warning_ = Literal["span-lost", "number-changed", "length", "repetition", "untranslated"]

_DIGITS = regex.compile(r"\d+")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_STUTTER = regex.compile(r"(\S{1,4}?)\1{9,}")


def check(
    prepared: Prepared, restored: Restored, *, truncated: bool, number_words: dict[str, int]
) -> tuple[Warning_, ...]:
    """What is wrong with a translation, worst first; nothing where all is well.

    ``number_words``: those of the source language, which the translation may write as digits.
    """
    found: list[Warning_] = []
    lost = {item.kind for item in restored.lost}
    if lost - {"number"}:
        found.append("span-lost")
    if "number" in lost or _new_numbers(prepared, restored, number_words):
        found.append("number-changed")
    if truncated or _repeats(prepared.text, restored.text):
        found.append("repetition" if _repeats(prepared.text, restored.text) else "length")
    elif _length_off(prepared.text, restored.text):
        found.append("length")
    if _untranslated(prepared, restored):
        found.append("untranslated")
    return tuple(found)


def _new_numbers(prepared: Prepared, restored: Restored, number_words: dict[str, int]) -> bool:
    """Whether the translation has figures that are neither protected spans nor number words of the source."""
    outside = Counter(_digits_outside(restored.text, restored.fixed))
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


def _untranslated(prepared: Prepared, restored: Restored) -> bool:
    """Whether the model copied a sentence instead of translating it. Names and short answers may stay as they are."""
    before = _words(prepared.text, [item.token for item in prepared.held])
    return len(before) >= 4 and before == _words(restored.text, [item.text for item in restored.fixed])


def _words(text: str, without: Sequence[str]) -> list[str]:
    for token in without:
        text = text.replace(token, " ")
    return _WORD.findall(text.lower())

"""Checks a translated piece against its source: what can be known to be wrong without reading either. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import regex

from translation.prepare import Held, Prepared
from translation.restore import Fixed

Warning_ = Literal["span-lost", "number-changed", "length", "repetition", "untranslated", "language", "low-score"]

_DIGITS = regex.compile(r"\d+")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_FEWEST_WORDS = 4  # shorter sentences may come out as they went in
_SOME_COPIES = 0.4  # fewer words in common say nothing
_A_COPY = 0.75
_READABLE = 40  # characters; of shorter texts the language is a guess
_ENOUGH_LETTERS = 12
_NATIVE = 0.3  # of the letters: names and loan words are written in Latin everywhere
_STUTTER = regex.compile(r"(\S{1,4}?)\1{9,}")


@dataclass(frozen=True)
class Expected:
    """What the translations of one direction have in common."""

    number_words: dict[str, int] = field(default_factory=dict)  # of the source, which may come out as digits
    scripts: str = "Latin"  # names of those that the target language is written in, Latin always among them
    doubtful: float | None = None  # the model's score below which a translation is mostly bad; None: not known
    elsewhere: Callable[[str], bool] | None = None  # whether a text is clearly not in the target language


def check(
    prepared: Prepared,
    text: str,
    fixed: Sequence[Fixed],
    lost: Sequence[Held],
    expected: Expected,
    *,
    truncated: bool = False,
    score: float = 0.0,
) -> tuple[Warning_, ...]:
    """What is wrong with a translation, worst first; nothing where all is well.

    ``fixed``: the protected spans in ``text``; ``lost``: those that are not. ``score``: the model's own.
    """
    found: list[Warning_] = []
    if lost:
        kinds = {item.kind for item in lost}
        if kinds - {"number"}:
            found.append("span-lost")
        if "number" in kinds:
            found.append("number-changed")
    if "number-changed" not in found and _new_numbers(prepared, text, fixed, expected.number_words):
        found.append("number-changed")
    if _repeats(prepared.source, text):
        found.append("repetition")
    elif truncated or _length_off(prepared.text, text):
        found.append("length")
    if copied := _copied(prepared, text, fixed):
        if copied >= _A_COPY:
            found.append("untranslated")
        elif expected.elsewhere is not None and len(text) >= _READABLE and expected.elsewhere(text):
            found.append("language")
    if "untranslated" not in found and "language" not in found and _other_script(prepared, text, fixed, expected):
        found.append("language")
    if expected.doubtful is not None and score < expected.doubtful:
        found.append("low-score")
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


def _copied(prepared: Prepared, text: str, fixed: Sequence[Fixed]) -> float:
    """The share of the source's words that stand in the translation as they were; 0 where it says nothing.

    Names and short answers may stay as they are, and languages that are kin have words in common.
    """
    source = _words(prepared.text, [item.token for item in prepared.held])
    return _share(source, _words(text, [item.text for item in fixed]))


def copied_in_parts(parts: Sequence[tuple[str, str]]) -> bool:
    """Whether translations of the parts of one text, beside their sources, are copies when taken together."""
    source, target = (" ".join(part[side] for part in parts) for side in (0, 1))
    return _share(_WORD.findall(source), _WORD.findall(target)) >= _A_COPY


def _share(source: Sequence[str], target: Sequence[str]) -> float:
    words = [word.lower() for word in source if not word[0].isupper()]
    if len(words) < _FEWEST_WORDS:
        return 0.0
    left = Counter(word.lower() for word in target)
    found = 0
    for word in words:
        if left[word]:
            left[word] -= 1
            found += 1
    return found / len(words) if found > _SOME_COPIES * len(words) else 0.0


def _words(text: str, without: Sequence[str]) -> list[str]:
    for token in without:
        text = text.replace(token, " ")
    return _WORD.findall(text)


def _other_script(prepared: Prepared, text: str, fixed: Sequence[Fixed], expected: Expected) -> bool:
    """Whether letters came up of a script that the target has not, or hardly any of the script that it has."""
    native, strange = _script_patterns(expected.scripts)
    if native is None and text.isascii():
        return False
    for item in reversed(fixed):
        text = text[: item.start] + " " + text[item.end :]
    if any(letter not in prepared.source for letter in strange.findall(text)):
        return True
    if native is None:
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= _ENOUGH_LETTERS and len(native.findall(text)) < _NATIVE * letters


@cache
def _script_patterns(names: str) -> tuple[regex.Pattern[str] | None, regex.Pattern[str]]:
    """Letters of the scripts other than Latin, None where there are none; letters of any script not named."""
    others = [name for name in names.split() if name != "Latin"]
    native = regex.compile("[" + "".join(rf"\p{{{name}}}" for name in others) + "]") if others else None
    known = "".join(rf"\p{{{name}}}" for name in names.split())
    return native, regex.compile(rf"[\p{{L}}--[{known}\p{{Common}}\p{{Inherited}}]]", regex.VERSION1)

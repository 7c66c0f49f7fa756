"""Words of a text with their places, as enforcing needs them: elided articles apart, unspaced scripts by character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from glossary.borders import UNSPACED, char_class, whole_word
from glossary.folding import fold, fold_key, same
from glossary.rules import LanguageRules, rules_for

_WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_SENTENCE_END = ".!?…:;\n\r。！？"
_OPENING = " \t\u00a0\"'“”‘’«»„([{¿¡-–—•*_"


class Word(NamedTuple):
    """One word. ``lower`` is what grammar tables are asked for."""

    start: int
    end: int
    text: str
    lower: str


def words_of(text: str, language: str) -> list[Word]:
    """Words in text order. Marks and spaces lie between them."""
    rules = rules_for(language)
    words: list[Word] = []
    for item in _WORD.finditer(text):
        start, end = item.span()
        if any(char_class(char) == UNSPACED for char in item.group()):
            words.extend(_characters(text, start, end))
            continue
        if "-" in item.group():
            end = _before_clitics(text, start, end, rules)
            words.append(Word(start, end, text[start:end], text[start:end].lower()))
            while end < item.end():
                start, end = end + 1, item.end()
                cut = text.find("-", start, end)
                end = cut if cut >= 0 else end
                words.append(Word(start, end, text[start:end], text[start:end].lower()))
            continue
        if end < len(text) - 1 and text[end] in "'’" and text[end + 1].isalpha():
            elided = text[start:end].lower() + "'"
            if elided in rules.words or elided in rules.elided:
                end += 1
                words.append(Word(start, end, text[start:end], elided))
                continue
        words.append(Word(start, end, text[start:end], text[start:end].lower()))
    return words


def _before_clitics(text: str, start: int, end: int, rules: LanguageRules) -> int:
    """Where the word proper ends: "e-mail" is one word, "enviá-lo" is a verb with a pronoun behind it."""
    while True:
        cut = text.rfind("-", start, end)
        if cut < 0 or text[cut + 1 : end].lower() not in rules.clitics:
            return end
        end = cut


def _characters(text: str, start: int, end: int) -> list[Word]:
    words: list[Word] = []
    for index in range(start, end):
        char = text[index]
        if char_class(char) != UNSPACED and words and char_class(words[-1].text[-1]) != UNSPACED:
            last = words.pop()
            words.append(
                Word(last.start, index + 1, text[last.start : index + 1], text[last.start : index + 1].lower())
            )
        else:
            words.append(Word(index, index + 1, char, char.lower()))
    return words


def occurrences(text: str, wanted: Sequence[str], language: str, *, case: bool) -> list[tuple[int, int]]:
    """Where one of ``wanted`` stands in ``text`` as words of its own; in text order, longest first, no overlaps."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for form in wanted:
        key = fold_key(form)
        at = folded.text.find(key) if key else -1
        while at >= 0:
            span = folded.span(at, at + len(key))
            if (
                span is not None
                and whole_word(text, *span, language)
                and same(text[span[0] : span[1]], form, case=case, accents=True)
            ):
                spans.append(span)
            at = folded.text.find(key, at + 1)
    spans.sort(key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def starts_sentence(text: str, at: int) -> bool:
    """Whether a sentence begins at ``at``, opening marks left aside."""
    index = at - 1
    while index >= 0 and text[index] in _OPENING:
        index -= 1
    return index < 0 or text[index] in _SENTENCE_END


def only_space(text: str, start: int, end: int) -> bool:
    """Whether nothing but spaces on one line lies between two offsets."""
    return all(char in " \u00a0\t" for char in text[start:end])


def like(model: str, text: str) -> str:
    """``text`` with the capitals of ``model``: all of them, the first, or as it is."""
    if len(model) > 1 and model.isupper() and len(text) > 1:
        return text.upper()
    if model[:1].isupper():
        return text[:1].upper() + text[1:]
    return text

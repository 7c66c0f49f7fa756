"""Where a word begins and ends, as each script has it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from glossary.rules import rules_for

NOT_A_WORD, SPACED, UNSPACED, HANGUL = range(4)

_UNSPACED_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x323AF),
)
_HANGUL_RANGES = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))
_COMPOUND_REST = 4  # letters: shorter ones are endings and chance
_JOINTS = "'’-‐‑"  # join words, and sometimes parts of one: see _joined


@lru_cache(maxsize=16384)
def char_class(char: str) -> int:
    """NOT_A_WORD, or which kind of word the character belongs to."""
    code = ord(char)
    if not (char.isalnum() or char == "_" or unicodedata.category(char) in ("Mn", "Mc")):
        return NOT_A_WORD
    if code < 0x0E00:
        return SPACED
    if any(low <= code <= high for low, high in _HANGUL_RANGES):
        return HANGUL
    if any(low <= code <= high for low, high in _UNSPACED_RANGES):
        return UNSPACED
    return SPACED


def whole_word(text: str, start: int, end: int, language: str) -> bool:
    """Whether ``text[start:end]`` begins and ends where words do; particles and joined prefixes count as outside.

    Where a language writes compounds as one word, a long part at either end of one counts as a word.
    """
    first, last = begins(text, start, language), ends(text, end, language)
    if first and last:
        return True
    least = rules_for(language).compounds
    return bool(least) and first != last and end - start >= least and _in_compound(text, start, end)


def _in_compound(text: str, start: int, end: int) -> bool:
    """Whether what the word has beside ``start`` to ``end`` may be a word too: "Gutschein|code", no mere ending."""
    head, tail = start, end
    while head > 0 and text[head - 1].isalpha():
        head -= 1
    while tail < len(text) and text[tail].isalpha():
        tail += 1
    rest = max(start - head, tail - end)
    return rest >= _COMPOUND_REST and text[start:end].replace("-", "").isalpha()


def begins(text: str, start: int, language: str) -> bool:
    """Whether a word can begin at ``start``."""
    if start == 0:
        return True
    first, before = char_class(text[start]), char_class(text[start - 1])
    if before == NOT_A_WORD:
        return not (first and _joined(text, start - 1, -1))
    if first != before or first in (NOT_A_WORD, UNSPACED):
        return True
    prefixes = rules_for(language).prefixes
    if not prefixes:
        return False
    head = start
    while head > 0 and char_class(text[head - 1]) == first:
        head -= 1
    return text[head:start] in prefixes


def ends(text: str, end: int, language: str) -> bool:
    """Whether a word can end at ``end``."""
    if end == len(text):
        return True
    last, after = char_class(text[end - 1]), char_class(text[end])
    if after == NOT_A_WORD:
        return not (last and _joined(text, end, 1))
    if last != after or last in (NOT_A_WORD, UNSPACED):
        return True
    if last != HANGUL:
        return False
    tail = end
    while tail < len(text) and char_class(text[tail]) == HANGUL:
        tail += 1
    return is_particles(text[end:tail], rules_for(language).particles)


def is_particles(text: str, particles: frozenset[str]) -> bool:
    """Whether ``text`` is one particle or several in a row, e.g. Korean "에서는"."""
    if text in particles:
        return True
    return any(text[:cut] in particles and text[cut:] in particles for cut in range(1, len(text)))


def _joined(text: str, joint: int, step: int) -> bool:
    """Whether the mark at ``joint`` ties what lies beyond it into the same word: "e-mail", "can't"."""
    if text[joint] not in _JOINTS:
        return False
    beyond = joint + step
    length = 0
    while 0 <= beyond < len(text) and length < 2 and char_class(text[beyond]):
        length += 1
        beyond += step
    if length != 1:
        return False
    letter = text[joint + step]
    if text[joint] in "'’":  # "l'ordine" and "order's" are two words, "can't" is one
        return step == 1 and letter in "tT"
    return letter.isalpha()

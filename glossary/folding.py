"""Folds case, accents and spacing away for searching, and maps every offset back exactly."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters of their own, not a letter with an accent: leaving the mark out is a spelling error nobody makes.
_KEEP_WHOLE = frozenset("йЙ")
_DROPPED = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0640\ufe0e\ufe0f"
)  # soft hyphen, joiners, tatweel, selectors
_APOSTROPHES = frozenset("’‘ʼ＇`´")
_DASHES = frozenset("‐‑‒–−")
_SPACES = re.compile("  +")


class Folded:
    """A folded text. ``starts[i]`` is the offset in the original of the character that folded to ``text[i]``."""

    __slots__ = ("_length", "starts", "text")

    def __init__(self, text: str, starts: list[int] | None, length: int) -> None:
        self.text = text
        self.starts = starts  # None: the same offsets as the original
        self._length = length

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Offsets in the original of folded ``start`` to ``end`` (exclusive); None if they cut a character in two."""
        starts = self.starts
        if starts is None:
            return start, end
        if start > 0 and starts[start] == starts[start - 1]:
            return None
        if end == len(starts):
            return starts[start], self._length
        if starts[end] == starts[end - 1]:
            return None
        return starts[start], starts[end]


def fold(text: str) -> Folded:
    """``text`` without case, accents, joiners and repeated spaces."""
    folded = text.translate(_TABLE)
    # Every character folded to just one: offsets stay the same.
    if "  " not in folded and len(folded) == len(text) and _LENGTH_CHANGES.isdisjoint(text):
        return Folded(folded, None, len(text))
    out: list[str] = []
    starts: list[int] = []
    for index, char in enumerate(text):
        pieces = _TABLE[ord(char)]
        if pieces == " " and out and out[-1] == " ":
            continue
        for piece in pieces:
            out.append(piece)
            starts.append(index)
    return Folded("".join(out), starts, len(text))


def fold_key(text: str) -> str:
    """The folded form alone: the key under which a wording is searched."""
    plain = text.isascii() and text.isprintable()  # most are; this is several times as fast
    folded = text.lower().replace("`", "'") if plain else text.translate(_TABLE)
    return _SPACES.sub(" ", folded) if "  " in folded else folded


def same(found: str, wanted: str, *, case: bool, accents: bool) -> bool:
    """Whether ``found``, in a message, stands for ``wanted``, given that both fold to the same key.

    Without ``accents`` a message may leave accents out, but may not have others: "cartao" stands for "cartão",
    "país" does not stand for "pais".
    """
    if found == wanted:
        return True
    if not case and found.lower() == wanted.lower():
        return True
    left, right = _settle(found, case), _settle(wanted, case)
    if left == right:
        return True
    if accents or len(left) != len(right):
        return False
    return all(a == b or a == bare(b) for a, b in zip(left, right, strict=True))


def _settle(text: str, case: bool) -> str:
    text = unicodedata.normalize("NFC", text)
    pieces: list[str] = []
    for char in text:
        if char in _DROPPED or _vowel_mark(char):
            continue
        if char.isspace():
            if not pieces or pieces[-1] != " ":
                pieces.append(" ")
        elif char in _APOSTROPHES:
            pieces.append("'")
        elif char in _DASHES:
            pieces.append("-")
        elif case:
            pieces.append(char)
        else:
            pieces.append(_plain_lower(char))
    return "".join(pieces)


def _plain_lower(char: str) -> str:
    return unicodedata.normalize("NFC", char.casefold()).replace("\u0307", "")


@lru_cache(maxsize=4096)
def bare(char: str) -> str:
    """A letter without its accent; the letter itself where the mark belongs to it."""
    if char < "\x80" or char in _KEEP_WHOLE or not _has_accents(char):
        return char
    return "".join(c for c in unicodedata.normalize("NFD", char) if not _accent(c)) or char


def _fold_char(char: str) -> str:
    if char.isspace():
        return " "
    if char in _APOSTROPHES:
        return "'"
    if char in _DASHES:
        return "-"
    if char in _DROPPED or _vowel_mark(char) or _accent(char):
        return ""
    return "".join(bare(c) for c in char.casefold() if not _accent(c))


def _has_accents(char: str) -> bool:
    # Latin, Greek, Cyrillic, and the Arabic letters that carry a hamza or madda. Other scripts' marks are letters.
    return char < "\u0530" or "\u1e00" <= char <= "\u1fff" or "\u0622" <= char <= "\u0626"


def _accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or "\u0653" <= char <= "\u0655"


def _vowel_mark(char: str) -> bool:
    """Arabic and Hebrew vowel signs, which writers leave out at will."""
    return (
        "\u064b" <= char <= "\u0652" or char == "\u0670" or "\u0591" <= char <= "\u05bd" or char in "\u05bf\u05c1\u05c2"
    )


class _Table(dict[int, str]):
    """Code point to folded text, worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_char(char)
        if len(folded) != 1:
            _LENGTH_CHANGES.add(char)
        self[code] = folded
        return folded


_LENGTH_CHANGES: set[str] = set()
_TABLE = _Table()

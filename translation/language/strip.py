"""The part of a message that tells its language: without addresses, codes, numbers, emoji and masked words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

# Enough to know the language of any text, and little enough that a long paste costs no more than a short one.
LIMIT = 1000

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[^\s@<>]{1,64}@[^\s@<>]{1,64}\.\w+"
    r"|\b(?:[\w-]{1,40}\.){1,4}(?:com|net|org|io|co|html?|pdf)\b\S*"
)
_MARKUP = re.compile(r"`[^`]*`|<[^<>]{1,80}>|\{[^{}]{0,40}\}|[#@][\w-]+")
_CODE = re.compile(
    r"\b(?=[a-z-]{0,40}[\d_])[a-z\d_-]+\b|\b[a-z]{1,40}_\w*\b", re.IGNORECASE | re.ASCII
)  # LP0012CN, 16GB, order_id
# Words all in capitals stand for names, brands and masked data, unless the whole message shouts.
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:-[A-Z]+)+\b|\b[A-Z]{3,}\b")
_CAPITALS_JOINED = re.compile(r"\b[A-Z]+(?:-[A-Z]+)+\b")
# Vowels and accents that stand as characters of their own: part of the word, though Python's \w leaves them out.
MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0900-\u109f\u1780-\u17dd"
_OTHER = re.compile(rf"[^\w\s'.,!?¿¡{MARKS}-]|[\d_]")
# What somebody else wrote: quotation marks around three words or more, a mark that opens or closes a message without
# its partner (a quote over several messages), lines that begin with ">".
_QUOTED = re.compile(
    r"[\"“„«»](?=\S{1,40}\s{1,9}\S{1,40}\s{1,9}\S)[^\"“”„«»]{12,}[\"”“»«]|^[ \t]{0,9}[\"“„«][^\"“”„«»]{12,}$"
    r"|^[^\"“”„«»]{12,}[\"”»][ \t]{0,9}$|^[ \t]{0,9}>.*$",
    re.MULTILINE,
)
_LONG_RUN = re.compile(r"(\w)\1{3,}")
_SPACES = re.compile(r"\s+")


class Plain(msgspec.Struct, frozen=True):
    """What is left of a message to read."""

    text: str  # lower case, one line, at most ``LIMIT`` characters; empty where nothing tells a language
    quoted: bool = False  # the message is a quote and nothing else
    shouted: bool = False  # it had capital letters only


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(name) for name in sorted(set(names), key=lambda n: (-len(n), n)) if name)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)" if choices else r"(?!)", re.IGNORECASE)


def readable(text: str, names: Sequence[str] = ()) -> Plain:
    """The words of a message. ``names`` are taken out wherever they stand as whole words, whatever their case.

    Give the names that a matcher found in this message rather than a whole catalogue: each set is compiled.
    """
    text = text[: 4 * LIMIT]
    if names:
        text = _any_of(tuple(names)).sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    for mark in "’‘´":
        text = text.replace(mark, "'")
    unquoted = _QUOTED.sub(" ", text)
    quoted = unquoted != text and len(unquoted.split()) < 3
    text = _ADDRESS.sub(" ", text if quoted else unquoted)
    text = _MARKUP.sub(" ", text)
    text = _CODE.sub(" ", text)
    shouted = text.isupper()
    text = (_CAPITALS_JOINED if shouted else _CAPITALS).sub(" ", text)
    text = _OTHER.sub(" ", text)
    text = _LONG_RUN.sub(r"\1\1", text.lower())
    return Plain(_SPACES.sub(" ", text).strip()[:LIMIT], quoted, shouted)

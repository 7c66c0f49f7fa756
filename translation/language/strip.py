"""The part of a message that tells its language: without addresses, codes, numbers, emoji and masked words."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Enough to know the language of any text, and little enough that a long paste costs no more than a short one.
LIMIT = 1000

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[^\s@<>]+@[^\s@<>]+\.\w+|\b(?:[\w-]+\.)+(?:com|net|org|io|co|html?|pdf)\b\S*"
)
_MARKUP = re.compile(r"`[^`]*`|<[^<>]{1,80}>|\{[^{}]{0,40}\}|[#@][\w-]+")
_CODE = re.compile(r"\b(?=[a-z-]*[\d_])[a-z\d_-]+\b|\b\w*_\w*\b", re.IGNORECASE | re.ASCII)  # LP0012CN, 16GB, order_id
# Words all in capitals stand for names, brands and masked data, unless the whole message shouts.
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:-[A-Z]+)+\b|\b[A-Z]{3,}\b")
_CAPITALS_JOINED = re.compile(r"\b[A-Z]+(?:-[A-Z]+)+\b")
_OTHER = re.compile(r"[^\w\s'.,!?¿¡-]|[\d_]")
# What somebody else wrote: quotation marks around three words or more, lines that open with ">".
_QUOTED = re.compile(r"[\"“„«»](?=\S+\s+\S+\s+\S)[^\"“”„«»]{12,}(?:[\"”“»«]|$)|^\s*>.*$", re.MULTILINE)
_LONG_RUN = re.compile(r"(\w)\1{3,}")
_SPACES = re.compile(r"\s+")


def readable(text: str, names: Sequence[str] = ()) -> str:
    """The words of a message in lower case, one line, at most ``LIMIT`` characters; empty where none tells anything.

    ``names`` are taken out wherever they stand as whole words, whatever their case.
    """
    text = text[: 4 * LIMIT]
    for name in names:
        if name:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'") if "`" not in text else text.replace("’", "'")
    unquoted = _QUOTED.sub(" ", text)
    if len(unquoted.split()) >= 3:  # a message that is nothing but a quote is still read
        text = unquoted
    text = _ADDRESS.sub(" ", text)
    text = _MARKUP.sub(" ", text)
    text = _CODE.sub(" ", text)
    capitals = _CAPITALS if any(c.islower() for c in text) else _CAPITALS_JOINED
    text = capitals.sub(" ", text)
    text = _OTHER.sub(" ", text)
    text = _LONG_RUN.sub(r"\1\1", text.lower())
    return _SPACES.sub(" ", text).strip()[:LIMIT]

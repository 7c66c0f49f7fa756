"""Everyday words that settle a language by themselves: "obrigado", "danke", "merci"."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files

from translation.language.strip import LIMIT, MARKS

_LETTERS = rf"(?:[^\W\d_]|[{MARKS}])+"
_TOKEN = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*'?")


@cache
def listed_words(name: str) -> dict[str, tuple[str, ...]]:
    """Word > the codes it is listed for in a file of data/. Read once; words.txt takes about 2 MB."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    code = ""
    for line in files(__package__).joinpath("data", name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        for word in line.split():
            if word.endswith(":"):
                code = word[:-1]
            elif code not in found[word]:
                found[word].append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def lexicon() -> dict[str, tuple[str, ...]]:
    """Word > the languages it speaks for; ("any",): for none."""
    return listed_words("words.txt")


def _tokens(text: str) -> list[str]:
    """The words of a stripped text; an elided article ("l'", "d'") stands alone unless the whole word is listed."""
    known, out = lexicon(), []
    for found in _TOKEN.findall(text):
        word = found if found in known else found.rstrip("'")
        head, apostrophe, rest = word.partition("'")
        out += [word] if word in known or not apostrophe else [head + apostrophe, rest]
    return out


def telling(text: str, listed_only: bool = False) -> str:
    """A stripped text without the words that are typed in every language; ``listed_only``: without unknown ones too."""
    known, kept = lexicon(), []
    for part in text.split():
        codes = known.get(part.strip(".,!?¿¡'-"))
        if codes != ("any",) and (codes or not listed_only):
            kept.append(part)
    return " ".join(kept)


def weigh(text: str) -> dict[str, float]:
    """Language > how much the words of a stripped text speak for it; empty where none is listed.

    One listed word that is the whole text counts 1. In longer texts words depend on each other, so the sum
    grows with the root of their number, as the confidence of the statistical models does.
    """
    known = lexicon()
    found: defaultdict[str, float] = defaultdict(float)
    words = _tokens(text)
    for word in words:
        for code in known.get(word, ()):
            found[code] += 1.0
    scale = 1.0 / math.sqrt(len(words) or 1)
    return {code: hits * scale for code, hits in found.items()}


_ANY = ("any",)
_ENOUGH = 2  # words of the language alone, in texts of some length ...
_OUTWEIGH = 3  # ... and as many more for each word of another language
_TOGETHER = 3  # with words that it shares with others, where no word is foreign
_SHORT = 4  # words; one that is known is enough there, if none is foreign


def plainly(text: str, language: str) -> bool:
    """Whether a text as it was written is full of everyday words of ``language`` and hardly any other. 10 us.

    True is as good as certain, False says nothing: then the text has to be read. Words in capitals are names or codes.
    """
    known = lexicon()
    tokens = [
        found for found in _TOKEN.findall(text[:LIMIT].replace("’", "'")) if len(found) == 1 or not found.isupper()
    ]
    own = shared = foreign = 0
    for token in tokens:
        codes = known.get(token.lower(), _ANY)
        if codes == (language,):
            own += 1
        elif language in codes:
            shared += 1
        elif codes != _ANY:
            foreign += 1
    if foreign or not own:
        return own >= _ENOUGH + _OUTWEIGH * foreign
    return own >= _ENOUGH or own + shared >= _TOGETHER or len(tokens) <= _SHORT

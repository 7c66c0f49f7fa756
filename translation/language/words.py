"""Everyday words that settle a language by themselves: "obrigado", "danke", "merci"."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")


@cache
def lexicon() -> dict[str, tuple[str, ...]]:
    """Word > the languages it is listed for, from data/words.txt. Loaded once, about 2 MB."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    code = ""
    for line in files(__package__).joinpath("data/words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        for word in line.split():
            if word.endswith(":"):
                code = word[:-1]
            elif code not in found[word]:
                found[word].append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def tokens(text: str) -> list[str]:
    """The words of a stripped text; an elided article or pronoun ("l'", "j'") stands alone unless the whole is listed."""
    known, out = lexicon(), []
    for word in _TOKEN.findall(text):
        word = word if word in known else word.rstrip("'")
        head, apostrophe, rest = word.partition("'")
        out += [word] if word in known or not apostrophe else [head + apostrophe, rest]
    return out


def telling(text: str) -> str:
    """A stripped text without the words that are typed in every language."""
    known = lexicon()
    kept = [part for part in text.split() if known.get(part.strip(".,!?¿¡'-")) != ("any",)]
    return " ".join(kept) if any(map(str.isalpha, "".join(kept))) else ""


def weigh(text: str) -> dict[str, float]:
    """Language > how much the words of a stripped text speak for it; empty where none is listed.

    One listed word that is the whole text counts 1. In longer texts words depend on each other, so the sum
    grows with the root of their number, as the confidence of the statistical models does.
    """
    known, found = lexicon(), defaultdict(float)
    words = tokens(text)
    for word in words:
        for code in known.get(word, ()):
            found[code] += 1.0
    scale = 1.0 / math.sqrt(len(words) or 1)
    return {code: hits * scale for code, hits in found.items()}

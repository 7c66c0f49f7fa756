"""What is known of each language, read once from the data files beside this module."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Language:
    """Small word lists of one language, lower case. Empty for languages without a data file."""

    binding: frozenset[str] = frozenset()  # words that need something after them
    following: frozenset[str] = frozenset()  # words that may follow a span which the sentence needs
    numbers: dict[str, int] = field(default_factory=dict)  # number words, up to twelve
    short: dict[str, str] = field(default_factory=dict)  # chat short forms and what they stand for
    accents: dict[str, str] = field(default_factory=dict)  # words typed without their accents, and as they should be
    endings: dict[str, str] = field(default_factory=dict)  # the same for endings


@cache
def language(tag: str) -> Language:
    """The lists for a language tag such as ``pt`` or ``pt-BR``."""
    base = tag.partition("-")[0].lower()
    file = resources.files("translation").joinpath("data", f"{base}.toml")
    if not base.isalpha() or not file.is_file():
        return Language()
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    numbers = data.get("numbers", [])
    numbers = numbers.split() if isinstance(numbers, str) else numbers
    words = data.get("accents", {}).get("words", "").split()
    return Language(
        binding=frozenset(data.get("binding", "").split()),
        following=frozenset(data.get("following", "").split()),
        numbers={word: value for value, words in enumerate(numbers) for word in words.split()},
        short=dict(data.get("short", {})),
        accents={bare: word for word in words if (bare := _without_accents(word)) != word},
        endings={_without_accents(ending): ending for ending in data.get("accents", {}).get("endings", "").split()},
    )


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))

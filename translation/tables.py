"""What is known of each language, read once from the data files beside this module and from the shop's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from translation.data_files import load, section


@dataclass(frozen=True, slots=True)
class Language:
    """Small word lists of one language, lower case. Empty for languages without a data file."""

    binding: frozenset[str] = frozenset()  # words that need something after them
    following: frozenset[str] = frozenset()  # words that may follow a span which the sentence needs
    numbers: dict[str, int] = field(default_factory=dict)  # number words, up to twelve
    short: dict[str, str] = field(default_factory=dict)  # chat short forms and what they stand for
    accents: dict[str, str] = field(default_factory=dict)  # words typed without their accents, and as they should be
    endings: dict[str, str] = field(default_factory=dict)  # the same for endings
    problems: tuple[str, ...] = ()  # what is wrong with the shop's own lists


@cache
def language(tag: str, own: Path | None = None) -> Language:
    """The lists for a language tag such as ``pt`` or ``pt-BR``. ``own``: the folder with the shop's tables."""
    tables, problems = load(tag.partition("-")[0].lower(), own)
    if not tables:
        return Language(problems=problems)
    binding: set[str] = set()
    following: set[str] = set()
    known: dict[str, int] = {}
    short: dict[str, str] = {}
    accents: dict[str, str] = {}
    endings: dict[str, str] = {}
    for table in tables:
        binding.update(_words(table.get("binding")))
        following.update(_words(table.get("following")))
        numbers = table.get("numbers", [])
        numbers = numbers.split() if isinstance(numbers, str) else numbers
        known |= {word: value for value, words in enumerate(numbers) for word in words.split()}
        short |= {key.lower(): said for key, said in section(table, "short").items()}
        spelled = section(table, "spelled")
        lists = section(table, "accents")
        for word in _words(lists.get("words")):
            accents |= dict.fromkeys(_typed(word, spelled), word)
        for word in _words(lists.get("spelled")):
            accents |= dict.fromkeys(_spelled(word, spelled), word)
        for ending in _words(lists.get("endings")):
            endings |= dict.fromkeys(_spelled(ending, spelled) if spelled else _typed(ending, spelled), ending)
    return Language(frozenset(binding), frozenset(following), known, short, accents, endings, problems)


def _words(text: object) -> list[str]:
    return text.split() if isinstance(text, str) else []


def _typed(word: str, spelled: Mapping[str, str]) -> Iterator[str]:
    """The ways in which a word is typed on a keyboard without its letters."""
    low = word.lower()
    bare = _without_accents("".join(spelled.get(char, char) if _unmarked(char) else char for char in low))
    if bare != low:
        yield bare
    yield from _spelled(word, spelled)


def _spelled(word: str, spelled: Mapping[str, str]) -> Iterator[str]:
    """A word with its letters spelled out: all of them, or only those that are no letter with a mark (ß)."""
    low = word.lower()
    for wanted in (low, "".join(char for char in low if _unmarked(char))):
        out = "".join(spelled.get(char, char) if char in wanted else char for char in low)
        if out != low:
            yield out


def _unmarked(char: str) -> bool:
    return len(unicodedata.normalize("NFD", char)) == 1


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))

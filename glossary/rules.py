"""What the glossary knows of each language's grammar: data files, read once each when first asked for.

``glossary/data/pt.toml`` and its neighbours explain every field. A language without a file has empty rules: its terms
are found and replaced, nothing around them is repaired.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec

from glossary.folding import fold_key
from glossary.term import base_language

_WORD = re.compile(r"[^\W\d_]+")


class Cell(NamedTuple):
    """One form's place in a table of forms: "ms", "fp", "m.dat" or "ms:vowel" in the data files."""

    gender: str
    number: str
    case: str = ""
    sound: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One data file, as written."""

    function_words: str = ""
    leads: str = ""
    verb_markers: str = ""
    verb_endings: str = ""
    idioms: tuple[str, ...] = ()
    prefixes: str = ""
    particles: str = ""
    cells: str = ""
    words: tuple[str, ...] = ()
    contractions: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    prepositions: str = ""
    copulas: str = ""
    relatives: str = ""
    agreeing: str = ""
    clitics: str = ""
    adjectives: dict[str, str] = {}
    weak: str = ""
    noun_endings: dict[str, str] = {}
    compounds: int = 0
    not_plural: str = ""
    adverbs: str = ""
    sounds: dict[str, str] = {}
    sandhi: tuple[tuple[str, str, str], ...] = ()
    cases: dict[str, str] = {}
    plural_mark: str = ""
    plural_head: str = "last"
    plural: tuple[tuple[str, str], ...] = ()
    plural_words: dict[str, str] = {}
    gender: tuple[tuple[str, str], ...] = ()
    gender_words: dict[str, str] = {}


class LanguageRules:
    """A language's grammar as far as terms need it."""

    def __init__(self, file: _File) -> None:
        self.function_words = frozenset(file.function_words.split())
        self.verb_markers = frozenset(file.verb_markers.split())
        self.verb_endings = tuple(file.verb_endings.split())
        self.idioms = file.idioms
        self.prefixes = frozenset(file.prefixes.split())
        self.particles = frozenset(file.particles.split())
        self.prepositions = frozenset(file.prepositions.split())
        self.adverbs = frozenset(file.adverbs.split())
        self.elided = frozenset(form for _, form, _ in file.sandhi if form.endswith("'"))
        self.clitics = frozenset(file.clitics.split())
        self.not_plural = tuple(file.not_plural.split())
        self.copulas = frozenset(file.copulas.split())
        self.relatives = frozenset(file.relatives.split())
        self.agreeing = frozenset(file.agreeing.split())
        self.compounds = file.compounds
        self.sounds = [(name, re.compile(pattern)) for name, pattern in file.sounds.items()]
        self.sandhi = [(plain, variant, re.compile(pattern)) for plain, variant, pattern in file.sandhi]
        self.cases = {case: frozenset(words.split()) for case, words in file.cases.items()}
        self.plural_marks = tuple(file.plural_mark.split())
        self.plural_first = file.plural_head == "first"
        self.plural_endings = dict(file.plural)
        self.singular_words = {fold_key(many): one for one, many in file.plural_words.items()}
        self.singular_endings: dict[str, list[str]] = {}  # of a plural, folded > of its singulars, the longest first
        for one, ending in sorted(file.plural, key=lambda pair: -len(pair[0])):
            self.singular_endings.setdefault(fold_key(ending), []).append(one)
        self.plural = _plural_pattern(self.plural_marks, self.singular_words)
        self.longest_plural = max(map(len, self.singular_endings), default=0)
        self.plural_words = file.plural_words
        self.gender_endings = file.gender
        self.gender_words = file.gender_words
        cells = [_cell(name) for name in file.cells.split()]
        self.tables = [
            dict(zip(cells, _row(row, len(cells)), strict=True)) for row in (*file.words, *file.contractions)
        ]
        self.adjectives = {
            kind: dict(zip(cells, _row(row, len(cells)), strict=True)) for kind, row in file.adjectives.items()
        }
        self.weak = frozenset(file.weak.split())
        self.noun_endings = {_cell(name): ending for name, ending in file.noun_endings.items()}
        self.suffix_tables = [dict(zip(cells, _row(row, len(cells)), strict=True)) for row in file.suffixes]
        self.behind: dict[str, list[tuple[dict[Cell, str], Cell]]] = {}
        for row in file.behind:
            table = dict(zip(cells, _row(row, len(cells)), strict=True))
            for cell, form in table.items():
                self.behind.setdefault(form, []).append((table, cell))
        self.words: dict[str, list[tuple[dict[Cell, str], Cell]]] = {}
        for table in self.tables:
            for cell, form in table.items():
                if form:
                    self.words.setdefault(form, []).append((table, cell))
        contracted = (_row(row, len(cells)) for row in file.contractions)
        self.contractions = frozenset(form for row in contracted for form in row if form)
        # Words after which a noun phrase goes on.
        self.leads = frozenset(file.leads.split()) | {form for form in self.words if " " not in form}
        self.suffixes = sorted(
            ((form, table, cell) for table in self.suffix_tables for cell, form in table.items() if form),
            key=lambda entry: -len(entry[0]),
        )

    def plural_change(self, tail: str) -> tuple[int, str] | None:
        """How many letters a word that ends in ``tail`` (up to 4 letters) loses in the plural, and what follows."""
        for start in range(len(tail)):
            ending = self.plural_endings.get(tail[start:])
            if ending is not None:
                return len(tail) - start, ending
        return None

    @property
    def repairs(self) -> bool:
        """Whether this language's file says how words around a term agree with it."""
        return bool(self.tables or self.sandhi)


def _plural_pattern(marks: tuple[str, ...], irregular: Iterable[str]) -> re.Pattern[str]:
    """Words that may be plurals: by their ending, where that tells, and irregular ones."""
    if not marks:
        return _WORD
    some = [rf"[^\W\d_]+(?:{'|'.join(map(re.escape, marks))})", *map(re.escape, irregular)]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(some)})(?![^\W\d_])", re.IGNORECASE)


def _cell(name: str) -> Cell:
    rest, _, sound = name.partition(":")
    rest, _, case = rest.partition(".")
    gender = rest[0] if rest and rest[0] in "mfn" else ""
    return Cell(gender, rest[-1] if rest and rest[-1] in "sp" else "", case, sound)


def _row(row: str, width: int) -> list[str]:
    forms = [form.replace("_", " ") if form != "-" else "" for form in row.split()]
    if len(forms) != width:
        raise ValueError(f"{row!r} has {len(forms)} forms, its language has {width} cells")
    return forms


@lru_cache(maxsize=256)
def rules_for(language: str) -> LanguageRules:
    """The rules of ``language``, by its base code."""
    file = resources.files("glossary") / "data" / f"{base_language(language)}.toml"
    if not file.is_file():
        return LanguageRules(_File())
    return LanguageRules(msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File))

"""What is known of a direction: sentences that are always said the same way, and what its models get wrong.

Read once from the data files beside this module (``data/en-pt.toml``) and from the shop's own, which come first;
empty where a direction has none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import regex

from translation.data_files import load, section
from translation.edits import Edit

_NOT_SAID = regex.compile(r"[^\p{L}\p{N}']+")
_FINAL = regex.compile(r"[\s.!?…,;:]*$")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what is said instead."""

    pattern: regex.Pattern[str]
    instead: str

    def edits(self, text: str, start: int = 0, end: int | None = None) -> list[Edit]:
        """What the rule changes in a part of a text. A capital stays a capital."""
        found = []
        for match in self.pattern.finditer(text, start, len(text) if end is None else end):
            wanted = match.expand(self.instead)
            stop = match.end()
            if match.group()[:1].isupper():
                if not wanted and stop < len(text):
                    wanted, stop = text[stop].upper(), stop + 1
                else:
                    wanted = wanted[:1].upper() + wanted[1:]
            if wanted != text[match.start() : stop]:
                found.append(Edit(match.start(), stop, wanted))
        return found


class Rules:
    """Rules in their order, with one look beforehand: mostly none of them has anything to do."""

    __slots__ = ("_any", "_rules")

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._rules = tuple(rules)
        self._any = regex.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in rules)) if rules else None

    def fitting(self, text: str) -> tuple[Rule, ...]:
        """The rules to try on a text; none where none of them fits."""
        return self._rules if self._any is not None and self._any.search(text) else ()

    def edits(self, text: str, start: int, end: int) -> list[Edit]:
        """What all rules together change in a part of a text: where two want the same place, the first one has it."""
        kept: list[Edit] = []
        for rule in self._rules:
            for edit in rule.edits(text, start, end):
                if not any(edit.start < other.end and other.start < edit.end for other in kept):
                    kept.append(edit)
        return sorted(kept, key=lambda edit: edit.start)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The tables of one direction."""

    sentences: dict[str, str]
    source: Rules = field(default_factory=Rules)
    wording: Rules = field(default_factory=Rules)
    problems: tuple[str, ...] = ()  # what is wrong with the shop's own tables

    def whole(self, sentence: str) -> str | None:
        """The translation of a sentence that is always said the same way, with the final marks of the original."""
        if not self.sentences or len(sentence) > 120:
            return None
        said = fold(sentence)
        wanted = self.sentences.get(f"{said}?") if sentence.rstrip().endswith("?") else None
        wanted = wanted or self.sentences.get(said)
        if wanted is None:
            return None
        if len(sentence) > 3 and sentence.isupper():
            wanted = wanted.upper()
        final = _FINAL.search(sentence)
        marks = final.group().strip() if final else ""
        if wanted.endswith("?"):
            return wanted[:-1] + (marks if "?" in marks else "?")
        return wanted + ("" if marks in (",", ";", ":") else marks.replace("?", "") or marks)


def fold(sentence: str) -> str:
    """What two ways of writing a sentence have in common: small letters, no accents, no marks but apostrophes."""
    text = sentence.lower().replace("’", "'")
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return _NOT_SAID.sub(" ", text).strip()


@cache
def phrases(source: str, target: str, own: Path | None = None) -> Phrases:
    """The tables for two language tags; "pt-BR" and "pt" share theirs. ``own``: the folder with the shop's tables."""
    name = f"{source.partition('-')[0].lower()}-{target.partition('-')[0].lower()}"
    tables, problems = load(name, own)
    wrong = list(problems)
    sentences = {
        fold(variant) + "?" * variant.endswith("?"): said
        for table in tables
        for variants, said in section(table, "phrases").items()
        for variant in variants.split(" | ")
    }
    # Of two rules for the same words the first one has them: the shop's.
    source_rules, wording = (
        Rules([rule for table in reversed(tables) for rule in _rules(section(table, part), name, wrong)])
        for part in ("source", "wording")
    )
    return Phrases(sentences, source_rules, wording, tuple(wrong))


def _rules(table: dict[str, str], name: str, wrong: list[str]) -> list[Rule]:
    rules = []
    for pattern, instead in table.items():
        try:
            rule = Rule(regex.compile(pattern), instead)
            rule.pattern.sub(instead, "")  # finds groups that are not there, mostly
        except (regex.error, IndexError) as error:
            wrong.append(f"{name}.toml, rule {pattern!r}: {error}")
            continue
        rules.append(rule)
    return rules


def first_of_each(edits: Iterable[Edit], taken: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """Edits in text order, without those that overlap an earlier one or one of the places ``taken``."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if kept and edit.start < kept[-1].end:
            continue
        if any(edit.start < end and start < edit.end for start, end in taken):
            continue
        kept.append(edit)
    return kept

"""Makes the words around a replaced noun agree with the new one: articles, contractions, adjectives, participles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glossary.edits import Edit
from glossary.inflect import gender as likely_gender
from glossary.inflect import number as likely_number
from glossary.rules import Cell, LanguageRules, rules_for
from glossary.words import Word, like, only_space

_LEFT = 4  # words before and after a term that may agree with it
_RIGHT = 4

Table = dict[Cell, str]


@dataclass(frozen=True, slots=True)
class Noun:
    """What the words around a noun must agree with; "" where it is not known."""

    gender: str
    number: str


@dataclass(frozen=True, slots=True)
class Change:
    """The noun that stood there, and the one that stands there now."""

    old: Noun
    new: Noun


@dataclass(frozen=True, slots=True)
class _Agreeing:
    first: int
    last: int
    readings: list[tuple[Table, Cell]]


class Neighbourhood:
    """A translation's words, and what can be done with those around a noun."""

    def __init__(self, text: str, words: Sequence[Word], language: str) -> None:
        self._text = text
        self._words = words
        self._language = language
        self._rules = rules_for(language)

    def old_noun(self, first: int, last: int) -> Noun:
        """Gender and number of the noun phrase at words ``first`` to ``last``.

        What stands before it tells more than its ending.
        """
        phrase = self._text[self._words[first].start : self._words[last].end]
        guess = Noun(likely_gender(phrase, self._language), likely_number(phrase, self._language))
        possible: set[tuple[str, str]] | None = None
        for agreeing in self._before(first, guess):
            here = {(cell.gender, cell.number) for _, cell in agreeing.readings}
            possible = here if possible is None else _together(possible, here)
        if not possible:
            return guess
        gender = _pick(guess.gender, {gender for gender, _ in possible})
        fitting = {number for one, number in possible if one in (gender, "")}
        number = _pick(guess.number, fitting or {number for _, number in possible})
        return Noun(gender or guess.gender, number or guess.number)

    def agree(
        self, first: int, last: int, replacement: str, change: Change, touchable: Callable[[int], bool]
    ) -> list[Edit]:
        """Edits around words ``first`` to ``last``, which become ``replacement``; none overlaps it or another.

        ``touchable`` says whether a word may change: not where another term stands.
        """
        if not self._rules.repairs:
            return []
        old = change.old
        new = Noun(change.new.gender or old.gender, change.new.number or old.number)
        change = Change(old, new)
        edits = self._left(first, replacement, change, touchable)
        if new != old and old.gender and old.number:
            edits += self._right(last, change, touchable)
        return edits

    def _close(self, left: int) -> bool:
        """Whether only a space lies between a word and the next."""
        return only_space(self._text, self._words[left].end, self._words[left + 1].start)

    def _before(self, first: int, noun: Noun) -> list[_Agreeing]:
        """Articles, possessives and the like right before word ``first``, nearest first."""
        words, rules = self._words, self._rules
        found: list[_Agreeing] = []
        agreed: set[tuple[str, str]] = set()
        at = first - 1
        while at >= 0 and len(found) < _LEFT and self._close(at):
            start = at
            readings = None
            if at > 0 and self._close(at - 1):
                start = at - 1
                readings = rules.words.get(f"{words[at - 1].lower} {words[at].lower}")
            if not readings:
                start = at
                readings = rules.words.get(words[at].lower)
            if not readings:
                break
            possible = {(cell.gender, cell.number) for _, cell in readings}
            if words[at].lower in rules.prepositions and noun.gender not in {gender for gender, _ in possible} | {""}:
                break
            # What does not agree with the words between belongs to something else: "entendo muito | a sua dúvida".
            agreed = possible if not found else _together(agreed, possible)
            if not agreed:
                break
            found.append(_Agreeing(start, at, readings))
            if " ".join(word.lower for word in words[start : at + 1]) in rules.contractions:
                break  # a preposition opens the phrase: what stands before does not agree with this noun
            at = start - 1
        return found

    def _left(self, first: int, replacement: str, change: Change, touchable: Callable[[int], bool]) -> list[Edit]:
        words, rules = self._words, self._rules
        edits: list[Edit] = []
        following = replacement
        reached = first
        for agreeing in self._before(first, change.old):
            if not all(touchable(index) for index in range(agreeing.first, agreeing.last + 1)):
                return edits
            start, end = words[agreeing.first].start, words[agreeing.last].end
            form = self._form(agreeing, change, _sound(following, rules))
            if form is None:
                form = self._text[start:end].lower()
            edits += self._changed(start, end, words[reached].start, form)
            following = form
            reached = agreeing.first
        before = reached - 1
        if before >= 0 and touchable(before) and self._close(before):
            edits += self._sandhi(before, following)
            if change.new != change.old and before > 0 and words[before - 1].lower in rules.copulas:
                edits += self._suffix(words[before], change)
        return edits

    def _right(self, last: int, change: Change, touchable: Callable[[int], bool]) -> list[Edit]:
        rules = self._rules
        edits: list[Edit] = []
        for at in range(last + 1, min(last + 1 + _RIGHT, len(self._words))):
            if not self._close(at - 1) or not touchable(at):
                break
            word = self._words[at]
            if word.lower in rules.copulas or word.lower in rules.adverbs:
                continue
            suffix = self._suffix(word, change)
            if not suffix:
                break
            edits += suffix
        return edits

    def _form(self, agreeing: _Agreeing, change: Change, sounds: list[str]) -> str | None:
        """The form of an agreeing word for the new noun; None where its table has none."""
        old, new = change.old, change.new
        case = self._case_before(agreeing.first)

        def fit(reading: tuple[Table, Cell]) -> tuple[bool, bool, bool]:
            cell = reading[1]
            return (
                cell.number in (old.number, "") or not old.number,
                cell.gender in (old.gender, "") or not old.gender,
                not case or cell.case == case,
            )

        table, cell = max(agreeing.readings, key=fit)
        gender, number = new.gender or cell.gender, new.number or cell.number
        for one in (gender, ""):
            for sound in (*sounds, ""):
                form = table.get(Cell(one, number if cell.number else "", cell.case, sound))
                if form:
                    return form
        return None

    def _case_before(self, at: int) -> str:
        """The case that the word before asks for; at the start of a sentence the nominative."""
        cases = self._rules.cases
        if not cases:
            return ""
        if at == 0 or not self._close(at - 1):
            return "nom"
        for case, words in cases.items():
            if self._words[at - 1].lower in words:
                return case
        return "acc"

    def _changed(self, start: int, end: int, next_start: int, form: str) -> list[Edit]:
        """An edit that puts ``form`` at ``start``; the space after it comes and goes with an apostrophe."""
        here = self._text[start:end]
        if here.lower().replace("’", "'") == form:
            return []
        form = like(here, form) if len(here) > 1 or not here.isupper() else form[:1].upper() + form[1:]
        if here.endswith(("'", "’")) and not form.endswith("'"):
            return [Edit(start, next_start, form + " ")]
        if form.endswith("'") and not here.endswith(("'", "’")):
            return [Edit(start, next_start, form)]
        return [Edit(start, end, form)]

    def _sandhi(self, at: int, following: str) -> list[Edit]:
        word = self._words[at]
        for plain, variant, pattern in self._rules.sandhi:
            if word.lower in (plain, variant):
                form = variant if pattern.match(following) else plain
                return self._changed(word.start, word.end, self._words[at + 1].start, form)
        return []

    def _suffix(self, word: Word, change: Change) -> list[Edit]:
        """The edit that makes an adjective or participle agree; none where it does not look like one that agreed."""
        old, new = change.old, change.new
        if word.lower in self._rules.function_words:
            return []
        for ending, table, cell in self._rules.suffixes:
            if (cell.gender, cell.number) == (old.gender, old.number) and word.lower.endswith(ending):
                form = table.get(Cell(new.gender, new.number, cell.case, cell.sound))
                if form and form != ending:
                    capitals = word.text.isupper()
                    return [Edit(word.end - len(ending), word.end, form.upper() if capitals else form)]
                return []
        return []


def _together(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Genders and numbers that fit both; "" fits any."""
    return {
        (a_gender or b_gender, a_number or b_number)
        for a_gender, a_number in one
        for b_gender, b_number in other
        if (a_gender == b_gender or not a_gender or not b_gender)
        and (a_number == b_number or not a_number or not b_number)
    }


def _pick(guess: str, possible: set[str]) -> str:
    possible = possible - {""}
    if not possible or guess in possible:
        return guess
    return next(iter(possible)) if len(possible) == 1 else ""


def _sound(following: str, rules: LanguageRules) -> list[str]:
    return [name for name, pattern in rules.sounds if pattern.match(following)]

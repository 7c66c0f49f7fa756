"""Makes the words around a replaced noun agree with the new one: articles, contractions, adjectives, participles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glossary.edits import Edit
from glossary.inflect import gender as likely_gender
from glossary.inflect import number as likely_number
from glossary.noun import Change, Noun, pick, together
from glossary.rules import Cell, LanguageRules, rules_for
from glossary.words import Word, like, only_space

_LEFT = 4  # words before and after a term that may agree with it
_RIGHT = 5

_ADJECTIVES = 2  # between an article and its noun
_DECLINED = re.compile(r"([a-zäöüß]{3,}?)(?:e[nmrs]?)")  # a small word with an ending, in German an adjective

Table = dict[Cell, str]


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
            possible = here if possible is None else together(possible, here)
        if not possible:
            return guess
        gender = pick(guess.gender, {gender for gender, _ in possible})
        fitting = {number for one, number in possible if one in (gender, "")}
        number = pick(guess.number, fitting or {number for _, number in possible})
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
        at = self._past_adjectives(first) - 1
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
            sounds = _sound(self._text[words[at + 1].start :], rules)
            readings = [each for each in readings if each[1].sound in ("", *sounds)] or readings
            possible = {(cell.gender, cell.number) for _, cell in readings}
            if words[at].lower in rules.prepositions and noun.gender not in {gender for gender, _ in possible} | {""}:
                break
            # What does not agree with the words between belongs to something else: "entendo muito | a sua dúvida".
            agreed = possible if not found else together(agreed, possible)
            if not agreed:
                break
            found.append(_Agreeing(start, at, readings))
            if " ".join(word.lower for word in words[start : at + 1]) in rules.contractions:
                break  # a preposition opens the phrase: what stands before does not agree with this noun
            at = start - 1
        return found

    def _left(self, first: int, replacement: str, change: Change, touchable: Callable[[int], bool]) -> list[Edit]:
        words, rules = self._words, self._rules
        following = replacement
        before = self._before(first, change.old)
        edits = self._adjectives(first, before, change, touchable)
        reached = self._past_adjectives(first)
        for agreeing in before:
            if not all(touchable(index) for index in range(agreeing.first, agreeing.last + 1)):
                return edits
            start, end = words[agreeing.first].start, words[agreeing.last].end
            form = self._form(agreeing, change, _sound(following, rules))
            if form is None:
                form = self._text[start:end].lower()
            edits += self._changed(start, end, words[reached].start, form)
            following = form
            reached = agreeing.first
        last = reached - 1
        if last >= 0 and touchable(last) and self._close(last):
            edits += self._sandhi(last, following)
            if change.new != change.old and last > 0 and words[last - 1].lower in rules.copulas:
                edits += self._suffix(words[last], change)
        return edits

    def _past_adjectives(self, first: int) -> int:
        """Where the adjectives right before word ``first`` begin, for languages that decline them by their endings."""
        words, rules = self._words, self._rules
        at = first
        while rules.adjectives and at > 0 and first - at < _ADJECTIVES and self._close(at - 1):
            word = words[at - 1]
            if not _DECLINED.fullmatch(word.text) or word.lower in rules.function_words or word.lower in rules.words:
                break
            at -= 1
        return at

    def _adjectives(
        self, first: int, before: Sequence[_Agreeing], change: Change, touchable: Callable[[int], bool]
    ) -> list[Edit]:
        """New endings for the adjectives before word ``first``, as the word before them and its case ask for."""
        begin = self._past_adjectives(first)
        if begin == first or not all(touchable(index) for index in range(begin, first)):
            return []
        ending = self._adjective_ending(begin, before, change)
        edits = []
        for word in self._words[begin:first]:
            stem = _DECLINED.fullmatch(word.text)
            if ending and stem and word.text[stem.end(1) :] != ending:
                edits.append(Edit(word.start + stem.end(1), word.end, ending))
        return edits

    def _adjective_ending(self, begin: int, before: Sequence[_Agreeing], change: Change) -> str:
        new = change.new
        if not before:
            case, kind, number = self._case_before(begin), "strong", new.number or change.old.number or "s"
        else:
            table, cell = self._reading(before[0], change)
            case, number = cell.case, new.number or cell.number
            kind = "weak" if not self._rules.weak.isdisjoint(table.values()) else "mixed"
        return self._rules.adjectives[kind].get(Cell("" if number == "p" else new.gender, number, case), "")

    def declined(self, first: int, text: str, change: Change) -> str:
        """``text``, which takes the place of the noun phrase at word ``first``, in the case that is asked for there."""
        rules = self._rules
        if not rules.noun_endings or not text[-1:].isalpha() or text[-1:].isupper():
            return text
        before = self._before(first, change.old)
        if before:
            _, cell = self._reading(before[0], change)
            case, number = cell.case, change.new.number or cell.number
        else:
            case, number = self._case_before(first), change.new.number or change.old.number
        ending = rules.noun_endings.get(Cell("" if number == "p" else change.new.gender, number, case), "")
        if not ending or text.endswith((ending, "s", "n" if number == "p" else ending)):
            return text
        return text + ("e" + ending if ending == "s" and text.endswith(("ß", "x", "z")) else ending)

    def _right(self, last: int, change: Change, touchable: Callable[[int], bool]) -> list[Edit]:
        rules = self._rules
        edits: list[Edit] = []
        for at in range(last + 1, min(last + 1 + _RIGHT, len(self._words))):
            if not self._close(at - 1) or not touchable(at):
                break
            word = self._words[at]
            if word.lower in rules.copulas or word.lower in rules.adverbs:
                edits += self._suffix(word, change) if word.lower in rules.agreeing else []
                continue
            if word.lower in rules.relatives and self._leads_on(at + 1):
                continue
            suffix = self._suffix(word, change)
            if not suffix:
                break
            edits += suffix
        return edits

    def _leads_on(self, at: int) -> bool:
        """Whether word ``at`` ties what follows to the noun: "o pedido que foi enviado"."""
        words, rules = self._words, self._rules
        return at < len(words) and self._close(at - 1) and words[at].lower in rules.copulas | rules.adverbs

    def _form(self, agreeing: _Agreeing, change: Change, sounds: list[str]) -> str | None:
        """The form of an agreeing word for the new noun; None where its table has none."""
        new = change.new
        table, cell = self._reading(agreeing, change)
        gender, number = new.gender or cell.gender, new.number or cell.number
        for one in (gender, ""):
            for sound in (*sounds, ""):
                form = table.get(Cell(one, number if cell.number else "", cell.case, sound))
                if form:
                    return form
        return None

    def _reading(self, agreeing: _Agreeing, change: Change) -> tuple[Table, Cell]:
        """What an agreeing word most likely is there: its table, and its place in it."""
        old = change.old
        case = self._case_before(agreeing.first)

        def fit(reading: tuple[Table, Cell]) -> tuple[bool, bool, bool]:
            cell = reading[1]
            return (
                cell.number in (old.number, "") or not old.number,
                cell.gender in (old.gender, "") or not old.gender,
                not case or cell.case == case,
            )

        return max(agreeing.readings, key=fit)

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
        if word.lower in self._rules.function_words and word.lower not in self._rules.agreeing:
            return []
        for table, cell in self._rules.behind.get(word.lower, ()):
            form = table.get(Cell(new.gender, new.number, cell.case, cell.sound))
            if (cell.gender, cell.number) == (old.gender, old.number) and form and form != word.lower:
                return [Edit(word.start, word.end, like(word.text, form))]
        for ending, table, cell in self._rules.suffixes:
            if (cell.gender, cell.number) == (old.gender, old.number) and word.lower.endswith(ending):
                form = table.get(Cell(new.gender, new.number, cell.case, cell.sound))
                if form and form != ending:
                    capitals = word.text.isupper()
                    return [Edit(word.end - len(ending), word.end, form.upper() if capitals else form)]
                return []
        return []


def _sound(following: str, rules: LanguageRules) -> list[str]:
    return [name for name, pattern in rules.sounds if pattern.match(following)]

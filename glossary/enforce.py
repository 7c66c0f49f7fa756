"""Makes a free translation say the glossary's terms, by replacing what the model aligned to them.

What the translation says already is left alone. What cannot be replaced safely is left alone too, and reported as
missed with its cause:

- ``no-alignment``: no word of the translation comes from the term;
- ``function-word``: only words that belong to the sentence do ("of", "it");
- ``copied``: only words that the message holds elsewhere too, such as names and numbers;
- ``overlap``: another term stands where this one would go;
- ``verb``: message and translation have a verb there, the term is none ("to end our chat");
- ``compound``: the word there says another word of the message, too ("Bestellnummer" is more than "order");
- ``doubled``: the term would stand beside itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from conversation.receipt import TermUse
from glossary.align import Group, Link
from glossary.edits import Edit, apply, moved, settle
from glossary.inflect import gender as likely_gender
from glossary.matcher import Match
from glossary.noun import Change, Noun
from glossary.plan import Plan, Planner
from glossary.repair import Neighbourhood
from glossary.wordings import number_of, say
from glossary.words import Word, like, only_space, starts_sentence, words_of

__all__ = ["Edit", "Enforced", "Link", "enforce"]


@dataclass(frozen=True, slots=True)
class Enforced:
    """The translation with its terms; one use a match, in source order; edits in text order, never overlapping."""

    text: str
    uses: tuple[TermUse, ...] = ()
    edits: tuple[Edit, ...] = ()


def enforce(
    source_text: str,
    target_text: str,
    links: Sequence[Link],
    matches: Sequence[Match],
    target_language: str,
    *,
    source_language: str = "",
) -> Enforced:
    """Replaces the span aligned to each match by the term's right form; leaves alone what says it already.

    All offsets refer to ``source_text`` and ``target_text`` as they are given here.
    """
    if not matches:
        return Enforced(target_text)
    planner = Planner(source_text, target_text, target_language, source_language, links)
    return _Enforcer(planner).run(matches)


class _Enforcer:
    """One message's replacements."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._target = planner.target
        self._language = planner.language
        self._words = planner.words
        self._rules = planner.rules
        self._owner = planner.owner
        self._neighbourhood = Neighbourhood(planner.target, planner.words, planner.language)

    def run(self, matches: Sequence[Match]) -> Enforced:
        plans = self._planner.plan(matches)
        for plan in plans:
            if plan.group is not None:
                self._replace(plan, plan.group)
        edits = settle(
            [plan.replaced for plan in plans if plan.replaced is not None],
            [edit for plan in plans for edit in plan.around],
        )
        return Enforced(apply(self._target, edits), tuple(_use(plan, edits) for plan in plans), tuple(edits))

    def _replace(self, plan: Plan, group: Group) -> None:
        match = plan.match
        start, end = group.start(self._words), group.end(self._words)
        if match.do_not_translate:
            old = new = Noun("", "")
            text = match.target_text
        else:
            old = self._neighbourhood.old_noun(group.first, group.last)
            text, new = self._form(match, old)
            text = self._neighbourhood.declined(group.first, text, Change(old, new))
            text = self._with_case(match, text, start, self._target[start:end])
        start, end, group = self._absorb(text, group)
        if self._doubles(text, group):
            plan.group, plan.cause = None, "doubled"
            return
        plan.group = group
        plan.replaced = Edit(start, end, text)
        plan.how = plan.how or "aligned"
        plan.around = self._neighbourhood.agree(group.first, group.last, text, Change(old, new), self._touchable)

    def _touchable(self, index: int) -> bool:
        return index not in self._owner

    def _form(self, match: Match, old: Noun) -> tuple[str, Noun]:
        """The form to say: in the number of the words that it replaces, so that verbs keep agreeing."""
        wording = match.term.wording(self._language)
        assert wording is not None
        own_number = number_of(wording, self._language)
        plural_wanted = match.plural if not old.number else old.number == "p"
        text = say(wording, self._language, plural_wanted=plural_wanted)
        gender = wording.gender or likely_gender(wording.text, self._language)
        for form in wording.forms:
            if form.text == text:
                return text, Noun(form.gender or gender, form.number or own_number)
        return text, Noun(gender, own_number if text == wording.text else "p")

    def _with_case(self, match: Match, text: str, start: int, old: str) -> str:
        if len(old) > 1 and old.isupper() and match.source_text.isupper():
            return text.upper()
        named = match.source_text[:1].isupper() and not match.source_text.isupper()
        if old[:1].isupper() and (named or starts_sentence(self._target, start)):
            return like(old[:1].upper(), text) if len(text) > 1 else text.upper()
        return text

    def _absorb(self, text: str, group: Group) -> tuple[int, int, Group]:
        """Widens the span over neighbours that would say part of the term twice ("cartão de crédito de crédito")."""
        own = [word.lower for word in words_of(text, self._language)]
        first, last = group.first, group.last
        for count in range(len(own) - 1, 0, -1):
            after = range(last + 1, last + 1 + count)
            if after.stop <= len(self._words) and self._same_words(after, own[-count:]):
                last += count
                break
        for count in range(len(own) - 1, 0, -1):
            before = range(first - count, first)
            if before.start >= 0 and self._same_words(before, own[:count]):
                first -= count
                break
        widened = Group(first, last)
        for index in range(first, last + 1):
            self._owner.setdefault(index, self._owner[group.first])
        return widened.start(self._words), widened.end(self._words), widened

    def _doubles(self, text: str, group: Group) -> bool:
        """Whether the new words would repeat the word before or after them."""
        own = words_of(text, self._language)
        words = self._words
        before, after = group.first - 1, group.last + 1
        return (
            before >= 0
            and _alike(words[before], own[0])
            and only_space(self._target, words[before].end, words[group.first].start)
        ) or (
            after < len(words)
            and _alike(words[after], own[-1])
            and only_space(self._target, words[group.last].end, words[after].start)
        )

    def _same_words(self, indices: range, wanted: Sequence[str]) -> bool:
        words = self._words
        low, high = max(indices.start - 1, 0), min(indices.stop, len(words) - 1)
        return (
            all(
                words[index].lower == one and index not in self._owner
                for index, one in zip(indices, wanted, strict=True)
            )
            and any(word.lower not in self._rules.function_words for word in words[indices.start : indices.stop])
            and all(only_space(self._target, words[index].end, words[index + 1].start) for index in range(low, high))
        )


def _alike(one: Word, other: Word) -> bool:
    """The same word; one in capitals is another, such as a code."""
    return one.lower == other.lower and one.text.isupper() == other.text.isupper()


def _use(plan: Plan, edits: Sequence[Edit]) -> TermUse:
    match = plan.match
    span: tuple[int, int] | None = None
    wanted = match.target_text
    status: Literal["applied", "already", "missed"]
    place = plan.merged or plan
    if place.replaced is not None:
        status, how = ("already" if plan.merged else "applied"), plan.how
        span = moved(edits, place.replaced.start, place.replaced.end)
        wanted = place.replaced.text
    elif place.said is not None or plan.how:
        status, how = "already", plan.how
        span = None if place.said is None else moved(edits, *place.said)
    else:
        status, how = "missed", plan.cause
    return TermUse(
        term=match.term.id,
        source=match.source_text,
        target=wanted,
        status=status,
        how=how,
        source_span=(match.start, match.end),
        target_span=span,
    )

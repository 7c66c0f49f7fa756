"""Makes a free translation say the glossary's terms, by replacing what the model aligned to them.

What the translation says already is left alone. What cannot be replaced safely is left alone too, and reported as
missed with its cause:

- ``no-alignment``: no word of the translation comes from the term;
- ``function-word``: only words that belong to the sentence do ("of", "it");
- ``copied``: only words that the message holds elsewhere too, such as names and numbers;
- ``overlap``: another term stands where this one would go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from conversation.receipt import TermUse
from glossary.align import Alignment, Group, Link
from glossary.edits import Edit, apply, moved, settle
from glossary.inflect import gender as likely_gender
from glossary.inflect import plural
from glossary.matcher import Match, all_forms, number_of, say
from glossary.repair import Change, Neighbourhood, Noun
from glossary.rules import LanguageRules, rules_for
from glossary.words import Word, like, occurrences, only_space, starts_sentence, words_of

__all__ = ["Edit", "Enforced", "Link", "enforce"]


@dataclass(frozen=True, slots=True)
class Enforced:
    """The translation with its terms; one use a match, in source order; edits in text order, never overlapping."""

    text: str
    uses: tuple[TermUse, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(slots=True)
class _Plan:
    """What becomes of one match."""

    match: Match
    members: list[int]
    said: tuple[int, int] | None = None
    group: Group | None = None
    replaced: Edit | None = None
    cause: str = ""
    how: str = ""
    around: list[Edit] = field(default_factory=list)


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
    enforcer = _Enforcer(source_text, target_text, target_language, source_language)
    return enforcer.run(matches, links)


class _Enforcer:
    """One message's work."""

    def __init__(self, source: str, target: str, language: str, source_language: str) -> None:
        self.source = source
        self.target = target
        self.language = language
        self.rules: LanguageRules = rules_for(language)
        self.words: list[Word] = words_of(target, language)
        self.neighbourhood = Neighbourhood(target, self.words, language)
        self.source_words: list[Word] = words_of(source, source_language)
        self.owner: dict[int, _Plan] = {}  # target word to the plan that says or replaces it

    def run(self, matches: Sequence[Match], links: Sequence[Link]) -> Enforced:
        self.alignment = Alignment(self.target, self.words, links)
        self.plans = [
            _Plan(match, self.alignment.members(match.start, match.end))
            for match in sorted(matches, key=lambda match: match.start)
        ]
        self._find_said()
        for plan in self.plans:
            if plan.said is None:
                self._find_group(plan)
        for plan in self.plans:
            self._heed_avoid(plan)
        self._find_merged()
        for plan in self.plans:
            if plan.group is not None:
                self._replace(plan)
        return self._result()

    # What the translation says by itself.

    def _find_said(self) -> None:
        by_term: dict[tuple[str, str], list[_Plan]] = {}
        for plan in self.plans:
            name = plan.match.target_text if plan.match.do_not_translate else ""
            by_term.setdefault((plan.match.term.id, name), []).append(plan)
        for plans in by_term.values():
            open_spans = occurrences(
                self.target, self._forms(plans[0].match), self.language, case=self._case(plans[0].match)
            )
            for test in (self._is_aligned, self._is_open):
                for plan in plans:
                    span = None if plan.said else next((one for one in open_spans if test(plan, one)), None)
                    if span is not None:
                        open_spans.remove(span)
                        self._said(plan, span)

    def _forms(self, match: Match) -> list[str]:
        wording = match.term.wording(self.language)
        if match.do_not_translate or wording is None:
            return [match.target_text]
        return [form.text for form in all_forms(wording, self.language)]

    @staticmethod
    def _case(match: Match) -> bool:
        return match.do_not_translate

    def _is_aligned(self, plan: _Plan, span: tuple[int, int]) -> bool:
        return any(self.words[index].start < span[1] and span[0] < self.words[index].end for index in plan.members)

    def _is_open(self, plan: _Plan, span: tuple[int, int]) -> bool:
        """Whether the term, as it stands at ``span``, may stand for this match although it is not aligned to it.

        It may where nothing else would be replaced, or where it is not aligned to a word of its own.
        """
        if not any(self._replaceable(plan, index) for index in plan.members):
            return True
        for index in self._inside(span):
            if self.words[index].lower in self.rules.function_words:
                continue
            for word in self.source_words:
                outside = word.end <= plan.match.start or plan.match.end <= word.start
                if outside and (self.alignment.share(index, word.start, word.end) or 0.0) >= 0.5:
                    return False
        return True

    def _said(self, plan: _Plan, span: tuple[int, int]) -> None:
        plan.said = span
        for index in self._inside(span):
            self.owner[index] = plan

    def _inside(self, span: tuple[int, int]) -> list[int]:
        return [index for index, word in enumerate(self.words) if word.start < span[1] and span[0] < word.end]

    # What stands for it instead.

    def _replaceable(self, plan: _Plan, index: int) -> bool:
        return (
            index not in self.owner
            and self.words[index].lower not in self.rules.function_words
            and not self._copied(plan, index)
        )

    def _copied(self, plan: _Plan, index: int) -> bool:
        """Whether the word stands in the message outside the term too: a name, a number, another term's word."""
        word = self.words[index]
        match = plan.match
        if any(char.isdigit() for char in word.text) and not any(char.isdigit() for char in match.source_text):
            return True
        own = {one.lower for one in self.source_words if match.start <= one.start < match.end}
        if word.lower in own:
            return False
        return any(
            one.lower == word.lower for one in self.source_words if one.end <= match.start or match.end <= one.start
        )

    def _find_group(self, plan: _Plan) -> None:
        free = [index not in self.owner and not self._copied(plan, index) for index in range(len(self.words))]
        plan.group = self.alignment.group(plan.members, self.rules, free)
        if plan.group is not None:
            for index in range(plan.group.first, plan.group.last + 1):
                self.owner[index] = plan
            return
        if not plan.members:
            plan.cause = "no-alignment"
        elif all(index in self.owner for index in plan.members):
            plan.cause = "overlap"
        elif any(self._copied(plan, index) for index in plan.members):
            plan.cause = "copied"
        else:
            plan.cause = "function-word"

    def _heed_avoid(self, plan: _Plan) -> None:
        """A wording that must not be said is replaced wherever it stands; of a forbidding term nothing else is."""
        wording = plan.match.term.wording(self.language)
        if wording is None or plan.said is not None:
            return
        avoid = [form for text in wording.avoid for form in (text, plural(text, self.language)) if form is not None]
        spans = occurrences(self.target, avoid, self.language, case=False)
        if plan.group is not None:
            start, end = plan.group.start(self.words), plan.group.end(self.words)
            if plan.match.term.kind == "forbidden" and not any(a < end and start < b for a, b in spans):
                self._release(plan)
            return
        for span in spans:
            inside = self._inside(span)
            if inside and not any(index in self.owner for index in inside):
                plan.group, plan.cause, plan.how = Group(inside[0], inside[-1]), "", "avoided"
                self.owner.update(dict.fromkeys(inside, plan))
                return
        if plan.match.term.kind == "forbidden":
            plan.cause, plan.how = "", "not-forbidden"

    def _release(self, plan: _Plan) -> None:
        self.owner = {index: owner for index, owner in self.owner.items() if owner is not plan}
        plan.group, plan.how = None, "not-forbidden"

    def _find_merged(self) -> None:
        """A term that stands twice in the message and once in the translation is said all the same."""
        done = {plan.match.term.id: plan for plan in self.plans if not plan.cause}
        for plan in self.plans:
            if plan.cause and plan.match.term.id in done:
                plan.how = "merged"
                plan.said = done[plan.match.term.id].said
                plan.cause = ""

    # The replacement.

    def _replace(self, plan: _Plan) -> None:
        group = plan.group
        assert group is not None
        match = plan.match
        start, end = group.start(self.words), group.end(self.words)
        if match.do_not_translate:
            old = new = Noun("", "")
            text = match.target_text
        else:
            old = self.neighbourhood.old_noun(group.first, group.last)
            text, new = self._form(match, old)
            text = self._with_case(match, text, start, self.target[start:end])
        start, end, group = self._absorb(text, group)
        plan.group = group
        plan.replaced = Edit(start, end, text)
        plan.how = plan.how or "aligned"
        plan.around = self.neighbourhood.agree(group.first, group.last, text, Change(old, new), self._touchable)

    def _touchable(self, index: int) -> bool:
        return index not in self.owner

    def _form(self, match: Match, old: Noun) -> tuple[str, Noun]:
        """The form to say: in the number of the words that it replaces, so that verbs keep agreeing."""
        wording = match.term.wording(self.language)
        assert wording is not None
        own_number = number_of(wording, self.language)
        plural_wanted = match.plural if not old.number else old.number == "p"
        text = say(wording, self.language, plural_wanted=plural_wanted)
        gender = wording.gender or likely_gender(wording.text, self.language)
        for form in wording.forms:
            if form.text == text:
                return text, Noun(form.gender or gender, form.number or own_number)
        return text, Noun(gender, own_number if text == wording.text else "p")

    def _with_case(self, match: Match, text: str, start: int, old: str) -> str:
        if len(old) > 1 and old.isupper() and match.source_text.isupper():
            return text.upper()
        if old[:1].isupper() and starts_sentence(self.target, start):
            return like(old[:1].upper(), text) if len(text) > 1 else text.upper()
        return text

    def _absorb(self, text: str, group: Group) -> tuple[int, int, Group]:
        """Widens the span over neighbours that would say part of the term twice ("cartão de crédito de crédito")."""
        own = [word.lower for word in words_of(text, self.language)]
        first, last = group.first, group.last
        for count in range(len(own) - 1, 0, -1):
            after = range(last + 1, last + 1 + count)
            if after.stop <= len(self.words) and self._same_words(after, own[-count:]):
                last += count
                break
        for count in range(len(own) - 1, 0, -1):
            before = range(first - count, first)
            if before.start >= 0 and self._same_words(before, own[:count]):
                first -= count
                break
        widened = Group(first, last)
        for index in range(first, last + 1):
            self.owner.setdefault(index, self.owner[group.first])
        return widened.start(self.words), widened.end(self.words), widened

    def _same_words(self, indices: range, wanted: Sequence[str]) -> bool:
        words = self.words
        low, high = max(indices.start - 1, 0), min(indices.stop, len(words) - 1)
        return (
            all(
                words[index].lower == one and index not in self.owner
                for index, one in zip(indices, wanted, strict=True)
            )
            and all(word.lower not in self.rules.function_words for word in words[indices.start : indices.stop][-1:])
            and all(only_space(self.target, words[index].end, words[index + 1].start) for index in range(low, high))
        )

    # The outcome.

    def _result(self) -> Enforced:
        edits = settle(
            [plan.replaced for plan in self.plans if plan.replaced is not None],
            [edit for plan in self.plans for edit in plan.around],
        )
        return Enforced(apply(self.target, edits), tuple(self._use(plan, edits) for plan in self.plans), tuple(edits))

    def _use(self, plan: _Plan, edits: Sequence[Edit]) -> TermUse:
        match = plan.match
        span: tuple[int, int] | None = None
        wanted = match.target_text
        status: Literal["applied", "already", "missed"]
        if plan.replaced is not None:
            status, how = "applied", plan.how
            span = moved(edits, plan.replaced.start, plan.replaced.end)
            wanted = plan.replaced.text
        elif plan.said is not None or plan.how:
            status, how = "already", plan.how
            span = None if plan.said is None else moved(edits, *plan.said)
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

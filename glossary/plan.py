"""Decides what becomes of each term: said already, to be replaced at which words, or missed and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from glossary.align import Alignment, Group, Link
from glossary.edits import Edit
from glossary.inflect import plural
from glossary.matcher import Match
from glossary.rules import LanguageRules, rules_for
from glossary.wordings import all_forms
from glossary.words import Word, occurrences, only_space, starts_sentence, words_of

_PART = 0.3  # share of a compound that another word of the message stands for


@dataclass(slots=True)
class Plan:
    """What becomes of one match. ``said``, ``group``, ``cause``: one of them is set, or ``how`` alone."""

    match: Match
    members: list[int]  # words of the translation that come from the term
    said: tuple[int, int] | None = None  # where the translation says it already
    group: Group | None = None  # the words to be replaced
    replaced: Edit | None = None
    cause: str = ""
    how: str = ""
    around: list[Edit] = field(default_factory=list)
    merged: Plan | None = None  # the plan that says this term too


class Planner:
    """One message's terms and words. ``owner`` maps a word of the translation to the plan that says or replaces it."""

    def __init__(self, source: str, target: str, language: str, source_language: str, links: Sequence[Link]) -> None:
        self.source = source
        self.source_language = source_language
        self.target = target
        self.language = language
        self.rules: LanguageRules = rules_for(language)
        self.words: list[Word] = words_of(target, language)
        self.source_words: list[Word] = words_of(source, source_language)
        self.alignment = Alignment(target, self.words, links)
        self.owner: dict[int, Plan] = {}
        self.plans: list[Plan] = []

    def plan(self, matches: Sequence[Match]) -> list[Plan]:
        """One plan a match, in source order."""
        self.plans = [
            Plan(match, self.alignment.members(match.start, match.end))
            for match in sorted(matches, key=lambda match: match.start)
        ]
        self._find_said()
        for plan in self.plans:
            if plan.said is None:
                self._find_group(plan)
        for plan in self.plans:
            self._heed_avoid(plan)
        self._find_merged()
        return self.plans

    def _find_said(self) -> None:
        by_term: dict[tuple[str, str], list[Plan]] = {}
        for plan in self.plans:
            name = plan.match.target_text if plan.match.do_not_translate else ""
            by_term.setdefault((plan.match.term.id, name), []).append(plan)
        for plans in by_term.values():
            match = plans[0].match
            open_spans = occurrences(self.target, self._forms(match), self.language, case=match.do_not_translate)
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

    def _is_aligned(self, plan: Plan, span: tuple[int, int]) -> bool:
        return any(self.words[index].start < span[1] and span[0] < self.words[index].end for index in plan.members)

    def _is_open(self, plan: Plan, span: tuple[int, int]) -> bool:
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

    def _said(self, plan: Plan, span: tuple[int, int]) -> None:
        plan.said = span
        for index in self._inside(span):
            self.owner[index] = plan

    def _inside(self, span: tuple[int, int]) -> list[int]:
        return [index for index, word in enumerate(self.words) if word.start < span[1] and span[0] < word.end]

    def _replaceable(self, plan: Plan, index: int) -> bool:
        return (
            index not in self.owner
            and self.words[index].lower not in self.rules.function_words
            and not self._copied(plan, index)
        )

    def _copied(self, plan: Plan, index: int) -> bool:
        """Whether the word stands in the message outside the term too: a name, a number, another term's word."""
        word = self.words[index]
        match = plan.match
        if any(char.isdigit() for char in word.text) and not any(char.isdigit() for char in match.source_text):
            return True
        own = {one.lower for one in self.source_words if match.start <= one.start < match.end}
        if word.lower in own:
            return False
        texts = {word.text, word.lower} if starts_sentence(self.target, word.start) else {word.text}
        return any(one.text in texts for one in self.source_words if one.end <= match.start or match.end <= one.start)

    def _find_group(self, plan: Plan) -> None:
        free = [index not in self.owner and not self._copied(plan, index) for index in range(len(self.words))]
        plan.group = self.alignment.group(plan.members, self.rules, free)
        if plan.group is None:
            nearby = self.alignment.members(*self._with_lead(plan.match))
            plan.group = self.alignment.group(nearby, self.rules, free)
            plan.how = "near" if plan.group is not None else ""
        if plan.group is not None and self._is_verb(plan.match, plan.group):
            plan.group, plan.cause, plan.how = None, "verb", ""
            return
        if plan.group is not None and self._is_compound(plan.match, plan.group):
            plan.group, plan.cause, plan.how = None, "compound", ""
            return
        if plan.group is not None:
            plan.group = self._leave_modifiers(plan.match, plan.group)
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

    def _is_compound(self, match: Match, group: Group) -> bool:
        """Whether the one word there says another word of the message, too: "Bestellnummer" is more than "order"."""
        if not self.rules.compounds or group.first != group.last:
            return False
        function_words = rules_for(self.source_language).function_words
        return any(
            (self.alignment.share(group.first, word.start, word.end) or 0.0) >= _PART
            for word in self.source_words
            if (word.end <= match.start or match.end <= word.start) and word.lower not in function_words
        )

    def _with_lead(self, match: Match) -> tuple[int, int]:
        """The term with the article or possessive before it: alignments are sometimes off by that."""
        leads = rules_for(self.source_language).leads
        before = [word for word in self.source_words if word.end <= match.start][-1:]
        if before and before[0].lower in leads and only_space(self.source, before[0].end, match.start):
            return before[0].start, match.end
        return match.start, match.end

    def _is_verb(self, match: Match, group: Group) -> bool:
        """Whether the words are a verb on both sides, while the term is no verb: "to end" is not the term "end"."""
        if match.do_not_translate or match.term.part_of_speech == "verb":
            return False
        before = [word for word in self.source_words if word.end <= match.start]
        if not before or not only_space(self.source, before[-1].end, match.start):
            return False
        if before[-1].lower not in rules_for(self.source_language).verb_markers:
            return False
        if match.target_text.lower().endswith(self.rules.verb_endings):
            return False
        first = self.words[group.first]
        led = group.first > 0 and self.words[group.first - 1].lower in self.rules.verb_markers
        return led or first.lower.endswith(self.rules.verb_endings)

    def _leave_modifiers(self, match: Match, group: Group) -> Group:
        """The group without words that rather stand for a word beside the term which nothing else stands for."""
        content = [
            index
            for index in range(group.first, group.last + 1)
            if self.words[index].lower not in self.rules.function_words
        ]
        keep = max(1, len(content) - self._lost_beside(match))
        if keep >= len(content):
            return group
        return Group(content[0], content[keep - 1]) if self.rules.plural_first else Group(content[-keep], content[-1])

    def _lost_beside(self, match: Match) -> int:
        """Words of content right before and after the term that no word of the translation comes from."""
        function_words = rules_for(self.source_language).function_words
        before = [index for index, word in enumerate(self.source_words) if word.end <= match.start][-1:]
        after = [index for index, word in enumerate(self.source_words) if word.start >= match.end][:1]
        lost = 0
        for index in (*before, *after):
            word = self.source_words[index]
            gap = (word.end, match.start) if word.end <= match.start else (match.end, word.start)
            if word.lower in function_words or not only_space(self.source, *gap):
                continue
            lost += not self.alignment.members(word.start, word.end)
        return lost

    def _heed_avoid(self, plan: Plan) -> None:
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

    def _release(self, plan: Plan) -> None:
        self.owner = {index: owner for index, owner in self.owner.items() if owner is not plan}
        plan.group, plan.how = None, "not-forbidden"

    def _find_merged(self) -> None:
        """A term that stands twice in the message and once in the translation is said all the same."""
        done = {plan.match.term.id: plan for plan in self.plans if not plan.cause}
        for plan in self.plans:
            if plan.cause and plan.match.term.id in done:
                plan.how, plan.cause, plan.merged = "merged", "", done[plan.match.term.id]

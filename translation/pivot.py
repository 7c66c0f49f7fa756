"""A message that goes through two models: from its language into a third, and from there into the one wanted. Pure.

Each leg protects, checks and repairs by itself. Terms that are not to be translated are held on both; the others are
put in at the end, where the words of both legs are followed from the message to its final translation. Where one is
missed there, the second leg is taken once more with the term at the place that the first leg tells: on it, a missed
term is tried in all the ways that ``insist`` knows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from conversation.receipt import Receipt, TermUse
from glossary.align import Alignment
from glossary.enforce import enforce
from glossary.matcher import Match
from glossary.rules import rules_for
from glossary.words import words_of
from translation.direction import Direction
from translation.edits import Edit, Edited
from translation.engines.base import Hypothesis, Link
from translation.finish import replace_use
from translation.insist import AGAIN, MARGIN
from translation.message import Message, sound
from translation.prepare import Prepared
from translation.protect import find
from translation.request import Done, Failed, GlossarySnapshot, Outcome, Request
from translation.scripts import scripts
from translation.uses import kept_terms


@dataclass(frozen=True, slots=True)
class _Given:
    """A glossary with one answer: what was found already."""

    version: int
    matches: Sequence[Match]

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> Sequence[Match]:
        return self.matches


class Pivoted:
    """To the pipeline the same as a ``Message``."""

    def __init__(
        self, request: Request, first: Direction, second: Direction, glossary: GlossarySnapshot | None
    ) -> None:
        text = sound(request.text)
        matches = glossary.match(text, request.source, request.target) if glossary is not None else ()
        self._version = glossary.version if glossary is not None else 0
        self._request = replace(request, text=text)
        self._names = [match for match in matches if match.do_not_translate]
        self._terms = [match for match in matches if not match.do_not_translate]
        self._directions = (first, second)
        self._first = Message(
            Request(text, request.source, first.target, kept=request.kept),
            first,
            _Given(0, self._names),
            links=bool(self._terms),
        )
        self._second: Message | None = None
        self._anew: Message | None = None  # the second leg once more
        self._moved: dict[tuple[int, int], tuple[int, int]] = {}  # places between of terms to those in the message
        self._insisted = False
        self._between = ""  # the message in the language between
        self._failed: str | None = None
        self._go_on()

    @property
    def direction(self) -> Direction:
        """Of the leg that it is on."""
        return self._directions[0 if self._second is None else 1]

    @property
    def waiting(self) -> list[Prepared]:
        """What the engine of ``direction`` is to translate next; empty when the message is through."""
        return [] if self._failed else self._leg.waiting

    def take(self, hypotheses: Sequence[Hypothesis]) -> None:
        """The answers to all that was ``waiting``."""
        self._leg.take(hypotheses)
        self._go_on()

    def fail(self, reason: str) -> None:
        """Ends the message with a reason; where it was through already but for its terms, only the try for these."""
        if self._anew is not None:
            self._anew = None
        else:
            self._failed = reason

    @property
    def _leg(self) -> Message:
        return self._anew or self._second or self._first

    def _go_on(self) -> None:
        """Begins the second leg where the first is through, and takes it once more where terms are missed."""
        if self._leg.waiting:
            return
        if self._second is not None:
            if not self._insisted and self._terms:
                self._insist(self._second)
            return
        done = self._first.outcome()
        if not isinstance(done, Done):
            self._failed = done.reason if isinstance(done, Failed) else "internal-error"
            return
        self._between = done.text
        self._second = self._second_leg(())
        self._go_on()

    def _second_leg(self, terms: Sequence[Match]) -> Message:
        text, direction = self._between, self._directions[1]
        matches = sorted([*_again(self._names, text), *terms], key=lambda match: match.start)
        request = Request(text, direction.source, self._request.target, kept=self._kept_again(text))
        return Message(request, direction, _Given(0, matches), links=bool(self._terms))

    def _insist(self, second: Message) -> None:
        self._insisted = True
        done = second.outcome()
        if not isinstance(done, Done):
            return
        _, uses = self._with_terms(done.text, second)
        missed = {use.source_span for use in uses if use.status == "missed" and use.how in AGAIN}
        terms = [match for match in self._terms if (match.start, match.end) in missed]
        language = second.direction.source
        words = words_of(self._between, language)
        alignment = Alignment(self._between, words, self._first.links)
        moved: list[Match] = []
        for match in terms:
            members = alignment.members(match.start, match.end)
            group = alignment.group(members, rules_for(language), [True] * len(words))
            if group is None:
                continue
            start, end = group.start(words), group.end(words)
            if not any(start < other.end and other.start < end for other in moved):
                self._moved[start, end] = match.start, match.end
                moved.append(replace(match, start=start, end=end, source_text=self._between[start:end]))
        if moved:
            self._anew = self._second_leg(moved)

    def _kept_again(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where that stands which is to stay, after the first leg."""
        found: list[tuple[int, int]] = []
        at = 0
        for start, end in self._request.kept:
            wanted = self._request.text[start:end]
            if (place := text.find(wanted, at)) >= 0:
                at = place + len(wanted)
                found.append((place, at))
        return tuple(found)

    def outcome(self) -> Outcome:
        """What became of it."""
        if self._failed:
            return Failed(self._failed)
        assert self._second is not None
        first, second = self._first.outcome(), self._second.outcome()
        if not isinstance(first, Done):
            return first
        if not isinstance(second, Done):
            return second
        text, uses = self._with_terms(second.text, self._second)
        if (better := self._better(second, uses)) is not None:
            second, text, uses = better
        warnings = {*first.receipt.warnings, *second.receipt.warnings}
        spans = find(self._request.text, scripts(self._request.source, self._request.target))
        wanted = [self._request.text[span.start : span.end] for span in spans if span.kind not in ("number", "foreign")]
        lost = [span for span in set(wanted) if text.count(span) < wanted.count(span)]
        if lost:
            warnings.add("span-lost")
        uses += kept_terms(self._request.text, text, self._names)
        scores = [done.receipt.score for done in (first, second) if done.receipt.score is not None]
        receipt = Receipt(
            models=(*first.receipt.models, *second.receipt.models),
            score=min(scores, default=None),
            terms=tuple(sorted(uses, key=lambda use: use.source_span or (0, 0))),
            protected=max(0, len(spans) + len(self._names) - len(lost)),
            repairs=tuple(sorted({*first.receipt.repairs, *second.receipt.repairs})),
            warnings=tuple(sorted(warnings)),
            glossary_version=self._version,
        )
        return Done(text, receipt)

    def _better(self, second: Done, uses: Sequence[TermUse]) -> tuple[Done, str, list[TermUse]] | None:
        """The second leg once more with its terms, where that says more of them and is no worse."""
        anew = self._anew.outcome() if self._anew is not None else None
        if not isinstance(anew, Done) or self._anew is None:
            return None
        if (anew.receipt.score or 0.0) < (second.receipt.score or 0.0) - MARGIN:
            return None
        text, now = self._with_terms(anew.text, self._anew)
        if not _misses(now) < _misses(uses) or not set(anew.receipt.warnings) <= set(second.receipt.warnings):
            return None
        hows = {self._moved.get(use.source_span or (0, 0)): use.how for use in anew.receipt.terms}
        told = [
            msgspec.structs.replace(use, status="applied", how=hows[use.source_span])
            if use.status == "already" and use.source_span in hows
            else use
            for use in now
        ]
        return anew, text, told

    def _with_terms(self, text: str, leg: Message) -> tuple[str, list[TermUse]]:
        """The glossary's words in place, as long as nothing protected is touched."""
        if not self._terms:
            return text, []
        links = composed(self._first.links, leg.links)
        request = self._request
        enforced = enforce(request.text, text, links, self._terms, request.target, source_language=request.source)
        edits = [Edit(edit.start, edit.end, edit.text) for edit in enforced.edits]
        spans = find(text, scripts(request.source, request.target))
        if any(edit.start < span.end and span.start < edit.end for edit in edits for span in spans):
            # The offsets of the uses are those of a text that is not sent.
            missed = [
                replace_use(use, "protected-span")
                if use.status == "applied"
                else msgspec.structs.replace(use, target_span=None)
                for use in enforced.uses
            ]
            return text, missed
        return Edited(text, edits).text if edits else text, list(enforced.uses)


def _misses(uses: Sequence[TermUse]) -> set[tuple[int, int] | None]:
    return {use.source_span for use in uses if use.status == "missed"}


def composed(first: Sequence[Link], second: Sequence[Link]) -> tuple[Link, ...]:
    """From the source of the first to the target of the second, wherever both meet between. In target order."""
    middle = sorted(first, key=lambda link: link.target_start)
    starts = [link.target_start for link in middle]
    longest = max((link.target_end - link.target_start for link in middle), default=0)
    found: dict[Link, None] = {}
    for link in second:
        index = bisect_left(starts, link.source_start - longest)
        while index < len(middle) and starts[index] < link.source_end:
            if middle[index].target_end > link.source_start:
                before = middle[index]
                found[Link(before.source_start, before.source_end, link.target_start, link.target_end)] = None
            index += 1
    return tuple(sorted(found, key=lambda link: (link.target_start, link.source_start)))


def _again(names: Sequence[Match], text: str) -> list[Match]:
    """Where the names stand that were held on the first leg."""
    found: list[Match] = []
    for match in names:
        at = text.find(match.source_text)
        while at >= 0 and any(at < other.end and other.start < at + len(match.source_text) for other in found):
            at = text.find(match.source_text, at + 1)
        if at >= 0:
            found.append(replace(match, start=at, end=at + len(match.source_text)))
    return sorted(found, key=lambda match: match.start)

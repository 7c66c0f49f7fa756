"""Glossary terms in real chats, with and without: `python -m bench.glossary --eval FOLDER`.

Makes at least 60 terms each direction out of FOLDER/chat.en-pt.jsonl (glossary_terms.py), half of them choices that
the model would not make by itself, and translates all messages with and without them through the whole pipeline.

Twice, for there are two ways to choose the forced half:
- "agreed" are the words that references agree on most, as a shop's glossary says what its agents say. Many of them are
  rare. chrF against the references is fair here.
- "frequent" are those that come most often. References say them only in a part of their cases, for these chats were not
  translated with a glossary; elsewhere the term costs chrF by itself. So chrF is shown for the cases in which
  references say the term, too, and against references with the shop's words in their place. This is the harder test of
  whether terms are said, with several times as many cases.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import sacrebleu

from bench.glossary_terms import Chat, choose
from glossary.enforce import enforce
from glossary.matcher import Match, Matcher
from glossary.rules import rules_for
from glossary.term import Term
from glossary.wordings import all_forms
from glossary.words import occurrences, words_of
from models.installed import find
from translation.engines.base import Link
from translation.engines.load import load
from translation.pipeline import Done, Pipeline, Request

BATCH = 16


class Engines:
    def __init__(self) -> None:
        self._installed = {(model.source, model.target): model for model in reversed(find())}
        self._loaded = {}

    def get(self, source: str, target: str):
        if (source, target) not in self._loaded:
            self._loaded[source, target] = load(self._installed[source, target])
        return self._loaded[source, target]

    def why_not(self, source: str, target: str) -> str:
        return "no-model"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder with chat.en-pt.jsonl")
    parser.add_argument("--terms", type=int, default=66, help="terms in each direction")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of messages to print")
    parser.add_argument("--show", type=int, default=0, help="replaced messages to print")
    parser.add_argument("--missed", type=int, default=5, help="missed terms to print")
    arguments = parser.parse_args()
    engines = Engines()
    for kind in ("agreed", "frequent"):
        for source, target in (("en", "pt"), ("pt", "en")):
            run(engines, arguments, source, target, kind)


@dataclass(frozen=True)
class Case:
    """One message with everything that is known of it."""

    text: str
    reference: str
    free: str
    done: Done
    matches: Sequence[Match]
    forced: frozenset[str]


class NoPlaceholders(Matcher):
    """A glossary that leaves words in capitals alone: in these chats they stand for what was made anonymous."""

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> list[Match]:
        return [one for one in super().match(text, source, target, scope) if not one.source_text.isupper()]


class OnlyReferences:
    """A glossary that for each message has the terms that its reference says: what a translator would have chosen."""

    version = 1

    def __init__(self, matcher: Matcher, references: dict[str, str]) -> None:
        self._matcher = matcher
        self._references = references

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> list[Match]:
        reference = self._references.get(text, "")
        return [
            match for match in self._matcher.match(text, source, target) if count(reference, match.term, target) > 0
        ]


def run(engines: Engines, arguments: argparse.Namespace, source: str, target: str, kind: str) -> None:
    with (arguments.eval / "chat.en-pt.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["from"] == source]
    texts, references = [row["text"] for row in rows], [row["reference"] for row in rows]
    hypotheses = engines.get(source, target).translate(texts)
    chats = [Chat(*each) for each in zip(
        texts, (one.text for one in hypotheses), (one.links for one in hypotheses), references, strict=True
    )]  # fmt: skip

    def agreed_on(term: Term) -> float:
        return agreement(term, texts, references, source, target)

    chosen = choose(chats, source, target, arguments.terms, agreement=agreed_on if kind == "agreed" else None)
    matcher = NoPlaceholders((item.term for item in chosen), 1)
    forced = frozenset(item.term.id for item in chosen if item.forced)
    print(f"{source}>{target}, {kind}: {len(chosen)} terms, {len(forced)} of them forced, {len(texts)} messages")

    pipelines = [Pipeline(engines, lambda: None), Pipeline(engines, lambda: matcher)]
    (free, free_seconds), (done, seconds) = translate(pipelines, texts, source, target)
    cases = [
        Case(text, reference, plain.text, made, matcher.match(text, source, target), forced)
        for text, reference, plain, made in zip(texts, references, free, done, strict=True)
    ]
    success(cases, target, arguments)
    fair = OnlyReferences(matcher, dict(zip(texts, references, strict=True)))
    [(agreed, _)] = translate([Pipeline(engines, lambda: fair)], texts, source, target)
    quality(cases, [one.text for one in agreed], [bool(fair.match(text, source, target)) for text in texts],
            source, target)  # fmt: skip
    print(f"  throughput: {len(texts) / seconds:.0f} messages/s, {free_seconds / seconds:.2f} of that without terms")


def translate(
    pipelines: Sequence[Pipeline], texts: Sequence[str], source: str, target: str
) -> list[tuple[list[Done], float]]:
    """What each pipeline makes of the texts, and its seconds; in turns, so that other load meets all of them."""
    outcomes: list[list[Done]] = [[] for _ in pipelines]
    seconds = [0.0] * len(pipelines)
    for pipeline in pipelines:
        pipeline.translate([Request("warm up", source, target)])
    for at in range(0, len(texts), BATCH):
        requests = [Request(text, source, target) for text in texts[at : at + BATCH]]
        for index, pipeline in enumerate(pipelines):
            start = time.perf_counter()
            made = pipeline.translate(requests)
            seconds[index] += time.perf_counter() - start
            for outcome in made:
                assert isinstance(outcome, Done), outcome
                outcomes[index].append(outcome)
    return list(zip(outcomes, seconds, strict=True))


def success(cases: Sequence[Case], target: str, arguments: argparse.Namespace) -> None:
    """How often the terms are said. Counted anew in the texts: the receipt's word is not taken for it."""
    counts: Counter[tuple[bool, str]] = Counter()
    causes: Counter[str] = Counter()
    missed: list[str] = []
    as_verbs = 0
    for case in cases:
        for term_id, matched in Counter(match.term.id for match in case.matches).items():
            times = matched
            term = next(match.term for match in case.matches if match.term.id == term_id)
            kind = term_id in case.forced
            uses = [use for use in case.done.receipt.terms if use.term == term_id]
            verbs = sum(use.how == "verb" for use in uses)
            as_verbs += verbs
            times -= verbs
            said = min(times, count(case.done.text, term, target))
            counts[kind, "all"] += times
            counts[kind, "said"] += said
            counts[kind, "free"] += min(times, count(case.free, term, target))
            if said < times:
                causes.update([use.how for use in uses if use.status == "missed"] or ["not told as missed"])
                missed.append(
                    f"    {term_id} = {term.wordings[target].text}\n      {case.text}\n      {case.done.text}"
                )
    for kind, name in ((True, "forced"), (False, "natural")):
        total = max(counts[kind, "all"], 1)
        said, free = counts[kind, "said"] / total, counts[kind, "free"] / total
        print(f"  {name}: {total} cases, said {said:.1%}, without the glossary {free:.1%}")
    total, said = (sum(counts[kind, what] for kind in (True, False)) for what in ("all", "said"))
    print(f"  together: {total} cases, said {said / total:.2%}; missed by cause: {dict(causes) or 'none'}")
    print(f"  left alone where message and translation have a verb instead of the noun: {as_verbs}, not counted above")
    print("\n".join(missed[: arguments.missed]))
    changed = [case for case in cases if case.matches and case.done.text != case.free]
    for case in random.Random(arguments.seed).sample(changed, min(arguments.show, len(changed))):
        print(f"    {case.text}\n      {case.free}\n      {case.done.text}\n      {case.reference}")


def quality(cases: Sequence[Case], agreed: Sequence[str], concerned: Sequence[bool], source: str, target: str) -> None:
    """chrF with and without: for all terms whatever references say, and for those that the references say too.

    A forced word that the reference does not have costs chrF by itself. What is lost beyond that shows against
    references in which the same word was put.
    """
    everything = range(len(cases))
    fair = [index for index in everything if concerned[index]]
    forced = [index for index in fair if any(match.term.id in cases[index].forced for match in cases[index].matches)]
    done = [case.done.text for case in cases]
    for name, where, outputs in (
        ("all terms, all messages", everything, done),
        ("terms that references say, messages with them", fair, agreed),
        ("the same, messages with forced ones", forced, agreed),
    ):
        references = [cases[index].reference for index in where]
        without = chrf([cases[index].free for index in where], references)
        with_terms = chrf([outputs[index] for index in where], references)
        print(
            f"  chrF, {name} ({len(where)}): {without:.2f} without the glossary, {with_terms:.2f} with it, "
            f"that is {with_terms - without:+.2f}"
        )
    put_in = [with_choice(case, source, target) for case in cases]
    references = [chosen for chosen, _ in put_in]
    without = chrf([case.free for case in cases], [case.reference for case in cases])
    with_terms = chrf(done, references)
    print(
        f"  chrF, all terms, against references with the shop's words in their place ({len(cases)}): {with_terms:.2f}, "
        f"that is {with_terms - without:+.2f}; {sum(changed for _, changed in put_in)} words put into references, "
        f"{sum(use.status == 'applied' for case in cases for use in case.done.receipt.terms)} into translations"
    )


def agreement(term: Term, texts: Sequence[str], references: Sequence[str], source: str, target: str) -> float:
    """The share of a term's cases in which references say it."""
    matcher = NoPlaceholders([term], 1)
    cases = [(len(matcher.match(text, source, target)), ref) for text, ref in zip(texts, references, strict=True)]
    said = sum(min(times, count(reference, term, target)) for times, reference in cases if times)
    return said / max(1, sum(times for times, _ in cases))


def with_choice(case: Case, source: str, target: str) -> tuple[str, int]:
    """The reference with the shop's words where it has the very words that the glossary replaced in the translation,
    and how many: what a translator would have written who knew the glossary."""
    free, done = words_of(case.free, target), words_of(case.done.text, target)
    matcher = SequenceMatcher(None, [word.lower for word in free], [word.lower for word in done], autojunk=False)
    blocks = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    skipped = rules_for(target).function_words
    links, matches = [], []
    for use in case.done.receipt.terms:
        match = next((one for one in case.matches if use.source_span == (one.start, one.end)), None)
        if match is None or use.status != "applied" or use.target_span is None:
            continue
        start, end = use.target_span
        for _, a, b, c, d in blocks:
            inside = any(word.start < end and start < word.end for word in done[c:d])
            old = [word for word in free[a:b] if word.lower not in skipped] if inside else []
            if not old:
                continue
            text = case.free[old[0].start : old[-1].end]
            places = [
                place
                for place in occurrences(case.reference, [text], target, case=False)
                if all(place[1] <= link.target_start or link.target_end <= place[0] for link in links)
            ]
            if places:
                links.append(Link(match.start, match.end, *places[0]))
                matches.append(match)
    if not matches:
        return case.reference, 0
    changed = enforce(case.text, case.reference, links, matches, target, source_language=source)
    return changed.text, sum(use.status == "applied" for use in changed.uses)


def count(text: str, term: Term, language: str) -> int:
    forms = [form.text for form in all_forms(term.wordings[language], language)]
    return len(occurrences(text, forms, language, case=False))


def chrf(hypotheses: list[str], references: list[str]) -> float:
    return float(sacrebleu.corpus_chrf(hypotheses, [references]).score) if hypotheses else 0.0


if __name__ == "__main__":
    main()

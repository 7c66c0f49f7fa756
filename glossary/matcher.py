"""Finds the glossary's terms in a message: longest match, with borders as each script has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from glossary.borders import whole_word
from glossary.folding import Folded, fold, same
from glossary.inflect import plural
from glossary.layer import ANY, Builder, Layer, Pattern
from glossary.rules import rules_for
from glossary.search import Index
from glossary.singular import singular_texts
from glossary.term import Term, base_language
from glossary.unmeant import addresses, idioms
from glossary.wordings import number_of, say


@dataclass(frozen=True, slots=True)
class Match:
    """One term as it stands in a message. Offsets in code points, end exclusive; matches never overlap."""

    term: Term
    start: int
    end: int
    source_text: str  # as it stands in the message
    target_text: str  # as the glossary wants it said, in the form that fits what stands in the message
    do_not_translate: bool
    plural: bool = False


class _Found(NamedTuple):
    start: int
    end: int
    pattern: Pattern


class Matcher:
    """The terms of one version of the glossary, ready to be found. Immutable; safe to use from several threads.

    Retired terms are left out, drafts too unless ``drafts``. Building 100,000 terms takes about a second: ``changed``
    makes the next version from this one without building it all again, in two layers; ``rebuilt`` makes one of them.
    """

    def __init__(
        self,
        terms: Iterable[Term] = (),
        version: int = 0,
        *,
        drafts: bool = False,
        pause: Callable[[], None] | None = None,
    ) -> None:
        """``pause`` is called every few terms while building, for who wants others to get on meanwhile."""
        self.version = version
        self._drafts = drafts
        self._terms = {term.id: term for term in terms}
        self._base = _built(self._terms.values(), drafts, pause)
        self._overlay: Layer = {}
        self._overlaid: dict[str, Term | None] = {}

    @classmethod
    def of(cls, terms: dict[str, Term], base: Layer, version: int) -> Matcher:
        """From terms by id, and what was built of them."""
        new = cls(version=version)
        new._terms, new._base = terms, base
        return new

    def __len__(self) -> int:
        gone = sum(1 for term_id in self._overlaid if term_id in self._terms)
        return len(self._terms) - gone + sum(1 for term in self._overlaid.values() if term is not None)

    @property
    def overlaid(self) -> int:
        """How many terms differ from those that were built; ``changed`` costs this much."""
        return len(self._overlaid)

    def changed(self, changes: dict[str, Term | None], version: int) -> Matcher:
        """This matcher with some terms set or, where None, deleted. Shares what did not change."""
        new = object.__new__(Matcher)
        new.version = version
        new._drafts = self._drafts
        new._terms = self._terms
        new._base = self._base
        new._overlaid = {**self._overlaid, **changes}
        new._overlay = _built((term for term in new._overlaid.values() if term is not None), self._drafts)
        return new

    def rebuilt(self, pause: Callable[[], None] | None = None) -> Matcher:
        """The same terms in one layer."""
        return Matcher(self.terms(), self.version, drafts=self._drafts, pause=pause)

    def changed_from(self, earlier: Matcher) -> dict[str, Term | None] | None:
        """What ``changed`` has done since ``earlier``; None where this matcher was not made from that one."""
        if self._base is not earlier._base:
            return None
        before = earlier._overlaid
        return {key: term for key, term in self._overlaid.items() if key not in before or before[key] is not term}

    def terms(self) -> Iterator[Term]:
        """Every term, retired ones and drafts too."""
        for term_id, term in self._terms.items():
            if term_id not in self._overlaid:
                yield term
        yield from (term for term in self._overlaid.values() if term is not None)

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> list[Match]:
        """Matches in ``text`` (written in language ``source``) that can be said in ``target``, in text order.

        ``scope`` are the names that hold for this message; terms with a scope need one of them.
        """
        if not self._base and not self._overlay:
            return []
        found, exceptions = self._candidates(text, source, target, scope)
        if not found:
            return []
        blocked = addresses(text)
        exceptions_of = {(item.pattern.term.id, item.start, item.end) for item in exceptions}
        fixed = idioms(text, source)
        found.sort(
            key=lambda item: (item.start - item.end, item.start, item.pattern.term.scope == (), item.pattern.term.id)
        )
        taken: list[_Found] = []
        for item in found:
            start, end = item.start, item.end
            if any(start < other.end and other.start < end for other in taken):
                continue
            if any(start < stop and begin < end for begin, stop in blocked):
                continue
            if any(begin <= start and end <= stop and end - start < stop - begin for begin, stop in fixed):
                continue
            if any(
                name == item.pattern.term.id and begin <= start and end <= stop for name, begin, stop in exceptions_of
            ):
                continue
            taken.append(item)
        taken.sort(key=lambda item: item.start)
        return [_match(text, item, target) for item in taken]

    def _candidates(
        self, text: str, source: str, target: str, scope: frozenset[str]
    ) -> tuple[list[_Found], list[_Found]]:
        folded = fold(text)
        variants = singular_texts(text, source)
        found: list[_Found] = []
        exceptions: list[_Found] = []
        for language in (base_language(source), ANY):
            for layer, skip in ((self._base, self._overlaid), (self._overlay, _NOTHING)):
                index = layer.get(language)
                if index is None:
                    continue
                hits = _search(index, folded, text, source)
                if language:
                    hits = chain(hits, *(_search_plurals(index, each, text, source) for each in variants))
                for item in hits:
                    pattern = item.pattern
                    term = pattern.term
                    if term.id in skip or (term.scope and scope.isdisjoint(term.scope)):
                        continue
                    if pattern.exception:
                        exceptions.append(item)
                    elif _sayable(term, pattern, source, target) and _is_noun(item, text, source):
                        found.append(item)
        return found, exceptions


_NOTHING: dict[str, Term | None] = {}


def _built(terms: Iterable[Term], drafts: bool, pause: Callable[[], None] | None = None) -> Layer:
    builder = Builder(drafts=drafts, pause=pause)
    builder.add(terms)
    return builder.layer()


def _search(index: Index[tuple[Pattern, ...]], folded: Folded, text: str, language: str) -> Iterator[_Found]:
    """Wordings and forms as the terms list them."""
    for first, last, patterns in index.find(folded.text):
        span = folded.span(first, last)
        if span is None:
            continue
        start, end = span
        whole = whole_word(text, start, end, language)
        for pattern in patterns:
            rules = pattern.term.rules
            if (whole or not (rules.whole_word or pattern.exception)) and same(
                text[start:end], pattern.text, case=rules.case, accents=rules.accents
            ):
                yield _Found(start, end, pattern)


def _search_plurals(index: Index[tuple[Pattern, ...]], singulars: Folded, text: str, language: str) -> Iterator[_Found]:
    """Regular plurals, found by their singulars: ``singulars`` is the text with its plurals taken back."""
    for first, last, all_patterns in index.find(singulars.text):
        span = singulars.span(first, last)
        if span is None:
            continue
        found = text[slice(*span)]
        lower = found.lower()
        # Where no word of it was a plural the plain search has it already.
        patterns = [each for each in all_patterns if lower != each.text.lower() and _takes_plural(each)]
        if not patterns or not whole_word(text, *span, language):
            continue
        start, end = span
        for pattern in patterns:
            regular = plural(pattern.text, language)
            rules = pattern.term.rules
            if regular is not None and same(found, regular, case=rules.case, accents=rules.accents):
                yield _Found(start, end, Pattern(pattern.term, pattern.language, regular, True))


def _takes_plural(pattern: Pattern) -> bool:
    term = pattern.term
    if pattern.exception or pattern.plural or not term.rules.inflected or term.do_not_translate:
        return False
    wording = term.wordings[pattern.language]
    return (
        number_of(wording, pattern.language) != "p"
        and pattern.text == wording.text
        and not any(form.number == "p" for form in wording.forms)
    )


def _sayable(term: Term, pattern: Pattern, source: str, target: str) -> bool:
    if term.do_not_translate:
        return True
    return term.key_for(source) == pattern.language and term.wording(target) is not None


def _is_noun(item: _Found, text: str, language: str) -> bool:
    """Whether the words stand where a noun can, as far as the term asks for it."""
    term = item.pattern.term
    if not term.rules.after_determiner and term.part_of_speech != "noun":
        return True
    rules = rules_for(language)
    before = text[: item.start].rstrip().rsplit(None, 1)
    word = before[-1].lower() if before else ""
    if term.rules.after_determiner:
        return word in rules.leads or word in rules.function_words - rules.verb_markers
    return word not in rules.verb_markers


def _match(text: str, item: _Found, target: str) -> Match:
    term, start, end = item.pattern.term, item.start, item.end
    source_text = text[start:end]
    if term.do_not_translate:
        return Match(term, start, end, source_text, _name(term, item.pattern, target), True)
    wording = term.wording(target)
    assert wording is not None
    wanted = say(wording, target, plural_wanted=item.pattern.plural)
    return Match(term, start, end, source_text, wanted, False, item.pattern.plural)


def _name(term: Term, pattern: Pattern, target: str) -> str:
    """A name is said as the glossary spells it for the target language, else as it spells it at all."""
    wording = term.wording(target)
    return wording.text if wording is not None else pattern.text

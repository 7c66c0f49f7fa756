"""The glossary as people look through it: searched, filtered, sorted, a page at a time. Pure.

A listing is one version of the glossary; ``changed`` makes the next one and keeps what was sorted already.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from glossary.clashes import Clashes
from glossary.folding import fold_key
from glossary.term import Term
from glossary.use import Use

NEVER = Use()
SORTS = ("text", "changed", "created", "status", "kind", "used", "missed", "last_seen")
_FILTERS = ("kind", "status", "part_of_speech", "author")


class QueryError(ValueError):
    """A query that cannot be answered; the message is for people."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be seen. Empty fields leave everything in."""

    q: str = ""  # every word of it stands somewhere in the term
    languages: tuple[str, ...] = ()  # the term has a text in each
    kind: str = ""
    status: str = ""
    part_of_speech: str = ""
    author: str = ""
    scope: str = ""
    used: str = ""  # yes, no, missed
    conflicts: bool = False
    sort: str = "text"  # one of SORTS, "text:pt"; "-" before it reverses


@dataclass(frozen=True, slots=True)
class Facts:
    """What the whole glossary has, for filters to offer. Languages with their number of terms, most first."""

    languages: tuple[tuple[str, int], ...]
    scopes: tuple[str, ...]
    authors: tuple[str, ...]
    statuses: Mapping[str, int]


class Listing:
    """Not safe to use from several threads at once: what is sorted is kept."""

    BY_USE = frozenset({"used", "missed", "last_seen"})

    def __init__(self, terms: Iterable[Term] = (), version: int = 0) -> None:
        self.version = version
        self.terms: dict[str, Term] = {term.id: term for term in terms}
        self._hay = {term.id: _hay(term) for term in self.terms.values()}
        self._orders: dict[str, list[tuple[Any, str]]] = {}
        self._clashes: Clashes | None = None
        self._contradicting: set[str] | None = None
        self._facts: Facts | None = None

    def change(self, changes: Mapping[str, Term | None], version: int) -> None:
        """Takes over the next version: terms set or, where None, deleted."""
        self.version = version
        for term_id, term in changes.items():
            if term is None:
                self.terms.pop(term_id, None)
                self._hay.pop(term_id, None)
            else:
                self.terms[term_id] = term
                self._hay[term_id] = _hay(term)
            if self._clashes is not None:
                self._clashes.remove(term_id) if term is None else self._clashes.put(term)
        for name, order in self._orders.items():
            kept = [item for item in order if item[1] not in changes]
            key = self._key(name)
            for term in changes.values():
                if term is not None:
                    insort(kept, (key(term), term.id))
            self._orders[name] = kept
        self._contradicting = self._facts = None

    @property
    def clashes(self) -> Clashes:
        if self._clashes is None:
            self._clashes = Clashes(self.terms.values())
        return self._clashes

    @property
    def facts(self) -> Facts:
        if self._facts is None:
            languages = Counter(code for term in self.terms.values() for code in term.wordings)
            self._facts = Facts(
                tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
                tuple(sorted({name for term in self.terms.values() for name in term.scope})),
                tuple(sorted({term.author for term in self.terms.values() if term.author})),
                Counter(term.status for term in self.terms.values()),
            )
        return self._facts

    def find(self, query: Query, uses: Mapping[str, Use]) -> list[Term]:
        """The terms that fit, in order. Raises QueryError."""
        ids = self._order(query.sort, uses)
        # One plain pass a condition: several times faster than all conditions for each term.
        hay, terms = self._hay, self.terms
        for word in fold_key(query.q).split():
            ids = [one for one in ids if word in hay[one]]
        for name in _FILTERS:
            if value := getattr(query, name):
                ids = [one for one in ids if getattr(terms[one], name) == value]
        if query.scope:
            ids = [one for one in ids if query.scope in terms[one].scope]
        for language in query.languages:
            ids = [one for one in ids if terms[one].key_for(language) is not None]
        if query.used:
            ids = [one for one in ids if _fits_use(query.used, uses.get(one, NEVER))]
        if query.conflicts:
            contradicting = self._contradictions()
            ids = [one for one in ids if one in contradicting]
        return [terms[one] for one in ids]

    def _contradictions(self) -> set[str]:
        if self._contradicting is None:
            self._contradicting = self.clashes.contradicting()
        return self._contradicting

    def _order(self, sort: str, uses: Mapping[str, Use]) -> list[str]:
        name = sort.removeprefix("-")
        if name in self.BY_USE:
            # Sorted by text first: the many that were never used stay in that order.
            order = self._order("text", uses)
            return sorted(
                order, key=lambda term_id: getattr(uses.get(term_id, NEVER), name), reverse=sort.startswith("-")
            )
        if name not in self._orders:
            key = self._key(name)
            self._orders[name] = sorted((key(term), term.id) for term in self.terms.values())
        ids = [term_id for _, term_id in self._orders[name]]
        return ids[::-1] if sort.startswith("-") else ids

    def _key(self, name: str) -> Callable[[Term], Any]:
        sort, _, language = name.partition(":")
        if sort == "text":
            # One without a text in that language comes last.
            return lambda term: (language and term.key_for(language) is None, fold_key(_text(term, language)))
        if sort not in SORTS or language:
            raise QueryError(f"sort is one of {', '.join(SORTS)} or text:LANGUAGE, not {name!r}")
        return lambda term: getattr(term, sort)


def _text(term: Term, language: str) -> str:
    key = term.key_for(language) if language else None
    return term.wordings[key].text if key else next(iter(term.wordings.values())).text


def _hay(term: Term) -> str:
    parts = [term.id, term.note]
    for wording in term.wordings.values():
        parts.append(wording.text)
        parts += (form.text for form in wording.forms)
    return fold_key("\n".join(parts))


def _fits_use(wanted: str, use: Use) -> bool:
    match wanted:
        case "yes":
            return use.used > 0
        case "no":
            return use.used == 0
        case "missed":
            return use.missed > 0
    raise QueryError(f"used is yes, no or missed, not {wanted!r}")

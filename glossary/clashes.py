"""Terms that get in each other's way: two targets for one text, one term inside another, overlaps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from glossary.term import Term, Wording, base_language

Code = Literal["two-targets", "duplicate", "contains", "inside", "overlap", "avoided", "spelling"]
MOST = 5  # terms named of one code and language: more help nobody
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_GRAMS = 6  # words of a term that may be inside another


class Clash(msgspec.Struct, frozen=True):
    """One term against another. ``other``: that term's id; ``language`` and ``text``: where they meet.

    A "spelling" is told by ``glossary.spelling``; it has no ``other``.
    """

    code: Code
    message: str
    language: str
    text: str
    other: str


class Clashes:
    """An index over terms that tells of one what it clashes with. Retired terms clash with nothing."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._terms: dict[str, Term] = {}
        self._keys: dict[str, dict[str, list[str]]] = {}  # language > text, without capitals > ids
        self._avoided: dict[str, dict[str, list[str]]] = {}
        for term in terms:
            self.put(term)

    def put(self, term: Term) -> None:
        """Adds a term, or takes it in the place of the one with its id."""
        self.remove(term.id)
        self._terms[term.id] = term
        if term.status == "retired":
            return
        for index, language, key in _entries(term, self._keys, self._avoided):
            index.setdefault(language, {}).setdefault(key, []).append(term.id)

    def remove(self, term_id: str) -> None:
        term = self._terms.pop(term_id, None)
        if term is None or term.status == "retired":
            return
        for index, language, key in _entries(term, self._keys, self._avoided):
            ids = index[language][key]
            ids.remove(term_id)
            if not ids:
                del index[language][key]

    def of(self, term: Term, *, around: bool = True) -> list[Clash]:
        """What ``term``, stored or not, clashes with. ``around`` False leaves out what takes a look at every term."""
        if term.status == "retired":
            return []
        found: list[Clash] = []
        for code, wording in term.wordings.items():
            language = base_language(code)
            found += self._same(term, code, language, wording)
            found += self._within(term, code, language, wording)
            if around:
                found += self._around(term, code, language, wording)
            for other in self._others(self._avoided, term, language, wording.text.casefold())[:MOST]:
                message = f"“{wording.text}” is not to be said according to {_name(other)}"
                found.append(Clash("avoided", message, code, wording.text, other.id))
        return found

    def contradicting(self) -> set[str]:
        """The ids of all terms with a "two-targets" or a "duplicate"."""
        found: set[str] = set()
        for language, known in self._keys.items():
            for ids in known.values():
                if len(ids) < 2:
                    continue
                group = [self._terms[term_id] for term_id in dict.fromkeys(ids)]
                for index, one in enumerate(group):
                    for other in group[index + 1 :]:
                        if _meet(one, other) and _verdict(one, other, language):
                            found |= {one.id, other.id}
        return found

    def _others(self, index: dict[str, dict[str, list[str]]], term: Term, language: str, key: str) -> list[Term]:
        ids = dict.fromkeys(index.get(language, {}).get(key, ()))
        return [other for one in ids if one != term.id and _meet(term, other := self._terms[one])]

    def _same(self, term: Term, code: str, language: str, wording: Wording) -> Iterator[Clash]:
        told: set[str] = set()
        for text in _texts(wording):
            for other in self._others(self._keys, term, language, text.casefold()):
                verdict = None if other.id in told else _verdict(term, other, language)
                if verdict is not None and len(told) < MOST:
                    told.add(other.id)
                    yield Clash(*verdict, code, text, other.id)

    def _within(self, term: Term, code: str, language: str, wording: Wording) -> Iterator[Clash]:
        """Shorter terms that stand in this one."""
        key = wording.text.casefold()
        words = [match.span() for match in _WORD.finditer(key)]
        count = 0
        for first, (start, _) in enumerate(words):
            for _, end in words[first : first + _GRAMS]:
                if (start, end) == (0, len(key)):
                    continue
                for other in self._others(self._keys, term, language, key[start:end]):
                    count += 1
                    if count <= MOST:
                        message = f"“{wording.text}” holds {_name(other)}; the longer one is taken where both fit"
                        yield Clash("contains", message, code, wording.text, other.id)

    def _around(self, term: Term, code: str, language: str, wording: Wording) -> Iterator[Clash]:
        """Longer terms in which this one stands, and terms that begin as this one ends or the other way round."""
        key = wording.text.casefold()
        words = _WORD.findall(key)
        if not words:
            return
        inside = overlaps = 0
        first, last, several = words[0], words[-1], len(words) > 1
        for other_key, ids in self._keys.get(language, {}).items():
            if other_key == key:
                continue
            if key in other_key and inside < MOST and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", other_key):
                others = (self._terms[one] for one in ids if one != term.id)
                for other in (each for each in others if _meet(term, each)):
                    inside += 1
                    message = f"“{wording.text}” stands in {_name(other)}; the longer one is taken where both fit"
                    yield Clash("inside", message, code, wording.text, other.id)
            elif several and overlaps < MOST and (other_key.startswith(last + " ") or other_key.endswith(" " + first)):
                others = (self._terms[one] for one in ids if one != term.id)
                for other in (each for each in others if _meet(term, each)):
                    overlaps += 1
                    message = f"“{wording.text}” and {_name(other)} may share a word: the first of them is taken"
                    yield Clash("overlap", message, code, wording.text, other.id)


def _entries(
    term: Term, keys: dict[str, dict[str, list[str]]], avoided: dict[str, dict[str, list[str]]]
) -> Iterator[tuple[dict[str, dict[str, list[str]]], str, str]]:
    for code, wording in term.wordings.items():
        language = base_language(code)
        for key in dict.fromkeys(text.casefold() for text in _texts(wording)):
            yield keys, language, key
        for key in dict.fromkeys(text.casefold() for text in wording.avoid):
            yield avoided, language, key


def _texts(wording: Wording) -> list[str]:
    return [wording.text, *(form.text for form in wording.forms)] if wording.forms else [wording.text]


def _meet(one: Term, other: Term) -> bool:
    """Whether both may hold for one message with neither going first: a term with a scope goes before one without."""
    return (not one.scope and not other.scope) or not set(one.scope).isdisjoint(other.scope)


def _verdict(one: Term, other: Term, language: str) -> tuple[Code, str] | None:
    """What it means that two terms have a text of ``language`` in common."""
    if one.do_not_translate and other.do_not_translate:
        return "duplicate", f"{_name(other)} is the same name"
    if one.do_not_translate or other.do_not_translate:
        kept = other if other.do_not_translate else one
        return "two-targets", f"it is not to be translated according to {_name(kept)}, and translated by the other"
    shared = [
        (mine.text, theirs.text, code)
        for code, mine in one.wordings.items()
        if base_language(code) != language and (theirs := other.wording(code)) is not None
    ]
    for here, there, code in shared:
        if here.casefold() != there.casefold():
            return "two-targets", f"“{here}” here, “{there}” in {_name(other)} ({code})"
    return ("duplicate", f"{_name(other)} says the same") if shared else None


def _name(term: Term) -> str:
    return "“" + " = ".join(wording.text for wording in list(term.wordings.values())[:2]) + "”"

"""What importing a sheet would do to a glossary, worked out before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from glossary.cells import RULE_COLUMNS, WORDING_COLUMNS
from glossary.clashes import Clashes
from glossary.sheet import Row, Sheet, new_id
from glossary.spelling import Unwritable, misspelt
from glossary.term import Term, Wording

_CONTENT = tuple(name for name in Term.__struct_fields__ if name not in ("author", "created", "changed"))


@dataclass(frozen=True, slots=True)
class Change:
    """One term before and after; ``row`` is the row that asks for it."""

    row: int
    before: Term
    after: Term


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that cannot be taken as it is: one source text would have two wordings in the same scope."""

    row: int
    language: str
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``adds``, ``changes`` and ``unchanged`` leave out the rows of ``conflicts``.

    ``kept`` are the ids of the existing terms that some row speaks for, conflicting ones too; ``rows``: the row of
    each term that is added or changed.
    """

    adds: tuple[Term, ...]
    changes: tuple[Change, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    kept: frozenset[str] = frozenset()
    rows: Mapping[str, int] = field(default_factory=dict)

    def terms(self) -> list[Term]:
        """What is to be stored: adds, and changes as they will be."""
        return [*self.adds, *(change.after for change in self.changes)]

    def missing(self, existing: Iterable[Term]) -> list[Term]:
        """The existing terms that the sheet does not speak of."""
        spoken_for = self.kept | {term.id for term in self.terms()}
        return [term for term in existing if term.id not in spoken_for]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person may want to look at in a row that can be taken. ``kind``: the code of a clash."""

    row: int
    column: str
    message: str
    kind: str


def remarks(plan: Preview, existing: Iterable[Term], unwritable: Unwritable | None = None) -> Iterator[Remark]:
    """How the terms to be stored clash with each other and with those that there are, in row order; and what the
    models cannot write."""
    terms = plan.terms()
    index = Clashes({term.id: term for term in (*existing, *terms)}.values())
    for term in sorted(terms, key=lambda term: plan.rows.get(term.id, 0)):
        for clash in (*(misspelt(term, unwritable) if unwritable else ()), *index.of(term, around=False)):
            yield Remark(plan.rows.get(term.id, 0), clash.language, clash.message, clash.code)


def preview(sheet: Sheet, existing: Iterable[Term]) -> Preview:
    """Compares a sheet with the terms there are.

    A row with an id speaks for that term: its empty cells empty it. A row without one speaks for the term that has
    the same text in the row's first language and the same scope; its empty cells leave alone what is there.
    """
    return _Merger(sheet, existing).run()


class _Merger:
    def __init__(self, sheet: Sheet, existing: Iterable[Term]) -> None:
        self._sheet = sheet
        self._languages = sheet.languages
        self._parts = {
            language: [part for part in WORDING_COLUMNS if f"{language}:{part}" in sheet.columns]
            for language in self._languages
        }
        self._fields = [
            name for name in ("status", "part_of_speech", "scope", "note", "author") if name in sheet.columns
        ]
        self._rules = [name for name in RULE_COLUMNS if name in sheet.columns]
        self._asked = {language for row in sheet.rows for language in list(row.term.wordings)[:1]}
        self._terms = {term.id: term for term in existing}
        self._by_text: dict[tuple[str, str, tuple[str, ...]], list[str]] | None = None
        self._rows: dict[str, int] = {}  # term id to the row that spoke for it
        self._adds: dict[str, Term] = {}
        self._changes: dict[str, Change] = {}
        self._conflicts: list[Conflict] = []
        self._unchanged = 0
        self._kept: set[str] = set()

    def run(self) -> Preview:
        for row in self._sheet.rows:
            self._take(row)
        return Preview(
            tuple(self._adds.values()),
            tuple(self._changes.values()),
            self._unchanged,
            tuple(self._conflicts),
            frozenset(self._kept),
            self._rows,
        )

    def _ids(self, language: str, text: str, scope: tuple[str, ...]) -> list[str]:
        """The terms that say ``text``, perhaps also some that did. Rows with ids need none of it."""
        if self._by_text is None:
            self._by_text = {}
            for term in self._terms.values():
                self._enter(term)
        return self._by_text.get((language, text.casefold(), scope), [])

    def _enter(self, term: Term) -> None:
        if self._by_text is None:
            return
        for language, wording in term.wordings.items():
            if language not in self._asked:  # rows are looked up by their first text alone
                continue
            known = self._by_text.setdefault((language, wording.text.casefold(), term.scope), [])
            if term.id not in known:
                known.append(term.id)

    def _take(self, row: Row) -> None:
        before = self._spoken_for(row)
        if before is None:
            language, wording = next(iter(row.term.wordings.items()))
            rivals = self._rivals(language, wording.text, row.term)
            if rivals:
                self._refuse(row, language, wording.text, rivals)
                return
            term = row.term
            if not row.identified:
                term = replace(term, id=new_id(term, self._terms))
            self._adds[term.id] = term
        else:
            self._kept.add(before.id)
            term = self._merged(before, row)
            same = same_content(before, term)
            if term.id in self._rows and not same:
                language = next(iter(row.term.wordings))
                self._refuse(row, language, row.term.wordings[language].text, [term.id])
                return
            if same:
                self._unchanged += 1
                self._rows.setdefault(term.id, row.number)
                return
            self._changes[term.id] = Change(row.number, before, term)
        self._terms[term.id] = term
        self._rows[term.id] = row.number
        self._enter(term)

    def _spoken_for(self, row: Row) -> Term | None:
        if row.identified:
            return self._terms.get(row.term.id)
        candidates: list[Term] = []
        for language, wording in list(row.term.wordings.items())[:1]:
            ids = self._ids(language, wording.text, row.term.scope)
            candidates = [
                self._terms[term_id] for term_id in ids if self._holds(self._terms[term_id], language, wording)
            ]
        if len(candidates) == 1:
            return candidates[0]
        for candidate in candidates:
            if all(self._holds(candidate, language, one) for language, one in row.term.wordings.items()):
                return candidate
        return None

    @staticmethod
    def _holds(term: Term, language: str, wording: Wording) -> bool:
        """Whether the term still says this: entries by text outlive a change within the same sheet."""
        there = term.wordings.get(language)
        return there is not None and there.text.casefold() == wording.text.casefold()

    def _rivals(self, language: str, text: str, term: Term) -> list[str]:
        ids = self._ids(language, text, term.scope)
        return [one for one in ids if one != term.id and self._holds(self._terms[one], language, Wording(text))]

    def _refuse(self, row: Row, language: str, text: str, rivals: list[str]) -> None:
        self._kept.update(rivals)
        where = [f"row {self._rows[one]}" if one in self._rows else f"term {one}" for one in rivals]
        message = f"{text!r} ({language}) already has another wording in {', '.join(where[:3])}"
        self._conflicts.append(Conflict(row.number, language, text, message))

    def _merged(self, before: Term, row: Row) -> Term:
        """``before`` with what the row's columns say."""
        given = row.term
        wordings = dict(before.wordings)
        for language in self._languages:
            wording = given.wordings.get(language)
            if wording is not None:
                old = wordings.get(language, Wording(wording.text))
                parts = {part: getattr(wording, part) for part in self._parts[language]}
                wordings[language] = replace(old, text=wording.text, **parts)
            elif row.identified:
                wordings.pop(language, None)
        fields: dict[str, Any] = {name: getattr(given, name) for name in self._fields}
        if self._rules:
            fields["rules"] = replace(before.rules, **{name: getattr(given.rules, name) for name in self._rules})
        if self._sheet.columns & {"kind", "do_not_translate"}:
            fields["kind"] = given.kind
        return replace(before, wordings=wordings, **fields)


def same_content(one: Term, other: Term) -> bool:
    """Whether two terms differ in nothing but who wrote them when."""
    return all(getattr(one, name) == getattr(other, name) for name in _CONTENT)

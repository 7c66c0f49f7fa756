"""A glossary file as it was read: its terms, row by row, and what is wrong where.

Whatever the format, a file is a heading and records of cells. Reading is all or nothing: every problem is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from glossary.cells import TERM_COLUMNS, column_name, read_term
from glossary.term import Term, TermError, validate

MAX_PROBLEMS = 100  # told of one file; more help nobody


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where. ``row`` counts as spreadsheets do: the heading is row 1. ``column`` "": the row itself."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{place}: {self.message}"


class ExchangeError(ValueError):
    """The file cannot be taken. ``problems`` in row order, at most MAX_PROBLEMS; ``total`` counts all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems[:MAX_PROBLEMS])
        self.total = len(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:3]))


@dataclass(frozen=True, slots=True)
class Row:
    """One term of a file. ``identified``: the file names its id, so the row speaks for that term and no other."""

    number: int
    term: Term
    identified: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read whole. ``columns`` are the columns that it has, by name.

    ``format``: csv, tsv, xlsx or tbx; ``layout``: own, google, deepl, amazon.
    """

    rows: tuple[Row, ...]
    columns: frozenset[str]
    format: str = "csv"
    layout: str = "own"

    @property
    def languages(self) -> list[str]:
        return sorted(name for name in self.columns if ":" not in name and name not in TERM_COLUMNS)


def read_records(
    heading: list[str], records: Iterable[tuple[int, list[str]]], *, format: str = "csv", layout: str = "own"
) -> Sheet:
    """The terms of records with their row numbers. Raises ExchangeError with every problem found.

    A problem that ``records`` raises as ExchangeError comes last.
    """
    columns = _columns(heading)
    problems: list[Problem] = []
    rows: list[Row] = []
    ids: dict[str, int] = {}
    try:
        for number, record in records:
            if not any(cell.strip() for cell in record):
                continue
            row = _row(number, record, columns, problems)
            if row is None:
                continue
            if row.identified and ids.setdefault(row.term.id, number) != number:
                problems.append(Problem(number, "id", f"{row.term.id!r} stands in row {ids[row.term.id]} too"))
            rows.append(row)
    except ExchangeError as error:
        problems += error.problems
    if problems:
        raise ExchangeError(problems)
    return Sheet(tuple(rows), frozenset(columns), format, layout)


def new_id(term: Term, taken: Iterable[str] = ()) -> str:
    """An id made from what the term says, so that the same file gives the same ids; a number is added if taken."""
    parts = [f"{language}\x1f{wording.text}" for language, wording in sorted(term.wordings.items())]
    base = "t" + hashlib.sha256("\x1e".join((*parts, *term.scope)).encode()).hexdigest()[:12]
    if not isinstance(taken, (set, frozenset, dict)):
        taken = set(taken)
    result, count = base, 1
    while result in taken:
        count += 1
        result = f"{base}-{count}"
    return result


def _columns(heading: list[str]) -> list[str]:
    problems: list[Problem] = []
    columns: list[str] = []
    for place, cell in enumerate(heading, 1):
        name = column_name(cell)
        if name is None:
            shown = f"{cell.strip()!r}" if cell.strip() else "an empty heading"
            message = f"{shown} is neither a language code nor one of: {', '.join(TERM_COLUMNS)}"
            named = cell.strip() if cell.strip().isprintable() else ""
            problems.append(Problem(1, named or str(place), message))
        elif name in columns:
            problems.append(Problem(1, name, "the column stands there twice"))
        else:
            columns.append(name)
    if not problems and not any(":" not in name and name not in TERM_COLUMNS for name in columns):
        problems.append(Problem(1, "", "no column is headed by a language code such as en or pt"))
    if problems:
        raise ExchangeError(problems)
    return columns


def _row(number: int, record: list[str], columns: list[str], problems: list[Problem]) -> Row | None:
    if len(record) > len(columns) and any(cell.strip() for cell in record[len(columns) :]):
        problems.append(Problem(number, "", f"has {len(record)} cells, the heading has {len(columns)}"))
        return None
    cells = dict(zip(columns, record, strict=False))
    try:
        term = read_term(cells, "new")
        if term.id == "new":
            term = replace(term, id=new_id(term))
        validate(term)
    except TermError as error:
        known = error.field if error.field in columns else ""
        problems.append(Problem(number, known, str(error)))
        return None
    return Row(number, term, bool(cells.get("id", "").strip()))

"""Glossaries as CSV and TSV: a column per language headed by its code, one row per term.

    en,pt,do_not_translate,note
    order,encomenda,,never "pedido"
    Acme,,yes,

Each row serves every direction between its languages. ``cells.py`` lists the other columns; a file needs none of them.
Reading is all or nothing: every problem is told with its row and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from glossary.cells import TERM_COLUMNS, WORDING_COLUMNS, column_name, read_term, write_term
from glossary.term import Term, TermError, validate

MAX_PROBLEMS = 100  # told of one file; more help nobody
_DELIMITERS = (",", ";", "\t")


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
    """A file that was read whole. ``columns`` are the columns that it has, by name."""

    rows: tuple[Row, ...]
    columns: frozenset[str]

    @property
    def languages(self) -> list[str]:
        return sorted(name for name in self.columns if ":" not in name and name not in TERM_COLUMNS)


def read(data: bytes) -> Sheet:
    """The terms of a CSV or TSV file. Raises ExchangeError with every problem found."""
    text = _decode(data)
    delimiter = _sniff(text)
    records = _records(text, delimiter)
    try:
        heading = next(records)[1]
    except StopIteration:
        raise ExchangeError([Problem(1, "", "the file is empty")]) from None
    except csv.Error as error:
        raise ExchangeError([Problem(1, "", f"cannot be read: {error}")]) from None
    columns = _columns(heading)
    problems: list[Problem] = []
    rows: list[Row] = []
    ids: dict[str, int] = {}
    last = 1
    try:
        for number, record in records:
            last = number
            if not any(cell.strip() for cell in record):
                continue
            row = _row(number, record, columns, problems)
            if row is None:
                continue
            if row.identified and ids.setdefault(row.term.id, number) != number:
                problems.append(Problem(number, "id", f"{row.term.id!r} stands in row {ids[row.term.id]} too"))
            rows.append(row)
    except csv.Error as error:
        problems.append(Problem(last + 1, "", f"cannot be read: {error}"))
    if problems:
        raise ExchangeError(problems)
    return Sheet(tuple(rows), frozenset(columns))


def write(terms: Iterable[Term], *, delimiter: str = ",", bom: bool = False) -> bytes:
    """The terms as a file, UTF-8. Columns that nothing stands in are left out; ``read`` gives the same terms again."""
    rows = [write_term(term) for term in terms]
    used = {column for row in rows for column in row}
    languages = sorted(name for name in used if ":" not in name and name not in TERM_COLUMNS)
    parts = [f"{name}:{part}" for name in languages for part in WORDING_COLUMNS if f"{name}:{part}" in used]
    columns = [*languages, *parts, *(name for name in TERM_COLUMNS if name in used)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns or ["id"])
    for row in rows:
        writer.writerow([row.get(column, "") for column in columns])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


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


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise ExchangeError([Problem(1, "", "the file is neither UTF-8 nor UTF-16 text")]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        message = "is no UTF-8 text: save the file as UTF-8"
        raise ExchangeError([Problem(row, "", message)]) from None


def _sniff(text: str) -> str:
    """The delimiter under which most of the heading's cells are columns that we know."""
    line = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")

    def known(delimiter: str) -> int:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(column_name(cell) is not None for cell in cells)

    return max(_DELIMITERS, key=known)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    yield from enumerate(reader, 1)


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

"""Glossary files of every format in and out: CSV, TSV, XLSX, TBX, and the layouts of other services.

    en,pt,do_not_translate,note
    order,encomenda,,never "pedido"
    Acme,,yes,

Each row serves every direction between its languages. ``cells.py`` lists the other columns; a file needs none of them.
Reading is all or nothing: every problem is told with its row and column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from glossary import layouts, tbx, xlsx
from glossary.cells import TERM_COLUMNS, WORDING_COLUMNS, column_name, write_term
from glossary.layouts import LayoutError
from glossary.sheet import MAX_PROBLEMS, ExchangeError, Problem, Row, Sheet, new_id, read_records
from glossary.term import Term

__all__ = [
    "FORMATS",
    "MAX_PROBLEMS",
    "ExchangeError",
    "LayoutError",
    "Problem",
    "Row",
    "Sheet",
    "new_id",
    "read",
    "write",
]

FORMATS = ("csv", "tsv", "xlsx", "tbx")
_DELIMITERS = (",", ";", "\t")


def read(data: bytes, *, format: str = "", source: str = "", target: str = "") -> Sheet:
    """The terms of a file. Raises ExchangeError with every problem found, LayoutError for a wrong option.

    ``format`` is found out where it is left out. ``source`` and ``target`` are the languages of a file that has two
    columns and no heading, as DeepL and Google take them.
    """
    if format and format not in FORMATS:
        raise LayoutError(f"a format is one of {', '.join(FORMATS)}, not {format!r}")
    found = format or _format(data)
    if found == "xlsx":
        records = xlsx.records(data)
    elif found == "tbx":
        return tbx.read(data)
    else:
        text = _decode(data)
        delimiter = "\t" if format == "tsv" else _sniff(text, two=bool(source and target))
        found = "tsv" if delimiter == "\t" else "csv"
        records = _records(text, delimiter)
    try:
        first = next(records)[1]
    except StopIteration:
        raise ExchangeError([Problem(1, "", "the file is empty")]) from None
    layout, heading, rest = layouts.understand(first, records, source, target)
    return read_records(heading, rest, format=found, layout=layout)


def write(
    terms: Iterable[Term],
    *,
    format: str = "csv",
    layout: str = "",
    source: str = "",
    target: str = "",
    delimiter: str = "",
    bom: bool = False,
) -> bytes:
    """The terms as a file. Without a ``layout``, ``read`` gives the same terms again; columns that nothing stands in
    are left out. The layouts of other services (``layouts.LAYOUTS``) hold what those can take. Raises LayoutError.
    """
    if format not in FORMATS:
        raise LayoutError(f"a format is one of {', '.join(FORMATS)}, not {format!r}")
    if format == "tbx":
        if layout:
            raise LayoutError("TBX has one layout: leave it out, or take another format")
        return tbx.write(terms)
    rows = layouts.lay_out(layout, terms, source, target) if layout else _own(terms)
    if format == "xlsx":
        return xlsx.write(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter or ("\t" if format == "tsv" else ","), lineterminator="\r\n")
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _own(terms: Iterable[Term]) -> Iterator[list[str]]:
    rows = [write_term(term) for term in terms]
    used = {column for row in rows for column in row}
    languages = sorted(name for name in used if ":" not in name and name not in TERM_COLUMNS)
    parts = [f"{name}:{part}" for name in languages for part in WORDING_COLUMNS if f"{name}:{part}" in used]
    columns = [*languages, *parts, *(name for name in TERM_COLUMNS if name in used)]
    yield columns or ["id"]
    for row in rows:
        yield [row.get(column, "") for column in columns]


def _format(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or data[:200].replace(b"\0", b"").lstrip(b"\xff\xfe").startswith(b"<?xml"):
        return "tbx"
    return "csv"


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


def _sniff(text: str, *, two: bool) -> str:
    """The delimiter under which most of the heading's cells are columns that we know; without a heading
    (``two``: the file has just two columns), the one that parts the line in two.
    """
    line = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")

    def cells(delimiter: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return []

    def fitness(delimiter: str) -> tuple[int, bool, bool]:
        found = cells(delimiter)
        known = sum(column_name(cell) is not None or layouts.is_known(cell) for cell in found)
        return known, two and len(found) == 2, layouts.has_codes(found)

    return max(_DELIMITERS, key=fitness)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise ExchangeError([Problem(number, "", f"cannot be read: {error}")]) from None
        if record is None:
            return
        yield number, record

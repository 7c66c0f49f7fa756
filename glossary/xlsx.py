"""Spreadsheets: the first sheet of an XLSX workbook as rows of text, and back. Pure; openpyxl reads and writes.

Cells are written as text, so that nothing becomes a number, a date or a formula.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from glossary.sheet import ExchangeError, Problem

MAX_UNPACKED = 512 * 1024 * 1024  # bytes: a small file may unpack to a very large one
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSAFE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\r]")


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, from the heading on. Raises ExchangeError."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise ExchangeError([Problem(1, "", "the workbook is too large")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, which nobody needs here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            if not book.worksheets:
                raise ExchangeError([Problem(1, "", "the workbook has no sheet")])
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()
            rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            book.close()
    except ExchangeError:
        raise
    except Exception as error:  # whatever a damaged file makes of the reader
        raise ExchangeError([Problem(1, "", f"is no workbook that can be read: {type(error).__name__}")]) from None
    found = False
    for number, row in enumerate(rows, 1):
        while row and not row[-1]:
            row.pop()
        if row or found:
            found = True
            yield number, row


def write(rows: Iterable[list[str]]) -> bytes:
    """A workbook with one sheet; its first row stays in sight."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("glossary")
    sheet.freeze_panes = "A2"
    for row in rows:
        cells: list[Any] = []
        for text in row:
            if not text:
                cells.append(None)
                continue
            cell = WriteOnlyCell(sheet, _escape(text))
            cell.data_type = "s"  # "=1" is a text
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
    return _CODED.sub(lambda found: chr(int(found.group(1), 16)), str(value))


def _escape(text: str) -> str:
    """What XML cannot hold, and what would look like such an escape, as the format writes it: ``_x000D_``."""
    return _UNSAFE.sub(lambda found: f"_x{ord(found.group()):04X}_", text)

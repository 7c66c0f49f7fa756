"""How other services lay out their glossaries: DeepL, Amazon Translate, Google Translate. Pure.

    deepl    no heading; source and target, or source, target, source language, target language
    google   two columns without a heading (one direction); or a heading of languages, with "pos" and "description"
    amazon   a heading of languages, the first one the source

A heading of languages is our own layout too; only the names of further columns differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from glossary.cells import language_code
from glossary.sheet import ExchangeError, Problem
from glossary.term import Term

LAYOUTS = ("deepl", "amazon", "google")
_NAMES = {"pos": "part_of_speech", "description": "note", "term_id": "id", "termid": "id", "glossaryterm_id": "id"}
_POS = {
    "noun": "noun", "proper noun": "name", "verb": "verb", "adjective": "adjective",
    "adverb": "", "preposition": "", "conjunction": "", "pronoun": "", "interjection": "", "none": "", "x": "",
}  # fmt: skip
_POS_OUT = {"noun": "noun", "name": "proper noun", "verb": "verb", "adjective": "adjective"}
_FOUR = {"source", "target", "source_lang", "target_lang"}

Record = tuple[int, list[str]]


class LayoutError(ValueError):
    """An option of a file that does not go with it; the message is for people."""


def is_known(cell: str) -> bool:
    """Whether a heading's cell is a column of another service."""
    return cell.strip().lower() in _NAMES


def has_codes(cells: list[str]) -> bool:
    """Whether a row looks like DeepL's with four columns: two texts, two language codes."""
    return len(cells) == 4 and language_code(cells[2]) is not None and language_code(cells[3]) is not None


def understand(
    first: list[str], records: Iterator[Record], source: str, target: str
) -> tuple[str, list[str], Iterable[Record]]:
    """The layout's name, a heading in our terms, and the records that follow it. ``first``: the file's first row.

    Raises LayoutError.
    """
    if source or target:
        return _two_columns(first, records, source, target)
    if has_codes(first) and language_code(first[0]) is None:
        return _four_columns(first, records)
    lower = [cell.strip().lower() for cell in first]
    if set(lower) >= _FOUR and len(lower) == 4:
        order = [lower.index(name) for name in ("source", "target", "source_lang", "target_lang")]
        records = ((number, [_cell(record, at) for at in order]) for number, record in records)
        return _four_columns(None, records)
    if any(name in _NAMES for name in lower):
        heading = [_NAMES.get(name, cell) for name, cell in zip(lower, first, strict=True)]
        pos = lower.index("pos") if "pos" in lower else None
        return "google", heading, ((number, _plain_pos(record, pos)) for number, record in records)
    return "own", first, records


def lay_out(layout: str, terms: Iterable[Term], source: str, target: str) -> Iterator[list[str]]:
    """The rows of a file for another service: approved terms, with what it can take. Raises LayoutError."""
    if layout not in LAYOUTS:
        raise LayoutError(f"a layout is one of {', '.join(LAYOUTS)}, not {layout!r}")
    chosen = [term for term in terms if term.status == "approved" and not term.scope]
    if layout == "google" and not (source and target):
        return _google(chosen)
    if not (source and target):
        raise LayoutError(f"the layout {layout} has one direction: say from which language (source) to which (target)")
    pairs = _pairs(chosen, source, target)
    return chain([[source, target]], pairs) if layout == "amazon" else pairs


def _two_columns(
    first: list[str], records: Iterator[Record], source: str, target: str
) -> tuple[str, list[str], Iterable[Record]]:
    codes = [language_code(source), language_code(target)]
    if None in codes or codes[0] == codes[1]:
        raise LayoutError("a file without a heading takes two language codes: source and target")
    headed = [language_code(cell) for cell in first[:2]]
    if headed == codes:  # it has a heading after all
        return understand(first, records, "", "")
    return "deepl", [source, target], chain([(1, first)], records)


def _four_columns(first: list[str] | None, records: Iterator[Record]) -> tuple[str, list[str], Iterable[Record]]:
    """Every row names its languages: the heading holds all that occur."""
    rows = [*([(1, first)] if first is not None else []), *records]
    languages: list[str] = []
    problems: list[Problem] = []
    placed: list[tuple[int, list[tuple[str, str]]]] = []
    for number, record in rows:
        if not any(cell.strip() for cell in record):
            continue
        pair = []
        for text, name in ((0, "source language"), (1, "target language")):
            code = language_code(_cell(record, text + 2))
            if code is None:
                problems.append(Problem(number, name, f"{_cell(record, text + 2)!r} is no language code"))
                continue
            if code not in languages:
                languages.append(code)
            pair.append((code, _cell(record, text)))
        placed.append((number, pair))
    if problems:
        raise ExchangeError(problems)
    return "deepl", languages, ((number, [dict(pair).get(code, "") for code in languages]) for number, pair in placed)


def _pairs(terms: Iterable[Term], source: str, target: str) -> Iterator[list[str]]:
    for term in terms:
        before, after = term.wording(source), term.wording(target)
        if term.do_not_translate:
            name = before or after or next(iter(term.wordings.values()))
            yield [name.text, (after or name).text]
        elif before is not None and after is not None:
            yield [before.text, after.text]


def _google(terms: list[Term]) -> Iterator[list[str]]:
    languages = sorted({code for term in terms for code in term.wordings})
    yield [*languages, "pos", "description"]
    for term in terms:
        name = next(iter(term.wordings.values())).text if term.do_not_translate else ""
        texts = [term.wordings[code].text if code in term.wordings else name for code in languages]
        yield [*texts, _POS_OUT.get(term.part_of_speech, ""), term.note]


def _plain_pos(record: list[str], at: int | None) -> list[str]:
    if at is None or at >= len(record):
        return record
    word = record[at].strip().lower()
    return [*record[:at], _POS.get(word, word), *record[at + 1 :]]


def _cell(record: list[str], at: int) -> str:
    return record[at] if at < len(record) else ""

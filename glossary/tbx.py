"""TBX-Basic (ISO 30042): terms as XML, in the old (martif) and the new (tbx) dialect; written in the new one. Pure.

An entry's descriptions, notes and dates go where TBX has a place for them. What it has none for travels in notes of
our own (``xGlossary``), so that a file of ours gives the same terms again; other programs pass over them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from glossary.cells import language_code, read_term, write_term
from glossary.sheet import ExchangeError, Problem, Row, Sheet, new_id
from glossary.term import Term, TermError, validate

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = {"conceptEntry", "termEntry"}
_OWN = "xGlossary"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="{_NAMESPACE}">\n'
    "<tbxHeader><fileDesc><sourceDesc><p>Dragoman glossary</p></sourceDesc></fileDesc></tbxHeader>\n"
    "<text><body>\n"
)
_GENDER = {"masculine": "m", "feminine": "f", "neuter": "n"}
_NUMBER = {"singular": "s", "plural": "p"}
_POS = {"noun": "noun", "properNoun": "name", "proper noun": "name", "verb": "verb", "adjective": "adjective"}
_STATUS = {
    "preferredTerm-admn-sts": "", "preferred": "", "preferredTerm": "", "admittedTerm-admn-sts": "admitted",
    "admitted": "admitted", "admittedTerm": "admitted", "deprecatedTerm-admn-sts": "avoid", "deprecated": "avoid",
    "deprecatedTerm": "avoid", "supersededTerm-admn-sts": "avoid", "superseded": "avoid", "notRecommended": "avoid",
}  # fmt: skip


def read(data: bytes) -> Sheet:
    """The terms of a file. ``row`` of a problem counts entries, the first one is 1. Raises ExchangeError."""
    rows: list[Row] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    columns: set[str] = set()
    for number, element in _entries(data, problems):
        cells: dict[str, str] = {}
        try:
            cells = _cells(element)
            term = read_term(cells, "new")
            if term.id == "new":
                term = msgspec.structs.replace(term, id=new_id(term))
            validate(term)
        except TermError as error:
            problems.append(Problem(number, error.field if error.field in cells else "", str(error)))
            continue
        columns |= cells.keys()
        identified = bool(cells.get("id"))
        if identified and ids.setdefault(term.id, number) != number:
            problems.append(Problem(number, "id", f"{term.id!r} stands in entry {ids[term.id]} too"))
        rows.append(Row(number, term, identified))
    if problems:
        raise ExchangeError(problems)
    if not rows:
        raise ExchangeError([Problem(1, "", "the file has no entry (conceptEntry or termEntry)")])
    return Sheet(tuple(rows), frozenset(columns), "tbx", "tbx")


def write(terms: Iterable[Term]) -> bytes:
    """A file in UTF-8."""
    out = io.StringIO()
    out.write(_HEAD)
    for term in terms:
        out.write(_entry(term))
    out.write("</body></text>\n</tbx>\n")
    return out.getvalue().encode()


def _entries(data: bytes, problems: list[Problem]) -> Iterator[tuple[int, Element]]:
    number = 0
    try:
        for _, element in iterparse(io.BytesIO(data), events=("end",)):
            if _name(element) in _ENTRIES:
                number += 1
                yield number, element
                element.clear()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        told = str(error) if isinstance(error, ParseError) else type(error).__name__
        problems.append(Problem(number + 1, "", f"is no XML that can be read: {told}"))


def _cells(entry: Element) -> dict[str, str]:
    """An entry as the cells of a row. Raises TermError."""
    cells: dict[str, str] = {}
    own = _note(entry, _OWN)
    if own is not None:
        try:
            return msgspec.json.decode(own, type=dict[str, str])
        except msgspec.DecodeError:
            raise TermError("", "the note of our own can't be read") from None
    if entry.get("id"):
        cells["id"] = entry.get("id", "")
    for section in entry:
        if _name(section) in ("langSec", "langSet"):
            code = language_code(section.get(_LANG) or section.get("lang") or "")
            if code is None:
                raise TermError("", f"{section.get(_LANG)!r} is no language code")
            _language(cells, code, section)
    notes = [text for kind in ("subjectField", "definition") if (text := _note(entry, kind))]
    notes += [text for child in entry if _name(child) == "note" and (text := _all_text(child))]
    if notes:
        cells["note"] = "\n".join(notes)
    return cells


def _language(cells: dict[str, str], code: str, section: Element) -> None:
    """The preferred term is the text, admitted ones are forms, deprecated ones are to be avoided."""
    lists: dict[str, list[str]] = {"forms": [], "avoid": []}
    for group in section.iter():
        if _name(group) not in ("termSec", "tig", "ntig"):
            continue
        term = next((each for each in group.iter() if _name(each) == "term"), None)
        text = _all_text(term) if term is not None else ""
        if not text:
            raise TermError(code, "a term without text")
        status = _STATUS.get(_note(group, "administrativeStatus") or "", "")
        if status == "avoid":
            lists["avoid"].append(text)
        elif code in cells:
            lists["forms"].append(text)
        else:
            cells[code] = text
            cells[f"{code}:gender"] = _GENDER.get(_note(group, "grammaticalGender") or "", "")
            cells[f"{code}:number"] = _NUMBER.get(_note(group, "grammaticalNumber") or "", "")
            cells.setdefault("part_of_speech", _POS.get(_note(group, "partOfSpeech") or "", ""))
    for name, texts in lists.items():
        cells[f"{code}:{name}"] = " | ".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def _note(element: Element, kind: str) -> str | None:
    """The text of a note or description of this kind, whichever element it stands in."""
    for child in element.iter():
        if child.get("type") == kind or _name(child) == kind:
            return (child.text or "") if kind == _OWN else _all_text(child)
    return None


def _all_text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entry(term: Term) -> str:
    lines = [f"<conceptEntry id={quoteattr(term.id)}>"]
    if term.note:
        lines.append(f"<note>{_text(term.note)}</note>")
    # JSON in ASCII: no character of it can be lost in XML.
    own = msgspec.json.encode(write_term(term)).decode()
    lines.append(f'<descrip type="{_OWN}">{_text(_ascii(own))}</descrip>')
    for code, wording in term.wordings.items():
        lines.append(f'<langSec xml:lang="{code}">')
        lines.append(_group(wording.text, "preferredTerm-admn-sts", term, wording.gender, wording.number))
        lines += [_group(form.text, "admittedTerm-admn-sts", term, form.gender, form.number) for form in wording.forms]
        lines += [_group(text, "deprecatedTerm-admn-sts", term, "", "") for text in wording.avoid]
        lines.append("</langSec>")
    return "\n".join([*lines, "</conceptEntry>\n"])


def _group(text: str, status: str, term: Term, gender: str, number: str) -> str:
    notes = [f'<termNote type="administrativeStatus">{status}</termNote>']
    for kind, names, value in (
        ("partOfSpeech", {"noun": "noun", "properNoun": "name", "verb": "verb", "adjective": "adjective"},
         term.part_of_speech),
        ("grammaticalGender", _GENDER, gender),
        ("grammaticalNumber", _NUMBER, number),
    ):  # fmt: skip
        for name, meant in names.items():
            if value and meant == value:
                notes.append(f'<termNote type="{kind}">{name}</termNote>')
                break
    return f"<termSec><term>{_text(text)}</term>{''.join(notes)}</termSec>"


def _text(text: str) -> str:
    return escape("".join(char for char in text if (char >= " " and char not in "\ufffe\uffff") or char in "\t\n"))


def _ascii(text: str) -> str:
    return "".join(char if char < "\x7f" else "".join(f"\\u{unit:04x}" for unit in _utf16(char)) for char in text)


def _utf16(char: str) -> list[int]:
    data = char.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]

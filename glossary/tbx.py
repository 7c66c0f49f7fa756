"""TBX-Basic (ISO 30042): terms as XML, in the old (martif) and the new (tbx) dialect; written in the new one. Pure.

An entry's descriptions, notes and dates go where TBX has a place for them. What it has none for travels in notes of
our own (``xGlossary``), so that a file of ours gives the same terms again; other programs pass over them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from types import SimpleNamespace
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import msgspec

from glossary.cells import language_code, read_term, write_term
from glossary.sheet import ExchangeError, Problem, Row, Sheet, new_id
from glossary.term import Term, TermError, validate

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = {"conceptEntry", "termEntry"}
_OWN = "xGlossary"
_PIECE = 1 << 16  # bytes read at a time
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


class EntitiesForbidden(ValueError):
    """A file that declares entities."""


class _Declared(Exception):
    """Whatever a file declares has been seen."""


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
    found: list[Element] = []
    builder = TreeBuilder()

    def end(tag: str) -> Element:
        element = builder.end(tag)
        if _local(tag) in _ENTRIES:
            found.append(element)
        return element

    # As iterparse does it, but without telling of each of a million elements: that took as long as reading them.
    target = SimpleNamespace(start=builder.start, end=end, data=builder.data, close=builder.close)
    parser = XMLParser(target=target)
    try:
        _refuse_entities(data)
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            for element in found:
                number += 1
                yield number, element
                element.clear()
            found.clear()
        parser.close()
    except (ParseError, EntitiesForbidden, LookupError, ValueError) as error:
        told = str(error) if isinstance(error, ParseError) else type(error).__name__
        problems.append(Problem(number + 1, "", f"is no XML that can be read: {told}"))


def _refuse_entities(data: bytes) -> None:
    """Entities of a file's own can make it huge, or name other files. Raises EntitiesForbidden."""

    def refuse(*_: object) -> NoReturn:
        raise EntitiesForbidden

    def enough(*_: object) -> NoReturn:
        raise _Declared

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.StartElementHandler = enough  # they are declared before the first element or nowhere
    with suppress(_Declared, expat.ExpatError):  # what is wrong is told with its place when the entries are read
        parser.Parse(data, True)


def _cells(entry: Element) -> dict[str, str]:
    """An entry as the cells of a row. Raises TermError."""
    cells: dict[str, str] = {}
    own = next((child for child in entry if child.get("type") == _OWN), None)
    if own is not None:
        try:
            return _decode_cells(own.text or "")
        except msgspec.DecodeError:
            raise TermError("", "the note of our own can't be read") from None
    notes = _notes(entry)
    if entry.get("id"):
        cells["id"] = entry.get("id", "")
    for section in entry:
        if _local(section.tag) in ("langSec", "langSet"):
            code = language_code(section.get(_LANG) or section.get("lang") or "")
            if code is None:
                raise TermError("", f"{section.get(_LANG)!r} is no language code")
            _language(cells, code, section)
    texts = [text for kind in ("subjectField", "definition") if (text := _all_text(notes.get(kind)))]
    texts += [text for child in entry if _local(child.tag) == "note" and (text := _all_text(child))]
    if texts:
        cells["note"] = "\n".join(texts)
    return cells


def _language(cells: dict[str, str], code: str, section: Element) -> None:
    """The preferred term is the text, admitted ones are forms, deprecated ones are to be avoided."""
    lists: dict[str, list[str]] = {"forms": [], "avoid": []}
    for group in section.iter():
        if _local(group.tag) not in ("termSec", "tig", "ntig"):
            continue
        notes = _notes(group)
        text = _all_text(notes.get("term"))
        if not text:
            raise TermError(code, "a term without text")
        status = _STATUS.get(_all_text(notes.get("administrativeStatus")), "")
        if status == "avoid":
            lists["avoid"].append(text)
        elif code in cells:
            lists["forms"].append(text)
        else:
            cells[code] = text
            cells[f"{code}:gender"] = _GENDER.get(_all_text(notes.get("grammaticalGender")), "")
            cells[f"{code}:number"] = _NUMBER.get(_all_text(notes.get("grammaticalNumber")), "")
            cells.setdefault("part_of_speech", _POS.get(_all_text(notes.get("partOfSpeech")), ""))
    for name, texts in lists.items():
        cells[f"{code}:{name}"] = " | ".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def _notes(element: Element) -> dict[str, Element]:
    """The first note or description of each kind, whichever element it stands in: by type and by name."""
    found: dict[str, Element] = {}
    for child in element.iter():
        if kind := child.get("type"):
            found.setdefault(kind, child)
        found.setdefault(_local(child.tag), child)
    return found


def _all_text(element: Element | None) -> str:
    if element is None:
        return ""
    return " ".join((element.text or "" if not len(element) else "".join(element.itertext())).split())


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


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


_decode_cells = msgspec.json.Decoder(dict[str, str]).decode

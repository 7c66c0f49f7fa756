"""What stands in the cells of a glossary sheet: columns by name, values as text, both ways without loss."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, get_args

import msgspec

from glossary.term import Form, Gender, Kind, Number, PartOfSpeech, Rules, Status, Term, TermError, Wording, is_language

_YES = frozenset({"yes", "y", "true", "t", "1", "x", "sim", "sí", "si", "oui", "ja", "sì"})
_NO = frozenset({"", "no", "n", "false", "f", "0", "não", "nao", "non", "nein", "nee"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIST = re.compile(r"((?:[^\\|]|\\.)*)(?:\||\Z)", re.DOTALL)
_FORM = re.compile(r"((?:[^\\\[]|\\.)*?)\s*(?:\[([spmfn ]*)\])?", re.DOTALL)

RULE_COLUMNS = ("case", "accents", "whole_word", "inflected", "after_determiner")
TERM_COLUMNS = (
    "do_not_translate", "kind", "status", "part_of_speech", "scope", *RULE_COLUMNS,
    "note", "author", "created", "changed", "id",
)  # fmt: skip
_NO_TEXT = frozenset(TERM_COLUMNS)
WORDING_COLUMNS = ("forms", "gender", "number", "exceptions", "avoid")  # headed "pt:forms" and so on


def column_name(header: str) -> str | None:
    """The column that a header means, e.g. ``pt-BR``, ``pt:forms``, ``note``; None where it is unknown."""
    text = header.strip()
    plain = re.sub(r"[\s-]+", "_", text.lower())
    if plain in TERM_COLUMNS:
        return plain
    if plain == "dnt":
        return "do_not_translate"
    language, _, part = text.partition(":")
    code = language_code(language)
    if code is None:
        return None
    if not part:
        return code
    part = part.strip().lower()
    return f"{code}:{part}" if part in WORDING_COLUMNS else None


@lru_cache(maxsize=1024)
def language_code(text: str) -> str | None:
    """``pt-BR`` for ``pt_br``; None for what is no language code."""
    base, *rest = text.strip().replace("_", "-").split("-")
    code = "-".join([base.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    return code if is_language(code) else None


def read_term(cells: Mapping[str, str], term_id: str) -> Term:
    """The term of one row, from column name to cell. Raises TermError that names the column."""
    note = cells.get("note", "")
    cells = {column: text for column, cell in cells.items() if (text := cell.strip())}
    parts = [column.partition(":") for column in cells if ":" in column]
    marked = {language for language, _, _ in parts}
    wordings = {
        column: _read_wording(column, text, cells) if column in marked else Wording(text)
        for column, text in cells.items()
        if column not in _NO_TEXT and ":" not in column
    }
    for language, _, part in parts:
        if part and language not in wordings:
            raise TermError(f"{language}:{part}", f"the row has {part} for {language!r}, but no text in that language")
    kind = _choice(cells, "kind", Kind, "preferred")
    if _flag(cells, "do_not_translate", default=kind == "do-not-translate"):
        kind = "do-not-translate"
    elif kind == "do-not-translate" and "do_not_translate" in cells:
        raise TermError("do_not_translate", "says no where the kind says do-not-translate")
    rules = {name: _flag(cells, name, default=False) for name in RULE_COLUMNS if name in cells}
    return Term(
        id=cells.get("id", term_id),
        wordings=wordings,
        kind=kind,
        status=_choice(cells, "status", Status, "approved"),
        rules=Rules(**rules),
        part_of_speech=_choice(cells, "part_of_speech", PartOfSpeech, ""),
        scope=tuple(_split(cells.get("scope", ""))),
        note=note,
        author=cells.get("author", ""),
        created=_time(cells, "created"),
        changed=_time(cells, "changed"),
    )


def write_term(term: Term) -> dict[str, str]:
    """Column name to cell, without the cells that would say what goes without saying."""
    cells: dict[str, str] = {}
    for language, wording in term.wordings.items():
        cells[language] = wording.text
        cells[f"{language}:forms"] = _join([_write_form(form) for form in wording.forms])
        cells[f"{language}:gender"] = wording.gender
        cells[f"{language}:number"] = wording.number
        cells[f"{language}:exceptions"] = _join([_escape(text) for text in wording.exceptions])
        cells[f"{language}:avoid"] = _join([_escape(text) for text in wording.avoid])
    default = Rules()
    for name in RULE_COLUMNS:
        value = getattr(term.rules, name)
        cells[name] = "" if value == getattr(default, name) else ("yes" if value else "no")
    cells["do_not_translate"] = "yes" if term.do_not_translate else ""
    cells["kind"] = term.kind if term.kind == "forbidden" else ""
    cells["status"] = "" if term.status == "approved" else term.status
    cells["part_of_speech"] = term.part_of_speech
    cells["scope"] = _join([_escape(name) for name in term.scope])
    cells["note"] = term.note
    cells["author"] = term.author
    cells["created"] = _write_time(term.created)
    cells["changed"] = _write_time(term.changed)
    cells["id"] = term.id
    return {column: cell for column, cell in cells.items() if cell}


def _read_wording(language: str, text: str, cells: Mapping[str, str]) -> Wording:
    return Wording(
        text,
        forms=tuple(_read_form(f"{language}:forms", item) for item in _raw_list(cells.get(f"{language}:forms", ""))),
        gender=_choice(cells, f"{language}:gender", Gender, ""),
        number=_choice(cells, f"{language}:number", Number, ""),
        exceptions=tuple(_split(cells.get(f"{language}:exceptions", ""))),
        avoid=tuple(_split(cells.get(f"{language}:avoid", ""))),
    )


def _choice(cells: Mapping[str, str], column: str, choices: Any, default: str) -> Any:
    if column not in cells:
        return default
    cell = cells[column].lower()
    if cell not in get_args(choices):
        allowed = ", ".join(choice for choice in get_args(choices) if choice)
        raise TermError(column, f"{cell!r} is none of: {allowed}")
    return cell


def _flag(cells: Mapping[str, str], column: str, *, default: bool) -> bool:
    if column not in cells:
        return default
    cell = cells[column].lower()
    if cell in _YES:
        return True
    if cell in _NO:
        return False
    raise TermError(column, f"{cell!r} is neither yes nor no")


def _time(cells: Mapping[str, str], column: str) -> int:
    if column not in cells:
        return 0
    cell = cells[column]
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise TermError(column, f"{cell!r} is no date such as 2026-01-31T09:30:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round((moment - _EPOCH) / timedelta(milliseconds=1))


def _write_time(milliseconds: int) -> str:
    if not milliseconds:
        return ""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escape(text: str) -> str:
    return re.sub(r"[\\|\[]", r"\\\g<0>", text)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _join(items: list[str]) -> str:
    return " | ".join(items)


def _raw_list(cell: str) -> list[str]:
    """The items of a cell, still escaped; they are parted by "|"."""
    return [item.strip() for item in _LIST.findall(cell) if item.strip()] if cell else []


def _split(cell: str) -> list[str]:
    return [_unescape(item) for item in _raw_list(cell)]


def _write_form(form: Form) -> str:
    marks = " ".join(mark for mark in (form.number, form.gender) if mark)
    return f"{_escape(form.text)} [{marks}]" if marks else _escape(form.text)


def _read_form(column: str, item: str) -> Form:
    found = _FORM.fullmatch(item)
    if found is None:
        raise TermError(column, f"{item!r} is no form such as 'orders [p]'; marks are s, p, m, f, n")
    marks = (found.group(2) or "").split()
    number = [mark for mark in marks if mark in ("s", "p")]
    gender = [mark for mark in marks if mark in ("m", "f", "n")]
    if len(number) > 1 or len(gender) > 1 or len(number) + len(gender) != len(marks):
        raise TermError(column, f"{item!r} has marks that do not go together")
    fields = {"text": _unescape(found.group(1)), "number": "".join(number), "gender": "".join(gender)}
    return msgspec.convert(fields, Form)

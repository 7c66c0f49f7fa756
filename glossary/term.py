"""A glossary entry: one product term with its wording in each language, and the rules by which it is found and said.

Terms are plain frozen values. They travel as JSON (``encode``, ``decode``), with a version so that later readers know
what they hold; fields that keep their defaults are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

VERSION = 1
MAX_TEXT = 200  # code points of one wording or form: longer ones are sentences, which belong in a translation memory
MAX_FORMS = 64
MAX_NOTE = 2000
MAX_LANGUAGES = 64

Kind = Literal["preferred", "do-not-translate", "forbidden"]
Status = Literal["draft", "approved", "retired"]
PartOfSpeech = Literal["", "noun", "name", "verb", "adjective", "phrase"]
Gender = Literal["", "m", "f", "n"]
Number = Literal["", "s", "p"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Control characters, halves of surrogate pairs, and code points that are none.
_NO_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NONE_IN_A_NOTE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class TermError(ValueError):
    """A term that cannot be. ``field`` names what is wrong, e.g. ``pt`` or ``note``; the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Form(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One more way in which a wording appears, e.g. its plural. It is found in messages, and said where it fits."""

    text: str
    number: Number = ""
    gender: Gender = ""


class Wording(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a term is called in one language.

    ``exceptions`` are longer phrases of this language in which the words do not mean the term ("in order to").
    ``avoid`` are wordings that must not be said for it; with kind "forbidden" only these are replaced.
    """

    text: str
    forms: tuple[Form, ...] = ()
    gender: Gender = ""
    number: Number = ""  # of ``text`` itself; "" is taken as singular unless the text says otherwise
    exceptions: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class Rules(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """How a term is found in a message."""

    case: bool = False  # capitals must stand as written
    accents: bool = False  # accents must stand as written; otherwise a message may leave them out
    whole_word: bool = True
    inflected: bool = True  # regular plurals count too, beside the forms that the term lists
    after_determiner: bool = False  # only as a noun: for words that are verbs as well ("jogo")


class Term(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A glossary entry. ``wordings`` maps a language code (``pt``, ``pt-BR``) to what the term is called there."""

    id: str
    wordings: dict[str, Wording]
    kind: Kind = "preferred"
    status: Status = "approved"
    rules: Rules = Rules()
    part_of_speech: PartOfSpeech = ""
    scope: tuple[str, ...] = ()  # none: the whole shop; else names such as "channel:whatsapp", "line:garden"
    note: str = ""
    author: str = ""
    created: int = 0  # milliseconds since 1970; 0: not known
    changed: int = 0
    v: int = VERSION

    @property
    def do_not_translate(self) -> bool:
        return self.kind == "do-not-translate"

    def key_for(self, language: str) -> str | None:
        """The code under which this term holds a wording for ``language``: itself, its base, or a sister of it."""
        if language in self.wordings:
            return language
        base = base_language(language)
        if base in self.wordings:
            return base
        for code in self.wordings:
            if base_language(code) == base:
                return code
        return None

    def wording(self, language: str) -> Wording | None:
        """What the term is called in ``language``, or None."""
        key = self.key_for(language)
        return None if key is None else self.wordings[key]


@lru_cache(maxsize=1024)
def base_language(code: str) -> str:
    """``pt`` for ``pt-BR``."""
    return code.split("-", 1)[0].lower()


@lru_cache(maxsize=1024)
def is_language(code: str) -> bool:
    """Whether ``code`` looks like a language code, e.g. ``en`` or ``pt-BR``."""
    return _LANGUAGE.fullmatch(code) is not None


def validate(term: Term) -> Term:
    """The term itself, or TermError that names the first field that is wrong."""
    if not _ID.fullmatch(term.id):
        raise TermError(
            "id", "an id has 1 to 64 letters, digits, dots, dashes and underscores, and starts with a letter or digit"
        )
    if not term.wordings:
        raise TermError("wordings", "a term needs its text in at least one language")
    if len(term.wordings) > MAX_LANGUAGES:
        raise TermError("wordings", f"a term has at most {MAX_LANGUAGES} languages")
    if len(term.wordings) == 1 and not term.do_not_translate:
        raise TermError("wordings", "a term needs its text in two languages, unless it is not to be translated")
    for code, wording in term.wordings.items():
        if not is_language(code):
            raise TermError(code, f"{code!r} is no language code such as 'en' or 'pt-BR'")
        _check_wording(code, wording)
    if len(term.note) > MAX_NOTE:
        raise TermError("note", f"a note has at most {MAX_NOTE} characters")
    _check_characters("note", term.note, "note", _NONE_IN_A_NOTE)
    _check_characters("author", term.author, "author")
    for text in term.scope:
        _check_characters("scope", text, "scope")
    if any(not name.strip() or name != name.strip() for name in term.scope):
        raise TermError("scope", "a scope is empty, or begins or ends with a space")
    return term


def _check_wording(code: str, wording: Wording) -> None:
    if len(wording.forms) > MAX_FORMS:
        raise TermError(code, f"a wording has at most {MAX_FORMS} forms")
    _check_text(code, wording.text, "the text")
    for form in wording.forms:
        _check_text(code, form.text, "a form")
    for text in (*wording.exceptions, *wording.avoid):
        _check_text(code, text, "an exception or a wording to avoid")


def _check_text(code: str, text: str, what: str) -> None:
    if not text.strip():
        raise TermError(code, f"{what} is empty")
    if text != text.strip():
        raise TermError(code, f"{what} begins or ends with a space")
    if len(text) > MAX_TEXT:
        raise TermError(code, f"{what} has {len(text)} characters, at most {MAX_TEXT} are allowed")
    _check_characters(code, text, what)
    if not text[0].isalnum() and not any(char.isalnum() for char in text):
        raise TermError(code, f"{what} has no letter and no digit")


def _check_characters(name: str, text: str, what: str, wrong: re.Pattern[str] = _NO_CHARACTER) -> None:
    found = wrong.search(text)
    if found is not None:
        raise TermError(name, f"{what} holds a character that is none (U+{ord(found.group()):04X})")


encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Term).decode


class UnknownVersion(ValueError):
    """A term written by a later version than this one knows."""


def decode(payload: bytes) -> Term:
    """Raises msgspec.DecodeError for bytes that are no term, UnknownVersion for a later one."""
    term = _decode(payload)
    if term.v > VERSION:
        raise UnknownVersion(f"term of version {term.v}, this program knows {VERSION}")
    return term

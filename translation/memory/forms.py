"""When two messages say the same: the forms under which a text is remembered and looked up. Pure.

A text is compared in three forms, each wider than the one before: *close* levels white space and typographic marks,
*plain* also case and final marks (a question stays one), *wide* also marks inside, and accents where people leave them
out. In each, protected spans stand as *slots*: "Your order 4711 is here" and "Your order 4712 is here" are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import regex

from translation.protect import Span, find
from translation.scripts import scripts

FORM = 1  # raise it when a text's ``wide`` form changes: what is stored is then put in its new place by an import
LONGEST = 1000  # characters; nobody says longer texts twice

_LEVEL = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "..."}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-"}
)
_FINAL = " .,;:!?…-\t\r\n\u00a0"
_TYPOGRAPHIC = re.compile("[" + "".join(map(chr, _LEVEL)) + "]")
_INSIDE = re.compile(r"""[.,;:!'"()\[\]¡¿-]""")
_ONE = regex.compile(r"0?1(?:\D|$)")

# Languages whose speakers often type without accents, and are understood.
_ACCENTS_LEFT_OUT = frozenset(("pt", "es", "fr", "it", "ca", "gl", "ro"))
# Languages in which a noun is the same after every number from two on.
_TWO_FORMS = frozenset((
    "en", "pt", "es", "de", "fr", "it", "nl", "sv", "da", "nb", "nn", "no", "fi", "et", "hu", "tr", "el", "bg", "ca",
    "gl", "eu", "af", "ja", "ko", "zh", "th", "vi", "id", "ms", "fa",
))  # fmt: skip
# What may stand in each other's place, and the sign for it in a form. Signs are code points
# that no text may hold: one that does is not remembered.
_CLASSES = {
    "code": "code placeholder tag mention hashtag iban phone sku",
    "email": "email",
    "url": "url",
    "price": "price",
    "date": "date",
    "time": "time",
    "emoji": "emoji",
    "count": "",
}
_SIGNS = {name: chr(0xFDD0 + index) for index, name in enumerate(_CLASSES)}
_SIGN_OF = {kind: _SIGNS[name] for name, kinds in _CLASSES.items() for kind in kinds.split()}
_RESERVED = re.compile("[\ufdd0-\ufdef]")
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_QUIET = re.compile(rf"[{_LETTERS}\s,!?']*(?:\.+(?:\s[{_LETTERS}\s,!?']*|$))*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A protected span that another may take the place of. Offsets in the core."""

    start: int
    end: int
    sign: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text taken apart. ``head`` and ``tail`` are emoji at its ends and go back as they are; the rest is the core."""

    head: str
    core: str
    tail: str
    slots: tuple[Slot, ...]
    spans: tuple[Span, ...]  # all protected spans of the core

    def close(self, *, slots: bool = True) -> str:
        """The core with its slots as signs (or, without ``slots``, as they are), white space and quotes levelled."""
        text = self.core
        if slots and self.slots:
            parts: list[str] = []
            at = 0
            for slot in self.slots:
                parts += (text[at : slot.start], slot.sign)
                at = slot.end
            text = "".join((*parts, text[at:]))
        return level(text)


def read(text: str, source: str, target: str) -> Reading | None:
    """Takes a text in language ``source`` apart; None for one that is not to be remembered."""
    if len(text) > LONGEST:
        return None
    spans = spans_of(text, source, target)
    if not spans:
        return Reading("", text.strip(), "", (), ()) if text.strip() else None
    if _RESERVED.search(text):
        return None
    start, end, spans = _without_emoji(text, spans)
    if start >= end:
        return None
    core = text[start:end]
    spans = [Span(span.start - start, span.end - start, span.kind) for span in spans]
    slots = [
        Slot(span.start, span.end, sign) for span in spans if (sign := _sign(core, span, source, target)) is not None
    ]
    return Reading(text[:start], core, text[end:], tuple(slots), tuple(spans))


def spans_of(text: str, source: str, target: str) -> list[Span]:
    """The protected spans of a text, with a quick look beforehand: most chat is letters and everyday marks."""
    return [] if _QUIET.fullmatch(text) else find(text, scripts(source, target))


def _without_emoji(text: str, spans: Sequence[Span]) -> tuple[int, int, list[Span]]:
    """Start and end of the text between the emoji and white space at its ends, and the spans in there."""
    first, last = 0, len(spans)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    while first < last and spans[first].kind == "emoji" and spans[first].start <= start:
        start = max(start, spans[first].end)
        start += len(text[start:end]) - len(text[start:end].lstrip())
        first += 1
    while last > first and spans[last - 1].kind == "emoji" and spans[last - 1].end >= end:
        last -= 1
        end = start + len(text[start : spans[last].start].rstrip())
    return start, end, list(spans[first:last])


def _sign(core: str, span: Span, source: str, target: str) -> str | None:
    """The sign of a span that others may take the place of; None for one that the words around it may depend on."""
    text = core[span.start : span.end]
    if span.kind == "number":
        if text.isdigit() and (len(text) > 3 or (text[0] == "0" and len(text) > 1)):
            return _SIGNS["code"]
        if text in ("0", "1") or _ONE.match(text) or not _TWO_FORMS.issuperset((base(source), base(target))):
            return None
        return _SIGNS["count"]
    if span.kind == "time" and _ONE.match(text):
        return None
    return _SIGN_OF.get(span.kind)


def base(tag: str) -> str:
    """The language of a tag such as ``pt-BR``."""
    return tag.partition("-")[0].lower()


def level(text: str) -> str:
    """The close form of a text without slots: typographic marks in their plain shape, single spaces."""
    if not text.isascii():
        if _TYPOGRAPHIC.search(text):
            text = text.translate(_LEVEL)
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def plain(close: str) -> str:
    """The plain form of a close one: small letters, no final marks but the question's."""
    text = close.casefold()
    stem = text[: _final_at(text)]
    return (stem + "?" if "?" in text[len(stem) :] else stem) or text


def wide(plain_form: str, language: str) -> str:
    """The wide form of a plain one, under which the text is kept."""
    text = " ".join(_INSIDE.sub(" ", plain_form).split()) if _INSIDE.search(plain_form) else plain_form
    while "??" in text:
        text = text.replace("??", "?")
    if base(language) in _ACCENTS_LEFT_OUT:
        text = without_accents(text)
    return text or plain_form


class _Bare(dict[int, str]):
    """Letters without their accents, worked out once each."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        bare = self[code] = unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))
        return bare


_BARE = _Bare()


def without_accents(text: str) -> str:
    return text if text.isascii() else text.translate(_BARE)


def final_marks(text: str) -> tuple[str, str]:
    """A text without the marks at its end, and these."""
    at = _final_at(text)
    return text[:at], text[at:].strip()


def _final_at(text: str) -> int:
    return len(text.rstrip(_FINAL))


def digest(wide_form: str) -> bytes:
    """What stands for a form in the store. 8 bytes: two of a million forms collide once in ten million memories."""
    return blake2b(wide_form.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def digests(reading: Reading, language: str) -> tuple[bytes, ...]:
    """Where what is remembered for a text may be: under its form with slots, and under that with its own spans."""
    if not reading.slots:
        return (digest(wide(plain(reading.close()), language)),)
    return tuple(digest(wide(plain(reading.close(slots=slots)), language)) for slots in (True, False))

"""Makes what the model sees of a piece of text: protected spans held or taken out, characters it can spell. Pure.

The original stays as it is. Everything done here is a list of edits on it, so that offsets can be followed to the
model's input and back, and ``restore`` can undo it in the output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import regex

from translation import standin
from translation.edits import Edit, Edited
from translation.normalise import Normaliser
from translation.protect import Span
from translation.segment import Piece
from translation.tables import Language


class Caution(IntEnum):
    """How much freedom a model gets. What fails at one level is tried again at the next."""

    FREE = 0  # what it is likely to copy goes in as it is, asides are taken out and put back
    CODES = 1  # sentence by sentence, a code in place of every span
    FRAMED = 2  # clause by clause, another kind of code
    OPEN = 3  # sentence by sentence, and the model decodes with less help: see ``engines.base.Freer``
    APART = 4  # only what stands between spans is translated: nothing can get lost


@dataclass(frozen=True, slots=True)
class Held:
    """A span that is in the model's input, as ``token``. ``start`` and ``end`` are offsets in the piece."""

    start: int
    end: int
    text: str
    token: str
    kind: str


@dataclass(frozen=True, slots=True)
class Loose:
    """Spans taken out of the model's input, to be put back at the place that its neighbours move to."""

    start: int
    end: int
    text: str
    at: int  # offset in the model's input where it stood
    glued_left: bool  # no space before it
    glued_right: bool
    comma: bool = False  # a comma took its place in the model's input


@dataclass(frozen=True, slots=True)
class StoodFor:
    """A term that is in the model's input as ``token``. ``start`` and ``end`` are offsets in the piece.

    ``how``: "stand-in", a name that gives way to the term in the translation; "given", the term's own wording there;
    "forced", where the model's input stays as it is: the translation begins with all up to the term, and with the term.
    """

    start: int
    end: int
    token: str
    how: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A piece of text, ready for the model. ``head`` and ``tail`` stay outside and are put back verbatim."""

    piece: Piece  # in the whole text, without head and tail
    source: str  # text[piece]
    edited: Edited  # source to model input
    held: tuple[Held, ...]
    loose: tuple[Loose, ...]
    dotted: bool = False  # a full stop was added for the model
    capitals: bool = False  # the source is in capitals, the model's input is not
    raised: bool = False  # the source begins with a capital that the model's input lacks
    freely: bool = False  # the model is to decode with less help
    stood_for: tuple[StoodFor, ...] = ()  # see ``insist``
    begun: str | None = None  # how the model is to begin

    @property
    def text(self) -> str:
        """What the model gets."""
        return self.edited.text


_WORD_BEFORE = regex.compile(r"([\p{L}\p{M}]+)[\s(\"'“]*$")
_WORD_AFTER = regex.compile(r"[\s)\"'”]*([\p{L}\p{M}]+)")
_CLOCK = regex.compile(r"(\d{1,2})[hH](\d{2})(?:min)?")
_LETTER = regex.compile(r"\p{L}")


def has_words(text: str, piece: Piece, spans: Sequence[Span]) -> bool:
    """Whether anything is left to translate in a piece once its spans are taken away."""
    at, end = piece
    for span in spans:
        if _LETTER.search(text, at, max(at, span.start)):
            return True
        at = max(at, span.end)
    return bool(_LETTER.search(text, at, end)) if at < end else False


def prepare(
    text: str,
    piece: Piece,
    spans: Sequence[Span],
    *,
    language: Language,
    normaliser: Normaliser,
    caution: Caution = Caution.FREE,
    lost: frozenset[int] | None = None,
) -> Prepared:
    """``spans``: those of ``text`` that lie within ``piece``, in order. ``caution`` APART expects none inside.

    ``lost``: starts of the spans that were lost before: only these get codes. None: all get them.
    """
    piece, spans = without_edges(text, piece, spans)
    start, end = piece
    source = text[start:end]
    spans = [Span(span.start - start, span.end - start, span.kind) for span in spans]
    normal = normaliser.normalise(source, spans)
    spans = sorted((*spans, *normal.unspeakable), key=lambda span: span.start) if normal.unspeakable else spans
    codes = frozenset(span.start for span in spans) if lost is None else frozenset(at - start for at in lost)
    held, removed = _held_and_removed(source, spans, language, caution, codes)
    edits = [
        *normal.edits,
        *(Edit(item.start, item.end, item.token) for item in held if item.token != item.text),
        *(Edit(item.start, item.end, item.text) for item in removed),
    ]
    edits.sort(key=lambda edit: (edit.start, edit.end))
    edited = Edited(source, edits)
    loose = tuple(
        Loose(
            item.start,
            item.end,
            source[item.start : item.end].strip(),
            edited.start(item.start),
            item.start > 0 and not source[item.start - 1].isspace() and not source[item.start].isspace(),
            item.end < len(source) and not source[item.end].isspace() and not source[item.end - 1].isspace(),
            bool(item.text),
        )
        for item in removed
    )
    freely = caution is Caution.OPEN
    return Prepared(piece, source, edited, tuple(held), loose, normal.dotted, normal.capitals, normal.raised, freely)


def without_edges(text: str, piece: Piece, spans: Sequence[Span]) -> tuple[Piece, list[Span]]:
    """Leaves asides at the beginning and at the end outside, with the space around them."""
    start, end = piece
    spans = list(spans)
    while spans and spans[0].kind in standin.ASIDE and not text[start : spans[0].start].strip():
        if text[spans[0].end : spans[0].end + 1].strip() and spans[0].kind == "mark":
            break
        start = spans.pop(0).end
    while spans and spans[-1].kind in standin.ASIDE and not text[spans[-1].end : end].strip():
        if spans[-1].start and not text[spans[-1].start - 1].isspace() and spans[-1].kind == "mark":
            break
        end = spans.pop().start
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end), spans


def _held_and_removed(
    source: str, spans: Sequence[Span], language: Language, caution: Caution, codes: frozenset[int]
) -> tuple[list[Held], list[Edit]]:
    """Which spans the model sees, and which are taken out (as edits, each with one of the spaces around it)."""
    makers: dict[str, Callable[[], str]] = {}

    def make(maker: Callable[[str], Callable[[], str]]) -> str:
        return makers.setdefault(maker.__name__, maker(source))()

    held: list[Held] = []
    removed: list[Edit] = []
    for index, span in enumerate(spans):
        text = source[span.start : span.end]
        if span.kind in standin.ASIDE or (
            (caution is Caution.FREE or span.start not in codes)
            and span.kind not in ("number", "term", "foreign")
            and _is_aside(source, spans, index, language)
        ):
            _remove(source, span, removed, language)
        else:
            held.append(
                Held(
                    span.start,
                    span.end,
                    text,
                    _token(span, text, caution if span.start in codes else Caution.FREE, make),
                    span.kind,
                )
            )
    return held, removed


def _token(span: Span, text: str, caution: Caution, make: Callable[[Callable[[str], Callable[[], str]]], str]) -> str:
    if caution in (Caution.CODES, Caution.OPEN):
        return make(standin.code)
    if caution is Caution.FRAMED:
        return make(standin.framed)
    if span.kind == "time" and (clock := _CLOCK.fullmatch(text)):
        return f"{clock.group(1)}:{clock.group(2)}"  # "14h30" would come out as "2:30 p.m."
    if span.kind in standin.COPIED and text.isascii():
        return text
    if span.kind in ("term", "foreign"):
        return make(standin.name)
    return make(standin.figure if span.kind == "price" else standin.code)


def _is_aside(source: str, spans: Sequence[Span], index: int, language: Language) -> bool:
    """Whether the sentence around a span stands without it, going by the words beside it."""
    if not language.binding:
        return False
    span = spans[index]
    before = _WORD_BEFORE.search(source, 0, span.start)
    if before is None:
        # At the beginning: part of the sentence where that goes on in small letters.
        after = _WORD_AFTER.match(source, span.end)
        return span.start > 0 or after is None or after.group(1)[0].isupper()
    if before.group(1).lower() not in language.binding:
        return True
    after = _WORD_AFTER.match(source, span.end)
    return after is not None and after.group(1).lower() not in language.following


def _remove(source: str, span: Span, removed: list[Edit], language: Language) -> None:
    """Takes a span out, together with one of the spaces around it; neighbours in a row go as one.

    People put emoji where others put a comma: between clauses one takes the place of the emoji.
    """
    start, end = span.start, span.end
    if removed and not source[removed[-1].end : start].strip():
        start = removed.pop().start
    comma = ""
    if (start == 0 or source[start - 1].isspace()) and source[end : end + 1] == " ":
        if span.kind == "emoji" and start and source[start - 1] == " " and source[start - 2].isalnum():
            before, after = _WORD_BEFORE.search(source, 0, start), _WORD_AFTER.match(source, end)
            if before and after and before.group(1).lower() not in language.binding:
                start, comma = start - 1, ","
        if not comma:
            end += 1
    elif end == len(source):
        start = len(source[:start].rstrip(" "))
    removed.append(Edit(start, end, comma))

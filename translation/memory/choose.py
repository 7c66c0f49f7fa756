"""Picks what is remembered for one message: the closest source, the newest human edit, the most frequent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from translation.memory.forms import Reading, final_marks, level, plain, read, wide, without_accents
from translation.memory.pair import Variant, fill, places_of

MOST = 4  # candidates for one message
_MOST_READ = 8  # variants with slots that are read for one message


@dataclass(frozen=True, slots=True)
class Remembered:
    """A translation that may serve a message. ``text`` has the message's own spans.

    ``same``: the source was this very message, but for white space and the shape of quotes.
    """

    text: str
    edited: bool = False
    time: int = 0  # of the edit, ms since 1970; 0 unknown
    same: bool = True
    filled: bool = False  # the spans come from the message, not from the pair


class _Near(IntEnum):
    CLOSE = 0
    PLAIN = 1
    WIDE = 2


@dataclass(frozen=True, slots=True)
class _Fit:
    near: _Near
    variant: Variant
    text: str
    filled: bool


def choose(
    message: Reading, variants: Sequence[Variant], source: str, target: str
) -> tuple[Remembered, ...]:  # fmt: skip
    """What may be said for ``message``, best first.

    ``variants``: all that is kept under the message's digests. A human edit beats what was said more often, the newest
    one first; else the closest source decides, then how often it was said.
    """
    if not variants:
        return ()
    fits = _fits(message, variants, source, target)
    counts: dict[tuple[_Near, str], int] = {}
    for fit in fits:
        counts[fit.near, fit.text] = counts.get((fit.near, fit.text), 0) + fit.variant.count
    fits.sort(key=lambda fit: _order(fit, counts[fit.near, fit.text]), reverse=True)
    chosen: dict[str, Remembered] = {}
    shouts = _shouts(message.close())
    for fit in fits:
        text = message.head + _dressed(fit, message, target, shouts) + message.tail
        if text not in chosen:
            chosen[text] = Remembered(
                text,
                fit.variant.edited,
                fit.variant.time if fit.variant.edited else 0,
                fit.near is _Near.CLOSE and not fit.filled,
                fit.filled,
            )
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())


def _order(fit: _Fit, count: int) -> tuple[bool, int, int, bool, int, int]:
    edit = fit.variant.edited and fit.near <= _Near.PLAIN
    return edit, fit.variant.time if edit else 0, -fit.near, not fit.filled, count, fit.variant.time


def _fits(message: Reading, variants: Sequence[Variant], source: str, target: str) -> list[_Fit]:
    fits: list[_Fit] = []
    own = level(message.core)
    close = message.close() if message.slots else own
    read_so_far = 0
    for variant in variants:
        stored, stored_plain = _stored_forms(variant.source)
        text, filled = variant.target, False
        if message.slots and stored != own:
            read_so_far += 1
            if read_so_far > _MOST_READ:
                continue
            answer = _filled(message, variant, source, target)
            if answer is None:
                near = _nearness(own, stored, stored_plain, source)
            else:
                text, filled = answer[0], answer[1]
                near = _nearness(close, answer[2], plain(answer[2]), source)
        else:
            near = _nearness(own, stored, stored_plain, source)
        if near is None or (near is not _Near.CLOSE and _shouts(text) and not message.close().isupper()):
            continue
        fits.append(_Fit(near, variant, text, filled))
    return fits


def _filled(message: Reading, variant: Variant, source: str, target: str) -> tuple[str, bool, str] | None:
    """The variant with the message's spans, whether these are others, and its close form; None: no template."""
    reading = read(variant.source, source, target)
    if reading is None or [slot.sign for slot in reading.slots] != [slot.sign for slot in message.slots]:
        return None
    places = places_of(reading, variant.target, target, source)
    if places is None:
        return None
    texts = [message.core[slot.start : slot.end] for slot in message.slots]
    stored = [reading.core[slot.start : slot.end] for slot in reading.slots]
    return fill(variant.target, places, texts), texts != stored, reading.close()


@lru_cache(maxsize=8192)
def _stored_forms(text: str) -> tuple[str, str]:
    """The close and the plain form of a stored source: a few of them serve most messages."""
    close = level(text)
    return close, plain(close)


def _nearness(one: str, other: str, other_plain: str, language: str) -> _Near | None:
    """``one``: the message's close form, ``other``: the stored one."""
    if one == other:
        return _Near.CLOSE
    one, other = plain(one), other_plain
    if one == other:
        return _Near.PLAIN
    if wide(one, "") == wide(other, ""):
        return _Near.WIDE
    # Accents may be missing, never others: who types some knows where they belong.
    if without_accents(one) == one and wide(one, language) == wide(other, language):
        return _Near.WIDE
    return None


def _dressed(fit: _Fit, message: Reading, target: str, shouts: bool) -> str:
    """With the message's final marks, where the pair's two texts ended alike, and in capitals where it is."""
    text = fit.text
    if fit.near is not _Near.CLOSE:
        stem, marks = final_marks(text)
        wanted, before = final_marks(message.core)[1], final_marks(fit.variant.source)[1]
        if marks == before != wanted and "?" not in marks + wanted and stem:
            text = stem + wanted
    return _raised(text, target) if shouts and not _shouts(text) else text


def _raised(text: str, target: str) -> str:
    reading = read(text, target, target)
    spans = reading.spans if reading is not None and reading.core == text else ()
    chars = [char.upper() if len(char.upper()) == 1 else char for char in text]
    for span in spans:
        chars[span.start : span.end] = text[span.start : span.end]
    return "".join(chars)


def _shouts(text: str) -> bool:
    """All capitals, and enough of them to mean it: "OK" does not shout."""
    return text.isupper() and sum(map(str.isalpha, text)) > 3

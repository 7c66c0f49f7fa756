"""What is remembered: pairs of a text and its translation, and where each is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from translation.memory.forms import LONGEST, Reading, Slot, base, digest, plain, read, wide

MOST = 24  # variants of one form that are kept; the best ones
_LONGEST_TARGET = 4 * LONGEST
_MOST_SAID = 10**9
_END_OF_TIME = 253_402_300_800_000  # year 10000
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


class Pair(msgspec.Struct, frozen=True, kw_only=True, rename={"source_language": "from", "target_language": "to"}):
    """One remembered translation. Languages are tags; "pt-BR" and "pt" share a memory.

    ``count``: how often it was said so. ``edited``: a person corrected a translation to this. ``time``: when that was,
    else when it was last said, in ms since 1970; 0 unknown.
    """

    source_language: str
    target_language: str
    source: str
    target: str
    count: int = 1
    edited: bool = False
    time: int = 0


class Variant(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A pair as it is kept under the form of its source."""

    source: str
    target: str
    count: int = 1
    edited: bool = False
    time: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a pair goes: direction, digest of its form; and what it has in common with pairs that say just the same."""

    direction: str
    digest: bytes
    identity: tuple[str, str]
    variant: Variant


class PairError(ValueError):
    """The pair cannot be remembered. The text says why."""


def direction(source: str, target: str) -> str:
    return f"{base(source)}-{base(target)}"


def validate(pair: Pair) -> None:
    """Raises PairError for a pair that says nothing."""
    for name, tag in (("from", pair.source_language), ("to", pair.target_language)):
        if not _TAG.fullmatch(tag):
            raise PairError(f"{name} must be a language code such as en or pt-BR, not {tag[:40]!r}")
    if base(pair.source_language) == base(pair.target_language):
        raise PairError("from and to are the same language")
    for name, text in (("source", pair.source), ("target", pair.target)):
        if not text.strip():
            raise PairError(f"{name} is empty")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise PairError(f"{name} holds half a character") from None
    if not 1 <= pair.count <= _MOST_SAID:
        raise PairError(f"count must be 1 to {_MOST_SAID}")
    if not 0 <= pair.time < _END_OF_TIME:
        raise PairError("time must be in milliseconds since 1970")


def entry(pair: Pair) -> Entry | None:
    """Where a pair is kept; None for one that is of no use: its source is emoji only, or very long.

    Raises PairError.
    """
    validate(pair)
    source, target = pair.source_language, pair.target_language
    reading = read(pair.source, source, target)
    if reading is None or len(pair.target) > _LONGEST_TARGET:
        return None
    said = pair.target.strip()
    if reading.head or reading.tail:
        answer = read(said, target, source)
        if answer is not None and (answer.head.strip(), answer.tail.strip()) == (
            reading.head.strip(),
            reading.tail.strip(),
        ):
            said = answer.core
    places = places_of(reading, said, target, source) if reading.slots else None
    close = reading.close(slots=places is not None)
    return Entry(
        direction(source, target),
        digest(wide(plain(close), source)),
        (close, said if places is None else _numbered(said, places)),
        Variant(reading.core, said, pair.count, pair.edited, pair.time),
    )


def places_of(reading: Reading, target_text: str, target: str, source: str) -> list[tuple[int, int]] | None:
    """Where the slots of a source stand in its translation, in the source's order.

    None unless both hold the same spans, each just once: only then is it clear what goes where.
    """
    texts = [reading.core[slot.start : slot.end] for slot in reading.slots]
    if len(set(texts)) < len(texts):
        return None
    answer = read(target_text, target, source)
    if answer is None or answer.head or answer.tail or answer.core != target_text:
        return None
    found: dict[str, Slot] = {}
    for slot in answer.slots:
        text = target_text[slot.start : slot.end]
        if text in found:
            return None
        found[text] = slot
    if found.keys() != set(texts) or any(
        found[text].sign != slot.sign for text, slot in zip(texts, reading.slots, strict=True)
    ):
        return None
    return [(found[text].start, found[text].end) for text in texts]


def fill(target_text: str, places: Sequence[tuple[int, int]], texts: Sequence[str]) -> str:
    """The translation with other spans in its slots."""
    out: list[str] = []
    at = 0
    for (start, end), text in sorted(zip(places, texts, strict=True)):
        out += (target_text[at:start], text)
        at = end
    return "".join((*out, target_text[at:]))


def _numbered(target_text: str, places: Sequence[tuple[int, int]]) -> str:
    return fill(target_text, places, [f"\ufdef{index}\ufdef" for index in range(len(places))])


def rank(variant: Variant) -> tuple[bool, int, int, int]:
    """Sorts the best last: human edits by their time, then what is said most often."""
    return variant.edited, variant.time if variant.edited else 0, variant.count, variant.time


def merge(kept: Iterable[Entry], new: Iterable[Entry]) -> list[Variant]:
    """The variants of one form, best first, at most MOST. What says just the same is counted together."""
    together: dict[tuple[str, str], Variant] = {}
    for item in (*kept, *new):
        variant, before = item.variant, together.get(item.identity)
        if before is not None:
            variant = _together(before, variant)
        together[item.identity] = variant
    variants = [*together.values()]
    # Of two edits in the same millisecond the later one counts; else what was known first stays first.
    order = [(rank(variant), at if variant.edited else -at) for at, variant in enumerate(variants)]
    return [variants[at] for at in sorted(range(len(variants)), key=order.__getitem__, reverse=True)[:MOST]]


def _together(one: Variant, other: Variant) -> Variant:
    better = max(one, other, key=rank)
    time = max(one.time, other.time) if one.edited == other.edited else better.time
    return Variant(better.source, better.target, one.count + other.count, better.edited, time)

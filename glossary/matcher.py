"""Finds the glossary's terms in a message: longest match, with borders as each script has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glossary.term import Term


@dataclass(frozen=True, slots=True)
class Match:
    """One term as it stands in a message. Offsets in code points, end exclusive; matches never overlap."""

    term: Term
    start: int
    end: int
    source_text: str  # as it stands in the message
    target_text: str  # as the glossary wants it said, in the form that fits what stands in the message
    do_not_translate: bool
    plural: bool = False


class Matcher:
    """The terms of one version of the glossary, ready to be found. Immutable; safe to use from several threads."""

    def __init__(self, terms: Iterable[Term], version: int = 0) -> None:
        self.version = version

    def match(self, text: str, source: str, target: str) -> list[Match]:
        """Matches in ``text`` (written in language ``source``) that have a wording in ``target``, in text order."""
        return []

"""A glossary as it holds for one message: with the terms of the part of the shop that the message is about."""

from __future__ import annotations

from collections.abc import Sequence

from glossary.matcher import Match
from translation.request import GlossarySnapshot


class Scoped:
    """To who asks, a glossary like any other."""

    def __init__(self, glossary: GlossarySnapshot, scope: frozenset[str]) -> None:
        self._glossary = glossary
        self._scope = scope
        self.version = glossary.version

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> Sequence[Match]:
        return self._glossary.match(text, source, target, self._scope | scope)


def scoped(glossary: GlossarySnapshot | None, scope: frozenset[str]) -> GlossarySnapshot | None:
    """``glossary`` for messages in which ``scope`` holds."""
    return Scoped(glossary, scope) if glossary is not None and scope else glossary

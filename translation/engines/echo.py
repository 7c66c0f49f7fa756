"""An engine without a model, for tests of everything around engines. What it gives follows from the text alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from translation.engines.base import EngineError, Hypothesis, Link

_WORD = re.compile(r"\S+")


class Echo:
    """Writes each word again in its place, changed by ``word`` (by default not at all), each linked to its source.

    A segment that contains ``failing`` makes the whole batch fail, as an engine does that cannot go on.
    """

    def __init__(
        self,
        source: str,
        target: str,
        *,
        word: Callable[[str], str] = str,
        max_tokens: int = 128,
        failing: str = "",
    ) -> None:
        self.name = f"echo-{source}{target}"
        self.source = source
        self.target = target
        self._word = word
        self._max_tokens = max_tokens
        self._failing = failing

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, text: str) -> int:
        """Words stand for pieces."""
        return len(_WORD.findall(text))

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        if self._failing and any(self._failing in segment for segment in segments):
            raise EngineError(f"{self.name} was told to fail")
        return [self._hypothesis(segment) for segment in segments]

    def _hypothesis(self, segment: str) -> Hypothesis:
        text, links, at = "", [], 0
        words = list(_WORD.finditer(segment))
        for match in words[: self._max_tokens]:
            text += segment[at : match.start()]
            start = len(text)
            text += self._word(match[0])
            links.append(Link(match.start(), match.end(), start, len(text)))
            at = match.end()
        return Hypothesis(text, -0.1 if links else 0.0, tuple(links), len(words) > self._max_tokens)

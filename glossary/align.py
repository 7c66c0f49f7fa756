"""Which words of a translation stand for a term of the original, as the model's alignment has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from glossary.rules import LanguageRules
from glossary.words import Word

_MAX_GAP = 2  # words between two aligned ones that a group may bridge


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
class Group:
    """Words ``first`` to ``last`` (inclusive) of the translation."""

    first: int
    last: int

    def start(self, words: Sequence[Word]) -> int:
        return words[self.first].start

    def end(self, words: Sequence[Word]) -> int:
        return words[self.last].end


class Alignment:
    """The links of one translation, by target word."""

    def __init__(self, target: str, words: Sequence[Word], links: Sequence[Link]) -> None:
        self._target = target
        self._words = words
        self._links: list[list[tuple[int, int, int]]] = [[] for _ in words]  # length, source start, source end
        index = 0
        for link in sorted(links, key=lambda item: item.target_start):
            if link.source_end <= link.source_start:
                continue
            while index < len(words) and words[index].end <= link.target_start:
                index += 1
            at = index
            while at < len(words) and words[at].start < link.target_end:
                shared = min(words[at].end, link.target_end) - max(words[at].start, link.target_start)
                if shared > 0:
                    self._links[at].append((shared, link.source_start, link.source_end))
                at += 1

    def share(self, index: int, start: int, end: int) -> float | None:
        """How much of target word ``index`` comes from source offsets ``start`` to ``end``; None without links."""
        total = inside = 0
        for length, source_start, source_end in self._links[index]:
            total += length
            if source_start < end and start < source_end:
                inside += length
        return inside / total if total else None

    def members(self, start: int, end: int) -> list[int]:
        """Target words that come, for the greater part, from source offsets ``start`` to ``end``."""
        return [index for index in range(len(self._words)) if (self.share(index, start, end) or 0.0) >= 0.5]

    def group(self, members: Sequence[int], rules: LanguageRules, free: Sequence[bool]) -> Group | None:
        """The largest run of ``members`` without function words at its edges; None where nothing is left.

        A run bridges a few function words or words without links, never marks, never a word that is not ``free``.
        """
        words = self._words
        best: tuple[int, int] | None = None
        result: Group | None = None
        runs: list[list[int]] = []
        for index in members:
            if not free[index]:
                continue
            if runs and self._bridged(runs[-1][-1], index, rules, free):
                runs[-1].append(index)
            else:
                runs.append([index])
        for run in runs:
            content = [index for index in run if words[index].lower not in rules.function_words]
            if not content:
                continue
            size = (len(content), sum(words[index].end - words[index].start for index in content))
            if best is None or size > best:
                best = size
                result = Group(content[0], content[-1])
        return result

    def _bridged(self, left: int, right: int, rules: LanguageRules, free: Sequence[bool]) -> bool:
        if right - left - 1 > _MAX_GAP:
            return False
        between = self._target[self._words[left].end : self._words[right].start]
        for index in range(left + 1, right):
            if not free[index]:
                return False
            if self._links[index] and self._words[index].lower not in rules.function_words:
                return False
        return not any(char in between for char in ',.;:!?()[]"\n…/')

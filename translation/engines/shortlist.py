"""Which target words a segment may use: a lexical shortlist, or all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelFileError
from models.shortlist_file import ShortlistFile


class Shortlist(Protocol):
    def candidates(self, source: Iterable[int]) -> NDArray[np.int64]:
        """Target words for a segment of these source words, sorted, without repeats."""
        ...


class LexicalShortlist:
    """The words that a file lists for each source word, the most frequent ones and, where both sides share their
    vocabulary, the source words themselves, so that names can be copied."""

    def __init__(self, file: ShortlistFile, source_words: int, target_words: int, never: int, *, shared: bool) -> None:
        """``never`` is a target word that nothing may use. Raises ModelFileError where the file is of other sizes."""
        if len(file.offsets) != source_words + 1 or (len(file.entries) and file.entries.max() >= target_words):
            raise ModelFileError(file.path, "belongs to another vocabulary")
        self._offsets: list[int] = file.offsets.tolist()
        self._entries = file.entries
        self._always = np.zeros(target_words, bool)
        self._always[: file.frequent] = True
        self._never = never
        self._shared = shared

    def candidates(self, source: Iterable[int]) -> NDArray[np.int64]:
        allowed = self._always.copy()
        for word in source:
            allowed[self._entries[self._offsets[word] : self._offsets[word + 1]]] = True
            if self._shared:
                allowed[word] = True
        allowed[self._never] = False
        return np.flatnonzero(allowed)


class FullVocabulary:
    """Every word, for models that come without a shortlist."""

    def __init__(self, target_words: int, never: int) -> None:
        self._all = np.delete(np.arange(target_words), never)

    def candidates(self, source: Iterable[int]) -> NDArray[np.int64]:
        return self._all

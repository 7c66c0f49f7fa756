"""The engine for students (Firefox Translations): small Marian networks on ONNX Runtime, in batches.

May be shared by threads: nothing in it changes once it is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models import marian_file, shortlist_file
from models.errors import ModelFileError
from translation.engines import network
from translation.engines.base import UNREPEATED, EngineError, Hypothesis, Link, repeats
from translation.engines.pieces import Pieces, Vocabulary
from translation.engines.search import Found, GreedySearch
from translation.engines.shortlist import FullVocabulary, LexicalShortlist, Shortlist

if TYPE_CHECKING:
    from models.installed import Installed

MAX_TOKENS = 128  # the longest segments that these networks were trained with
_WORDS_A_PIECE = 2.5  # the longest translation, as a multiple of the source's length with its end
_FEWEST_WORDS = 8  # but never less than this: one piece may need several words
_LONGEST_TARGET = int((MAX_TOKENS + 1) * _WORDS_A_PIECE)

# Bounds of a batch: rows that share the work of a step, and source pieces, padding included, that share memory.
_MOST_ROWS = 64
_MOST_PIECES = 2048


class Student:
    """Translates one direction with a student network."""

    # On chat between English and Portuguese 1 % of translations score less, with a chrF of 45 where the rest has 70.
    doubtful_score = -0.36

    def __init__(self, installed: Installed) -> None:
        """Reads and prepares the model, in a fraction of a second. Raises ModelFileError."""
        self.name = installed.name
        self.source = installed.source
        self.target = installed.target
        files = installed.files
        self._source_words = Vocabulary(files["source_vocabulary"])
        shared = files["source_vocabulary"] == files["target_vocabulary"]
        self._target_words = self._source_words if shared else Vocabulary(files["target_vocabulary"])
        layout = network.from_file(marian_file.read(files["model"]))
        for words, vocabulary in ((layout.source_words, self._source_words), (layout.target_words, self._target_words)):
            if words.words < vocabulary.size:
                reason = f"knows {words.words} words, its vocabulary {vocabulary.size}"
                raise ModelFileError(files["model"], reason)
        source_size, target_size = layout.source_words.words, layout.target_words.words
        never = self._target_words.unknown
        self._every_word = FullVocabulary(target_size, never)
        self._shortlist: Shortlist
        if "shortlist" in files:
            entries = shortlist_file.read(files["shortlist"])
            self._shortlist = LexicalShortlist(entries, source_size, target_size, never, shared=shared)
        else:
            self._shortlist = self._every_word
        self._search = GreedySearch(layout, self._target_words.end, MAX_TOKENS + 1, _LONGEST_TARGET)

    @property
    def max_tokens(self) -> int:
        return MAX_TOKENS

    def count_tokens(self, text: str) -> int:
        return self._source_words.count(text)

    def knows(self, char: str) -> bool:
        """Whether the model can read a character."""
        return self._source_words.knows(char)

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        """One hypothesis a segment, the same for a segment in any company. Raises EngineError."""
        return self._translate(segments, self._shortlist)

    def translate_freely(self, segments: Sequence[str]) -> list[Hypothesis]:
        """With the whole vocabulary instead of the shortlist, and without saying the same words again and again."""
        return self._translate(segments, self._every_word, UNREPEATED)

    def translate_from(self, segments: Sequence[str], beginnings: Sequence[str]) -> list[Hypothesis]:
        """Each going on from the beginning of its translation. The words of that need not be in the shortlist."""
        return self._translate(
            segments, self._shortlist, beginnings=[self._target_words.ids(each) for each in beginnings]
        )

    def _translate(
        self,
        segments: Sequence[str],
        shortlist: Shortlist,
        unrepeated: int = 0,
        beginnings: Sequence[list[int]] = (),
    ) -> list[Hypothesis]:
        cuts = [self._source_words.cut(segment) for segment in segments]
        sources = [[*cut.ids[:MAX_TOKENS], self._source_words.end] for cut in cuts]
        hypotheses = [Hypothesis("", 0.0, ())] * len(segments)
        begun = beginnings or [[]] * len(segments)
        speakable = [
            length if self._target_words.unknown not in words and len(words) < _LONGEST_TARGET - _FEWEST_WORDS else 0
            for length, words in zip(map(len, sources), begun, strict=True)
        ]
        for batch in _batches(speakable):
            chosen = [sources[row] for row in batch]
            words = [begun[row] for row in batch]
            try:
                found = self._search.run(
                    chosen,
                    [_with(shortlist.candidates(source), each) for source, each in zip(chosen, words, strict=True)],
                    [_limit(len(source), len(each)) for source, each in zip(chosen, words, strict=True)],
                    unrepeated=[0 if repeats(source, unrepeated) else unrepeated for source in chosen],
                    beginnings=words if beginnings else (),
                )
            except Exception as error:  # the runtime raises whatever it likes
                raise EngineError(f"{self.name} failed on a batch of {len(batch)}: {type(error).__name__}") from error
            for row, row_found in zip(batch, found, strict=True):
                hypotheses[row] = self._hypothesis(cuts[row], row_found)
        return hypotheses

    def _hypothesis(self, cut: Pieces, found: Found) -> Hypothesis:
        joined = self._target_words.join(found.words)
        links = []
        for (start, end), piece in zip(joined.spans, found.aligned, strict=True):
            if start < end and piece < len(cut.spans):  # else a blank, or the end of the source
                source_start, source_end = cut.spans[piece]
                if source_start < source_end:
                    links.append(Link(source_start, source_end, start, end))
        truncated = len(cut.ids) > MAX_TOKENS or not found.ended
        return Hypothesis(joined.text, found.score, tuple(links), truncated)


def _limit(length: int, begun: int) -> int:
    """Words that the translation of a source may have."""
    return max(int(length * _WORDS_A_PIECE), begun + _FEWEST_WORDS)


def _with(candidates: NDArray[np.int64], words: list[int]) -> NDArray[np.int64]:
    """The very same ones where they have the words."""
    return candidates if not words or np.isin(words, candidates).all() else np.union1d(candidates, words)


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows by similar length, within the bounds. ``lengths`` count the end; rows without anything else are left out."""
    rows = sorted((row for row, length in enumerate(lengths) if length > 1), key=lengths.__getitem__)
    batches: list[list[int]] = []
    for row in rows:
        # Rows come in order of length, so this one would be the longest.
        if not batches or len(batches[-1]) == _MOST_ROWS or (len(batches[-1]) + 1) * lengths[row] > _MOST_PIECES:
            batches.append([])
        batches[-1].append(row)
    return batches

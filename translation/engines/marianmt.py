"""MarianMT checkpoints (OPUS-MT), converted for CTranslate2 and served by it: greedy, on the processor."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from models.errors import ModelFileError
from translation.engines.base import UNREPEATED, EngineError, Hypothesis, Link, repeats
from translation.engines.marian_words import END, UNKNOWN, Cutter, Words, join

if TYPE_CHECKING:
    from models.installed import Installed

ComputeType = Literal["default", "int8", "float32"]

_WORDS_A_PIECE = 2.5  # the longest translation, as a multiple of the source's length with its end
_FEWEST_WORDS = 16  # but never less than this
_MOST_ROWS = 64  # rows that the runtime takes together
_BEAM = 4  # translations that are followed at a time where the usual way, with one, went wrong
_INSTRUCTIONS = "CT2_FORCE_CPU_ISA"  # which the runtime reads when it first computes something
_WIDEST = frozenset({"avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq"})  # all that "AVX512" takes


def use_widest_instructions(processor: Path = Path("/proc/cpuinfo")) -> None:
    """Lets the runtime compute with 512 bits at a time where the processor can, unless somebody chose otherwise.

    By itself it stays at 256, for the sake of processors that slow down at 512; but its matrix products, most of the
    work, use 512 anyway. On a Cascade Lake batches of 16 go 1.05 to 1.08 times as fast.
    """
    if _INSTRUCTIONS in os.environ:
        return
    try:
        lines = processor.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    flags = [set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")]
    if flags and all(each >= _WIDEST for each in flags):
        os.environ[_INSTRUCTIONS] = "AVX512"


class MarianMT:
    """Translates one direction. Any thread may call it; the runtime spreads large batches over the cores."""

    # Below it the model held the words that it chose, in their geometric mean, for less likely than not: of a chance
    # of a half, label smoothing of 0.1, with which these models are trained, leaves 0.45. Not compared with the quality
    # of translations, which would need the published checkpoints; lower than what a student's chances came to, because
    # students learn from one translation of each sentence and are surer of themselves.
    doubtful_score = math.log(0.5 * 0.9)

    def __init__(self, installed: Installed, *, compute_type: ComputeType = "default", threads: int = 0) -> None:
        """Loads a converted model. Raises ModelFileError.

        ``compute_type``: what to calculate in; "default" is what the model was converted to. ``threads``: batches at
        a time, 0 for one on each core that this process may use.
        """
        use_widest_instructions()
        import ctranslate2

        self.name = installed.name
        self.source = installed.source
        self.target = installed.target
        files = installed.files
        self._words = Cutter(files["source_vocabulary"], files["words"])
        target = "target_vocabulary" in files
        self._target_words = Cutter(files["target_vocabulary"], files["target_words"]) if target else None
        if installed.prefix and installed.prefix not in self._words:
            raise ModelFileError(files["words"], f"has no word {installed.prefix!r}, which is to choose the language")
        self._before = [installed.prefix] if installed.prefix else []
        self._longest = installed.longest
        try:
            self._translator = ctranslate2.Translator(
                str(files["model"].parent),
                device="cpu",
                compute_type=compute_type,
                inter_threads=threads or len(os.sched_getaffinity(0)),
                intra_threads=1,
            )
        except Exception as error:  # whatever the library raises for a damaged file
            raise ModelFileError(files["model"], f"cannot be loaded ({error})") from error

    @property
    def max_tokens(self) -> int:
        return self._longest - 1 - len(self._before)

    def count_tokens(self, text: str) -> int:
        return self._words.count(text)

    def knows(self, char: str) -> bool:
        """Whether the model can read a character."""
        return self._words.knows(char)

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        """One hypothesis a segment. Raises EngineError."""
        return self._translate(segments)

    def translate_freely(self, segments: Sequence[str]) -> list[Hypothesis]:
        """The best of several translations, none of which says the same words again and again."""
        return self._translate(segments, _BEAM, UNREPEATED)

    def translate_from(self, segments: Sequence[str], beginnings: Sequence[str]) -> list[Hypothesis]:
        """Each going on from the beginning of its translation; all empty where the model's files cannot cut one."""
        if self._target_words is None:
            return [Hypothesis("", 0.0, ())] * len(segments)
        return self._translate(segments, begun=[self._target_words.cut(each).words for each in beginnings])

    def _translate(
        self, segments: Sequence[str], beam: int = 1, unrepeated: int = 0, begun: Sequence[list[str]] = ()
    ) -> list[Hypothesis]:
        cuts = [self._words.cut(segment) for segment in segments]
        sources = [[*self._before, *cut.words[: self.max_tokens], END] if cut.words else [] for cut in cuts]
        hypotheses = [Hypothesis("", 0.0, ())] * len(segments)
        # One length limit holds for a whole call, so rows with the same limit go together: what becomes of a row
        # does not hang on the others. All calls are made before the first answer is waited for.
        alike: dict[tuple[int, int], list[int]] = {}
        for row, source in enumerate(sources):
            words = begun[row] if begun else []
            if source and UNKNOWN not in words and len(words) + _FEWEST_WORDS <= self._longest:
                once = 0 if repeats(source, unrepeated) else unrepeated
                alike.setdefault((self._limit(len(source), len(words)), once), []).append(row)
        try:
            calls = [
                (
                    limit,
                    rows,
                    self._call(
                        [sources[row] for row in rows],
                        limit,
                        beam,
                        once,
                        [begun[row] for row in rows] if begun else None,
                    ),
                )
                for (limit, once), rows in alike.items()
            ]
            for limit, rows, call in calls:
                answers = [each.result() for each in call]
                scores = self._scores([sources[row] for row in rows], answers, limit) if begun else None
                for number, (row, answer) in enumerate(zip(rows, answers, strict=True)):
                    score = float(scores[number] if scores else answer.scores[0])
                    hypotheses[row] = self._hypothesis(cuts[row], answer, limit, score)
        except Exception as error:  # the runtime raises whatever it likes
            raise EngineError(f"{self.name} failed on a batch of {len(segments)}: {type(error).__name__}") from error
        return hypotheses

    def _limit(self, length: int, begun: int = 0) -> int:
        """Words that the translation of a source may have: a few different numbers, for few different calls."""
        wanted = max(int(length * _WORDS_A_PIECE), begun + _FEWEST_WORDS)
        return int(min(2 ** (wanted - 1).bit_length(), self._longest))

    def _scores(self, sources: list[list[str]], answers: Sequence[Any], limit: int) -> list[float]:
        """Of whole translations: the runtime tells only that of what it chose itself."""
        said = [answer.hypotheses[0] for answer in answers]
        found = self._translator.score_batch(sources, said, max_batch_size=_MOST_ROWS, max_input_length=0)
        chances = [one.log_probs[: min(len(words) + 1, limit)] for one, words in zip(found, said, strict=True)]
        return [sum(each) / len(each) for each in chances]

    def _call(
        self, sources: list[list[str]], limit: int, beam: int, unrepeated: int, begun: list[list[str]] | None
    ) -> list[Any]:
        found: list[Any] = self._translator.translate_batch(
            sources,
            target_prefix=begun,
            beam_size=beam,
            no_repeat_ngram_size=unrepeated,
            max_batch_size=_MOST_ROWS,
            max_input_length=0,  # cut above, where it can be told
            min_decoding_length=0,  # else the runtime never says that there is nothing to say
            max_decoding_length=limit,
            return_scores=True,
            return_attention=True,
            asynchronous=True,
        )
        return found

    def _hypothesis(self, cut: Words, answer: Any, limit: int, score: float) -> Hypothesis:
        words: list[str] = answer.hypotheses[0]
        joined = join(words)
        links = []
        if words:
            before = len(self._before)
            # Of the source without the word that chooses the language and without the end, which many words look at
            # when nothing in the text says them: those have no link.
            looked_at = np.asarray(answer.attention[0]).argmax(axis=1) - before
            for (start, end), piece in zip(joined.spans, looked_at.tolist(), strict=False):
                if start < end and 0 <= piece < len(cut.spans):
                    source_start, source_end = cut.spans[piece]
                    if source_start < source_end:
                        links.append(Link(source_start, source_end, start, end))
        truncated = len(cut.words) > self.max_tokens or len(words) >= limit
        return Hypothesis(joined.text, min(0.0, score), tuple(links), truncated)

"""Greedy search over a batch: the most probable word of every row, step by step, until all rows have ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from translation.engines import student_graphs
from translation.engines.graph import Array
from translation.engines.network import Network
from translation.engines.projection import Candidates, Projection

# Rows that have ended are dropped from the batch when they are this share of it: dropping copies what stays.
_SHARE_WORTH_DROPPING = 0.2
_ROWS_WORTH_A_SESSION = 4  # from here on the projection gets a session for the batch
# Sources are filled up to a multiple of this, so that the kernels add a row's numbers in the same order whatever the
# longest row of its batch is.
_LENGTHS_MULTIPLE = 8
_PIECES_AT_ONCE = 256  # source pieces, padding included, that the encoder takes together


# Inputs of the decoder, each row's columns, and whether every word's chance is wanted > best column, score, the chances
# where they are wanted, source piece looked at, new states.
_Step = Callable[[dict[str, Array], Array, bool], list[Array]]


@dataclass(frozen=True, slots=True)
class Found:
    """One row's words, without the end of the sentence."""

    words: list[int]
    aligned: list[int]  # for each word the source piece that the network looked at
    score: float  # mean log-probability of the words and the end
    ended: bool  # the network ended the sentence itself, within the limit


class GreedySearch:
    """Runs a network. May be shared by threads.

    Rows don't influence each other: a row comes out the same in any company.
    """

    def __init__(self, network: Network, end: int, longest_source: int, longest_target: int) -> None:
        self._end = end
        self._no_word = network.target_words.words
        self._projection = Projection(network)
        self._encoder = student_graphs.encoder(network, longest_source)
        self._decoder = student_graphs.decoder(network, longest_target)
        self._small_decoder = student_graphs.decoder(network, longest_target, self._projection.within)
        layers = range(len(network.decoder))
        self._memory_names = [f"{kind}{layer}" for layer in layers for kind in ("keys", "values")]
        self._states = student_graphs.states(network)
        self._step_outputs = ["aligned", *(f"next_{name}" for name in self._states)]

    def run(
        self,
        sources: Sequence[Sequence[int]],
        candidates: Sequence[NDArray[np.int64]],
        limits: Sequence[int],
        *,
        unrepeated: Sequence[int] = (),
        beginnings: Sequence[Sequence[int]] = (),
    ) -> list[Found]:
        """``sources``: each row's source pieces, with the end of the sentence. ``candidates``: the target words that
        it may use, sorted. ``limits``: how many words it may have, the end included, at least 1. ``unrepeated``: how
        many words in a row it says only once; 0, or left out: it may repeat itself. ``beginnings``: words that it
        begins with, all of them among its candidates and fewer than its limit."""
        chosen = self._projection.candidates(candidates)
        few = chosen.session is None and len(sources) < _ROWS_WORTH_A_SESSION
        step_of = self._small_step(chosen) if few else self._large_step(chosen)
        feed = self._encode(sources)
        for name, shape in self._states.items():
            feed[name] = np.zeros((len(sources), *shape), np.float32)
        columns = chosen.columns
        spare = len(chosen.words) - 1  # a column that always loses
        limit = np.asarray(limits)
        rows = np.arange(len(sources))  # rows of the batch that are still in it
        previous = np.full(len(sources), self._no_word)
        words = np.full((limit.max(), len(sources)), self._end)
        aligned = np.zeros_like(words)
        scores = np.zeros(words.shape, np.float32)

        forced = max(map(len, beginnings), default=0)  # steps in which rows may not choose
        step = 0
        while True:
            feed["previous"] = previous
            feed["step"] = np.array(step)
            usable = columns
            if any(unrepeated):
                for number, row in enumerate(rows.tolist()):
                    if again := _again(words[:step, row].tolist(), unrepeated[row]):
                        usable = columns.copy() if usable is columns else usable
                        usable[number, np.isin(chosen.words[columns[number]], again)] = spare
            best, score, *others = step_of(feed, usable, step < forced)
            if step < forced:
                chances, *others = others
                for number, row in enumerate(rows.tolist()):
                    if step < len(beginnings[row]):
                        best[number] = np.searchsorted(candidates[row], beginnings[row][step])
                        score[number] = chances[number, best[number]]
            looked_at, *states = others
            previous = chosen.words[columns[np.arange(len(rows)), best]]
            words[step, rows] = previous
            aligned[step, rows] = looked_at[:, 0]
            scores[step, rows] = score
            step += 1
            feed.update(zip(self._states, states, strict=True))
            going = (previous != self._end) & (limit > step)
            left = int(np.count_nonzero(going))
            if left == 0:
                break
            if left <= len(rows) * (1 - _SHARE_WORTH_DROPPING):
                kept = np.flatnonzero(going)
                rows, previous, columns, limit = rows[kept], previous[kept], columns[kept], limit[kept]
                for name in (*self._memory_names, *self._states):
                    feed[name] = feed[name][kept]
        return [self._found(words[:, row], aligned[:, row], scores[:, row], limits[row]) for row in range(len(sources))]

    def _large_step(self, candidates: Candidates) -> _Step:
        choose = self._projection.session(candidates)
        outputs = ["hidden", *self._step_outputs]

        def step(feed: dict[str, Array], columns: Array, chances: bool) -> list[Array]:
            hidden, *others = self._decoder.run(outputs, feed)
            return [*choose.run(_chosen(chances), {"hidden": hidden, "columns": columns}), *others]

        return step

    def _small_step(self, candidates: Candidates) -> _Step:
        inputs = {"vectors": candidates.vectors, "bias": candidates.bias}

        def step(feed: dict[str, Array], columns: Array, chances: bool) -> list[Array]:
            outputs = [*_chosen(chances), *self._step_outputs]
            return self._small_decoder.run(outputs, {**feed, **inputs, "columns": columns})

        return step

    def _encode(self, sources: Sequence[Sequence[int]]) -> dict[str, Array]:
        """What the decoder looks at, for all rows. Encodes a few rows at a time: more would only leave the caches."""
        longest = -(-max(map(len, sources)) // _LENGTHS_MULTIPLE) * _LENGTHS_MULTIPLE
        memory: dict[str, Array] = {}
        start = 0
        while start < len(sources):
            end, width = start + 1, len(sources[start])
            while end < len(sources) and max(width, len(sources[end])) * (end + 1 - start) <= _PIECES_AT_ONCE:
                width = max(width, len(sources[end]))
                end += 1
            for name, part in self._encode_together(sources[start:end], width).items():
                # Positions are the last axis of keys and the last but one of values.
                is_keys = name.startswith("keys")
                if name not in memory:
                    shape = [len(sources), *part.shape[1:]]
                    shape[3 if is_keys else 2] = longest
                    memory[name] = np.zeros(shape, np.float32)
                    if is_keys:
                        memory[name][:, :, -1] = student_graphs.MASKED
                by_position = memory[name][start:end]
                (by_position[..., :width] if is_keys else by_position[:, :, :width])[:] = part
            start = end
        return memory

    def _encode_together(self, sources: Sequence[Sequence[int]], longest: int) -> dict[str, Array]:
        ids = np.full((longest, len(sources)), self._end)
        mask = np.full((len(sources), 1, 1, longest), student_graphs.MASKED, np.float32)
        for row, source in enumerate(sources):
            ids[: len(source), row] = source
            mask[row, 0, 0, : len(source)] = 0
        memory = self._encoder.run(self._memory_names, {"ids": ids, "mask": mask})
        return dict(zip(self._memory_names, memory, strict=True))

    def _found(
        self, words: NDArray[np.int64], aligned: NDArray[np.int64], scores: NDArray[np.float32], limit: int
    ) -> Found:
        # What a row that waits to be dropped goes on writing lies behind its end or its limit.
        ends = np.flatnonzero(words[:limit] == self._end)
        length = int(ends[0]) if len(ends) else limit
        scored = scores[: min(length + 1, limit)]
        return Found(words[:length].tolist(), aligned[:length].tolist(), float(scored.mean()), bool(len(ends)))


def _chosen(chances: bool) -> list[str]:
    return ["best", "score", "chances"] if chances else ["best", "score"]


def _again(words: Sequence[int], length: int) -> list[int]:
    """The words that would make the last ``length`` ones what was said before."""
    if length < 1 or len(words) < length:
        return []
    last = words[len(words) - length + 1 :]
    return [words[at + length - 1] for at in range(len(words) - length + 1) if words[at : at + length - 1] == last]

"""From the decoder's output to the next word: scores only the words that a shortlist allows, each row its own.

A batch multiplies with the word vectors of all its rows' candidates at once, then each row looks only at its own, so
that its choice and score don't depend on its neighbours. The chosen vectors become the constant of a small session of
their own, made for the batch: ONNX Runtime then arranges them for its kernels once instead of at every step, which
pays from a few rows on. For fewer rows they are inputs of the decoder's own graph. Where every word is allowed, one
such session serves all batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from translation.engines.graph import Array, Graph, Model, Session
from translation.engines.network import Embedding, Network
from translation.engines.student_graphs import MASKED

_COLUMNS_MULTIPLE = 64  # few different widths, and always at least one column to spare


@dataclass(frozen=True, slots=True)
class Candidates:
    """The words that the rows of one batch may use."""

    words: NDArray[np.int64]  # target word in each column of the product, [N]
    columns: NDArray[np.int32]  # each row's own columns, filled up with one that always loses, [B, K]
    vectors: Array  # [W, N]
    bias: NDArray[np.float32]  # [N]
    session: Session | None = None  # for just these words, where one is kept


class Projection:
    """Scores words. May be shared by threads."""

    def __init__(self, network: Network) -> None:
        self._width = network.width
        self._input_scale = network.projection_input_scale
        self._vectors_scale = network.target_words.scale
        self._spare_word = network.target_words.words
        self._bias = np.append(network.projection_bias, np.float32(MASKED))  # the last for columns to spare
        self._gathering = _gathering_session(network.target_words)
        self._products: dict[int, Model] = {}  # by number of columns
        self._everything: tuple[NDArray[np.int64], Candidates] | None = None  # the last row of every word, as made

    def candidates(self, rows: Sequence[NDArray[np.int64]]) -> Candidates:
        """For rows that may use these target words, sorted, without repeats."""
        first = rows[0]
        if len(first) < self._spare_word - 1 or not all(row is first for row in rows):
            return self._gathered(rows)
        if self._everything is None or self._everything[0] is not first:
            made = self._gathered([first])
            self._everything = first, replace(made, session=self._session(made))
        made = self._everything[1]
        return replace(made, columns=np.repeat(made.columns, len(rows), axis=0))

    def _gathered(self, rows: Sequence[NDArray[np.int64]]) -> Candidates:
        allowed = np.zeros(self._spare_word, bool)
        for row in rows:
            allowed[row] = True
        words = np.flatnonzero(allowed)
        column = np.zeros(self._spare_word, np.int32)
        column[words] = np.arange(len(words))
        columns = np.full((len(rows), max(map(len, rows))), len(words), np.int32)
        for number, row in enumerate(rows):
            columns[number, : len(row)] = column[row]

        spare = _COLUMNS_MULTIPLE - len(words) % _COLUMNS_MULTIPLE
        words = np.concatenate([words, np.full(spare, self._spare_word)])
        (vectors,) = self._gathering.run(["vectors"], {"words": words})
        return Candidates(words, columns, vectors, self._bias[words])

    def session(self, candidates: Candidates) -> Session:
        """``hidden`` [B, W], ``columns`` int32 [B, K] > ``best`` int64 [B], ``score`` float32 [B], and where they are
        asked for ``chances`` float32 [B, K]: the logarithm of each word's."""
        return candidates.session or self._session(candidates)

    def _session(self, candidates: Candidates) -> Session:
        model = self._products.get(len(candidates.words))
        if model is None:
            model = self._products[len(candidates.words)] = self._model(candidates)
        return model.brief_session({"vectors": candidates.vectors, "bias": candidates.bias})

    def _model(self, candidates: Candidates) -> Model:
        graph = Graph()
        hidden = graph.input("hidden", np.uint8 if self._input_scale else np.float32, ["B", self._width])
        vectors = graph.replaceable_constant("vectors", candidates.vectors)
        bias = graph.replaceable_constant("bias", candidates.bias)
        self._choose(graph, hidden, vectors, bias)
        return graph.model()

    def within(self, graph: Graph, hidden: str) -> None:
        """Goes on from ``hidden`` in a graph, with ``vectors``, ``bias`` and ``columns`` as inputs."""
        dtype = np.int8 if self._input_scale else np.float32
        vectors = graph.input("vectors", dtype, [self._width, "N"])
        bias = graph.input("bias", np.float32, ["N"])
        self._choose(graph, hidden, vectors, bias)

    def _choose(self, graph: Graph, hidden: str, vectors: str, bias: str) -> None:
        columns = graph.input("columns", np.int32, ["B", "K"])
        if self._input_scale:
            scale = graph.number(self._vectors_scale)
            logits = graph.integer_product(graph.already_rounded(hidden, self._input_scale), vectors, scale, bias)
        else:
            logits = graph.op("Add", [graph.op("MatMul", [hidden, vectors]), bias])
        own = graph.op("LogSoftmax", [graph.op("GatherElements", [logits, columns], axis=1)], axis=-1, name="chances")
        graph.op("ArgMax", [own], axis=1, keepdims=0, name="best")
        graph.op("ReduceMax", [own], axes=[1], keepdims=0, name="score")
        graph.output("best", np.int64, ["B"])
        graph.output("score", np.float32, ["B"])
        graph.output("chances", np.float32, ["B", "K"])


def _gathering_session(embedding: Embedding) -> Session:
    """``words`` int64 [N] > ``vectors`` [W, N]."""
    graph = Graph()
    words = graph.input("words", np.int64, ["N"])
    gathered = graph.op("Gather", [graph.constant(embedding.vectors), words])
    graph.op("Transpose", [gathered], perm=[1, 0], name="vectors")
    graph.output("vectors", embedding.vectors.dtype, [embedding.vectors.shape[1], "N"])
    return graph.model().session()

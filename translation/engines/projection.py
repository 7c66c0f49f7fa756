"""From the decoder's output to the next word: scores only the words that a shortlist allows, each row its own.

A batch multiplies with the word vectors of all its rows' candidates at once, then each row looks only at its own, so
that its choice and score don't depend on its neighbours. The chosen vectors become the constant of a small session of
their own, made for the batch: ONNX Runtime then arranges them for its kernels once instead of at every step, which
pays from a few rows on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from translation.engines.graph import Array, Graph, Model, Session
from translation.engines.network import Network
from translation.engines.student_graphs import MASKED

_ROWS_WORTH_A_SESSION = 4
_COLUMNS_MULTIPLE = 64  # few different widths, and always at least one column to spare
_OUTPUTS = ["best", "score"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Chooses words for the rows of one batch, all of them or those that are left."""

    _session: Session
    _words: NDArray[np.int64]  # target word in each column of the product, [N]
    _constants: dict[str, Array]

    columns: NDArray[np.int32]  # each row's own columns, filled up with one that always loses, [B, K]

    def choose(self, hidden: Array, columns: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best word of each row and its log-probability, both [B], from the decoder's output [B, W]."""
        feed = {"hidden": hidden, "columns": columns, **self._constants}
        best, score = self._session.run(_OUTPUTS, feed)
        return self._words[columns[np.arange(len(columns)), best]], score


class Projection:
    """Makes a :class:`Choice` for each batch. May be shared by threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._bias = np.append(network.projection_bias, np.float32(MASKED))  # the last for columns to spare
        self._gathering = self._gathering_session()
        self._passing = self._product(None).session()
        self._products: dict[int, Model] = {}  # by number of columns

    def choice(self, candidates: Sequence[NDArray[np.int64]]) -> Choice:
        """For rows with these candidates: target words, sorted, without repeats."""
        spare_word = self._network.target_words.words
        allowed = np.zeros(spare_word, bool)
        for row in candidates:
            allowed[row] = True
        words = np.flatnonzero(allowed)
        column = np.zeros(spare_word, np.int32)
        column[words] = np.arange(len(words))
        columns = np.full((len(candidates), max(map(len, candidates))), len(words), np.int32)
        for number, row in enumerate(candidates):
            columns[number, : len(row)] = column[row]

        spare = _COLUMNS_MULTIPLE - len(words) % _COLUMNS_MULTIPLE
        words = np.concatenate([words, np.full(spare, spare_word)])
        (vectors,) = self._gathering.run(["vectors"], {"words": words})
        constants = {"vectors": vectors, "bias": self._bias[words]}
        if len(candidates) < _ROWS_WORTH_A_SESSION:
            return Choice(self._passing, words, constants, columns)
        product = self._products.get(len(words))
        if product is None:
            product = self._products[len(words)] = self._product(constants)
        return Choice(product.brief_session(constants), words, {}, columns)

    def _gathering_session(self) -> Session:
        """``words`` int64 [N] > ``vectors`` [W, N]."""
        graph, embedding = Graph(), self._network.target_words
        words = graph.input("words", np.int64, ["N"])
        gathered = graph.op("Gather", [graph.constant(embedding.vectors), words])
        graph.op("Transpose", [gathered], perm=[1, 0], name="vectors")
        graph.output("vectors", embedding.vectors.dtype, [self._network.width, "N"])
        return graph.model().session()

    def _product(self, constants: Mapping[str, Array] | None) -> Model:
        """``hidden`` [B, W], ``columns`` int32 [B, K] > ``best`` int64 [B] (among the row's columns), ``score`` [B].

        Without ``constants``, ``vectors`` [W, N] and ``bias`` [N] are inputs, too. With them the model keeps no
        more of them than their shapes.
        """
        network = self._network
        graph = Graph()
        step = network.projection_input_scale
        hidden = graph.input("hidden", np.uint8 if step else np.float32, ["B", network.width])
        columns = graph.input("columns", np.int32, ["B", "K"])
        if constants is None:
            vectors = graph.input("vectors", network.target_words.vectors.dtype, [network.width, "N"])
            bias = graph.input("bias", np.float32, ["N"])
        else:
            vectors = graph.replaceable_constant("vectors", constants["vectors"])
            bias = graph.replaceable_constant("bias", constants["bias"])
        if step:
            scale = graph.number(network.target_words.scale)
            logits = graph.integer_product(graph.already_rounded(hidden, step), vectors, scale, bias)
        else:
            logits = graph.op("Add", [graph.op("MatMul", [hidden, vectors]), bias])
        own = graph.op("LogSoftmax", [graph.op("GatherElements", [logits, columns], axis=1)], axis=-1)
        graph.op("ArgMax", [own], axis=1, keepdims=0, name="best")
        graph.op("ReduceMax", [own], axes=[1], keepdims=0, name="score")
        graph.output("best", np.int64, ["B"])
        graph.output("score", np.float32, ["B"])
        return graph.model()

"""A student's network as its file describes it: dimensions and matrices, nothing that computes.

Students are Marian transformers with a normal encoder and a small decoder, recurrent (SSRU cells) or with attention to
the words before. Dimensions come from the configuration inside the file and are checked against the tensors; whatever
differs from the family in a way that would change the result is refused, with the file's name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelFileError
from models.marian_file import FLOAT32, MarianFile

# What the configuration must say for the graphs to compute the same function. Missing keys have Marian's default.
_REQUIRED = {
    "type": ("transformer", "transformer"),
    "transformer-preprocess": ("", ""),
    "transformer-postprocess": ("dan", "dan"),
    "transformer-postprocess-emb": ("d", "d"),
    "transformer-postprocess-top": ("", ""),
    "transformer-ffn-activation": ("relu", "swish"),
    "transformer-ffn-depth": ("2", "2"),
    "transformer-no-projection": ("false", "false"),
    "transformer-train-position-embeddings": ("false", "false"),
    "transformer-tied-layers": ((), ()),
    "lemma-dim-emb": ("0", "0"),
}

# How the decoder knows of the words before: by a recurrent cell, of which there are several, or by attention.
_AUTOREG = "transformer-decoder-autoreg"
_SELF_ATTENTION = "self-attention"  # Marian's default
_REQUIRED_OF_CELLS = {_AUTOREG: ("rnn", _SELF_ATTENTION), "dec-cell": ("ssru", "gru")}


@dataclass(frozen=True, slots=True)
class Affine:
    """``x @ weights + bias``.

    ``weights`` is [inputs, outputs]: int8, to be multiplied by ``scale``, or float32 with ``scale`` 1. ``input_scale``
    is the step by which inputs are rounded to eight bits; None means that they are not rounded. int8 weights always
    have one.
    """

    weights: NDArray[np.int8] | NDArray[np.float32]
    bias: NDArray[np.float32]
    scale: float = 1.0
    input_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """Scale and bias of a layer normalisation."""

    scale: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedding:
    """Word vectors [words + 1, width], to be multiplied by ``scale``.

    The last one is zero and belongs to no word: it stands before the first word of a translation.
    """

    vectors: NDArray[np.int8] | NDArray[np.float32]
    scale: float

    @property
    def words(self) -> int:
        return len(self.vectors) - 1


@dataclass(frozen=True, slots=True)
class Attention:
    query: Affine
    key: Affine
    value: Affine
    output: Affine
    norm: Norm


@dataclass(frozen=True, slots=True)
class FeedForward:
    inner: Affine
    outer: Affine
    norm: Norm


@dataclass(frozen=True, slots=True)
class EncoderLayer:
    attention: Attention
    feed_forward: FeedForward


@dataclass(frozen=True, slots=True)
class Recurrence:
    """SSRU cell: ``f = sigmoid(forget(x)); c = f * c + (1 - f) * (x @ update); y = relu(c)``."""

    forget: Affine
    update: Affine
    output: Affine | None  # a projection that some shapes have
    norm: Norm


@dataclass(frozen=True, slots=True)
class DecoderLayer:
    history: Recurrence | Attention  # how it knows of the words before
    context: Attention
    feed_forward: FeedForward


@dataclass(frozen=True, slots=True)
class Network:
    """The whole student. At its end every word is scored by its vector in ``target_words``, plus its bias."""

    width: int
    heads: int
    source_words: Embedding
    target_words: Embedding
    encoder: tuple[EncoderLayer, ...]
    decoder: tuple[DecoderLayer, ...]
    projection_bias: NDArray[np.float32]
    projection_input_scale: float | None
    alignment_layer: int  # decoder layer whose first head was trained to point at the source word


def from_file(file: MarianFile) -> Network:
    """The network in a model file. Raises ModelFileError where it is of another family or its tensors don't fit."""
    attends = file.config.get(_AUTOREG, _SELF_ATTENTION) == _SELF_ATTENTION
    for key, (wanted, default) in (_REQUIRED if attends else _REQUIRED | _REQUIRED_OF_CELLS).items():
        found = file.config.get(key, default)
        if found != wanted:
            raise ModelFileError(file.path, f"has a network that is not supported: {key} is {found!r}, not {wanted!r}")
    return _Builder(file).network()


class _Builder:
    def __init__(self, file: MarianFile) -> None:
        self._file = file
        self._width = self._number("dim-emb")
        self._attends = file.config.get(_AUTOREG, _SELF_ATTENTION) == _SELF_ATTENTION
        # Files without stored input steps expect inputs to be measured as they come, for a whole batch at a time,
        # which would let rows influence each other. Those run in floating point.
        self._rounded = any(name.endswith("_QuantMultA") for name in file.tensors)

    def network(self) -> Network:
        file, width, heads = self._file, self._width, self._number("transformer-heads")
        if width % heads or width % 2:
            raise ModelFileError(file.path, f"is damaged: {heads} heads over a width of {width}")
        shared = "Wemb" in file.tensors
        target = self._embedding("Wemb" if shared else "decoder_Wemb")
        depth = self._number("dec-depth")
        return Network(
            width=width,
            heads=heads,
            source_words=target if shared else self._embedding("encoder_Wemb"),
            target_words=target,
            encoder=tuple(self._encoder_layer(f"encoder_l{n}") for n in self._layers("enc-depth")),
            decoder=tuple(self._decoder_layer(f"decoder_l{n}") for n in self._layers("dec-depth")),
            projection_bias=self._vector("decoder_ff_logit_out_b", target.words),
            projection_input_scale=self._input_scale("none" if shared else "decoder_Wemb"),
            alignment_layer=self._alignment_layer(depth),
        )

    def _encoder_layer(self, prefix: str) -> EncoderLayer:
        return EncoderLayer(self._attention(f"{prefix}_self"), self._feed_forward(f"{prefix}_ffn"))

    def _decoder_layer(self, prefix: str) -> DecoderLayer:
        history = self._attention(f"{prefix}_self") if self._attends else self._recurrence(f"{prefix}_rnn")
        return DecoderLayer(history, self._attention(f"{prefix}_context"), self._feed_forward(f"{prefix}_ffn"))

    def _recurrence(self, rnn: str) -> Recurrence:
        return Recurrence(
            forget=self._affine(f"{rnn}_Wf", f"{rnn}_bf", self._width, self._width),
            update=self._affine(f"{rnn}_W", None, self._width, self._width),
            output=self._affine(f"{rnn}_Wo", f"{rnn}_bo", self._width, self._width)
            if f"{rnn}_Wo" in self._file.tensors
            else None,
            norm=self._norm(f"{rnn}_ffn"),
        )

    def _attention(self, prefix: str) -> Attention:
        width = self._width
        query, key, value, output = (
            self._affine(f"{prefix}_W{part}", f"{prefix}_b{part}", width, width) for part in "qkvo"
        )
        return Attention(query, key, value, output, self._norm(f"{prefix}_Wo"))

    def _feed_forward(self, prefix: str) -> FeedForward:
        inner = self._affine(f"{prefix}_W1", f"{prefix}_b1", self._width, None)
        outer = self._affine(f"{prefix}_W2", f"{prefix}_b2", inner.weights.shape[1], self._width)
        return FeedForward(inner, outer, self._norm(f"{prefix}_ffn"))

    def _affine(self, name: str, bias: str | None, inputs: int, outputs: int | None) -> Affine:
        tensor = self._file.tensor(name)
        if len(tensor.shape) != 2 or tensor.shape[0] != inputs or outputs not in (None, tensor.shape[1]):
            raise ModelFileError(self._file.path, f"is damaged: the tensor {name!r} has the shape {tensor.shape}")
        offsets = self._vector(bias, tensor.shape[1]) if bias else np.zeros(tensor.shape[1], np.float32)
        if tensor.type == FLOAT32:
            return Affine(tensor.floats(), offsets)
        # Rounded matrices are stored transposed, under the shape they have when not.
        values, multiplier = tensor.eight_bit()
        values = values.reshape(tensor.shape[::-1]).T
        if not self._rounded:
            return Affine(values.astype(np.float32) / np.float32(multiplier), offsets)
        return Affine(values, offsets, 1 / multiplier, self._input_scale(name))

    def _embedding(self, name: str) -> Embedding:
        tensor = self._file.tensor(name)
        if len(tensor.shape) != 2 or tensor.shape[1] != self._width or tensor.shape[0] < 2:
            raise ModelFileError(self._file.path, f"is damaged: the tensor {name!r} has the shape {tensor.shape}")
        no_word = ((0, 1), (0, 0))
        if tensor.type == FLOAT32 or not self._rounded:
            return Embedding(np.pad(tensor.floats(), no_word), 1.0)
        values, multiplier = tensor.eight_bit()
        return Embedding(np.pad(values, no_word), 1 / multiplier)

    def _input_scale(self, name: str) -> float | None:
        if not self._rounded:
            return None
        multiplier = float(self._file.tensor(f"{name}_QuantMultA").floats().ravel()[0])
        if not multiplier > 0:
            raise ModelFileError(self._file.path, f"is damaged: {name!r} multiplies its inputs by {multiplier}")
        return 1 / multiplier

    def _norm(self, prefix: str) -> Norm:
        return Norm(self._vector(f"{prefix}_ln_scale", self._width), self._vector(f"{prefix}_ln_bias", self._width))

    def _vector(self, name: str, length: int) -> NDArray[np.float32]:
        # A copy: a view would keep the whole file in memory for the sake of a few numbers.
        vector = self._file.tensor(name).floats().flatten()
        if len(vector) != length:
            raise ModelFileError(self._file.path, f"is damaged: the tensor {name!r} has {len(vector)} values")
        return vector

    def _alignment_layer(self, depth: int) -> int:
        layer = self._file.config.get("transformer-guided-alignment-layer", "last")
        return int(layer) - 1 if isinstance(layer, str) and layer.isdigit() and 0 < int(layer) <= depth else depth - 1

    def _layers(self, key: str) -> range:
        return range(1, self._number(key) + 1)

    def _number(self, key: str) -> int:
        value = self._file.config.get(key)
        if not isinstance(value, str) or not value.isdigit() or int(value) < 1:
            raise ModelFileError(self._file.path, f"has a configuration without a usable {key!r}")
        return int(value)

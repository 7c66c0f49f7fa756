"""Students of any shape with random weights, and a plain numpy version of what such a network computes."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from models.installed import Installed, student
from tests.models.marian_writer import Floats, Rounded, write_marian, write_shortlist

END = 0
SOURCE_WORDS, TARGET_WORDS = 50, 65  # the first for both where they are shared
STEP = 1 / 30  # of rounded inputs
TEXTS = [
    "the quick brown fox jumps over the lazy dog",
    "a small river runs through seven green valleys",
    "nobody knows where those old wooden boats went",
    "we walk home when evening lights begin to glow",
    "she paints tall houses with bright yellow doors",
    "bread and cheese make a fine lunch in summer",
]


@dataclass(frozen=True)
class Shape:
    width: int = 32
    heads: int = 4
    inner: int = 48
    encoder: int = 2
    decoder: int = 2
    shared: bool = True
    rounded: bool = True  # weights in eight bits
    input_steps: bool = True  # the file holds the steps that inputs are rounded to
    projection: bool = False  # the recurrent cells have one
    attends: bool = False  # the decoder attends to the words before instead of having recurrent cells
    shortlist: bool = False


def vocabulary(path: Path, size: int) -> Path:
    path.write_bytes(_pieces(size))
    return path


@cache
def _pieces(size: int) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 3),
        model_writer=model,
        vocab_size=size,
        eos_id=END,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=5,
    )
    return model.getvalue()


class Weights:
    """Random weights: what a file means and how it says it."""

    def __init__(self, shape: Shape, random: np.random.Generator) -> None:
        self.values: dict[str, Floats] = {}
        self.stored: dict[str, Floats | Rounded] = {}
        self._shape = shape
        self._random = random

    def matrix(self, name: str, inputs: int, outputs: int, spread: float, *, transposed: bool = True) -> None:
        values = (self._random.standard_normal((inputs, outputs)) * spread).astype(np.float32)
        if self._shape.rounded:
            multiplier = 127 / float(np.abs(values).max())
            eight_bit = np.rint(values * multiplier).astype(np.int8)
            values = eight_bit.astype(np.float32) / np.float32(multiplier)
            as_stored = np.ascontiguousarray(eight_bit.T) if transposed else eight_bit
            self.stored[name] = (as_stored, (inputs, outputs), multiplier)
        else:
            self.stored[name] = values
        self.values[name] = values

    def vector(self, name: str, length: int, middle: float, spread: float) -> None:
        vector = (middle + self._random.standard_normal((1, length)) * spread).astype(np.float32)
        self.values[name] = self.stored[name] = vector

    def affine(self, weights: str, bias: str | None, inputs: int, outputs: int) -> None:
        self.matrix(weights, inputs, outputs, inputs**-0.5)
        if bias:
            self.vector(bias, outputs, 0, 0.1)
        if self._shape.input_steps:
            self.stored[f"{weights}_QuantMultA"] = np.array([[1 / STEP]], np.float32)

    def norm(self, prefix: str) -> None:
        self.vector(f"{prefix}_ln_scale", self._shape.width, 1, 0.1)
        self.vector(f"{prefix}_ln_bias", self._shape.width, 0, 0.1)

    def attention(self, prefix: str) -> None:
        for part in "qkvo":
            self.affine(f"{prefix}_W{part}", f"{prefix}_b{part}", self._shape.width, self._shape.width)
        self.norm(f"{prefix}_Wo")

    def feed_forward(self, prefix: str) -> None:
        self.affine(f"{prefix}_W1", f"{prefix}_b1", self._shape.width, self._shape.inner)
        self.affine(f"{prefix}_W2", f"{prefix}_b2", self._shape.inner, self._shape.width)
        self.norm(f"{prefix}_ffn")

    def recurrence(self, prefix: str) -> None:
        width = self._shape.width
        self.affine(f"{prefix}_W", None, width, width)
        self.affine(f"{prefix}_Wf", f"{prefix}_bf", width, width)
        if self._shape.projection:
            self.affine(f"{prefix}_Wo", f"{prefix}_bo", width, width)
        self.norm(f"{prefix}_ffn")

    def words(self, name: str, size: int) -> None:
        self.matrix(name, size, self._shape.width, self._shape.width**-0.5, transposed=False)

    def output_step(self) -> None:
        # Marian stores this one under another name and in another way where the vocabularies are split.
        if self._shape.shared:
            self.stored["none_QuantMultA"] = np.array([[1 / STEP]], np.float32)
        else:
            self.stored["decoder_Wemb_QuantMultA"] = (np.array([[127]], np.int8), (1, 1), 127 * STEP)


def make(folder: Path, shape: Shape, seed: int = 0) -> tuple[Installed, Reference]:
    """Writes a student's files into ``folder``."""
    random = np.random.default_rng(seed)
    weights = Weights(shape, random)
    for layer in range(1, shape.encoder + 1):
        weights.attention(f"encoder_l{layer}_self")
        weights.feed_forward(f"encoder_l{layer}_ffn")
    for layer in range(1, shape.decoder + 1):
        if shape.attends:
            weights.attention(f"decoder_l{layer}_self")
        else:
            weights.recurrence(f"decoder_l{layer}_rnn")
        weights.attention(f"decoder_l{layer}_context")
        weights.feed_forward(f"decoder_l{layer}_ffn")
    target_size = SOURCE_WORDS if shape.shared else TARGET_WORDS
    source_name, target_name = ("Wemb", "Wemb") if shape.shared else ("encoder_Wemb", "decoder_Wemb")
    for name, size in {source_name: SOURCE_WORDS, target_name: target_size}.items():
        weights.words(name, size)
    weights.vector("decoder_ff_logit_out_b", target_size, 0, 0.5)
    if shape.input_steps:
        weights.output_step()

    write_marian(folder / "model.xxyy.bin", config(shape), weights.stored)
    if shape.shared:
        vocabulary(folder / "vocab.xxyy.spm", SOURCE_WORDS)
    else:
        vocabulary(folder / "srcvocab.xxyy.spm", SOURCE_WORDS)
        vocabulary(folder / "trgvocab.xxyy.spm", TARGET_WORDS)
    if shape.shortlist:
        lists = [random.choice(target_size, 12, replace=False).tolist() for _ in range(SOURCE_WORDS)]
        write_shortlist(folder / "lex.xxyy.bin", lists, frequent=5)
    installed = student(folder, "xx", "yy", "tiny")
    assert installed is not None
    return installed, Reference(shape, weights.values, source_name, target_name)


def config(shape: Shape) -> str:
    return "\n".join(
        [
            "type: transformer",
            f"dim-emb: {shape.width}",
            f"transformer-heads: {shape.heads}",
            f"enc-depth: {shape.encoder}",
            f"dec-depth: {shape.decoder}",
            f"dec-cell: {'gru' if shape.attends else 'ssru'}",
            f"transformer-decoder-autoreg: {'self-attention' if shape.attends else 'rnn'}",
            "transformer-ffn-activation: relu",
            "transformer-guided-alignment-layer: last",
        ]
    )


class Reference:
    """The network word by word, row by row, in numpy."""

    def __init__(self, shape: Shape, weights: dict[str, Floats], source_name: str, target_name: str) -> None:
        self._shape = shape
        self._weights = self.weights = weights
        self._source_name = source_name
        self._target_name = target_name

    def steps(self, source: Sequence[int], words: Sequence[int]) -> tuple[NDArray[Any], list[int]]:
        """Scores of all words [words + 1, vocabulary] before each word and after the last, and for each step the
        source piece with the most attention."""
        shape = self._shape
        x = self._embed(self._source_name, source) + positions(len(source), shape.width)
        for layer in range(1, shape.encoder + 1):
            x = self._attention(f"encoder_l{layer}_self", x, x)[0]
            x = self._feed_forward(f"encoder_l{layer}_ffn", x)
        places = positions(len(words) + 1, shape.width)
        states = [np.zeros((0, shape.width)) if shape.attends else np.zeros(shape.width)] * shape.decoder
        scores, aligned = [], []
        for step in range(len(words) + 1):
            before = self._embed(self._target_name, [words[step - 1]])[0] if step else np.zeros(shape.width)
            y = before + places[step]
            for layer in range(1, shape.decoder + 1):
                if shape.attends:
                    # As Marian does it: what went into the layer is kept, keys and values are computed anew.
                    states[layer - 1] = np.vstack([states[layer - 1], y])
                    y = self._attention(f"decoder_l{layer}_self", y[None], states[layer - 1])[0][0]
                else:
                    y, states[layer - 1] = self._recurrence(f"decoder_l{layer}_rnn", y, states[layer - 1])
                attended, weights = self._attention(f"decoder_l{layer}_context", y[None], x)
                y = self._feed_forward(f"decoder_l{layer}_ffn", attended)[0]
            aligned.append(int(weights[0, 0].argmax()))
            vectors = self._weights[self._target_name]
            scores.append(self._round(y, negative=True) @ vectors.T + self._weights["decoder_ff_logit_out_b"][0])
        return np.array(scores), aligned

    def greedy(self, source: Sequence[int], allowed: Sequence[int], limit: int) -> tuple[list[int], float]:
        """The best of the allowed words at each step until the end, which is left out; mean log-probability."""
        words: list[int] = []
        chances = []
        while len(words) < limit:
            scores = self.steps(source, words)[0][-1][list(allowed)]
            chances.append(float(scores.max() - np.log(np.exp(scores).sum())))
            best = int(allowed[int(scores.argmax())])
            if best == END:
                break
            words.append(best)
        return words, sum(chances) / len(chances)

    def _embed(self, name: str, ids: Sequence[int]) -> NDArray[Any]:
        return self._weights[name][list(ids)] * math.sqrt(self._shape.width)

    def _recurrence(self, prefix: str, x: NDArray[Any], state: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        forget = 1 / (1 + np.exp(-self._affine(f"{prefix}_Wf", f"{prefix}_bf", x)))
        state = forget * state + (1 - forget) * self._affine(f"{prefix}_W", None, x)
        y = np.maximum(state, 0)
        if self._shape.projection:
            y = self._affine(f"{prefix}_Wo", f"{prefix}_bo", y)
        return self._norm(f"{prefix}_ffn", x + y), state

    def _attention(self, prefix: str, x: NDArray[Any], memory: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        def by_head(part: str, y: NDArray[Any]) -> NDArray[Any]:
            projected = self._affine(f"{prefix}_W{part}", f"{prefix}_b{part}", y)
            return projected.reshape(len(y), self._shape.heads, -1).transpose(1, 0, 2)

        query, key, value = by_head("q", x), by_head("k", memory), by_head("v", memory)
        products = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        weights = np.exp(products - products.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mixed = (weights @ value).transpose(1, 0, 2).reshape(len(x), -1)
        return self._norm(f"{prefix}_Wo", x + self._affine(f"{prefix}_Wo", f"{prefix}_bo", mixed)), weights

    def _feed_forward(self, prefix: str, x: NDArray[Any]) -> NDArray[Any]:
        inner = np.maximum(self._affine(f"{prefix}_W1", f"{prefix}_b1", x), 0)
        outer = self._affine(f"{prefix}_W2", f"{prefix}_b2", inner, negative=False)
        return self._norm(f"{prefix}_ffn", x + outer)

    def _affine(self, weights: str, bias: str | None, x: NDArray[Any], *, negative: bool = True) -> NDArray[Any]:
        y = self._round(x, negative=negative) @ self._weights[weights]
        return y + self._weights[bias][0] if bias else y

    def _round(self, x: NDArray[Any], *, negative: bool) -> NDArray[Any]:
        if not (self._shape.rounded and self._shape.input_steps):
            return x
        return np.clip(np.rint(x / STEP), -128 if negative else 0, 127 if negative else 255) * STEP

    def _norm(self, prefix: str, x: NDArray[Any]) -> NDArray[Any]:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-6)
        normed: NDArray[Any] = scaled * self._weights[f"{prefix}_ln_scale"][0] + self._weights[f"{prefix}_ln_bias"][0]
        return normed


def positions(count: int, width: int) -> NDArray[Any]:
    half = width // 2
    table = np.zeros((count, width))
    for position in range(count):
        for i in range(half):
            angle = position / 10000 ** (i / (half - 1))
            table[position, i], table[position, half + i] = math.sin(angle), math.cos(angle)
    return table

"""The graphs of a student network: an encoder that runs once a batch and a decoder that runs once a step.

Letters in shapes: B rows, L source pieces, T words so far, W width, H heads, D width of a head. What the decoder's
attention needs of the source is laid out by the encoder as the decoder multiplies it, so that no step moves it again;
the mask of padding is part of the keys, as one more number a head that meets a constant 1 in the query.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from translation.engines.graph import Array, Graph, Session, Shape
from translation.engines.network import Affine, Attention, Embedding, FeedForward, Network, Recurrence

MASKED = -1e9  # what attention gets added where there is only padding


def encoder(network: Network, positions: int) -> Session:
    """``ids`` int64 [L, B], ``mask`` float32 [B, 1, 1, L] (0 or MASKED) > for each decoder layer n the float32
    ``keys<n>`` [B, H, D + 1, L] and ``values<n>`` [B, H, L, D].

    Rows lie behind positions, not before: so each head's queries, keys and values can be multiplied where they are.
    """
    graph = Graph()
    heads, width = network.heads, network.width
    size = width // heads
    ids = graph.input("ids", np.int64, ["L", "B"])
    mask = graph.input("mask", np.float32, ["B", 1, 1, "L"])

    length = graph.op("Gather", [graph.op("Shape", [ids]), graph.integers(0)], axis=0)
    table = graph.constant(_position_table(positions, width)[:, None])
    position = graph.op("Slice", [table, graph.integers(0), length, graph.integers(0)])
    x = graph.op("Add", [_embed(graph, network.source_words, width, ids), position])
    for layer in network.encoder:
        x = _self_attention(graph, layer.attention, heads, x, mask)
        x = _feed_forward(graph, layer.feed_forward, x)

    mask_row = graph.op("Expand", [mask, graph.integers(1, heads, 1, 1)])
    for number, decoder_layer in enumerate(network.decoder):
        keys, values = (
            graph.op("Reshape", [graph.affine(x, [part]), graph.integers(0, 0, heads, size)])
            for part in (decoder_layer.context.key, decoder_layer.context.value)
        )
        keys = graph.op("Transpose", [keys], perm=[1, 2, 3, 0])
        graph.op("Concat", [keys, mask_row], axis=2, name=f"keys{number}")
        graph.op("Transpose", [values], perm=[1, 2, 0, 3], name=f"values{number}")
        graph.output(f"keys{number}", np.float32, ["B", heads, size + 1, "L"])
        graph.output(f"values{number}", np.float32, ["B", heads, "L", size])
    return graph.model().session()


def states(network: Network) -> Mapping[str, tuple[int, ...]]:
    """What the decoder hands on from step to step, float32: name and shape of a row before the first step.

    Of a recurrent layer n ``state<n>`` [B, W], of one that attends to the words before ``past_keys<n>`` and
    ``past_values<n>`` [B, H, T, D], which grow by a word at each step.
    """
    found: dict[str, tuple[int, ...]] = {}
    for number, layer in enumerate(network.decoder):
        if isinstance(layer.history, Attention):
            shape = (network.heads, 0, network.width // network.heads)
            found |= {f"past_keys{number}": shape, f"past_values{number}": shape}
        else:
            found[f"state{number}"] = (network.width,)
    return found


def decoder(network: Network, positions: int, then: Callable[[Graph, str], None] | None = None) -> Session:
    """One step for all rows.

    ``previous`` int64 [B] (the last target word, or the number of target words at the start), ``step`` int64 scalar,
    the ``states`` and for each layer n the encoder's ``keys<n>`` and ``values<n>`` > ``hidden`` [B, W] (uint8, as the
    projection wants it, or float32 where inputs aren't rounded), ``aligned`` int64 [B, 1] (the source piece that is
    looked at) and for each state ``next_`` with its name, the new one. With ``then``, which goes on from the name of
    ``hidden`` in the graph, the outputs are its own instead of ``hidden``.
    """
    graph = Graph()
    heads, width = network.heads, network.width
    size = width // heads
    previous = graph.input("previous", np.int64, ["B"])
    step = graph.input("step", np.int64, [])

    table = graph.constant(_position_table(positions, width))
    x = graph.op("Add", [_embed(graph, network.target_words, width, previous), graph.op("Gather", [table, step])])
    for number, layer in enumerate(network.decoder):
        keys = graph.input(f"keys{number}", np.float32, ["B", heads, size + 1, "L"])
        values = graph.input(f"values{number}", np.float32, ["B", heads, "L", size])
        if isinstance(layer.history, Attention):
            x = _attention_to_words(graph, layer.history, heads, x, number)
        else:
            x = _recurrence(graph, layer.history, x, number)

        query = graph.op(
            "Reshape",
            [graph.affine(x, [_with_mask_query(layer.context.query, heads)]), graph.integers(-1, heads, 1, size + 1)],
        )
        weights = graph.op("Softmax", [graph.op("MatMul", [query, keys])], axis=-1)
        if number == network.alignment_layer:
            first_head = graph.op("Gather", [weights, graph.integer(0)], axis=1)
            graph.op("ArgMax", [first_head], axis=2, keepdims=0, name="aligned")
            graph.output("aligned", np.int64, ["B", 1])
        mixed = graph.op("Reshape", [graph.op("MatMul", [weights, values]), graph.integers(-1, width)])
        x = graph.add_and_norm(graph.affine(mixed, [layer.context.output]), x, layer.context.norm)
        x = _feed_forward(graph, layer.feed_forward, x)

    if network.projection_input_scale is None:
        graph.op("Identity", [x], name="hidden")
    else:
        graph.rounded(x, network.projection_input_scale, name="hidden")
    if then is None:
        graph.output("hidden", np.float32 if network.projection_input_scale is None else np.uint8, ["B", width])
    else:
        then(graph, "hidden")
    return graph.model().session()


def _embed(graph: Graph, words: Embedding, width: int, ids: str) -> str:
    """Word vectors times the root of the width."""
    gathered = graph.op("Gather", [graph.constant(words.vectors), ids])
    scale = graph.number(math.sqrt(width) * words.scale)
    if words.vectors.dtype == np.int8:
        return graph.op("DequantizeLinear", [gathered, scale])
    return graph.op("Mul", [gathered, scale])


def _self_attention(graph: Graph, attention: Attention, heads: int, x: str, mask: str) -> str:
    width = attention.output.weights.shape[1]
    size = width // heads
    query, key, value = (
        graph.op("Reshape", [graph.affine(x, [part]), graph.integers(0, 0, heads, size)])
        for part in (_scaled(attention.query, size**-0.5), attention.key, attention.value)
    )
    products = graph.op("FusedMatMul", [query, key], transB=1, transBatchA=1, transBatchB=1)
    weights = graph.op("Softmax", [graph.op("Add", [products, mask])], axis=-1)
    mixed = graph.op("Transpose", [graph.op("FusedMatMul", [weights, value], transBatchB=1)], perm=[2, 0, 1, 3])
    flat = graph.op("Reshape", [mixed, graph.integers(0, 0, width)])
    return graph.add_and_norm(graph.affine(flat, [attention.output]), x, attention.norm)


def _feed_forward(graph: Graph, layer: FeedForward, x: str) -> str:
    inner = graph.affine(x, [layer.inner])
    return graph.add_and_norm(graph.affine(inner, [layer.outer], relu=True), x, layer.norm)


def _attention_to_words(graph: Graph, attention: Attention, heads: int, x: str, number: int) -> str:
    """To the word before and all before that one: their keys and values are kept, so each is computed once.

    All rows of a batch have begun at the same step, so there is no padding to mask.
    """
    width = attention.output.weights.shape[1]
    size = width // heads
    parts = [_scaled(attention.query, size**-0.5), attention.key, attention.value]
    query, *new = (
        graph.op("Reshape", [part, graph.integers(-1, heads, 1, size)])
        for part in graph.split(graph.affine(x, parts), [width] * 3, axis=1)
    )
    keys, values = (
        _handed_on(graph, f"past_{kind}{number}", ["B", heads, "T", size], ["B", heads, "T1", size], one)
        for kind, one in zip(("keys", "values"), new, strict=True)
    )
    weights = graph.op("Softmax", [graph.op("FusedMatMul", [query, keys], transB=1)], axis=-1)
    mixed = graph.op("Reshape", [graph.op("MatMul", [weights, values]), graph.integers(-1, width)])
    return graph.add_and_norm(graph.affine(mixed, [attention.output]), x, attention.norm)


def _handed_on(graph: Graph, name: str, before: Shape, after: Shape, new: str) -> str:
    """A state with one more word: the output ``next_`` and its name."""
    past = graph.input(name, np.float32, before)
    grown = graph.op("Concat", [past, new], axis=2, name=f"next_{name}")
    graph.output(grown, np.float32, after)
    return grown


def _recurrence(graph: Graph, cell: Recurrence, x: str, number: int) -> str:
    width = cell.update.weights.shape[1]
    state = graph.input(f"state{number}", np.float32, ["B", width])
    next_state = f"next_state{number}"
    graph.output(next_state, np.float32, ["B", width])
    forget, update = graph.split(graph.affine(x, [cell.forget, cell.update]), [width, width], axis=1)
    kept = graph.op("Mul", [graph.op("Sigmoid", [forget]), graph.op("Sub", [state, update])])
    y = graph.op("Relu", [graph.op("Add", [update, kept], name=next_state)])
    if cell.output is not None:
        y = graph.affine(y, [cell.output])
    return graph.add_and_norm(y, x, cell.norm)


def _scaled(part: Affine, factor: float) -> Affine:
    """The same function times ``factor``."""
    if part.input_scale is None:
        return Affine(part.weights * np.float32(factor), part.bias * np.float32(factor))
    return Affine(part.weights, part.bias * np.float32(factor), part.scale * factor, part.input_scale)


def _with_mask_query(query: Affine, heads: int) -> Affine:
    """The query, scaled for the dot products, with a constant 1 behind each head to meet the mask in the keys."""
    width = query.weights.shape[0]
    size = width // heads
    scaled = _scaled(query, size**-0.5)

    def widened(values: Array, constant: float) -> Array:
        by_head = values.reshape(*values.shape[:-1], heads, size)
        last = np.full((*values.shape[:-1], heads, 1), constant, values.dtype)
        return np.concatenate([by_head, last], axis=-1).reshape(*values.shape[:-1], heads * (size + 1))

    return Affine(widened(scaled.weights, 0), widened(scaled.bias, 1), scaled.scale, scaled.input_scale)


def _position_table(positions: int, width: int) -> NDArray[np.float32]:
    """Marian's sinusoids [positions, width]: sines in the first half, cosines in the second."""
    half = width // 2
    frequencies = np.exp(-np.arange(half) * (math.log(10000) / max(half - 1, 1)))
    angles = np.arange(positions)[:, None] * frequencies[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)

"""Builds ONNX graphs and runs them: a thin layer over onnx and ONNX Runtime, without any knowledge of the network.

Every session runs on the thread that calls it and on no other: threads over batches use the cores better than threads
within a batch. Sessions may be shared by threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import DTypeLike, NDArray
from onnx import TensorProto, helper, numpy_helper

from translation.engines.network import Affine, Norm

Array = NDArray[Any]
Shape = Sequence[int | str]

CONTRIB = "com.microsoft"
_OPSET = 17
_IR_VERSION = 9
_LARGE = 1024  # bytes
_SIGNED_ZERO = 128  # zero of inputs that were rounded to eight bits, where they may be negative
_FUSIONS_THAT_COST = ["SkipLayerNormFusion", "SkipLayerNormalizationFusion"]  # a quarter of the speed of what they fuse


@dataclass(frozen=True, slots=True)
class Rounded:
    """A tensor in eight bits: ``(values - zero) * scale``, with the names of the three in the graph."""

    values: str
    scale: str
    zero: str


class Session:
    """A graph that can run. May be shared by threads."""

    def __init__(self, serialized: bytes, constants: Mapping[str, Array], *, brief: bool) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Shapes differ from batch to batch: plans and memory kept for each would only pile up.
        options.enable_mem_pattern = options.enable_cpu_mem_arena = False
        if brief:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        # The runtime reads these where they are, so they live as long as the session.
        self._constants = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in constants.values()]
        options.add_external_initializers(list(constants), self._constants)
        self._session = onnxruntime.InferenceSession(
            serialized, options, providers=["CPUExecutionProvider"], disabled_optimizers=_FUSIONS_THAT_COST
        )

    def run(self, outputs: Sequence[str], feed: Mapping[str, Array]) -> list[Array]:
        results: list[Array] = self._session.run(outputs, feed)
        return results


@dataclass(frozen=True, slots=True)
class Model:
    """A finished graph. Its large constants stay in the process's memory, where sessions share them."""

    serialized: bytes
    constants: Mapping[str, Array]

    def session(self) -> Session:
        return Session(self.serialized, self.constants, brief=False)

    def brief_session(self, constants: Mapping[str, Array]) -> Session:
        """A session for one batch, with other large constants of the same shapes. Opens fast: runs the graph as is."""
        return Session(self.serialized, constants, brief=True)


class Graph:
    """A graph under construction. Tensors are referred to by name."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: dict[str, Array] = {}
        self._outside: set[str] = set()  # constants that are never part of the model, however small
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._names = 0

    def input(self, name: str, dtype: DTypeLike, shape: Shape) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, _type(dtype), shape))
        return name

    def output(self, name: str, dtype: DTypeLike, shape: Shape) -> None:
        self._outputs.append(helper.make_tensor_value_info(name, _type(dtype), shape))

    def constant(self, value: Array) -> str:
        return self._shared(self._name(), value)

    def replaceable_constant(self, name: str, value: Array) -> str:
        """A constant that each session of the model gets anew; the model keeps no more than its type and shape."""
        self._outside.add(name)
        return self._shared(name, value)

    def integers(self, *values: int) -> str:
        """A vector of shape or axis numbers."""
        return self._shared(f"integers {values}", np.array(values, np.int64))

    def integer(self, value: int) -> str:
        """A single index."""
        return self._shared(f"integer {value}", np.array(value, np.int64))

    def number(self, value: float) -> str:
        return self._shared(f"float {value!r}", np.array(value, np.float32))

    def op(self, kind: str, inputs: Sequence[str], *, name: str | None = None, **attributes: Any) -> str:
        """Adds an operation with one output and returns the output's name."""
        return self.ops(kind, inputs, names=[name or self._name()], **attributes)[0]

    def ops(self, kind: str, inputs: Sequence[str], *, names: Sequence[str], **attributes: Any) -> Sequence[str]:
        """Adds an operation with several outputs."""
        domain = CONTRIB if kind in ("MatMulIntegerToFloat", "FusedMatMul") else ""
        self._nodes.append(helper.make_node(kind, list(inputs), list(names), domain=domain, **attributes))
        return names

    def split(self, value: str, sizes: Sequence[int], axis: int) -> Sequence[str]:
        names = [self._name() for _ in sizes]
        return self.ops("Split", [value, self.integers(*sizes)], names=names, axis=axis)

    def rounded(self, value: str, scale: float, *, negative: bool = True, name: str | None = None) -> Rounded:
        """Rounds to eight bits. Without negative values (they become 0) the range above zero is twice as wide."""
        like = self.already_rounded(value, scale, negative=negative)
        return replace(like, values=self.op("QuantizeLinear", [value, like.scale, like.zero], name=name))

    def already_rounded(self, values: str, scale: float, *, negative: bool = True) -> Rounded:
        """Says how ``values`` were rounded elsewhere."""
        zero = self._shared(f"zero {negative}", np.array(_SIGNED_ZERO if negative else 0, np.uint8))
        return Rounded(values, self.number(scale), zero)

    def affine(self, value: str, parts: Sequence[Affine], *, relu: bool = False) -> str:
        """The parts' outputs side by side, in one product where their inputs are rounded alike.

        With ``relu``, ``value`` counts as 0 where it is negative.
        """
        if len({part.input_scale for part in parts}) > 1:
            return self.op("Concat", [self.affine(value, [part], relu=relu) for part in parts], axis=-1)
        weights = self.constant(np.concatenate([part.weights for part in parts], axis=1))
        bias = self.constant(np.concatenate([part.bias for part in parts]))
        input_scale = parts[0].input_scale
        if input_scale is None:
            positive = self.op("Relu", [value]) if relu else value
            return self.op("Add", [self.op("MatMul", [positive, weights]), bias])
        if len(parts) == 1:
            scales = np.array(parts[0].scale, np.float32)
        else:
            scales = np.concatenate([np.full(part.weights.shape[1], part.scale, np.float32) for part in parts])
        rounded = self.rounded(value, input_scale, negative=not relu)
        return self.integer_product(rounded, weights, self.constant(scales), bias)

    def integer_product(self, left: Rounded, right: str, right_scale: str, bias: str) -> str:
        """``left @ right * right_scale + bias`` in floating point; ``right`` is int8 with zero at 0."""
        inputs = [left.values, right, left.scale, right_scale, left.zero, "", bias]
        return self.op("MatMulIntegerToFloat", inputs)

    def add_and_norm(self, value: str, residual: str, norm: Norm) -> str:
        inputs = [self.op("Add", [value, residual]), self.constant(norm.scale), self.constant(norm.bias)]
        return self.op("LayerNormalization", inputs, epsilon=1e-6)

    def model(self) -> Model:
        inside, outside = [], {}
        for name, value in self._constants.items():
            if name in self._outside or value.nbytes >= _LARGE:
                outside[name] = np.ascontiguousarray(value)
            else:
                inside.append(numpy_helper.from_array(value, name))
        initializers = [*inside, *(_kept_outside(name, value) for name, value in outside.items())]
        graph = helper.make_graph(self._nodes, "graph", self._inputs, self._outputs, initializers)
        imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIB, 1)]
        proto = helper.make_model(graph, opset_imports=imports, ir_version=_IR_VERSION)
        kept = {name: value for name, value in outside.items() if name not in self._outside}
        return Model(proto.SerializeToString(), kept)

    def _shared(self, key: str, value: Array) -> str:
        if key not in self._constants:
            self._constants[key] = value
        return key

    def _name(self) -> str:
        self._names += 1
        return f"t{self._names}"


def _kept_outside(name: str, value: Array) -> TensorProto:
    tensor = TensorProto(name=name, data_type=_type(value.dtype), dims=value.shape, data_location=TensorProto.EXTERNAL)
    for key, text in (("location", "memory"), ("offset", "0"), ("length", str(value.nbytes))):
        tensor.external_data.add(key=key, value=text)
    return tensor


def _type(dtype: DTypeLike) -> int:
    return int(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

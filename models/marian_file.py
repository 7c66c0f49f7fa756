"""Reads Marian's binary model files (``model.*.bin``): named tensors and the network's own configuration.

Layout, little-endian: version and tensor count (u64 each); for each tensor a header of four u64 (name length, type,
dimensions, data bytes); all names, zero-terminated; all shapes (i32 each); the length of a padding and the padding;
all data. The configuration is one of the tensors, ``special:model.yml``, in plain YAML.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelFileError

VERSION = 1
CONFIG = "special:model.yml"

FLOAT32 = 0x0404
INTGEMM8 = 0x4101

# Generous bounds: a count beyond them means a foreign or damaged file, found before anything is allocated for it.
_MAX_TENSORS = 10_000
_MAX_DIMENSIONS = 8
_HEADER = struct.Struct("<4Q")


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as the file holds it."""

    name: str
    type: int  # Marian's type code: FLOAT32, INTGEMM8 or one that is not read here
    shape: tuple[int, ...]
    data: memoryview

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    def floats(self) -> NDArray[np.float32]:
        """The values, in the declared shape. An eight-bit tensor is scaled back."""
        if self.type == INTGEMM8:
            values, multiplier = self.eight_bit()
            return values.astype(np.float32) / np.float32(multiplier)
        return np.frombuffer(self.data, "<f4", self.size).reshape(self.shape)

    def eight_bit(self) -> tuple[NDArray[np.int8], float]:
        """Rounded values in the declared shape, row by row as stored, and what the true values were multiplied by."""
        values = np.frombuffer(self.data, np.int8, self.size).reshape(self.shape)
        return values, struct.unpack_from("<f", self.data, self.size)[0]


@dataclass(frozen=True, slots=True)
class MarianFile:
    """A model file in memory. ``config`` holds scalars as strings and lists as tuples of strings."""

    path: Path
    tensors: Mapping[str, Tensor]
    config: Mapping[str, str | tuple[str, ...]]

    def tensor(self, name: str) -> Tensor:
        """The tensor of this name, of a type that is read here. Raises ModelFileError."""
        tensor = self.tensors.get(name)
        if tensor is None:
            raise ModelFileError(self.path, f"the tensor {name!r} is missing")
        if tensor.type not in (FLOAT32, INTGEMM8):
            raise ModelFileError(self.path, f"the tensor {name!r} is of a type that is not supported: {tensor.type:#x}")
        return tensor


def read(path: Path) -> MarianFile:
    """Reads the file whole. Raises ModelFileError where it is missing, damaged or not a Marian model."""
    try:
        content = memoryview(path.read_bytes())
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    tensors = {tensor.name: tensor for tensor in _Reader(path, content).tensors()}
    if CONFIG not in tensors:
        raise ModelFileError(path, "holds no configuration of its network (special:model.yml)")
    text = bytes(tensors[CONFIG].data).split(b"\0", 1)[0].decode("utf-8", "replace")
    return MarianFile(path, tensors, parse_config(text))


def parse_config(text: str) -> dict[str, str | tuple[str, ...]]:
    """The subset of YAML that Marian writes: ``key: scalar`` and ``key:`` followed by ``- item`` lines."""
    config: dict[str, str | tuple[str, ...]] = {}
    key = ""
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("- "):
            items = config.get(key)
            config[key] = (*(items if isinstance(items, tuple) else ()), _scalar(stripped[2:]))
        elif ":" in stripped and not stripped.startswith("#"):
            key, _, value = stripped.partition(":")
            config[key] = () if value.strip() == "[]" else _scalar(value)
    return config


def _scalar(text: str) -> str:
    return text.strip().strip("\"'")


class _Reader:
    """A cursor over the file's bytes that refuses to leave them."""

    def __init__(self, path: Path, content: memoryview) -> None:
        self._path = path
        self._content = content
        self._at = 0

    def tensors(self) -> list[Tensor]:
        version, count = struct.unpack("<2Q", self._take(16, "header"))
        if version != VERSION or not 0 < count <= _MAX_TENSORS:
            raise ModelFileError(self._path, "is not a Marian model file of version 1")
        headers = [_HEADER.unpack(self._take(_HEADER.size, "header")) for _ in range(count)]
        names = [bytes(self._take(header[0], "names"))[:-1].decode("utf-8", "replace") for header in headers]
        shapes = [self._shape(name, header[2]) for name, header in zip(names, headers, strict=True)]
        (padding,) = struct.unpack("<Q", self._take(8, "padding"))
        self._take(padding, "padding")
        return [
            self._tensor(name, header[1], shape, self._take(header[3], f"tensor {name!r}"))
            for name, shape, header in zip(names, shapes, headers, strict=True)
        ]

    def _shape(self, name: str, dimensions: int) -> tuple[int, ...]:
        if dimensions > _MAX_DIMENSIONS:
            raise ModelFileError(self._path, f"is damaged: the tensor {name!r} claims {dimensions} dimensions")
        shape = struct.unpack(f"<{dimensions}i", self._take(4 * dimensions, "shapes"))
        if any(length < 0 for length in shape):
            raise ModelFileError(self._path, f"is damaged: the tensor {name!r} claims the shape {shape}")
        return shape

    def _tensor(self, name: str, code: int, shape: tuple[int, ...], data: memoryview) -> Tensor:
        tensor = Tensor(name, code, shape, data)
        needed = {FLOAT32: 4 * tensor.size, INTGEMM8: tensor.size + 4}.get(code, 0)
        if needed > len(data):
            raise ModelFileError(self._path, f"is damaged: the tensor {name!r} has {len(data)} bytes, not {needed}")
        return tensor

    def _take(self, length: int, what: str) -> memoryview:
        end = self._at + length
        if end > len(self._content):
            raise ModelFileError(self._path, f"is cut short: it ends within its {what}")
        taken = self._content[self._at : end]
        self._at = end
        return taken

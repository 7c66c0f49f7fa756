"""Writes small model and shortlist files in Marian's formats, as the tests need them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.marian_file import FLOAT32, INTGEMM8
from models.shortlist_file import MAGIC

Floats = NDArray[np.float32]
Rounded = tuple[NDArray[np.int8], tuple[int, ...], float]  # as stored, declared shape, multiplier


def marian_bytes(config: str, tensors: Mapping[str, Floats | Rounded]) -> bytes:
    entries = [("special:model.yml", 0x0101, (len(config) + 1,), config.encode() + b"\0")]
    for name, value in tensors.items():
        if isinstance(value, tuple):
            stored, shape, multiplier = value
            data = stored.tobytes() + struct.pack("<f", multiplier)
            entries.append((name, INTGEMM8, shape, data + bytes(-len(data) % 64)))
        else:
            entries.append((name, FLOAT32, value.shape, value.astype("<f4").tobytes()))
    parts = [struct.pack("<2Q", 1, len(entries))]
    parts += [struct.pack("<4Q", len(name) + 1, code, len(shape), len(data)) for name, code, shape, data in entries]
    parts += [name.encode() + b"\0" for name, *_ in entries]
    parts += [struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in entries]
    parts += [struct.pack("<Q", 3), bytes(3)]
    parts += [data for *_, data in entries]
    return b"".join(parts)


def write_marian(path: Path, config: str, tensors: Mapping[str, Floats | Rounded]) -> Path:
    path.write_bytes(marian_bytes(config, tensors))
    return path


def write_shortlist(path: Path, lists: Sequence[Sequence[int]], frequent: int) -> Path:
    """``lists``: the target words for each source word."""
    offsets = np.cumsum([0, *map(len, lists)]).astype("<u8")
    entries = np.array([word for words in lists for word in words], "<u4")
    header = struct.pack("<6Q", MAGIC, 0, frequent, 50, len(offsets), len(entries))
    path.write_bytes(header + offsets.tobytes() + entries.tobytes())
    return path

"""Reads lexical shortlists (``lex.*.s2t.bin``): for each source word the target words that may translate it.

Layout, little-endian: six u64 (magic number, checksum, count of frequent words, best words a source word, offsets,
entries); the offsets (u64), one more than there are source words; the entries (u32). The entries of word ``w`` are
those from ``offsets[w]`` to ``offsets[w + 1]``; they are not sorted by probability.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelFileError

MAGIC = 0xF11A48D5013417F5
_HEADER = struct.Struct("<6Q")


@dataclass(frozen=True, slots=True)
class ShortlistFile:
    """A lexical shortlist in memory."""

    path: Path
    frequent: int  # the first so many target words are candidates for everything
    offsets: NDArray[np.int64]
    entries: NDArray[np.uint32]


def read(path: Path) -> ShortlistFile:
    """Reads the file whole. Raises ModelFileError where it is missing, damaged or something else."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    if len(content) < _HEADER.size:
        raise ModelFileError(path, "is cut short: it ends within its header")
    magic, _checksum, frequent, _best, offset_count, entry_count = _HEADER.unpack_from(content)
    if magic != MAGIC:
        raise ModelFileError(path, "is not a lexical shortlist")
    if len(content) < _HEADER.size + 8 * offset_count + 4 * entry_count:
        raise ModelFileError(path, "is cut short: entries are missing")
    offsets = np.frombuffer(content, "<u8", offset_count, _HEADER.size).astype(np.int64)
    entries = np.frombuffer(content, "<u4", entry_count, _HEADER.size + 8 * offset_count)
    if offset_count < 2 or offsets[0] < 0 or offsets[-1] > entry_count or np.any(np.diff(offsets) < 0):
        raise ModelFileError(path, "is damaged: its offsets are out of order")
    return ShortlistFile(path, frequent, offsets, entries)

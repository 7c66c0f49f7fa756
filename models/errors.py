"""Errors about files of models on disk."""

from __future__ import annotations

from pathlib import Path


class ModelFileError(Exception):
    """A model's file is missing, damaged, or of a kind that nothing here reads. The message names the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

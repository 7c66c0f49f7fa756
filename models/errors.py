"""Errors about models: their files on disk, and getting them."""

from __future__ import annotations

from pathlib import Path


class ModelFileError(Exception):
    """A model's file is missing, damaged, or of a kind that nothing here reads. The message names the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class FetchError(Exception):
    """A model could not be fetched. The message says what stands in the way and what to do about it."""


class MissingTools(FetchError):
    """A checkpoint has to be converted, and the packages for that are not installed."""

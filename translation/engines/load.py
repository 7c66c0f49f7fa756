"""From an installed model to an engine."""

from __future__ import annotations

from models.errors import ModelFileError
from models.installed import Installed
from translation.engines.base import Engine


def load(installed: Installed) -> Engine:
    """The engine of a model. Takes a fraction of a second. Raises ModelFileError, which names the file."""
    if installed.kind == "student":
        # Imported here: what needs no student shall not load its runtime.
        from translation.engines.student import Student

        return Student(installed)
    if installed.kind == "marianmt":
        from translation.engines.marianmt import MarianMT

        return MarianMT(installed)
    raise ModelFileError(next(iter(installed.files.values())), f"is of a kind that is not supported: {installed.kind}")

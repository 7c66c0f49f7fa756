"""Which characters the installed models can write, without loading the models themselves."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from models.errors import ModelFileError
from models.installed import Installed, find

log = logging.getLogger(__name__)

_BLANK = "▁"  # stands for the blank before a word
FRESH = 30.0  # seconds for which the list of installed models serves

Unwritten = Callable[[str], str]  # from a text to what in it cannot be written


class Spelling:
    """``unwritable`` may be called from several threads. Vocabularies are read when first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        """``folder``: where models are installed; those in a wheel count too."""
        self._folder = folder
        self._lock = threading.Lock()
        self._models: dict[tuple[str, str], Installed] = {}
        self._looked = -1e9  # when, by the monotonic clock
        self._read: dict[Path, Unwritten | None] = {}

    def unwritable(self, source: str, target: str, text: str) -> str:
        """The characters of ``text`` that the model of this direction cannot write; "" where there is no model.

        Capitals do not count where it can write the small letter: many models lack some.
        """
        unwritten = self._of(source, target)
        return unwritten(text) if unwritten is not None else ""

    def _of(self, source: str, target: str) -> Unwritten | None:
        with self._lock:
            if time.monotonic() - self._looked > FRESH:
                # The first of several for a direction is the one that is used.
                self._models = {(model.source, model.target): model for model in reversed(find(self._folder))}
                self._looked = time.monotonic()
            model = self._models.get((source, target))
            if model is None:
                return None
            path = model.files["model"]
            if path not in self._read:
                try:
                    self._read[path] = _unwritten(model)
                except (OSError, ValueError, ModelFileError) as error:
                    log.warning("the vocabulary of %s cannot be read: %s", model.name, error)
                    self._read[path] = None
            return self._read[path]


def _unwritten(model: Installed) -> Unwritten:
    if model.kind == "student":
        # Imported here: a gateway without models needs no library for their vocabularies.
        from translation.engines.pieces import Vocabulary

        vocabulary = Vocabulary(model.files["target_vocabulary"])

        def unknown_pieces(text: str) -> str:
            cut = vocabulary.cut(text)
            spans = [span for number, span in zip(cut.ids, cut.spans, strict=True) if number == vocabulary.unknown]
            chars = "".join(text[start:end] for start, end in spans)
            return "".join(char for char in chars if not (char.isupper() and vocabulary.knows(char.lower())))

        return lru_cache(maxsize=4096)(unknown_pieces)
    folder = model.files["model"].parent
    shared, target = folder / "shared_vocabulary.json", folder / "target_vocabulary.json"
    words = frozenset(json.loads((target if target.is_file() else shared).read_bytes()))
    # A character that the model can write at all is a word of its own.
    return lambda text: "".join(
        char
        for char in text
        if not char.isspace() and words.isdisjoint(each for one in (char, char.lower()) for each in (one, _BLANK + one))
    )

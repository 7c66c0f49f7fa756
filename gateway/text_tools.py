"""Handlers of `dragoman translate` and `dragoman detect`: lines of UTF-8 from standard input to standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from gateway.settings import Settings


def detect(options: argparse.Namespace, held: Settings) -> int:
    from translation.language.cli_detect import detect_lines

    for answer in detect_lines(_lines(), options.jsonl):
        print(answer)
    return 0


def _lines() -> Iterator[str]:
    """Lines of standard input. UTF-8 whatever the locale says; each answer goes out as soon as it is there."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    yield from sys.stdin

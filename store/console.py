"""What commands on the store say to people: on standard error, so that an export can go through a pipe."""

from __future__ import annotations

import sys
from typing import IO

DONE, FAILED, WRONG = 0, 1, 2  # exit codes: done, failed, the file or option is wrong
_WIDTH = 30  # characters of the progress bar


def say(text: str) -> None:
    print(text, file=sys.stderr)


def complain(text: str, code: int = FAILED) -> int:
    """Says what went wrong, and gives the exit code."""
    say(f"dragoman: {text}")
    return code


class Progress:
    """A line that counts up, on a terminal; nothing elsewhere."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._shown = False
        self._width = 0  # of what stands on the line

    def __call__(self, done: int, total: int, step: str = "", /) -> None:
        """``step``: what is counted, where that tells more than the numbers."""
        if self._stream.isatty():
            filled = _WIDTH * done // max(total, 1)
            told = f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {done} of {total} {step}".rstrip()
            self._stream.write(told + " " * (self._width - len(told)))
            self._width = len(told)
            self._stream.flush()
            self._shown = True

    def end(self) -> None:
        if self._shown:
            self._stream.write("\n")

"""Ends a process that hangs in native code, where no Python code of ours would get a chance to."""

from __future__ import annotations

import faulthandler
from typing import Protocol


class Watchdog(Protocol):
    """Ends the process unless it is called off in time."""

    def begin(self, seconds: float) -> None: ...

    def end(self) -> None: ...


class HardWatchdog:
    """Prints where all threads are (no texts) and ends the process: others take its jobs over.

    It has a thread below the interpreter, so it bites also while native code holds the interpreter's lock.
    """

    def begin(self, seconds: float) -> None:
        faulthandler.dump_traceback_later(seconds, exit=True)

    def end(self) -> None:
        faulthandler.cancel_dump_traceback_later()

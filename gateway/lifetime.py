"""Ties a process's life to that of the process that started it, so that a killed parent leaves nobody behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from store.lifeline import lifeline

_POLL_SECONDS = 0.5


def end_with_parent(parent: int, number: signal.Signals = signal.SIGKILL) -> None:
    """From now on this process gets signal ``number`` when process ``parent`` ends, at once if it already has.

    Linux does that by itself. Elsewhere a thread looks every half second. Call it in the main thread, early.
    """
    if sys.platform == "linux":
        lifeline(parent, number)()
    else:
        threading.Thread(target=watch, args=(parent, number), name="parent-watch", daemon=True).start()


def watch(parent: int, number: signal.Signals) -> None:
    """Wait for the parent's end, then send this process the signal."""
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    os.kill(os.getpid(), number)

"""Ties the life of a process to that of its parent (Linux; elsewhere parents must stop their children themselves)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def lifeline(parent: int, signum: int = signal.SIGKILL) -> Callable[[], None]:
    """A function for the child to call between fork and exec, or at its own start: die when ``parent`` does.

    The kernel watches the parent's *thread* that made the child: start children from a thread that stays, such as
    the main one. Everything is looked up here, before the fork: little is safe to do in between.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signum)

    return tie

"""A child process that is started again whenever it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

HOPELESS = 2  # exit code of a child that would fail again however often it were started: settings, unknown options
SETTLED_SECONDS = 10.0  # whoever ran that long is not held to be failing at the start
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class GaveUp(Exception):
    """A child can't run with these settings; it has said why on standard error."""


def pause(failures: int) -> float:
    """Seconds to wait before the start after ``failures`` ends in a row (1, 2, ...), none of which had settled."""
    return float(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures - 1, 16)))


def ending(code: int) -> str:
    """A process's return code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was ended by {name}"


def dragoman(*arguments: str) -> list[str]:
    """The command line of a `dragoman` command that ends when this process does."""
    # -P: a folder called gateway in the working directory must not be taken for ours.
    return [sys.executable, "-P", "-m", "gateway", *arguments, "--parent", str(os.getpid())]


class Child:
    """One command, kept running."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.name = name
        self._command = list(command)
        self._environ = dict(environ)
        self._process: asyncio.subprocess.Process | None = None
        self._stop = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """None while it doesn't run."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def keep_running(self) -> None:
        """Start it, and again each time it ends, until `stop`. Raises GaveUp.

        Await it in the main thread: the kernel ties the child's life to the thread that started it.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._stop.is_set():
            begun = loop.time()
            # A process group of its own: Ctrl-C reaches only the supervisor, which ends its children in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environ, stdin=asyncio.subprocess.DEVNULL, process_group=0
            )
            if self._stop.is_set():  # stop() came while the process was being started
                self._process.terminate()
            code = await self._process.wait()
            if self._stop.is_set():
                return
            if code == HOPELESS:
                raise GaveUp(f"{self.name} can't run with these settings; see the lines above")
            failures = 1 if loop.time() - begun >= SETTLED_SECONDS else failures + 1
            seconds = pause(failures)
            log.error("%s %s; starting it again in %.1f s", self.name, ending(code), seconds)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)

    async def stop(self, grace: float) -> None:
        """Ask it to end; kill it after ``grace`` seconds. It is not started again."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        _send(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            log.warning("%s did not end within %.0f s: killed", self.name, grace)
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End it now. It is not started again."""
        self._stop.set()
        if self._process is not None and self._process.returncode is None:
            _send(self._process, signal.SIGKILL)


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)

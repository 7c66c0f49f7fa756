"""A whole Dragoman of its own, started as its users start it, for tests that break it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bench.system import free_port

READY_SECONDS = 40.0


async def until(condition: Callable[[], Any], seconds: float, what: str) -> None:
    """Wait for ``condition``; fail with ``what`` was waited for after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class RedisServer:
    """Debian's redis-server on a folder of ours, where the suite runs against that instead of the embedded store."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary, self._folder = binary, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"unix://{folder}/redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", f"{self._folder}/redis.sock", "--dir", str(self._folder)]
        options += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self._process = subprocess.Popen([self._binary, *options], stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Installation:
    """``dragoman serve`` on a data folder; can be killed in part or as a whole, and started again."""

    def __init__(self, folder: Path, redis: RedisServer | None, **environ: str) -> None:
        self.folder = folder
        self.redis = redis
        self.port = free_port()
        self.ready: dict[str, Any] = {}
        self._ready_file = folder / "ready.json"
        self._log = folder / "serve.log"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")},
            "DRAGOMAN_DATA_DIR": str(folder / "data"),
            "DRAGOMAN_PORT": str(self.port),
            "DRAGOMAN_WORKERS": "2",
            "DRAGOMAN_VISITOR_RATE": "100",
            "DRAGOMAN_VISITOR_BURST": "1000",
            **({"REDIS_URL": redis.url} if redis else {}),
            **environ,
        }
        if redis is None:
            self._environ.pop("REDIS_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        if self.redis is not None:
            self.redis.start()
        self._ready_file.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "serve", "--ready-file", str(self._ready_file)],
                env=self._environ, stdout=log, stderr=log,
            )  # fmt: skip
        await until(lambda: self._is_ready() or not alive(self.pid), READY_SECONDS, "the system is ready")
        assert self._is_ready(), self.log()
        self.ready = json.loads(self._ready_file.read_text())

    def _is_ready(self) -> bool:
        try:
            return bool(json.loads(self._ready_file.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return False

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ws"

    def log(self) -> str:
        return self._log.read_text()[-4000:]

    def pids(self) -> dict[str, int]:
        """Every process of the installation as it is now, by name: gateway, worker-1 ..., store."""
        found = {name: int(pid) for name, pid in json.loads(self._ready_file.read_text())["pids"].items()}
        if self.redis is not None:
            found["store"] = self.redis.pid
        return found

    def kill(self, *names: str, number: int = signal.SIGKILL) -> None:
        pids = self.pids()
        for name in names:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[name], number)

    async def kill_all(self) -> None:
        """kill -9 of everything at once."""
        pids = [self.pid, *self.pids().values()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process is not None
        await asyncio.to_thread(self.process.wait)
        if self.redis is not None:
            self.redis.stop()
        await until(lambda: not any(alive(pid) for pid in pids), 10, "all processes are gone")

    async def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(self.process.wait, 20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        if self.redis is not None:
            self.redis.stop()

    async def cookie(self) -> str:
        """The session cookie of the run's demo login."""
        async with aiohttp.ClientSession() as session:
            form = {"login": self.ready["login"], "password": self.ready["password"]}
            async with session.post(f"http://127.0.0.1:{self.port}/api/v1/login", json=form) as answer:
                assert answer.status == 200, await answer.text()
                return f"dragoman_session={answer.cookies['dragoman_session'].value}"


@asynccontextmanager
async def installation(folder: Path, **environ: str) -> AsyncIterator[Installation]:
    """One that runs. TEST_REDIS_SERVER, the path of a redis-server, runs it on that instead of the embedded store."""
    binary = os.environ.get("TEST_REDIS_SERVER")
    running = Installation(folder, RedisServer(binary, folder / "redis") if binary else None, **environ)
    try:
        await running.start()
        yield running
    finally:
        await running.stop()

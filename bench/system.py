"""Starts the parts of Dragoman as processes of their own, for measuring and for fault tests."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.users import Users
from store.connect import Store
from store.embedded import Embedded

PASSWORD = "bench-password"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class System:
    """Running processes, and how to reach them."""

    environ: dict[str, str]
    folder: Path
    url: str
    store_pid: int
    prefix: str = "dragoman"
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str, **environ: str) -> subprocess.Popen[bytes]:
        """``dragoman <command>``, with the system's environment."""
        log = (self.folder / f"{command[0]}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", *command], env={**self.environ, **environ}, stdout=log, stderr=log
        )
        log.close()
        self.processes.append(process)
        return process

    async def gateway(self, **environ: str) -> tuple[int, subprocess.Popen[bytes]]:
        """A gateway that is ready, on a port of its own."""
        port = free_port()
        process = self.start("gateway", DRAGOMAN_PORT=str(port), **environ)
        await until_ready(port, process)
        return port, process

    async def agent_cookie(self, port: int, login: str = "bench", role: str = "agent") -> str:
        """The session cookie of an agent, or another role, made for this run."""
        store = await Store.open(self.url, prefix=self.prefix)
        try:
            users = Users(store.client, self.prefix)
            user = await users.get(login) or await users.add(login, "Bench", PASSWORD, [role], "en")
            return f"dragoman_session={await users.begin_session(user)}"
        finally:
            await store.close()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


async def until_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    """Until the gateway on ``port`` says that it is ready. Raises RuntimeError when its process ends before."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(ask):
            if process.poll() is not None:
                raise RuntimeError(f"the gateway ended with {process.returncode}: see its log")
            await asyncio.sleep(0.05)


@asynccontextmanager
async def system(**environ: str) -> AsyncIterator[System]:
    """A store of its own in a temporary folder, and nothing else yet; all is gone in the end."""
    with tempfile.TemporaryDirectory(prefix="dragoman-") as name:
        folder = Path(name)
        store = Embedded(folder / "store")
        store.start()
        await store.ready()
        variables = {
            **os.environ,
            "REDIS_URL": store.url,
            "DRAGOMAN_DATA_DIR": str(folder),
            "DRAGOMAN_LOG_LEVEL": "warning",
            **environ,
        }
        running = System(variables, folder, store.url, store.pid or 0)
        try:
            yield running
        finally:
            running.stop()
            await store.stop()


def memory(pid: int) -> int:
    """Resident memory of a process, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far. Unlike the time on the clock, neighbours hardly change it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""A real `dragoman serve` with its store, worker and gateway: started, hurt, ended."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gateway import local_store
from gateway.settings import Settings
from gateway.users import Users

pytestmark = pytest.mark.timeout(180)
DRAGOMAN = [sys.executable, "-m", "gateway"]
# Never the developer's own store or settings.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("DRAGOMAN_") and k != "REDIS_URL"}


def until(condition: Callable[[], Any], seconds: float = 60.0, what: str = "") -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what or condition}"
        time.sleep(0.02)
    return found


def gone(pid: int) -> bool:
    """Ended, or a zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@dataclass
class Serve:
    """One `dragoman serve` in a folder of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def ready_file(self) -> Path:
        return self.folder / "ready.json"

    def start(self) -> subprocess.Popen[bytes]:
        settings = {"DRAGOMAN_PORT": "0", "DRAGOMAN_WORKERS": "1", **self.environment}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*(self.command or (*DRAGOMAN, "serve", "--ready-file", "ready.json"))],
                cwd=self.folder, env={**ENVIRONMENT, **settings}, stdout=log, stderr=log,
            )  # fmt: skip
        return self.process

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def ready(self) -> dict[str, Any]:
        """What the ready file says, once it is there."""
        process = self.process
        assert process is not None

        def look() -> bool:
            assert process.poll() is None, f"ended with {process.returncode}:\n{self.log()}"
            return self.ready_file.exists()

        until(look, what=f"the ready file; log:\n{self.log()}")
        found: dict[str, Any] = json.loads(self.ready_file.read_text())
        return found

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = self.ready()["pids"]
        return found


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    made = Serve(tmp_path)
    yield made
    if made.process is not None:
        known = made.pids().values() if made.ready_file.exists() else ()
        with contextlib.suppress(ProcessLookupError):
            made.process.kill()
        made.process.wait()
        for pid in known:
            until(lambda pid=pid: gone(pid), what=f"the end of process {pid}")


def get(url: str, path: str) -> int:
    connection = http.client.HTTPConnection(url.split("/")[2], timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def log_in(url: str, login: str, password: str) -> int:
    connection = http.client.HTTPConnection(url.split("/")[2], timeout=5)
    try:
        body = json.dumps({"login": login, "password": password})
        connection.request("POST", "/api/v1/login", body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_ready_with_pages_and_a_login_then_ended_in_order(serve: Serve) -> None:
    process = serve.start()
    told = serve.ready()
    for page in ("shop", "desk", "glossary"):
        assert told[page] in serve.log(), "people are told where to go"
        assert get(told[page], f"/{page}/") == 200
    assert log_in(told["desk"], told["login"], told["password"]) == 200
    assert log_in(told["desk"], told["login"], "another") == 401
    assert (serve.ready_file.stat().st_mode & 0o077) == 0, "it holds a password"
    assert set(told["pids"]) == {"supervisor", "store", "gateway", "worker-1"}

    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert all(gone(pid) for pid in told["pids"].values())
    assert not serve.ready_file.exists()
    assert "Traceback" not in serve.log()

    async def users() -> list[str]:
        async with local_store.opened(Settings(data_dir=serve.folder / "var")) as store:
            return [each.login for each in await Users(store.client, "dragoman").list()]

    assert asyncio.run(users()) == [], "the demo login is for one run"


def test_children_that_die_are_started_again(serve: Serve) -> None:
    serve.start()
    told = serve.ready()
    for name in ("worker-1", "gateway", "store"):
        before = serve.pids()[name]
        os.kill(before, signal.SIGKILL)
        until(lambda name=name, before=before: serve.pids().get(name) not in (None, before), what=f"a new {name}")
        until(lambda: _answers(told["shop"]), what="the gateway's answer")
    assert serve.pids()["supervisor"] == told["pids"]["supervisor"]
    assert serve.log().count("was ended by SIGKILL; starting it again") == 2
    assert "the embedded store ended" in serve.log()
    assert log_in(told["desk"], told["login"], told["password"]) == 200, "same port, same data"


def _answers(url: str) -> bool:
    try:
        return get(url, "/health/ready") == 200
    except (OSError, http.client.HTTPException):
        return False


def test_a_killed_parent_leaves_nobody_behind(serve: Serve) -> None:
    process = serve.start()
    pids = serve.pids()
    process.kill()
    process.wait()
    for name, pid in pids.items():
        until(lambda pid=pid: gone(pid), seconds=10, what=f"the end of {name}")
    serve.ready_file.unlink()


def test_the_next_run_after_a_kill_finds_everything(serve: Serve) -> None:
    process = serve.start()
    first = serve.ready()
    process.kill()
    process.wait()
    serve.ready_file.unlink()
    serve.start()
    second = serve.ready()
    assert second["password"] != first["password"]
    assert log_in(second["desk"], second["login"], second["password"]) == 200


def test_it_ends_with_the_process_that_started_it(serve: Serve) -> None:
    """As `make run` starts it: who kills make with -9 leaves nothing running."""
    serve.command = ("sh", "-c", f"{sys.executable} -m gateway serve --with-parent --ready-file ready.json; true")
    shell = serve.start()
    pids = serve.pids()
    assert pids["supervisor"] != shell.pid
    shell.kill()
    shell.wait()
    for name, pid in pids.items():
        until(lambda pid=pid: gone(pid), seconds=15, what=f"the end of {name}")


def test_it_can_be_ended_before_it_is_ready(serve: Serve) -> None:
    process = serve.start()
    until((serve.folder / "var" / "store-url").exists, what="the store's start")
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert "Traceback" not in serve.log()
    assert not (serve.folder / "var" / "store-url").exists()


def test_a_port_that_is_taken_is_told_at_once(serve: Serve) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        serve.environment = {"DRAGOMAN_PORT": str(port)}
        assert serve.start().wait(30) == 1
    assert f"dragoman: port {port} of 127.0.0.1 is taken" in serve.log()
    assert "Traceback" not in serve.log()
    assert not (serve.folder / "var" / "store").exists(), "no store is started for nothing"


def test_two_on_one_folder_are_refused(serve: Serve, tmp_path: Path) -> None:
    serve.start()
    serve.ready()
    second = subprocess.run(
        [*DRAGOMAN, "serve", "--port", "0"], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "is in use by another Dragoman" in second.stderr
    assert (serve.folder / "var" / "store-url").exists(), "the first one is still found"
    assert _answers(serve.ready()["shop"])


def test_settings_that_do_not_fit_the_store_end_it(serve: Serve) -> None:
    process = serve.start()
    serve.ready()
    process.terminate()
    assert process.wait(15) == 0
    serve.environment = {"DRAGOMAN_PARTITIONS": "3"}
    assert serve.start().wait(60) == 1
    assert "set DRAGOMAN_PARTITIONS=1" in serve.log()
    assert "Traceback" not in serve.log()


def test_commands_work_beside_it_and_without_it(serve: Serve, tmp_path: Path) -> None:
    def users(*arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*DRAGOMAN, "users", *arguments], cwd=tmp_path, env=ENVIRONMENT, input=password, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip

    assert users("add", "alex", "--name", "Alex", password="correct horse\n").returncode == 0
    serve.start()
    told = serve.ready()
    assert log_in(told["desk"], "alex", "correct horse") == 200
    assert users("add", "sam", "--role", "maintainer", "--language", "pt", password="battery staple\n").returncode == 0
    assert log_in(told["desk"], "sam", "battery staple") == 200
    assert users("password", "sam", password="another staple\n").returncode == 0
    assert log_in(told["desk"], "sam", "battery staple") == 401
    assert users("remove", "alex").returncode == 0
    assert log_in(told["desk"], "alex", "correct horse") == 401
    listed = users("list")
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == ["demo", "sam"]
    assert "sam\tsam\tmaintainer\tpt" in listed.stdout

    again = users("add", "sam", password="battery staple\n")
    assert (again.returncode, again.stdout) == (1, "")
    assert "'sam' is taken" in again.stderr
    assert users("remove", "nobody").returncode == 1
    assert users("add", "kim", password="short\n").returncode == 1
    assert "--language must be a language code" in users("add", "kim", "--language", "?", password="x" * 9).stderr

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gateway import lifetime

CHILD = """
import sys, time
from gateway.lifetime import end_with_parent
end_with_parent(int(sys.argv[1]))
print("tied", flush=True)
time.sleep(600)
"""
# Starts the child, passes its output on, and stays.
PARENT = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}, str(os.getpid())], process_group=0)
print(child.pid, flush=True)
time.sleep(600)
"""


def gone(pid: int) -> bool:
    """Ended, or a zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while not gone(pid):
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.01)


def test_a_killed_parent_takes_its_child_along() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        lines.remove("tied")
        child = int(lines.pop())
        assert not gone(child)
        parent.kill()
        wait_gone(child)


def test_a_parent_that_is_gone_already_ends_the_child_at_once() -> None:
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    nobody.wait()
    done = subprocess.run([sys.executable, "-c", CHILD, str(nobody.pid)], capture_output=True, timeout=20, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b""


def test_without_help_of_the_kernel_a_thread_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    parents = iter([7, 7, 1])
    monkeypatch.setattr(lifetime, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(lifetime.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(lifetime.os, "kill", lambda pid, number: sent.append((pid, number)))
    thread = threading.Thread(target=lifetime.watch, args=(7, signal.SIGTERM))
    thread.start()
    thread.join(10)
    assert sent == [(os.getpid(), signal.SIGTERM)]

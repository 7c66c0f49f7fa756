from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import children
from gateway.children import Child, GaveUp, ending, pause


def child(code: str) -> Child:
    return Child("sample", [sys.executable, "-c", code], os.environ)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def test_pauses_grow_and_are_bounded() -> None:
    pauses = [pause(failures) for failures in range(1, 40)]
    assert pauses[0] == 0.1
    assert pauses == sorted(pauses)
    assert pauses[-1] == 5.0


def test_endings_in_words() -> None:
    assert ending(3) == "ended with exit code 3"
    assert ending(-9) == "was ended by SIGKILL"
    assert ending(-250) == "was ended by signal 250"


async def test_it_is_started_again_when_killed(caplog: pytest.LogCaptureFixture) -> None:
    sleeper = child("import time; time.sleep(600)")
    keeping = asyncio.create_task(sleeper.keep_running())
    await until(lambda: sleeper.pid is not None)
    first = sleeper.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: sleeper.pid not in (None, first))
    assert "sample was ended by SIGKILL; starting it again in 0.1 s" in caplog.text
    await sleeper.stop(10)
    await asyncio.wait_for(keeping, 5)
    assert sleeper.pid is None


async def test_pauses_between_failures(caplog: pytest.LogCaptureFixture) -> None:
    failing = child("raise SystemExit(1)")
    keeping = asyncio.create_task(failing.keep_running())
    await until(lambda: caplog.text.count("starting it again") >= 3)
    await failing.stop(1)
    await asyncio.wait_for(keeping, 5)
    waits = [record.message.rsplit(" in ")[-1] for record in caplog.records if "again" in record.message]
    assert waits[:3] == ["0.1 s", "0.2 s", "0.4 s"]


async def test_who_has_settled_begins_anew_with_short_pauses(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SETTLED_SECONDS", 0.0)
    failing = child("raise SystemExit(1)")
    keeping = asyncio.create_task(failing.keep_running())
    await until(lambda: caplog.text.count("starting it again in 0.1 s") >= 3)
    await failing.stop(1)
    await asyncio.wait_for(keeping, 5)


async def test_wrong_settings_are_not_tried_for_ever() -> None:
    with pytest.raises(GaveUp, match="sample can't run with these settings"):
        await asyncio.wait_for(child("raise SystemExit(2)").keep_running(), 20)


async def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = child(
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    )
    keeping = asyncio.create_task(deaf.keep_running())
    await until(ready.exists)
    await deaf.stop(0.2)
    await asyncio.wait_for(keeping, 5)
    assert deaf.pid is None


async def test_stopping_while_it_pauses_does_not_wait_for_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "pause", lambda failures: 600.0)
    failing = child("raise SystemExit(1)")
    keeping = asyncio.create_task(failing.keep_running())
    await until(lambda: failing.pid is not None)
    await until(lambda: failing.pid is None)
    await failing.stop(1)
    await asyncio.wait_for(keeping, 5)

"""A browser, a gateway that obeys (fake), and the real one as its users start it (system)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parent))
from fake_gateway import FakeGateway

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
READY_SECONDS = 40.0
DESKTOP, PHONE = (1280, 800), (390, 844)

OpenPage = Callable[..., Awaitable[Page]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshot", action="store_true", help="write docs/screenshot.png anew")


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing. Install it with: apt-get install -y chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each with storage and cookies of its own unless ``beside`` names one to share with.

    A script error or a broken security policy on any of them fails the test.
    """
    contexts, faults = [], []

    async def open_one(
        url: str,
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: str = "light",
        locale: str = "en-US",
        beside: Page | None = None,
    ) -> Page:
        if beside:
            context = beside.context
        else:
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,  # type: ignore[arg-type]
                locale=locale,
                reduced_motion="reduce",
            )
            context.set_default_timeout(10_000)
            contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
        await page.goto(url)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert not faults, faults


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeGateway]:
    gateway = FakeGateway()
    await gateway.start()
    yield gateway
    await gateway.stop()


@dataclass(frozen=True)
class System:
    """A running Dragoman: where it is, who may log in, and where it keeps its data."""

    url: str
    login: str
    password: str
    data: Path


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """``dragoman serve`` on a folder of its own, for all tests of the session."""
    async with serving(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_system(tmp_path: Path) -> AsyncIterator[System]:
    """The same for one test alone: nobody else's conversations and terms are in it."""
    async with serving(tmp_path) as running:
        yield running


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[System]:
    ready, log = folder / "ready.json", folder / "serve.log"
    command = [str(Path(sys.executable).with_name("dragoman")), "serve", "--port", "0"]
    command += ["--ready-file", str(ready), "--with-parent"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    environ["DRAGOMAN_DATA_DIR"] = str(folder / "data")
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(int(READY_SECONDS / 0.05)):
            if ready.exists() or process.poll() is not None:
                break
            await asyncio.sleep(0.05)
        if not ready.exists():
            pytest.fail(f"dragoman serve was not ready within {READY_SECONDS:.0f} s:\n{log.read_text()[-3000:]}")
        places = json.loads(ready.read_text())
        yield System(places["shop"].removesuffix("/shop/"), places["login"], places["password"], folder / "data")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, 15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

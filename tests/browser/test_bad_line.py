"""A shopper on a bad line: what she sees is true, and nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from conftest import PHONE, OpenPage
from fake_gateway import FakeGateway
from line import Line
from people import Shopper, meta
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = ["um", "dois", "três", "quatro"]
NOTICED_MS = 25_000  # a silent line is noticed after ten seconds, a new one that hangs after ten more


@pytest_asyncio.fixture(loop_scope="session")
async def line(fake: FakeGateway) -> AsyncIterator[Line]:
    line = Line(fake.url)
    await line.start()
    yield line
    await line.stop()


async def shopper(line: Line, open_page: OpenPage) -> Shopper:
    ana = Shopper(await open_page(f"{line.url}/shop/", locale="pt-BR", size=PHONE))
    await ana.open_chat()
    await ana.write(SAID[0])
    await expect(meta(ana.own)).to_contain_text("Enviada")
    return ana


async def everything_arrived_once(fake: FakeGateway, ana: Shopper) -> None:
    await expect(meta(ana.own.last)).to_contain_text("Enviada", timeout=NOTICED_MS)
    await expect(ana.panel.locator(".pending")).to_have_count(0)
    assert await ana.texts() == SAID
    assert [event["text"] for event in fake.talks[fake.only_talk()].events if event["kind"] == "message"] == SAID
    await expect(ana.notice).to_have_count(0)


async def test_what_she_writes_in_a_tunnel_waits_and_arrives_once(
    fake: FakeGateway, line: Line, open_page: OpenPage
) -> None:
    ana = await shopper(line, open_page)
    line.hold()
    for text in SAID[1:]:
        await ana.write(text)
    await expect(ana.panel.locator(".pending")).to_have_count(3)
    await expect(ana.notice).to_contain_text("Conectando", timeout=NOTICED_MS)
    await expect(meta(ana.own.last)).to_contain_text("Aguardando envio")
    assert await ana.texts() == SAID
    line.release()
    await everything_arrived_once(fake, ana)


async def test_who_is_offline_is_told_that_it_waits_and_it_is_sent_when_she_is_back(
    fake: FakeGateway, line: Line, open_page: OpenPage
) -> None:
    ana = await shopper(line, open_page)
    line.hold()
    await ana.page.context.set_offline(True)
    for text in SAID[1:]:
        await ana.write(text)
    await expect(ana.notice).to_contain_text("Você está sem conexão")
    await expect(meta(ana.own.last)).to_contain_text("Aguardando envio")
    line.release()
    await ana.page.context.set_offline(False)
    await everything_arrived_once(fake, ana)


async def test_on_a_slow_line_the_chat_comes_up_and_messages_go_both_ways(
    fake: FakeGateway, line: Line, open_page: OpenPage
) -> None:
    line.delay, line.rate = 0.2, 50_000
    ana = await shopper(line, open_page)
    await asyncio.gather(*(fake.say(fake.only_talk(), text) for text in ("Hello", "It is on its way.")))
    await expect(ana.theirs).to_have_count(2)
    for text in SAID[1:]:
        await ana.write(text)
    await expect(meta(ana.own.last)).to_contain_text("Enviada", timeout=NOTICED_MS)
    assert [event["text"] for event in fake.talks[fake.only_talk()].events if event.get("role") == "visitor"] == SAID


async def test_on_a_slow_line_the_button_is_there_soon(line: Line, open_page: OpenPage) -> None:
    line.delay, line.rate = 0.2, 50_000
    began = time.monotonic()
    ana = Shopper(await open_page(f"{line.url}/shop/", locale="pt-BR", size=PHONE))
    await expect(ana.launcher).to_be_visible()
    # About 2.9 s where nothing else runs. One more file to wait for costs nearly half a second, and more than these
    # six round trips and 50 kB would be felt.
    assert time.monotonic() - began < 5
    names = "performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)"
    assert [name for name in await ana.page.evaluate(names) if name.startswith("/w") and "/shop/" not in name] == [
        "/widget.js"
    ]

"""What a machine can check of accessibility: axe finds nothing serious on any page, light or dark, wide or narrow."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from conftest import DESKTOP, PHONE, OpenPage, System
from fake_gateway import ORDER, FakeGateway
from people import Agent, Shopper, meta
from playwright.async_api import Locator, Page, expect
from test_used_before import USED

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"]),
    pytest.mark.parametrize("scheme", ["light", "dark"]),
]


async def nothing_serious(page: Page, where: str) -> None:
    results = await Axe().run(page)
    bad = [
        f"{v['id']} ({v['impact']}): {v['help']}: {[node['target'] for node in v['nodes']]}"
        for v in results.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert not bad, f"{where}: {bad}"


async def test_shop_and_widget(fake: FakeGateway, open_page: OpenPage, size: tuple[int, int], scheme: str) -> None:
    page = await open_page(f"{fake.url}/shop/?lang=pt", size=size, scheme=scheme)
    ana = Shopper(page)
    await expect(ana.launcher).to_be_visible()
    await nothing_serious(page, "the shop")
    await ana.open_chat()
    await ana.write(ORDER)
    await expect(meta(ana.own)).to_contain_text("Enviada")
    fake.warnings = ("number-changed",)
    await fake.say(fake.only_talk(), "It costs 20 €.")
    await expect(ana.theirs.locator(".note")).to_be_visible()
    await fake.ask(fake.only_talk(), "pt", "es")
    await expect(ana.panel.locator(".chip")).to_have_count(2)
    await nothing_serious(page, "the question")
    fake.refuse_lines = True
    await fake.drop_lines()
    await ana.write("oi")
    await expect(ana.notice).to_be_visible()
    await nothing_serious(page, "the widget")


async def test_desk(fake: FakeGateway, open_page: OpenPage, size: tuple[int, int], scheme: str) -> None:
    page = await open_page(f"{fake.url}/desk/", size=size, scheme=scheme)
    alex = Agent(page)
    await expect(page.get_by_label("Password")).to_be_visible()
    await nothing_serious(page, "the login")
    use = {"term": "1", "source": "encomenda", "target": "order", "status": "applied", "target_span": [10, 15]}
    detected = {"language": "pt", "confidence": 0.9, "why": ["words"]}
    fake.receipts[ORDER] = {"terms": [use], "warnings": ["number-changed"], "detected": detected}
    key = await fake.begin("Ana", "pt", ORDER, waiting_ms=400_000)
    await fake.begin("Layla", "ar", "مرحبًا", waiting_ms=1000)
    await alex.log_in("alex", "demo")
    await expect(alex.cards).to_have_count(2)
    await nothing_serious(page, "the list")
    await alex.choose("Ana")
    await alex.write("Hello")
    await expect(meta(alex.own)).to_contain_text("Sent")
    await fake.signal(key, {"type": "mark", "role": "visitor", "delivered": 9, "read": 9}, to="agent")
    await expect(meta(alex.own)).to_contain_text("Read")
    await alex.theirs.locator("mark").first.focus()
    await nothing_serious(page, "the conversation")
    fake.used = USED
    await alex.field.fill("It is on its way to yu")
    await expect(page.get_by_role("group", name="Used before").get_by_role("button")).to_have_count(2)
    await nothing_serious(page, "answers used before")
    await alex.field.fill("")
    await alex.theirs.locator("mark").first.press("t")
    await expect(page.get_by_role("dialog", name="Propose a term")).to_be_visible()
    await nothing_serious(page, "the proposal")
    await page.keyboard.press("Escape")
    await alex.field.press("Escape")
    if size == DESKTOP:
        await page.get_by_role("button", name="Keys").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await nothing_serious(page, "the keys")


async def within_the_screen(part: Locator, size: tuple[int, int]) -> None:
    box = await part.bounding_box() or {}
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0], box


async def test_glossary(system: System, open_page: OpenPage, size: tuple[int, int], scheme: str) -> None:
    page = await open_page(f"{system.url}/glossary/", size=size, scheme=scheme)
    await page.get_by_label("Login").fill(system.login)
    await page.get_by_label("Password").fill(system.password)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("grid")).to_be_visible()
    rows = "en,pt\nvaxel order,pedido vaxel\nvaxel invoice,fatura vaxel\n"
    assert (await page.request.post(f"{system.url}/api/v1/glossary/import", data=rows)).ok
    await page.get_by_label("Search terms").fill("nothing has this")
    await expect(page.get_by_text(re.compile("Nothing found"))).to_be_visible()
    await nothing_serious(page, "nothing found")
    await page.get_by_label("Search terms").fill("vaxel")
    await page.get_by_role("button", name="Add many").click()
    dialog = page.get_by_role("dialog", name="Add many terms")
    await dialog.get_by_label("Rows from a spreadsheet").fill("vaxel bag\tsaco vaxel\nvaxel order\tordem")
    await dialog.get_by_role("button", name="Check them").click()
    await expect(dialog.get_by_text(re.compile("2 rows"))).to_be_visible()
    await nothing_serious(page, "rows that were pasted")
    await dialog.get_by_role("button", name="Cancel").click()
    await page.get_by_role("row").filter(has_text="fatura vaxel").get_by_role("button", name="Details").click()
    await page.get_by_role("button", name="Forms and grammar, Portuguese").click()
    await page.get_by_role("textbox", name="English").fill("vaxel order")
    await expect(page.get_by_text("Two wordings for one term")).to_be_visible()
    await nothing_serious(page, "a term with a conflict")
    await page.get_by_role("button", name="Discard changes").click()
    for part in ("Try out", "Use", "History"):
        await page.locator(".panel").get_by_role("button", name=part, exact=True).click()
        await expect(page.locator(".panel-body > *").first).to_be_visible()
        await nothing_serious(page, part)
    await page.locator(".panel").get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Filter").click()
    await within_the_screen(page.locator(".filter-panel"), size)
    await nothing_serious(page, "the filters")
    await page.get_by_role("button", name="Export").click()
    await within_the_screen(page.locator(".menu-panel:visible"), size)
    await page.keyboard.press("Escape")
    for view in ("Proposals", "History", "Try out"):
        await page.get_by_role("link", name=view).click()
        await expect(page.locator(".view > *").first).to_be_visible()
        await nothing_serious(page, view)

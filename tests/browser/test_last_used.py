"""From a term to the messages that it was met in, on the real system, however many conversations came since."""

from __future__ import annotations

import asyncio

import pytest
from conftest import OpenPage, System
from playwright.async_api import Page, expect
from test_end_to_end import agent, shopper
from test_glossary_page import cell, panel, paste

from conversation.events import Message, encode
from gateway import local_store, settings
from store.append import Append, Update
from store.writer import Writer

pytestmark = pytest.mark.asyncio(loop_scope="session")

LISTED = 100  # conversations that a desk gets at first


async def others(system: System, count: int) -> None:
    """Visitors who write after everybody else, and want nothing translated."""
    held = settings.read({"DRAGOMAN_DATA_DIR": str(system.data)})
    async with local_store.opened(held) as store:
        writer = Writer(store)
        await writer.start()
        for number in range(count):
            text = f"Bom dia {number}"
            updates = (
                Update("set", "last_seq", "@seq"),
                Update("set", "last_role", "visitor"),
                Update("set", "last_text", text),
                Update("setnx", "waiting_since", "@ts"),
            )
            event = encode(Message("m", "visitor", text, translate=False))
            await writer.append(Append(f"other{number}", event, updates=updates))
        await writer.close()


async def counted(page: Page, system: System) -> None:
    """Counts follow messages by a second; the page asks for them once."""
    for _ in range(100):
        found = await page.request.get(f"{system.url}/api/v1/glossary/stats")
        if (await found.json())["use"]["used"]:
            return
        await asyncio.sleep(0.1)
    pytest.fail("no use of the term was counted")


async def test_a_link_leads_to_a_message_that_no_list_shows_any_more(fresh_system: System, open_page: OpenPage) -> None:
    system = fresh_system
    alex = await agent(system, open_page)
    page = await open_page(f"{system.url}/glossary/", beside=alex.page)
    await paste(page, "lamp\tluminária", done="1 added")
    ana = await shopper(system, open_page)
    await ana.write("Bom dia!")
    await ana.write("A luminária QX-7007 chegou quebrada.")
    await alex.choose("QX-7007")
    await expect(alex.theirs.last.locator(".bubble > .text mark")).to_have_text(["lamp"])
    await others(system, LISTED + 20)
    await counted(page, system)

    await cell(page, "lamp").click()
    await page.keyboard.press("Space")
    await panel(page).get_by_role("button", name="Use", exact=True).click()
    link = panel(page).locator(".message-links").get_by_role("link")
    await expect(link).to_have_count(1)
    desk = await open_page(f"{system.url}/desk/", beside=alex.page)
    cards = desk.get_by_role("listbox").get_by_role("option")
    await expect(cards.first).to_contain_text("Bom dia")
    await expect(cards.filter(has_text="QX-7007")).to_have_count(0)

    await link.click()
    talk = page.locator(".talk")
    shown = talk.locator("article.message.shown")
    await expect(shown.locator(".bubble > .text")).to_contain_text("QX-7007")
    await expect(shown).to_be_in_viewport()
    await expect(talk.locator("article.message")).to_have_count(2)
    await expect(talk.get_by_role("textbox")).to_be_enabled()  # and can be answered

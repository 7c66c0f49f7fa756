"""From a correction at the desk to a term of the glossary, on the real system."""

from __future__ import annotations

import os
import re

import pytest
from conftest import DESKTOP, PHONE, OpenPage, System
from people import Agent, Shopper, meta
from playwright.async_api import Page, expect
from test_end_to_end import agent, shopper

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def candidate(system: System, open_page: OpenPage, code: str) -> tuple[Shopper, Agent, Page, str]:
    """The shopper, the agent who has corrected her message with ``code``, the page that offers the term, and the word
    that the model had said."""
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write(f"A luminária {code} chegou quebrada e eu quero trocar.")
    await alex.choose(code)
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    said = await alex.theirs.locator(".bubble > .text").inner_text()
    found = re.search(r"\b(luminaire|lamp|light|lantern|lighting|fixture|luminary)\b", said)
    assert found, said
    await alex.theirs.get_by_role("button", name="Correct").click()
    await alex.theirs.locator("form.correct").get_by_role("textbox").fill(said.replace(found.group(), "floor light"))
    await alex.theirs.locator("form.correct").get_by_role("button", name="Save").click()
    await expect(meta(alex.theirs)).to_contain_text("Corrected by you")

    page = await open_page(f"{system.url}/glossary/#proposals", beside=alex.page)
    return ana, alex, page, found.group()


async def test_what_an_agent_corrects_is_offered_as_a_term(fresh_system: System, open_page: OpenPage) -> None:
    ana, alex, page, before = await candidate(fresh_system, open_page, "QX-7007")
    offered = page.locator(".candidates").get_by_role("listitem")
    await expect(offered).to_contain_text("floor light")
    await expect(offered.get_by_text("luminária", exact=True)).to_be_visible()
    await expect(offered).to_contain_text(f"Instead of {before}, in 1 message")
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=f"{folder}/candidates.png")
    await offered.get_by_role("button", name="Accept").click()
    await expect(page.get_by_text("Added. The next message uses it.")).to_be_visible()
    await expect(offered).to_have_count(0)

    await ana.write("Quero outra luminária, por favor.")
    await expect(alex.theirs.last.locator(".bubble > .text mark")).to_have_text(["floor light"])


async def test_a_candidate_is_changed_before_it_is_added(fresh_system: System, open_page: OpenPage) -> None:
    ana, alex, page, _ = await candidate(fresh_system, open_page, "QX-7008")
    offered = page.locator(".candidates").get_by_role("listitem")
    await expect(offered).to_contain_text("floor light")
    if folder := os.environ.get("SHOTS"):
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.screenshot(path=f"{folder}/candidates-phone.png")
        await page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    await offered.get_by_role("button", name="Change").click()
    panel = page.locator("dialog.panel")
    await expect(panel.get_by_role("heading", name="Change and add")).to_be_visible()
    english = panel.get_by_role("textbox", name="English")
    await expect(english).to_have_value("floor light")
    await expect(panel.get_by_role("textbox", name="Portuguese")).to_have_value("luminária")
    await english.fill("standing light")
    await panel.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("Added. The next message uses it.")).to_be_visible()
    await expect(offered).to_have_count(0)

    await ana.write("Quero outra luminária, por favor.")
    await expect(alex.theirs.last.locator(".bubble > .text mark")).to_have_text(["standing light"])

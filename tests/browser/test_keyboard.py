"""A shopper, an agent and a maintainer do all of their work with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from conftest import OpenPage, System
from people import Agent, Shopper, meta, original
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_STEPS = 60
FOCUSED = r"""() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute("aria-label") ?? element?.innerText?.trim().split("\n")[0] ?? "";
}"""


async def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    seen = []
    for _ in range(MOST_STEPS):
        await page.keyboard.press(key)
        seen.append(await page.evaluate(FOCUSED))
        if seen[-1] == name:
            return
    pytest.fail(f"{name} is not reached: {seen}")


async def test_write_read_correct_propose_and_edit_without_a_mouse(fresh_system: System, open_page: OpenPage) -> None:
    ana = Shopper(await open_page(f"{fresh_system.url}/shop/", locale="pt-BR"))
    await expect(ana.launcher).to_be_visible()
    await tab_to(ana.page, "Abrir o chat")
    await ana.page.keyboard.press("Enter")
    await expect(ana.field).to_be_focused()
    await ana.page.keyboard.type("Olá, posso pagar com um vale-presente?")
    await ana.page.keyboard.press("Enter")
    await expect(meta(ana.own)).to_contain_text(re.compile("Enviada|Entregue"))

    page = await open_page(f"{fresh_system.url}/desk/")
    await expect(page.get_by_label("Login")).to_be_focused()
    await page.keyboard.type(fresh_system.login)
    await page.keyboard.press("Tab")
    await page.keyboard.type(fresh_system.password)
    await page.keyboard.press("Enter")
    alex = Agent(page)
    await expect(alex.cards).to_have_count(1)
    await answer(alex)
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    await tab_to(ana.page, "Mostrar original", "Shift+Tab")
    await ana.page.keyboard.press("Enter")
    await expect(original(ana.theirs).locator(".text")).to_have_text("Yes, you can pay with it.")
    await correct(alex)
    await propose(alex)
    await accept_and_edit(page)


async def answer(alex: Agent) -> None:
    keys = alex.page.keyboard
    await keys.press("n")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    await keys.press("r")
    await expect(alex.field).to_be_focused()
    await keys.type("Yes, you can pay with it.")
    await keys.press("Enter")
    await expect(meta(alex.own)).to_contain_text("Show Portuguese")


async def correct(alex: Agent) -> None:
    keys = alex.page.keyboard
    await tab_to(alex.page, "Show Portuguese", "Shift+Tab")
    await tab_to(alex.page, "Show original", "Shift+Tab")
    await keys.press("Enter")
    await expect(original(alex.theirs)).to_be_visible()
    await tab_to(alex.page, "Correct")
    await keys.press("Enter")
    await keys.press("Control+a")
    await keys.type("Hello! Do you take gift cards?")
    await keys.press("Enter")
    await expect(meta(alex.theirs)).to_contain_text("Corrected by you")
    await expect(alex.theirs.get_by_role("button", name="Correct")).to_be_focused()


async def propose(alex: Agent) -> None:
    keys = alex.page.keyboard
    form = alex.page.get_by_role("dialog", name="Propose a term")
    await keys.press("t")
    await expect(form.get_by_label("English")).to_be_focused()
    await keys.press("Escape")
    await expect(form).to_have_count(0)
    await expect(alex.theirs.get_by_role("button", name="Correct")).to_be_focused()
    await keys.press("t")
    await keys.type("gift card")
    await keys.press("Tab")
    await keys.type("cartão-presente")
    await keys.press("Enter")
    await expect(alex.talk.get_by_text("A maintainer of the glossary decides")).to_be_visible()
    await expect(alex.theirs.get_by_role("button", name="Correct")).to_be_focused()


async def accept_and_edit(page: Page) -> None:
    keys = page.keyboard
    await tab_to(page, "Glossary", "Shift+Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("grid")).to_be_visible()
    await tab_to(page, "Proposals")
    await keys.press("Enter")
    proposal = page.get_by_role("listitem").filter(has_text="gift card")
    await expect(proposal).to_contain_text("cartão-presente")
    await tab_to(page, "Accept")
    await keys.press("Enter")
    await expect(proposal).to_have_count(0)
    await tab_to(page, "Terms", "Shift+Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("gridcell", name="gift card")).to_be_visible()
    await keys.press("/")
    await keys.type("gift")
    await keys.press("ArrowDown")
    await keys.press("ArrowRight")
    await keys.press("Enter")
    await keys.press("Control+a")
    await keys.type("vale-presente")
    await keys.press("Enter")
    await expect(page.get_by_role("gridcell", name="vale-presente")).to_be_visible()

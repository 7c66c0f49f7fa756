"""An agent corrects a translation at the desk; the shopper reads his words."""

from __future__ import annotations

import pytest
from conftest import PHONE, OpenPage
from fake_gateway import FakeGateway, Frame
from people import Agent, Shopper, meta, original
from playwright.async_api import Locator, expect
from test_desk import agent

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = "cadê o pedido LP123456?"


def form(message: Locator) -> Locator:
    return message.locator("form.correct")


def corrections(fake: FakeGateway) -> list[Frame]:
    return [frame for frame in fake.received if frame["type"] == "correct"]


async def begin(fake: FakeGateway, open_page: OpenPage, **options: object) -> tuple[str, Agent]:
    fake.translations["pt", "en", SAID] = "where is the request LP123456?"
    key = await fake.begin("Ana", "pt", SAID)
    alex = await agent(fake, open_page, **options)
    await alex.choose("Ana")
    await alex.theirs.get_by_role("button", name="Correct").click()
    return key, alex


async def test_he_corrects_what_she_wrote_with_the_original_beside(fake: FakeGateway, open_page: OpenPage) -> None:
    _, alex = await begin(fake, open_page)
    field = form(alex.theirs).get_by_label("Your translation into English")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("where is the request LP123456?")
    await expect(original(alex.theirs)).to_be_visible()
    save = form(alex.theirs).get_by_role("button", name="Save")
    await expect(save).to_be_disabled()
    await field.fill("where is order LP123456?")
    await field.press("Enter")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is order LP123456?")
    await expect(meta(alex.theirs)).to_contain_text("Corrected by you")
    await expect(alex.theirs.get_by_role("button", name="Correct")).to_be_focused()
    [frame] = corrections(fake)
    assert (frame["translation"], frame["anyway"]) == (2, False)


async def test_he_corrects_his_own_and_she_reads_it_without_a_jump(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = Shopper(await open_page(f"{fake.url}/shop/?lang=pt"))
    await ana.open_chat()
    await ana.write("oi")
    await expect(ana.own).to_have_count(1)
    key = fake.only_talk()
    fake.talks[key].name = "Ana"
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await alex.write("It is on its way.")
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("Está a caminho.")
    box = await ana.theirs.bounding_box()
    await alex.own.get_by_role("button", name="Correct").click()
    await expect(alex.own.locator(".bubble > .text")).to_have_text("It is on its way.")
    field = form(alex.own).get_by_role("textbox")
    await field.fill("Já está a caminho")
    await form(alex.own).get_by_role("button", name="Save").click()
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("Já está a caminho")
    await expect(ana.theirs.locator(".origin")).not_to_contain_text("Traduzido")
    assert await ana.theirs.bounding_box() == box
    await expect(meta(alex.own)).to_contain_text("Corrected by you")


async def test_a_lost_number_is_told_before_it_is_saved(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.must_keep = ("LP123456",)
    _, alex = await begin(fake, open_page)
    field = form(alex.theirs).get_by_role("textbox")
    await field.fill("where is my order?")
    await field.press("Enter")
    warning = form(alex.theirs).get_by_role("alert")
    await expect(warning).to_have_text("The original has LP123456, your text does not.")
    await field.press("Enter")  # a second Enter in a hurry saves nothing
    await field.fill("where is order LP12345?")
    await expect(warning).to_have_text("")
    await field.press("Enter")
    await expect(warning).to_contain_text("LP123456")
    await form(alex.theirs).get_by_role("button", name="Save anyway").click()
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is order LP12345?")
    assert [frame["anyway"] for frame in corrections(fake)] == [False, False, True]


async def test_what_could_not_be_saved_stays_and_is_saved_later(fake: FakeGateway, open_page: OpenPage) -> None:
    _, alex = await begin(fake, open_page)
    await fake.set_status(store="down")
    field = form(alex.theirs).get_by_role("textbox")
    await field.fill("where is order LP123456?")
    await field.press("Enter")
    await expect(form(alex.theirs).get_by_role("alert")).to_have_text("This was not saved. Try again in a moment.")
    await fake.set_status(store="ok")
    await field.press("Enter")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is order LP123456?")
    assert len({frame["id"] for frame in corrections(fake)}) == 1


async def test_a_lost_line_loses_no_correction(fake: FakeGateway, open_page: OpenPage) -> None:
    _, alex = await begin(fake, open_page)
    field = form(alex.theirs).get_by_role("textbox")
    await field.fill("where is order LP123456?")
    fake.refuse_lines = True
    await fake.drop_lines("agent")
    await field.press("Enter")
    await expect(form(alex.theirs).get_by_role("button", name="Saving")).to_be_disabled()
    fake.refuse_lines = False
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is order LP123456?")


async def test_escape_gives_up_and_another_conversation_does_not(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.translations["pt", "en", SAID] = "where is the request LP123456?"
    await fake.begin("Kim", "pt", "oi")
    _, alex = await begin(fake, open_page)
    field = form(alex.theirs).get_by_role("textbox")
    await field.fill("half a sent")
    await alex.cards.filter(has_text="Kim").click()
    await expect(form(alex.theirs)).to_have_count(0)
    await alex.cards.filter(has_text="Ana").click()
    await expect(field).to_have_value("half a sent")
    await field.press("Escape")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is the request LP123456?")
    assert corrections(fake) == []


async def test_another_agents_correction_is_told_while_he_writes_his(fake: FakeGateway, open_page: OpenPage) -> None:
    key, alex = await begin(fake, open_page)
    other = {"kind": "translation", "of": 1, "source": "pt", "target": "en", "status": "done", "text": "where is it?"}
    await fake.append(key, {**other, "receipt": {"origin": "edited", "edited_by": "Kim"}})
    await expect(form(alex.theirs).locator(".note")).to_have_text("Kim has corrected this meanwhile: where is it?")
    await form(alex.theirs).get_by_role("button", name="Cancel").click()
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("where is it?")
    await expect(meta(alex.theirs)).to_contain_text("Corrected by Kim")


async def test_on_a_phone_the_form_fits(fake: FakeGateway, open_page: OpenPage) -> None:
    _, alex = await begin(fake, open_page, size=PHONE)
    box = await form(alex.theirs).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    assert await alex.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""While an agent writes, answers used before that say almost the same are offered; he decides."""

from __future__ import annotations

import pytest
from conftest import DESKTOP, PHONE, OpenPage
from fake_gateway import FakeGateway
from people import Agent, meta
from playwright.async_api import Locator, expect
from test_desk import agent

pytestmark = pytest.mark.asyncio(loop_scope="session")

USED = [
    {"source": "It is on its way to you.", "text": "Está a caminho.", "likeness": 0.95, "edited": False, "count": 9},
    {"source": "It is on the way to you.", "text": "Já está a caminho.", "likeness": 0.92, "edited": True, "count": 1},
]


def offered(alex: Agent) -> Locator:
    return alex.page.get_by_role("group", name="Used before").get_by_role("button")


async def begin(fake: FakeGateway, open_page: OpenPage, language: str = "pt", **options: object) -> Agent:
    fake.used = USED
    await fake.begin("Ana", language, "oi")
    alex = await agent(fake, open_page, **options)
    await alex.choose("Ana")
    return alex


async def test_it_is_offered_with_its_translation_and_put_into_the_field_not_sent(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    alex = await begin(fake, open_page)
    await alex.field.fill("It is on its way to yu")
    await expect(offered(alex)).to_have_text([each["source"] + each["text"] for each in USED])
    await expect(alex.page.get_by_role("status").filter(has_text="2 answers used before")).to_have_count(1)
    [asked] = [frame for frame in fake.received if frame["type"] == "near"]
    assert asked == {"type": "near", "text": "It is on its way to yu", "source": "en", "target": "pt"}
    await offered(alex).first.click()
    await expect(alex.field).to_have_value("It is on its way to you.")
    await expect(alex.field).to_be_focused()
    await expect(offered(alex)).to_have_count(1)  # not what stands in the field already
    assert not [frame for frame in fake.received if frame["type"] == "send"]
    await alex.field.press("Enter")
    await expect(alex.own).to_have_count(1)
    await expect(offered(alex)).to_have_count(0)


async def test_the_keyboard_reaches_it_and_comes_back(fake: FakeGateway, open_page: OpenPage) -> None:
    alex = await begin(fake, open_page)
    await alex.field.fill("It is on its way to yu")
    await expect(offered(alex)).to_have_count(2)
    await alex.field.press("Shift+Tab")
    await expect(offered(alex).last).to_be_focused()
    await alex.page.keyboard.press("Escape")
    await expect(alex.field).to_be_focused()
    await alex.field.press("Shift+Tab")
    await alex.page.keyboard.press("Enter")
    await expect(alex.field).to_have_value("It is on the way to you.")


async def test_nothing_is_asked_for_short_texts_nor_where_both_write_the_same_language(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    alex = await begin(fake, open_page, "en")
    await alex.field.fill("It is on its way to yu")
    await fake.begin("Kim", "pt", "oi")
    await alex.choose("Kim")
    await expect(alex.field).to_have_attribute("placeholder", "Write in English. Kim reads Portuguese.")
    await alex.field.fill("It is")
    await alex.field.fill("It is on its way.")
    await expect(offered(alex)).to_have_count(2)
    assert [frame["text"] for frame in fake.received if frame["type"] == "near"] == ["It is on its way."]


async def test_a_memory_that_is_still_being_read_is_asked_again(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.reading = 1
    alex = await begin(fake, open_page)
    await alex.field.fill("It is on its way to yu")
    await expect(offered(alex)).to_have_count(2)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 600)], ids=["wide", "narrow", "small"])
async def test_nothing_moves_and_nothing_is_hidden_while_it_is_offered(
    fake: FakeGateway, open_page: OpenPage, size: tuple[int, int]
) -> None:
    alex = await begin(fake, open_page, size=size)
    await fake.say(fake.only_talk(), "tudo bem?", role="visitor", name="Ana")
    await alex.field.fill("It is")  # too short for an offer
    await expect(meta(alex.theirs.nth(1))).to_contain_text("Portuguese")
    parts = [alex.theirs.last, alex.talk.get_by_role("log"), alex.field]
    before = [await part.bounding_box() for part in parts]
    await alex.field.fill("It is on its way to yu")
    await expect(offered(alex)).to_have_count(2)
    await fake.signal(fake.only_talk(), {"type": "typing", "role": "visitor", "on": True, "name": ""}, to="agent")
    await expect(alex.talk.locator(".writing")).to_have_text("Ana is writing")
    assert [await part.bounding_box() for part in parts] == before
    log, group = before[1], await alex.page.get_by_role("group", name="Used before").bounding_box()
    assert log is not None
    assert group is not None
    assert group["y"] >= log["y"] + log["height"]
    await expect(offered(alex).first).to_be_in_viewport(ratio=1)
    await expect(alex.field).to_be_in_viewport(ratio=1)
    assert await alex.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await alex.field.fill("")
    await expect(offered(alex)).to_have_count(0)
    assert [await part.bounding_box() for part in parts] == before


async def test_an_answer_that_is_cut_off_is_read_whole_by_who_comes_to_it(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    long = "It is on its way to you, and it should be there by the end of this week or early in the next. " * 2
    alex = await begin(fake, open_page)
    fake.used = [{**USED[0], "source": long.strip()}, USED[1]]
    await alex.field.fill("It is on its way to yu")
    await expect(offered(alex)).to_have_count(2)
    text = offered(alex).first.locator("span").first
    hidden = "span => span.scrollHeight > span.clientHeight + 2"
    assert await text.evaluate(hidden)
    await alex.field.press("Shift+Tab")
    await alex.page.keyboard.press("Shift+Tab")
    await expect(offered(alex).first).to_be_focused()
    assert not await text.evaluate(hidden)

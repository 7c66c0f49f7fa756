"""What somebody has written and not sent is there again after a reload, a closed tab, a lost line."""

from __future__ import annotations

import asyncio

import pytest
from conftest import OpenPage
from fake_gateway import FakeGateway
from people import Agent, Shopper, meta
from playwright.async_api import expect
from test_desk import agent
from test_widget import shopper

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }"
OLD = """() => {
  for (const key of Object.keys(localStorage).filter((key) => key.includes(":draft:"))) {
    const { text, ts } = JSON.parse(localStorage[key]);
    localStorage[key] = JSON.stringify({ text, ts: ts - 31 * 86_400_000 });
  }
}"""


def said(fake: FakeGateway, key: str) -> list[str]:
    return [event["text"] for event in fake.talks[key].events if event["kind"] == "message"]


async def lose_the_line(fake: FakeGateway) -> None:
    """Drops the only visitor's line and waits until she has another one."""
    [before] = fake.sockets
    await fake.drop_lines()
    for _ in range(500):
        if fake.sockets and before not in fake.sockets:
            return
        await asyncio.sleep(0.02)
    pytest.fail("she never came back")


async def test_her_text_outlives_a_reload_and_a_closed_tab_until_it_is_sent(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.field.fill("uma\nduas\ntrês linhas")
    height = (await ana.field.bounding_box() or {})["height"]
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.field).to_have_value("uma\nduas\ntrês linhas")
    assert (await ana.field.bounding_box() or {})["height"] == height

    later = await shopper(fake, open_page, beside=ana.page)
    await ana.page.close()
    await later.open_chat()
    await expect(later.field).to_have_value("uma\nduas\ntrês linhas")
    assert not [frame for frame in fake.received if "linhas" in str(frame)]  # it never left her machine
    await later.field.press("Enter")
    await expect(meta(later.own)).to_contain_text("Enviada")
    await later.page.reload()
    await later.open_chat()
    await expect(later.own).to_have_count(1)
    await expect(later.field).to_have_value("")


async def test_a_text_that_she_takes_away_is_gone(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.field.fill("não")
    await ana.field.fill("")
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.field).to_have_value("")
    assert not await ana.page.evaluate("Object.keys(localStorage).filter((key) => key.includes(':draft:'))")


async def test_a_text_written_before_the_conversation_has_begun_goes_with_it(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    fake.refuse_lines = True
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.field.fill("sem linha")
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.field).to_have_value("sem linha")
    fake.refuse_lines = False
    await expect(ana.notice).to_have_count(0)
    await ana.page.wait_for_function("() => Object.keys(localStorage).some((key) => key.endsWith(':draft:c0001'))")
    await expect(ana.field).to_have_value("sem linha")
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.field).to_have_value("sem linha")


@pytest.mark.parametrize("storage", ["", FORBIDDEN, FULL], ids=["kept", "forbidden", "full"])
async def test_a_conversation_that_begins_anew_and_a_lost_line_leave_her_text_in_the_field(
    fake: FakeGateway, open_page: OpenPage, storage: str
) -> None:
    page = await open_page("about:blank", locale="pt-BR")
    await page.add_init_script(storage)
    await page.goto(f"{fake.url}/shop/")
    ana = Shopper(page)
    await ana.begin()
    await ana.field.fill("dois")
    await lose_the_line(fake)
    await fake.say(fake.only_talk(), "Hello")
    await expect(ana.theirs).to_have_count(1)
    await expect(ana.own).to_have_count(1)
    await expect(ana.field).to_have_value("dois")
    fake.talks.clear()
    await fake.drop_lines()
    await expect(ana.own).to_have_count(0)
    await expect(ana.field).to_have_value("dois")
    await ana.field.press("Enter")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    await expect(ana.field).to_have_value("")


async def test_two_tabs_hold_one_text_and_it_can_be_sent_once(fake: FakeGateway, open_page: OpenPage) -> None:
    first = await shopper(fake, open_page)
    second = await shopper(fake, open_page, beside=first.page)
    await first.begin()
    await second.open_chat()
    await first.field.fill("dois")
    await expect(second.field).to_have_value("dois")
    await second.field.press("Enter")
    await expect(first.own).to_have_count(2)
    await expect(first.field).to_have_value("")
    assert said(fake, fake.only_talk()) == ["um", "dois"]


async def test_who_writes_next_on_this_machine_does_not_see_it_and_an_old_one_is_forgotten(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    await ana.field.fill("meu segredo")
    drafts = "() => Object.values(localStorage).filter((value) => value.includes('meu segredo')).length"
    # The shop lets her token go, as it does when she logs out.
    await ana.page.evaluate(
        "for (const key of Object.keys(localStorage)) if (/:(token|conversation)$/.test(key)) delete localStorage[key]"
    )
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.own).to_have_count(0)
    await expect(ana.field).to_have_value("")
    assert await ana.page.evaluate(drafts) == 1
    await ana.page.evaluate(OLD)
    await ana.page.reload()
    await ana.open_chat()
    await ana.page.wait_for_function(f"() => ({drafts})() === 0")


async def test_his_texts_wait_each_with_its_conversation_over_a_reload(fake: FakeGateway, open_page: OpenPage) -> None:
    keys = [await fake.begin(name, "pt", "oi") for name in ("Ana", "Bia")]
    alex = await agent(fake, open_page)
    for name in ("Ana", "Bia"):
        await alex.choose(name)
        await expect(alex.field).to_have_value("")
        await alex.field.fill(f"Dear {name}")
    await alex.page.reload()
    await expect(alex.field).to_have_value("Dear Bia")
    later = await agent(fake, open_page, beside=alex.page)
    await alex.page.close()
    await later.choose("Ana")
    await expect(later.field).to_have_value("Dear Ana")
    await later.field.press("Enter")
    await expect(meta(later.own)).to_contain_text("Sent")
    await later.choose("Bia")
    await expect(later.field).to_have_value("Dear Bia")
    await later.field.fill("")
    await later.page.reload()
    await later.page.get_by_role("button", name="All").click()
    for name in ("Ana", "Bia"):
        await later.choose(name)
        await expect(later.field).to_have_value("")
    assert [said(fake, key) for key in keys] == [["oi", "Dear Ana"], ["oi"]]


@pytest.mark.parametrize("storage", ["", FORBIDDEN], ids=["kept", "forbidden"])
async def test_his_texts_wait_each_with_its_conversation(fake: FakeGateway, open_page: OpenPage, storage: str) -> None:
    await fake.begin("Ana", "pt", "oi")
    await fake.begin("Bia", "pt", "olá")
    fake.logged_in = True
    page = await open_page("about:blank")
    await page.add_init_script(storage)
    await page.goto(f"{fake.url}/desk/")
    alex = Agent(page)
    await alex.choose("Ana")
    await alex.field.fill("Dear Ana")
    await alex.choose("Bia")
    await expect(alex.field).to_have_value("")
    await alex.choose("Ana")
    await expect(alex.field).to_have_value("Dear Ana")

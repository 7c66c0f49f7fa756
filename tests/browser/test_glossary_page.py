"""The glossary page on the real system; each test works with terms of its own, found by a word that only it uses."""

from __future__ import annotations

import pytest
from conftest import PHONE, OpenPage, System
from fake_gateway import FakeGateway
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def glossary(system: System, open_page: OpenPage, search: str = "", **options: object) -> Page:
    page = await open_page(f"{system.url}/glossary/", **options)
    await page.get_by_label("Login").fill(system.login)
    await page.get_by_label("Password").fill(system.password)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-busy", "false")
    if search:
        await page.get_by_label("Search terms").fill(search)
        await expect(page.locator(".found")).to_contain_text("found")
    return page


async def paste(page: Page, rows: str, *, done: str) -> None:
    await page.get_by_role("button", name="Add many").click()
    dialog = page.get_by_role("dialog", name="Add many terms")
    await dialog.get_by_label("Rows from a spreadsheet").fill(rows)
    await dialog.get_by_role("button", name="Check them").click()
    await dialog.get_by_role("button", name="Import").click()
    await expect(dialog.get_by_role("status")).to_contain_text(done)
    await dialog.get_by_role("button", name="Done").click()
    await expect(dialog).to_be_hidden()  # keys of the page below are for nobody before


def cell(page: Page, text: str) -> Locator:
    return page.get_by_role("gridcell", name=text, exact=True)


def panel(page: Page) -> Locator:
    return page.locator("dialog.panel")


async def test_rows_are_pasted_found_sorted_and_filtered(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page)
    await paste(page, "quorl lamp\tlâmpada quorl\t\nquorl chair\tcadeira quorl\tour best", done="2 added")
    await page.get_by_label("Search terms").fill("quorl")
    first = page.locator(".cell-text:first-child")
    await expect(first).to_have_text(["quorl chair", "quorl lamp"])
    await expect(page.locator(".found")).to_have_text("2 terms found")
    await page.get_by_role("button", name="English").click()
    await expect(first).to_have_text(["quorl lamp", "quorl chair"])
    await page.get_by_label("Search terms").fill("quorl best")
    await expect(first).to_have_text(["quorl chair"])
    await page.get_by_role("button", name="Filter").click()
    await page.get_by_label("Status").select_option("Draft")
    await expect(page.get_by_text("Nothing found.")).to_be_visible()


async def test_the_table_is_worked_with_keys_and_a_conflict_is_told_before_it_is_saved(
    system: System, open_page: OpenPage
) -> None:
    page = await glossary(system, open_page)
    await paste(page, "brimp one\tum brimp\nbrimp two\tdois brimp", done="2 added")
    await page.keyboard.press("/")
    await page.keyboard.type("brimp")
    await expect(page.locator(".found")).to_have_text("2 terms found")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("grid")).to_be_focused()
    for key in ("ArrowRight", "Enter", "Control+A"):
        await page.keyboard.press(key)
    await page.keyboard.type("o brimp")
    await page.keyboard.press("Enter")
    await expect(cell(page, "o brimp")).to_be_visible()
    await expect(page.get_by_role("grid")).to_be_focused()  # on the row below now
    for key in ("ArrowLeft", "F2", "Control+A"):
        await page.keyboard.press(key)
    await page.keyboard.type("brimp one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Two wordings for one term: “dois brimp” here, “o brimp”")
    await page.keyboard.press("Escape")
    await expect(cell(page, "brimp two")).to_be_visible()
    await page.keyboard.press("Delete")
    await expect(page.locator(".found")).to_have_text("1 term found")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".found")).to_have_text("2 terms found")
    await page.get_by_role("grid").focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Everything about the term")


async def test_a_term_is_written_in_full_tried_out_and_its_history_undone(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page)
    await page.keyboard.press("n")
    await expect(panel(page).get_by_role("textbox", name="English")).to_be_focused()
    await page.keyboard.type("warranty card")
    await panel(page).get_by_role("button", name="Save").click()
    await expect(panel(page).get_by_role("alert")).to_contain_text("second language")
    await panel(page).get_by_role("textbox", name="Portuguese").fill("cartão de garantia")
    await panel(page).get_by_role("button", name="Forms and grammar, English").click()
    await panel(page).get_by_role("button", name="Fill in regular forms").click()
    await expect(panel(page).get_by_role("textbox", name="Form 1, English")).to_have_value("warranty cards")
    await panel(page).get_by_label("Not meant in").first.fill("warranty card game")
    await panel(page).get_by_label("Note").fill("Printed on the box")
    await panel(page).get_by_role("button", name="Try out").click()
    await panel(page).get_by_label("A sentence").fill("I lost my warranty card.")
    await panel(page).get_by_role("button", name="Try it").click()
    await expect(panel(page).get_by_label("With your draft")).to_contain_text("cartão de garantia")
    await expect(panel(page).get_by_label("As it is now")).to_be_visible()
    await panel(page).get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="New term")).to_be_visible()  # ready for the next one
    await panel(page).get_by_role("button", name="Close").click()

    await page.get_by_label("Search terms").fill("warranty")
    await cell(page, "warranty card").click()
    await page.keyboard.press("Space")
    field = panel(page).get_by_role("textbox", name="Portuguese")
    await expect(field).to_have_value("cartão de garantia")
    await field.fill("certificado de garantia")
    await page.keyboard.press("Escape")
    await expect(panel(page).get_by_role("alert")).to_contain_text("Save this term first")
    await page.keyboard.press("Control+s")
    await expect(cell(page, "certificado de garantia")).to_be_visible()
    await panel(page).get_by_role("button", name="History").click()
    await expect(panel(page).locator(".change").first).to_contain_text("cartão de garantia → certificado de garantia")
    await panel(page).get_by_role("button", name="Undo").first.click()
    await expect(cell(page, "cartão de garantia")).to_be_visible()
    await expect(panel(page).locator(".change")).to_have_count(3)


async def test_a_file_is_looked_at_before_it_is_read_in(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page)
    await page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog", name="Import terms")

    async def choose(rows: str) -> None:
        file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        await dialog.locator("input[type=file]").set_input_files(file)

    await choose("en,pt,do_not_translate\nsplonk,splonque,\nsplink,,maybe\n")
    await expect(dialog.get_by_role("alert")).to_contain_text("Nothing has changed")
    await expect(dialog.get_by_role("row").nth(1)).to_contain_text("3do_not_translate")
    await choose("en,pt\nsplonk,splonque\nsplint,tala\n")
    await expect(dialog.get_by_role("status")).to_contain_text("2 rows: 2 new, 0 changed, 0 as before.")
    await dialog.get_by_role("button", name="Import 2 changes").click()
    await expect(dialog.get_by_role("status")).to_contain_text("terms.csv: 2 added")
    await dialog.get_by_role("button", name="Import another file").click()
    await choose("en,pt\nsplonk,outra coisa\nsplint,tala\nspline,ranhura\nspline,outra\n")
    await expect(dialog.get_by_role("button", name="Conflicts")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Import")).to_be_disabled()
    await dialog.get_by_label("Leave out").check()
    await dialog.get_by_role("button", name="Changed").click()
    await expect(dialog.locator(".preview-changes")).to_contain_text("splonque → outra coisa")
    await dialog.get_by_role("button", name="Import 2 changes").click()
    await dialog.get_by_role("button", name="Undo").click()
    await page.get_by_label("Search terms").fill("spl")
    await expect(page.locator(".cell-text:first-child")).to_have_text(["splint", "splonk"])
    await expect(cell(page, "splonque")).to_be_visible()


async def test_every_file_format_can_be_exported(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page)
    await page.get_by_role("button", name="Export").click()
    addresses = await page.locator(".exports a").evaluate_all("links => links.map((link) => link.href)")
    assert len(addresses) == 8
    for address in addresses:
        answer = await page.request.get(address)
        assert answer.ok, address
        assert "attachment" in answer.headers["content-disposition"], address


async def test_the_whole_glossary_can_be_as_it_was(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page)
    await paste(page, "frumm\tfrumo", done="1 added")
    await paste(page, "frumm two\tfrumo dois\nfrumm three\tfrumo três", done="2 added")
    await page.get_by_role("link", name="History").click()
    await page.locator(".change").nth(1).get_by_role("button", name="Restore").click()
    ask = page.get_by_role("dialog")
    await expect(ask).to_contain_text("2 terms go")
    await ask.get_by_role("button", name="Restore").click()
    await expect(page.locator(".change").first).to_contain_text("Restored to change")
    await page.get_by_role("link", name="Terms").click()
    await page.get_by_label("Search terms").fill("frumm")
    await expect(page.locator(".cell-text:first-child")).to_have_text(["frumm"])


async def test_a_hundred_thousand_rows_cost_no_more_than_those_in_view(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.logged_in, fake.terms = True, 100_000
    page = await open_page(f"{fake.url}/glossary/")
    await expect(page.get_by_text("100,000 terms")).to_be_visible()
    grid = page.get_by_role("grid")
    await grid.focus()
    await page.keyboard.press("Control+End")
    await expect(page.get_by_role("gridcell", name="term 099999")).to_be_in_viewport()
    await grid.evaluate("box => { box.scrollTop = box.scrollHeight / 2 }")
    await expect(page.get_by_role("gridcell", name="term 05").first).to_be_in_viewport()
    assert await page.get_by_role("row").count() < 60
    # A frame of scrolling through rows that are here: the work of the page itself, in milliseconds.
    spent = await grid.evaluate(
        """async (box) => {
          const times = [];
          box.scrollTop = 0;
          await new Promise((done) => setTimeout(done, 300));
          for (let i = 0; i < 20; i += 1) {
            const began = performance.now();
            box.scrollTop += 88;
            box.dispatchEvent(new Event("scroll"));
            await new Promise((done) => queueMicrotask(done));
            box.getBoundingClientRect();
            times.push(performance.now() - began);
            await new Promise((done) => requestAnimationFrame(done));
          }
          return times.sort((a, b) => a - b)[10];
        }"""
    )
    assert spent < 50
    await page.get_by_label("Search terms").fill("012345")
    await expect(page.get_by_text("1 term found")).to_be_visible()


async def test_on_a_phone_terms_are_cards_and_the_open_one_is_a_sheet(system: System, open_page: OpenPage) -> None:
    page = await glossary(system, open_page, size=PHONE)
    await paste(page, "klump\tcâmara de ar com válvula comprida", done="1 added")
    await page.get_by_label("Search terms").fill("klump")
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    await page.get_by_text("câmara de ar").click()
    await expect(panel(page)).to_be_visible()
    assert await panel(page).bounding_box() == {"x": 0, "y": 0, "width": PHONE[0], "height": PHONE[1]}
    assert not await page.evaluate(wide)
    await panel(page).get_by_role("button", name="Close").click()
    await expect(page.get_by_text("câmara de ar")).to_be_visible()
    assert not await page.evaluate(wide)

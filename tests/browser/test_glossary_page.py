"""The glossary page, against a gateway that obeys the test."""

from __future__ import annotations

import pytest
from conftest import PHONE, OpenPage
from fake_gateway import FakeGateway
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

TERMS = [
    {"en": "order", "pt": "pedido"},
    {"en": "invoice", "pt": "nota fiscal", "de": "Rechnung"},
    {"en": "tracking code", "pt": "código de rastreio"},
]


async def glossary(fake: FakeGateway, open_page: OpenPage, **options: object) -> Page:
    fake.logged_in = True
    for n, texts in enumerate(TERMS):
        fake.terms[f"t{n}"] = {"id": f"t{n}", "texts": texts, "do_not_translate": False, "note": ""}
    page = await open_page(f"{fake.url}/glossary/", **options)
    await expect(page.get_by_text("3 terms", exact=True)).to_be_visible()
    return page


def first_column(page: Page) -> object:
    return page.locator("tbody tr td:first-child")


async def test_terms_are_listed_in_order_and_searched(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page)
    heads = ["English", "Portuguese", "German", "Note", "Actions"]
    await expect(page.get_by_role("columnheader")).to_have_text(heads)
    await expect(first_column(page)).to_have_text(["invoice", "order", "tracking code"])
    await page.get_by_label("Search terms").fill("rast")
    await expect(first_column(page)).to_have_text(["tracking code"])
    await expect(page.get_by_text("1 of 3 terms")).to_be_visible()


async def test_a_term_is_added_with_a_language_of_its_own(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page)
    await page.get_by_label("Add a language").select_option("es")
    await page.get_by_role("button", name="Add term").click()
    await expect(page.get_by_role("textbox", name="English")).to_be_focused()
    await page.get_by_role("textbox", name="English").fill(" refund ")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert").filter(has_text="second language")).to_be_visible()
    await page.get_by_role("textbox", name="Spanish").fill("reembolso")
    await page.get_by_role("textbox", name="Spanish").press("Enter")
    await expect(first_column(page)).to_have_text(["invoice", "order", "refund", "tracking code"])
    texts = [term["texts"] for term in fake.terms.values()]
    assert {"en": "refund", "es": "reembolso"} in texts


async def test_a_term_is_changed_in_place_and_escape_leaves_it(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page)
    await page.get_by_role("cell", name="pedido").dblclick()
    field = page.get_by_role("textbox", name="Portuguese")
    await expect(field).to_be_focused()
    await field.fill("compra")
    await field.press("Escape")
    await expect(page.get_by_role("cell", name="pedido")).to_be_visible()
    await page.get_by_role("button", name="Edit order").click()
    await field.fill("compra")
    await page.get_by_label("Keep as is, never translate").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("tr", has_text="compra")).to_contain_text("Keep as is")
    assert fake.terms["t0"]["texts"] == {"en": "order", "pt": "compra"}
    assert fake.terms["t0"]["do_not_translate"] is True


async def test_a_deleted_term_can_be_brought_back(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page)
    await page.get_by_role("button", name="Delete order").click()
    await expect(first_column(page)).to_have_text(["invoice", "tracking code"])
    assert len(fake.terms) == 2
    await page.get_by_role("button", name="Undo").click()
    await expect(first_column(page)).to_have_text(["invoice", "order", "tracking code"])
    assert {"en": "order", "pt": "pedido"} in [term["texts"] for term in fake.terms.values()]


async def test_an_import_tells_what_it_did_or_which_cells_are_wrong(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page)
    await page.get_by_role("button", name="Import").click()
    chooser = page.locator("input[type=file]")
    await chooser.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": b"bad"})
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("row").nth(1)).to_have_text("3ptNo text in Portuguese")
    await expect(dialog).to_contain_text("Nothing has changed")
    await chooser.set_input_files({"name": "terms.csv", "mimeType": "text/csv", "buffer": b"en,pt\nbag,saco"})
    await expect(dialog).to_contain_text("terms.csv: 12 added, 3 changed, 40 as before.")


async def test_many_terms_are_shown_a_page_at_a_time(fake: FakeGateway, open_page: OpenPage) -> None:
    for n in range(1000):
        fake.terms[f"m{n}"] = {"id": f"m{n}", "texts": {"en": f"x{n:04d}"}, "do_not_translate": True, "note": ""}
    fake.logged_in = True
    page = await open_page(f"{fake.url}/glossary/")
    await expect(first_column(page)).to_have_count(100)
    await page.get_by_role("button", name="Show more (900 left)").click()
    await expect(first_column(page)).to_have_count(200)


async def test_on_a_phone_each_term_is_a_card(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await glossary(fake, open_page, size=PHONE)
    await expect(page.get_by_role("cell", name="nota fiscal")).to_be_visible()
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    assert not await page.evaluate(wide)
    await page.get_by_role("button", name="Edit invoice").click()
    await expect(page.get_by_role("textbox", name="English")).to_be_focused()
    assert not await page.evaluate(wide)

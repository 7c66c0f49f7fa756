"""The README's picture: desk and widget of a real system side by side. `pytest --screenshot` keeps it in docs/."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from conftest import OpenPage, System
from people import Agent, Shopper, meta
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = Path(__file__).parents[2] / "docs" / "screenshot.png"
WRITTEN = "Olá, minha encomenda ainda não chegou 😭 o código é LP00123456789CN, meu e-mail é ana@loja.com.br"
OTHERS = [
    ("de-DE", "Jonas", "Guten Tag, kann ich die Lampe noch umtauschen?"),
    ("pt-PT", "Beatriz", "Boa tarde, qual é o prazo de entrega para o Porto?"),
    ("pt-BR", "Caio", "Oi, o cupom LUME10 não funcionou no carrinho."),
]
GAP = 16


async def test_desk_and_widget_side_by_side(
    fresh_system: System, open_page: OpenPage, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    system = fresh_system
    picture = PICTURE if request.config.getoption("--screenshot") else tmp_path / "screenshot.png"
    alex = Agent(await open_page(f"{system.url}/desk/", size=(1180, 760)))
    await alex.log_in(system.login, system.password)
    await _fill_glossary(system, open_page, alex)
    for locale, name, text in OTHERS:
        other = await _shopper(system, open_page, locale, name)
        await other.write(text)
        await expect(other.own.locator(".meta .ticks-sent, .meta .ticks-delivered")).to_be_visible()
    ana = await _shopper(system, open_page, "pt-BR", "Ana Souza")
    await ana.write(WRITTEN)
    await alex.choose("Ana Souza")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    await alex.write("I am sorry to hear that, Ana. Your parcel left our workshop yesterday and will arrive on Friday.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    await alex.theirs.get_by_role("button", name="Show original").click()
    await alex.own.get_by_role("button", name="Show Portuguese").click()
    await ana.write("Muito obrigada!")
    await expect(alex.messages).to_have_count(3)
    await expect(meta(alex.theirs.nth(1))).to_contain_text("Translated")
    await expect(meta(ana.own.nth(1))).to_contain_text("Lida")

    await expect(alex.cards.filter(has_text="Ana Souza")).to_contain_text("Thank you")
    desk = await alex.page.screenshot()
    widget = await ana.page.screenshot()
    sheet = await open_page("about:blank", size=(1180 + GAP * 3 + 420, 760 + GAP * 2))
    await sheet.set_content(_sheet(desk, widget), wait_until="load")
    await sheet.screenshot(path=picture)
    assert picture.stat().st_size > 50_000


async def _fill_glossary(system: System, open_page: OpenPage, alex: Agent) -> None:
    page = await open_page(f"{system.url}/glossary/", beside=alex.page)
    await page.get_by_role("button", name="Import").click()
    rows = b"en,pt\nparcel,encomenda\nworkshop,oficina\norder,encomenda\n"
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": rows}
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Import 3 changes").click()
    await expect(page.get_by_role("dialog")).to_contain_text("3 added")


async def _shopper(system: System, open_page: OpenPage, locale: str, name: str) -> Shopper:
    page = await open_page(f"{system.url}/health/live", locale=locale, size=(420, 760))
    # Shops tell the names of those who are logged in there; the demo shop has no accounts.
    await page.add_init_script(
        f"""new MutationObserver(() => {{
          const script = document.querySelector('script[src*="widget.js"]');
          if (script) script.dataset.name = {json.dumps(name)};
        }}).observe(document, {{ childList: true, subtree: true }})"""
    )
    await page.goto(f"{system.url}/shop/")
    shopper = Shopper(page)
    await shopper.open_chat()
    return shopper


def _sheet(*pictures: bytes) -> str:
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(p).decode()}">' for p in pictures)
    return f"""<!doctype html><style>
      body {{ margin: 0; padding: {GAP}px; display: flex; gap: {GAP}px; background: #d9e2de }}
      img {{ display: block; border-radius: 12px; box-shadow: 0 4px 20px rgb(16 32 28 / 18%) }}
    </style>{images}"""

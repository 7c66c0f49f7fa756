"""The main job on the real thing: a shopper writes Portuguese, an agent answers in English."""

from __future__ import annotations

import re

import pytest
from conftest import OpenPage, System
from people import Agent, Shopper, meta, original
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRITTEN = "Olá, minha encomenda ainda não chegou 😭 o código é LP00123456789CN, meu e-mail é ana@loja.com.br"


async def shopper(system: System, open_page: OpenPage, locale: str = "pt-BR") -> Shopper:
    ana = Shopper(await open_page(f"{system.url}/", locale=locale))
    await expect(ana.page).to_have_url(re.compile("/shop/"))
    await ana.open_chat()
    return ana


async def agent(system: System, open_page: OpenPage) -> Agent:
    alex = Agent(await open_page(f"{system.url}/desk/"))
    await alex.log_in(system.login, system.password)
    return alex


async def test_a_shopper_writes_portuguese_an_agent_answers_in_english(system: System, open_page: OpenPage) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)

    await ana.write(WRITTEN)
    await expect(ana.own.locator(".text")).to_have_text(WRITTEN)
    await expect(meta(ana.own)).to_contain_text(re.compile("Enviada|Entregue"))

    await alex.choose("LP00123456789CN")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    read = await alex.theirs.locator(".bubble > .text").inner_text()
    for kept in ("😭", "LP00123456789CN", "ana@loja.com.br"):
        assert kept in read
    assert "arrived" in read
    await alex.theirs.get_by_role("button", name="Show original").click()
    await expect(original(alex.theirs).locator(".text")).to_have_text(WRITTEN)
    await expect(meta(ana.own)).to_contain_text("Lida")

    await alex.field.press_sequentially("I am sorry")
    await expect(ana.panel.locator(".writing")).to_contain_text("está escrevendo")
    await alex.write("I am sorry to hear that. Your order is on its way.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    answer = await ana.theirs.locator(".bubble > .text").inner_text()
    assert "a caminho" in answer
    await ana.theirs.get_by_role("button", name="Mostrar original").click()
    await expect(original(ana.theirs).locator(".text")).to_contain_text("I am sorry to hear that.")
    await expect(meta(alex.own)).to_contain_text("Read")

    await ana.field.press_sequentially("obrig")
    await expect(alex.talk.locator(".writing")).to_contain_text("is writing")


async def test_reload_and_a_lost_line_keep_everything_in_order_once(system: System, open_page: OpenPage) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Olá, qual é o prazo do pedido ZX-1001?")
    await alex.choose("ZX-1001")
    await expect(meta(alex.theirs)).to_contain_text("Translated from")
    await ana.page.context.set_offline(True)
    await ana.write("Estou sem rede agora.")
    await ana.write("Mas continuo escrevendo.")
    await alex.write("It takes two days.")
    await expect(meta(alex.own)).to_contain_text("Sent")
    await ana.page.context.set_offline(False)
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.messages).to_have_count(4)
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    await alex.page.reload()
    await expect(alex.messages).to_have_count(4)
    await expect(meta(alex.theirs.last)).to_contain_text("Translated from")
    assert len(set(await ana.texts())) == 4
    own = await ana.own.locator(".text").all_inner_texts()
    assert own == ["Olá, qual é o prazo do pedido ZX-1001?", "Estou sem rede agora.", "Mas continuo escrevendo."]


async def test_a_term_added_on_the_glossary_page_is_in_the_next_message(system: System, open_page: OpenPage) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Oi! Tenho uma pergunta sobre o pedido ZX-2002.")
    await alex.choose("ZX-2002")
    await expect(meta(alex.theirs)).to_contain_text("Translated from")
    page = await open_page(f"{system.url}/glossary/", beside=alex.page)
    await page.get_by_role("button", name="Add term").click()
    await page.get_by_role("textbox", name="English").fill("tracking number")
    await page.get_by_role("textbox", name="Portuguese").fill("código de acompanhamento")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("gridcell", name="código de acompanhamento")).to_be_visible()

    await alex.write("Your tracking number is ready.")
    await expect(ana.theirs.locator(".bubble > .text")).to_contain_text("código de acompanhamento")
    await expect(alex.own.locator(".bubble > .text mark")).to_have_text(["tracking number"])
    await alex.own.locator(".bubble > .text mark").hover()
    await expect(alex.own.locator(".bubble > .tip")).to_contain_text("tracking number → código de acompanhamento")


async def test_a_glossary_loaded_from_csv_is_applied_and_the_desk_shows_it(system: System, open_page: OpenPage) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Oi! Tenho outra pergunta, sobre o código ZX-4004.")
    await alex.choose("ZX-4004")
    await expect(meta(alex.theirs)).to_contain_text("Translated from")
    page = await open_page(f"{system.url}/glossary/", beside=alex.page)
    await page.get_by_role("button", name="Import").click()
    rows = b"en,pt,do_not_translate,note\ngift card,vale-presente,,\nLume,Lume,yes,our name\n"
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": rows}
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Import 2 changes").click()
    await expect(page.get_by_role("dialog")).to_contain_text("2 added")

    await alex.write("You can pay with a gift card from Lume.")
    await expect(ana.theirs.locator(".bubble > .text")).to_contain_text("vale-presente")
    await expect(ana.theirs.locator(".bubble > .text")).to_contain_text("Lume")
    await expect(alex.own.locator(".bubble > .text mark")).to_have_text(["gift card", "Lume"])


async def test_a_direction_without_a_model_leaves_the_chat_working(system: System, open_page: OpenPage) -> None:
    jan, alex = await shopper(system, open_page, locale="de-DE"), await agent(system, open_page)
    await jan.write("Guten Tag, meine Bestellung ZX-3003 ist leider noch nicht angekommen.")
    await expect(jan.own.locator(".note")).to_contain_text("können wir hier nicht übersetzen")
    await alex.choose("ZX-3003")
    await expect(alex.theirs.locator(".note")).to_contain_text("We can’t translate German to English here")
    await alex.write("Hello, I will look at it.")
    await expect(jan.theirs.locator(".bubble > .text")).to_have_text("Hello, I will look at it.")
    await expect(jan.theirs.locator(".note")).to_contain_text("Sie sehen das Original")
    await expect(alex.own.locator(".note")).to_contain_text("sees your original")


async def test_an_unclear_language_is_asked_for_and_the_answer_puts_things_right(
    system: System, open_page: OpenPage
) -> None:
    """A German browser on the Portuguese page, and one English word: nobody can know."""
    ana = Shopper(await open_page(f"{system.url}/shop/?lang=pt", locale="de-DE"))
    alex = await agent(system, open_page)
    await ana.open_chat()
    await ana.write("hello ZX-5005")
    question = ana.panel.get_by_role("group", name="Em que idioma você escreve?")
    await expect(question.locator(".chip")).to_have_text(["Português", "English", "Deutsch"])
    await alex.choose("ZX-5005")
    await alex.write("Your order is on its way.")
    answer = ana.theirs.locator(".bubble > .text")
    await expect(answer).to_contain_text("a caminho")

    await ana.page.reload()
    await ana.open_chat()
    await question.get_by_role("button", name="English").click()
    await expect(question).to_be_hidden()
    await expect(answer).to_have_text("Your order is on its way.")
    await expect(meta(alex.theirs)).to_contain_text("Written in English")
    await alex.talk.get_by_role("button", name="Why this language?").focus()
    await expect(alex.talk.locator(".why .tip")).to_have_text("English: chosen by the visitor.")


async def test_an_agent_who_writes_her_language_is_read_as_he_wrote(system: System, open_page: OpenPage) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Olá, qual é o prazo do pedido ZX-6006?")
    await alex.choose("ZX-6006")
    await expect(meta(alex.theirs)).to_contain_text("Translated from")
    await alex.write("Claro, já vou verificar o seu pedido.")
    await expect(meta(alex.own)).to_contain_text("Not translated, already in Portuguese")
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("Claro, já vou verificar o seu pedido.")
    await expect(meta(ana.theirs)).not_to_contain_text("Traduz")


async def test_an_agent_proposes_a_term_from_a_message_and_the_next_one_uses_it(
    system: System, open_page: OpenPage
) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Oi! Uma pergunta sobre o pedido ZX-5005.")
    await alex.choose("ZX-5005")
    await expect(meta(alex.theirs)).to_contain_text("Translated from")
    await alex.write("The store credit is ready.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    text = alex.own.locator(".bubble > .text")
    await text.evaluate(SELECT, "store credit")
    await alex.page.get_by_role("button", name="Propose term").click()
    form = alex.page.get_by_role("dialog", name="Propose a term")
    await expect(form.get_by_label("English")).to_have_value("store credit")
    await expect(form.get_by_label("Portuguese")).not_to_have_value("")  # what the model says by itself
    await form.get_by_label("Portuguese").fill("saldo na loja")
    await form.get_by_label("Why").fill("It is on the website")
    await form.get_by_role("button", name="Propose").click()
    await expect(alex.talk.get_by_text("A maintainer of the glossary decides")).to_be_visible()

    page = await open_page(f"{system.url}/glossary/#proposals", beside=alex.page)
    proposal = page.get_by_role("listitem").filter(has_text="store credit")
    await expect(proposal).to_contain_text("It is on the website")
    await proposal.get_by_role("button", name="Change").click()
    panel = page.locator("dialog.panel")
    await panel.get_by_label("Note").fill("Never “crédito”")
    await panel.get_by_role("button", name="Try out").click()
    await panel.get_by_role("button", name="Run").click()
    await expect(panel.locator(".dry-list")).to_contain_text("saldo na loja")
    await panel.get_by_role("button", name="Accept").click()
    await expect(proposal).to_have_count(0)

    await alex.write("Your store credit is 20 €.")
    mark = alex.own.last.locator(".bubble > .text mark")
    await expect(mark).to_have_text(["store credit"])
    await mark.hover()
    await expect(alex.own.last.locator(".bubble > .tip")).to_contain_text("Never “crédito”")
    await page.get_by_role("link", name="Terms").click()
    await page.get_by_label("Search terms").fill("store credit")
    await page.get_by_role("gridcell", name="store credit").click()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Use", exact=True).click()
    await page.locator(".message-links a").first.click()
    await expect(page).to_have_url(re.compile("/desk/#"))
    await expect(page.locator(".message.shown")).to_contain_text("Your store credit is 20 €.")


async def test_mixed_messages_are_read_part_by_part_and_the_next_conversation_expects_her_language(
    system: System, open_page: OpenPage
) -> None:
    ana, alex = await shopper(system, open_page), await agent(system, open_page)
    await ana.write("Oi, tudo bem? My order LP123456789CN has not arrived yet. Pode me ajudar?")
    await alex.choose("LP123456789CN")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    read = await alex.theirs.locator(".bubble > .text").inner_text()
    assert "My order LP123456789CN has not arrived yet." in read
    assert "help me" in read
    assert not re.search("tudo|Pode", read)

    await alex.write("You asked “Pode me ajudar?” and of course I will help you with your order.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    answer = await ana.theirs.locator(".bubble > .text").inner_text()
    assert "“Pode me ajudar?”" in answer
    assert "ajudá-l" in answer or "pedido" in answer
    assert not re.search("asked|of course|order", answer)

    # The shop lets her token go, and takes her to its English page.
    await ana.page.evaluate(
        "for (const key of Object.keys(localStorage)) if (/:(token|conversation)$/.test(key)) delete localStorage[key]"
    )
    await ana.page.goto(f"{system.url}/shop/?lang=en")
    await ana.open_chat()
    await expect(ana.messages).to_have_count(0)
    await ana.write("77071")
    await alex.choose("77071")
    await expect(alex.messages).to_have_count(1)
    await alex.talk.get_by_role("button", name="Why this language?").focus()
    await expect(alex.talk.locator(".why .tip")).to_have_text(
        "Brazilian Portuguese: the last message has no words to tell by, "
        "browser language pt-BR, an earlier conversation."
    )
    await alex.write("Your order is on its way.")
    await expect(ana.theirs.locator(".bubble > .text")).to_contain_text("a caminho")


SELECT = """(text, words) => {
  for (const node of text.childNodes) {
    const at = node.textContent.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node.firstChild ?? node, at);
    range.setEnd(node.firstChild ?? node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}"""

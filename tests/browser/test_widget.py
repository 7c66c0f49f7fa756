"""The widget on a shop's page, against a gateway that obeys the test."""

from __future__ import annotations

import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from conftest import PHONE, OpenPage
from fake_gateway import ORDER, FakeGateway
from people import Shopper, meta, original
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def shopper(fake: FakeGateway, open_page: OpenPage, locale: str = "pt-BR", **options: object) -> Shopper:
    return Shopper(await open_page(f"{fake.url}/shop/", locale=locale, **options))


async def test_her_message_stands_there_at_once_and_tells_how_far_it_is(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write(ORDER)
    await expect(ana.own.locator(".text")).to_have_text(ORDER)
    await expect(meta(ana.own)).to_contain_text("Enviada")
    key = fake.only_talk()
    await fake.signal(key, {"type": "mark", "role": "agent", "delivered": 1, "read": 0}, to="visitor")
    await expect(meta(ana.own)).to_contain_text("Entregue")
    await fake.signal(key, {"type": "mark", "role": "agent", "delivered": 1, "read": 1}, to="visitor")
    await expect(meta(ana.own)).to_contain_text("Lida")
    assert [f["page_locale"] for f in fake.received if f["type"] == "hello"] == ["pt-BR"]


async def test_an_answer_shows_in_the_original_then_in_her_language_with_the_original_a_click_away(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("Olá")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    fake.delay = None
    said = await fake.say(fake.only_talk(), "It is on its way.")
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("It is on its way.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzindo")
    height = (await ana.theirs.bounding_box() or {})["height"]

    event = {"kind": "translation", "of": said["seq"], "source": "en", "target": "pt", "status": "done"}
    await fake.append(fake.only_talk(), {**event, "text": "Está a caminho."})
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("Está a caminho.")
    await expect(meta(ana.theirs)).to_contain_text("Traduzido do inglês")
    assert (await ana.theirs.bounding_box() or {})["height"] == height  # nothing moved

    button = ana.theirs.get_by_role("button")
    await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(original(ana.theirs)).to_be_hidden()
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "true")
    await expect(original(ana.theirs).locator(".text")).to_have_text("It is on its way.")
    await expect(original(ana.theirs).locator(".text")).to_have_attribute("lang", "en")
    await button.click()
    await expect(original(ana.theirs)).to_be_hidden()


async def test_a_direction_without_a_model_is_told_once_in_plain_words(fake: FakeGateway, open_page: OpenPage) -> None:
    jan = await shopper(fake, open_page, locale="de-DE")
    await jan.open_chat()
    await jan.write("Guten Tag, wo ist mein Paket?")
    await expect(jan.own.locator(".note")).to_contain_text("Aus dem Deutschen ins Englische können wir hier nicht")
    for text in ("Hello!", "I will look."):
        await fake.say(fake.only_talk(), text)
    note = jan.theirs.locator(".note")
    await expect(meta(jan.theirs.nth(1))).to_contain_text("Original")
    await expect(note).to_have_count(1)
    await expect(note).to_contain_text("Sie sehen das Original")
    assert await jan.texts() == ["Guten Tag, wo ist mein Paket?", "Hello!", "I will look."]


async def test_a_doubtful_translation_shows_the_original_beside_it(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("Olá")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    fake.warnings = ("number-changed",)
    await fake.say(fake.only_talk(), "It costs 19.90 €.")
    await expect(ana.theirs.locator(".note.warn")).to_have_text("Um número pode ter mudado. Confira no original.")
    await expect(original(ana.theirs).locator(".text")).to_have_text("It costs 19.90 €.")


async def test_what_is_written_without_a_line_is_kept_over_a_reload_and_sent_in_order_once(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    fake.refuse_lines = True
    await fake.drop_lines()
    await ana.write("dois")
    await ana.write("três")
    await expect(meta(ana.own.nth(2))).to_contain_text("Aguardando envio")
    await expect(ana.notice).to_contain_text("Conectando")

    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.own).to_have_count(2)  # what is stored comes back with the line
    fake.refuse_lines = False
    await expect(ana.own).to_have_count(3)
    await expect(meta(ana.own.nth(2))).to_contain_text("Enviada")
    await expect(ana.notice).to_have_count(0)
    assert await ana.texts() == ["um", "dois", "três"]
    said = [e["text"] for e in fake.talks[fake.only_talk()].events if e["kind"] == "message"]
    assert said == ["um", "dois", "três"]


async def test_a_message_whose_ack_was_lost_is_sent_again_with_the_same_id(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await expect(ana.field).to_be_editable()
    fake.lose_acks = 1
    await ana.write("um")
    await ana.write("dois")
    await expect(meta(ana.own.nth(1))).to_contain_text("Enviada")
    assert await ana.texts() == ["um", "dois"]
    assert [e["text"] for e in fake.talks[fake.only_talk()].events if e["kind"] == "message"] == ["um", "dois"]


async def test_a_store_that_is_away_is_told_and_its_return_sends_what_waits(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    await fake.set_status(store="down")
    await ana.write("dois")
    await expect(ana.notice).to_contain_text("não é possível entregar mensagens")
    await expect(meta(ana.own.nth(1))).to_contain_text("Aguardando envio")
    await fake.set_status()
    await expect(meta(ana.own.nth(1))).to_contain_text("Enviada")
    await expect(ana.notice).to_have_count(0)


@pytest.mark.parametrize(
    ("translation", "words"), [("slow", "mais lenta que o normal"), ("down", "A tradução não está funcionando")]
)
async def test_slow_and_missing_translation_is_told(
    fake: FakeGateway, open_page: OpenPage, translation: str, words: str
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    await fake.set_status(translation=translation)
    await expect(ana.notice).to_contain_text(words)


async def test_being_offline_is_told(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.page.context.set_offline(True)
    await expect(ana.notice).to_contain_text("Você está sem conexão")
    await ana.page.context.set_offline(False)
    await expect(ana.notice).to_have_count(0)


async def test_two_tabs_share_one_conversation(fake: FakeGateway, open_page: OpenPage) -> None:
    first = await shopper(fake, open_page)
    second = await shopper(fake, open_page, beside=first.page)
    await first.open_chat()
    await second.open_chat()
    await first.write("da primeira")
    await expect(second.own.locator(".text")).to_have_text(["da primeira"])
    await second.write("da segunda")
    await expect(first.own.locator(".text")).to_have_text(["da primeira", "da segunda"])
    assert [len(talk.events) > 0 for talk in fake.talks.values()].count(True) == 1


async def test_a_token_that_is_no_longer_valid_begins_anew_and_loses_nothing(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    fake.talks.clear()
    fake.refuse_lines = True
    await fake.drop_lines()
    await ana.write("dois")
    fake.refuse_lines = False
    await expect(ana.own.locator(".text")).to_have_text(["dois"])
    await expect(meta(ana.own)).to_contain_text("Enviada")
    assert await ana.texts() == ["dois"]


async def test_a_new_conversation_is_told_the_language_of_the_one_before(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("Guten Tag")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    await ana.page.get_by_label("Seu idioma").select_option("de")
    await expect(ana.own.locator(".text")).to_have_attribute("lang", "de")
    await ana.page.reload()  # the same conversation needs no telling
    await ana.open_chat()
    await expect(ana.own).to_have_count(1)
    fake.talks.clear()
    await fake.drop_lines()
    await expect(ana.own).to_have_count(0)
    await ana.write("ok")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    told = [frame.get("earlier_language") for frame in fake.received if frame["type"] == "hello"]
    assert (told[:2], told[-1]) == ([None, None], "de")


async def test_who_never_opens_the_chat_opens_no_line(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await expect(ana.launcher).to_be_visible()
    await expect(ana.launcher).to_have_attribute("aria-expanded", "false")
    assert not fake.received


async def test_a_closed_chat_counts_what_came_and_reading_it_is_told(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    await ana.field.press("Escape")
    await expect(ana.panel).to_be_hidden()
    await expect(ana.launcher).to_be_focused()
    for text in ("Hello", "Are you there?"):
        await fake.say(fake.only_talk(), text)
    await expect(ana.launcher).to_have_attribute("aria-label", "Abrir o chat, 2 mensagens novas")
    marks = fake.talks[fake.only_talk()].marks
    assert marks.get("visitor_read", 0) < 3
    await ana.launcher.click()
    await expect(ana.launcher).to_have_attribute("aria-label", "Fechar o chat")
    await expect(ana.page.locator("dragoman-chat .badge")).to_have_count(0)
    for _ in range(100):
        if marks["visitor_read"] == len(fake.talks[fake.only_talk()].events):
            return
        await ana.page.wait_for_timeout(30)
    pytest.fail(f"never told as read: {marks}")


async def test_typing_shows_on_both_sides_without_moving_anything(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    box = await ana.own.bounding_box()
    await fake.signal(fake.only_talk(), {"type": "typing", "role": "agent", "on": True, "name": "Alex"}, to="visitor")
    await expect(ana.panel.locator(".writing")).to_have_text("Alex está escrevendo")
    assert await ana.own.bounding_box() == box
    await fake.say(fake.only_talk(), "Hello")
    await expect(ana.panel.locator(".writing")).to_have_text("")
    before = len(fake.received)
    await ana.field.press_sequentially("oi")
    await ana.field.press("Enter")
    await expect(meta(ana.own.nth(1))).to_contain_text("Enviada")
    assert [f["on"] for f in fake.received[before:] if f["type"] == "typing"] == [True, False]


async def test_a_text_that_is_too_long_can_not_be_sent_and_says_so(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.limit = 300
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("oi")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    await ana.field.fill("😭" * 290)
    await expect(ana.panel.locator(".counter")).to_have_text("Restam 10 caracteres")
    await ana.field.fill("😭" * 303)
    await expect(ana.panel.locator(".counter")).to_have_text("3 caracteres a mais")
    await expect(ana.field).to_have_attribute("aria-invalid", "true")
    await expect(ana.panel.locator(".send")).to_be_disabled()
    await ana.field.press("Enter")
    await expect(ana.own).to_have_count(1)


async def test_shift_enter_begins_a_line_and_the_layout_is_kept(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.field.press_sequentially("um")
    await ana.field.press("Shift+Enter")
    await ana.field.press_sequentially("dois")
    await ana.field.press("Enter")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    assert await ana.texts() == ["um\ndois"]


async def test_the_list_stays_put_for_who_reads_above_and_follows_who_is_at_the_end(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.begin()
    key = fake.only_talk()
    fake.delay = None
    first = await fake.say(key, "Message 0")
    fake.delay = 0.01
    for n in range(1, 20):
        await fake.say(key, f"Message {n}")
    await expect(ana.theirs).to_have_count(20)
    await expect(meta(ana.theirs.last)).to_contain_text("Traduzido")
    log = ana.panel.get_by_role("log")
    distance = "box => box.scrollHeight - box.scrollTop - box.clientHeight"
    await expect(ana.theirs.last).to_be_in_viewport()
    assert await log.evaluate(distance) <= 1

    await log.evaluate("box => { box.scrollTop = 300 }")
    newest = ana.panel.get_by_role("button", name="Mensagens recentes")
    await expect(newest).to_be_visible()

    async def place() -> float:
        box = await ana.theirs.nth(5).bounding_box()
        assert box is not None
        return box["y"]

    seen = await place()
    await fake.say(key, "One more, with a long text that takes more than a single line in this narrow panel")
    await expect(ana.theirs).to_have_count(21)
    await expect(meta(ana.theirs.last)).to_contain_text("Traduzido")
    assert await place() == pytest.approx(seen, abs=1)  # a list scrolls by whole pixels
    outcome = {"kind": "translation", "of": first["seq"], "source": "en", "target": "pt", "status": "done"}
    await fake.append(key, {**outcome, "text": "muitas linhas\n" * 8})  # grows above what she reads
    await expect(meta(ana.theirs.first)).to_contain_text("Traduzido")
    assert await place() == pytest.approx(seen, abs=1)  # a list scrolls by whole pixels
    await newest.click()
    await expect(newest).to_have_count(0)
    assert await log.evaluate(distance) <= 40


async def test_the_page_locale_settles_the_words_and_their_direction(fake: FakeGateway, open_page: OpenPage) -> None:
    page: Page = await open_page(f"{fake.url}/shop/", locale="ar")
    layla = Shopper(page)
    await layla.open_chat()
    await expect(layla.panel).to_have_attribute("aria-label", "تحدّث معنا")
    assert await layla.panel.evaluate("panel => getComputedStyle(panel).direction") == "rtl"
    box = await layla.launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100
    await layla.write("Hello 12345")  # a text in another direction keeps its own
    await expect(layla.own.locator(".text")).to_have_css("direction", "ltr")
    await page.select_option("#language", "pt")  # the page changes its language: the widget follows
    await expect(layla.panel).to_have_attribute("aria-label", "Fale com a gente")


async def test_she_can_set_her_language_by_hand(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page, locale="en-US")
    await ana.open_chat()
    await ana.write("oi")
    await expect(meta(ana.own)).to_contain_text("Sent")
    await ana.panel.get_by_label("Your language").select_option("pt")
    for _ in range(100):
        if fake.talks[fake.only_talk()].language == "pt":
            break
        await ana.page.wait_for_timeout(20)
    await fake.say(fake.only_talk(), "It is on its way.")
    await expect(ana.theirs.locator(".bubble > .text")).to_have_text("Está a caminho.")


async def test_she_is_asked_for_her_language_while_it_is_unclear_and_the_chat_goes_on(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page, locale="en-US")
    await ana.open_chat()
    await ana.write("ok")
    await expect(meta(ana.own)).to_contain_text("Sent")
    question = ana.panel.get_by_role("group", name="Which language do you write in?")
    await expect(question).to_be_hidden()
    await fake.ask(fake.only_talk(), "pt", "es", "zh")
    await expect(question.locator(".chip")).to_have_text(["Português", "Español", "中文"])
    await expect(question.locator("p")).to_have_text(["Em que idioma você escreve?", "¿En qué idioma escribes?"])
    await ana.write("oi")
    await expect(meta(ana.own.nth(1))).to_contain_text("Sent")
    await expect(question).to_be_visible()
    await fake.ask(fake.only_talk(), "pt", "it")
    await expect(question.locator(".chip")).to_have_text(["Português", "Italiano"])

    await ana.page.reload()
    await ana.open_chat()
    await question.get_by_role("button", name="Português").press("Enter")
    await expect(question).to_be_hidden()
    await expect(ana.field).to_be_focused()
    assert fake.talks[fake.only_talk()].language == "pt"
    await expect(ana.panel.get_by_label("Your language")).to_have_value("pt")
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.own).to_have_count(2)
    await expect(question).to_be_hidden()


async def test_the_question_goes_when_it_is_clear_or_the_agent_has_said_it(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("ok")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    question = ana.panel.get_by_role("group", name="Em que idioma você escreve?")
    for by in ("detected", "agent"):
        await fake.ask(fake.only_talk(), "pt", "es")
        await expect(question).to_be_visible()
        await fake.append(fake.only_talk(), {"kind": "language", "language": "pt", "by": by})
        await expect(question).to_be_hidden()
    await fake.ask(fake.only_talk(), "pt", "es")
    await expect(question).to_be_visible()
    await fake.ask(fake.only_talk())
    await expect(question).to_be_hidden()


async def test_who_does_not_want_to_be_asked_is_left_alone_in_this_conversation(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page)
    await ana.open_chat()
    await ana.write("ok")
    await expect(meta(ana.own)).to_contain_text("Enviada")
    await fake.ask(fake.only_talk(), "pt", "es")
    await ana.panel.get_by_role("button", name="Agora não").click()
    question = ana.panel.locator(".question")
    await expect(question).to_have_count(0)
    await fake.ask(fake.only_talk(), "pt", "it")
    await ana.page.reload()
    await ana.open_chat()
    await expect(ana.own).to_have_count(1)
    await expect(question).to_have_count(0)


async def test_answers_are_translated_again_into_the_language_that_she_sets(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    ana = await shopper(fake, open_page, locale="es-ES")
    await ana.open_chat()
    await ana.write("oi")
    await expect(meta(ana.own)).to_contain_text("Enviado")
    await fake.say(fake.only_talk(), "It is on its way.")
    answer = ana.theirs.locator(".bubble > .text")
    await expect(answer).to_have_text("[es] It is on its way.")
    await ana.panel.get_by_label("Tu idioma").select_option("pt")
    await expect(answer).to_have_text("Está a caminho.")
    await expect(answer).to_have_attribute("lang", "pt")


async def test_on_a_phone_the_chat_fills_the_screen(fake: FakeGateway, open_page: OpenPage) -> None:
    ana = await shopper(fake, open_page, size=PHONE)
    await ana.open_chat()
    assert await ana.panel.bounding_box() == {"x": 0, "y": 0, "width": PHONE[0], "height": PHONE[1]}
    await ana.panel.get_by_role("button", name=re.compile("Fechar")).click()
    await expect(ana.panel).to_be_hidden()


async def test_one_script_tag_works_on_a_page_of_another_origin(fake: FakeGateway, open_page: OpenPage) -> None:
    # A page of another shop, with styles that a widget must not catch.
    body = f"""<!doctype html><html lang="pt"><title>Outra loja</title>
      <style>* {{ font-size: 40px !important; text-transform: uppercase }} div, button {{ display: none }}</style>
      <h1>Outra loja</h1><script src="{fake.url}/widget.js" async data-name="Ana" data-title="Outra loja"></script>"""

    async def page_of_the_shop(request: web.Request) -> web.Response:
        # A page in an old charset, which the widget's words must not catch.
        return web.Response(text=body, content_type="text/html", charset="iso-8859-1")

    shop = TestServer(web.Application())
    shop.app.router.add_get("/", page_of_the_shop)
    await shop.start_server()
    try:
        page = await open_page(str(shop.make_url("/")), locale="pt-BR")
        ana = Shopper(page)
        await ana.open_chat()
        await expect(ana.panel.get_by_role("heading")).to_have_text("Outra loja")
        await ana.write("Olá")
        await expect(meta(ana.own)).to_contain_text("Enviada")
        assert await ana.own.locator(".text").evaluate("text => getComputedStyle(text).fontSize") == "15px"
        assert fake.talks[fake.only_talk()].name == "Ana"
        await fake.set_status(store="down")
        await expect(ana.notice).to_contain_text("não é possível entregar mensagens")
    finally:
        await shop.close()

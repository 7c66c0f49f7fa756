"""The desk, against a gateway that obeys the test."""

from __future__ import annotations

import pytest
from conftest import DESKTOP, PHONE, OpenPage
from fake_gateway import ORDER, ORDER_IN_ENGLISH, FakeGateway
from people import Agent, meta, original
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

SMALL = (320, 640)
APPLIED = {"term": "t1", "source": "encomenda", "target": "order", "status": "applied"}
MISSED = {"term": "t2", "source": "código", "target": "tracking code", "status": "missed"}
USES = [{**APPLIED, "source_span": [11, 20], "target_span": [10, 15]}, {**MISSED, "source_span": [42, 48]}]


async def agent(fake: FakeGateway, open_page: OpenPage, **options: object) -> Agent:
    fake.logged_in = True
    alex = Agent(await open_page(f"{fake.url}/desk/", **options))
    await expect(alex.list).to_be_visible()
    return alex


async def test_login_refuses_a_wrong_password_and_lets_the_right_one_in(fake: FakeGateway, open_page: OpenPage) -> None:
    page = await open_page(f"{fake.url}/desk/")
    await expect(page.get_by_label("Login")).to_be_focused()
    await page.get_by_label("Login").fill("alex")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_have_text("Login or password is not right.")
    alex = Agent(page)
    await alex.log_in("alex", "demo")
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_label("Login")).to_be_visible()


async def test_a_message_is_read_in_english_with_terms_marked_and_the_original_a_click_away(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    fake.receipts[ORDER] = {"terms": USES}
    await fake.begin("Ana", "pt", ORDER)
    alex = await agent(fake, open_page)
    await expect(alex.cards.first).to_contain_text("Hello, my order")  # the preview is translated, too
    await alex.choose("Ana")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text(ORDER_IN_ENGLISH)
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    await expect(original(alex.theirs)).to_be_hidden()

    term = alex.theirs.locator(".bubble > .text mark")
    await expect(term).to_have_text(["order"])
    tip = alex.theirs.locator(".bubble > .tip")
    await expect(tip).to_be_hidden()
    await term.hover()
    await expect(tip).to_contain_text("encomenda → order")
    await expect(tip).to_contain_text("applied")
    await alex.field.hover()
    await expect(tip).to_be_hidden()
    await term.focus()
    await expect(tip).to_be_visible()
    await term.press("Escape")
    await expect(tip).to_be_hidden()
    await expect(alex.theirs.locator(".note")).to_have_text("Glossary term not used: código → tracking code")

    await alex.theirs.get_by_role("button", name="Show original").click()
    await expect(original(alex.theirs).locator(".text")).to_contain_text("Olá, minha encomenda ainda não chegou 😭")
    await expect(original(alex.theirs).locator("mark")).to_have_text(["encomenda", "código"])


async def test_the_original_shows_at_once_and_the_translation_takes_its_place(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    fake.delay = None
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("oi")
    await expect(meta(alex.theirs)).to_contain_text("Translating")
    box = await alex.theirs.bounding_box()
    outcome = {"kind": "translation", "of": 1, "source": "pt", "target": "en", "status": "done", "text": "hi"}
    await fake.append(key, outcome)
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text("hi")
    assert await alex.theirs.bounding_box() == box


async def test_warnings_are_in_plain_words_with_the_original_beside(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.receipts["custa 19,90"] = {"warnings": ["number-changed", "something-new"]}
    await fake.begin("Ana", "pt", "custa 19,90")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(alex.theirs.locator(".note.warn")).to_have_text(
        [
            "A number may have changed: check the original.",
            "This translation may not be exact: check the original.",
        ]
    )
    await expect(original(alex.theirs).locator(".text")).to_have_text("custa 19,90")


async def test_no_model_and_a_failure_are_told_and_the_chat_goes_on(fake: FakeGateway, open_page: OpenPage) -> None:
    key = await fake.begin("Jan", "de", "Guten Tag")
    alex = await agent(fake, open_page)
    await alex.choose("Jan")
    await expect(alex.theirs.locator(".note")).to_contain_text("We can’t translate German to English here")
    await alex.write("Hello")
    await expect(alex.own.locator(".note")).to_contain_text("Jan sees your original")
    await fake.append(key, {"kind": "message", "id": "v9", "role": "visitor", "text": "Hallo?"})
    failed = {"of": 5, "source": "de", "target": "en", "status": "failed", "reason": "worker-died"}
    await fake.append(key, {"kind": "translation", **failed})
    await expect(alex.theirs.nth(1).locator(".note")).to_have_text("The translation broke off. You see the original.")


async def test_his_answer_shows_its_state_and_what_she_reads(fake: FakeGateway, open_page: OpenPage) -> None:
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(alex.field).to_have_attribute("placeholder", "Write in English. Ana reads Portuguese.")
    await alex.write("It is on its way.")
    await expect(meta(alex.own)).to_contain_text("Sent")
    await fake.signal(key, {"type": "mark", "role": "visitor", "delivered": 9, "read": 9}, to="agent")
    await expect(meta(alex.own)).to_contain_text("Read")
    await alex.own.get_by_role("button", name="Show Portuguese").click()
    await expect(original(alex.own)).to_contain_text("Ana reads")
    await expect(original(alex.own).locator(".text")).to_have_text("Está a caminho.")


@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALL], ids=["wide", "narrow", "small"])
async def test_a_caption_says_all_that_there_is_room_for_and_is_never_cut_off(
    fake: FakeGateway, open_page: OpenPage, size: tuple[int, int]
) -> None:
    fake.receipts[ORDER] = {"languages": ["pt", "de"]}
    await fake.begin("Ana", "pt", "oi", ORDER)
    alex = await agent(fake, open_page, size=size)
    await alex.choose("Ana")
    await expect(meta(alex.theirs.first)).to_contain_text("Translated from Portuguese")
    await expect(meta(alex.theirs.last)).to_contain_text("Translated from Portuguese and German")
    await alex.write("A new order")
    await expect(meta(alex.own)).to_contain_text("Correct")
    seen = "lead => lead.getBoundingClientRect().width > 20"
    in_one = await alex.theirs.first.locator(".origin-lead").evaluate(seen)
    in_two = await alex.theirs.last.locator(".origin-lead").evaluate(seen)
    assert (in_one, in_two) == {DESKTOP: (True, True), PHONE: (True, False), SMALL: (False, False)}[size]
    assert await meta(alex.messages).evaluate_all(
        """rows => rows.every((row) => row.scrollWidth <= row.clientWidth
             && [...row.children].every((part) => part.scrollWidth <= part.clientWidth))"""
    )
    button = alex.theirs.first.get_by_role("button").first
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "true")


async def test_why_she_is_taken_to_write_her_language_is_told_to_pointer_and_keys(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    why = ["words", "models", "earlier-messages:2", "page-locale:pt-BR", "variant:pt-BR"]
    fake.receipts["oi"] = {"detected": {"language": "pt", "confidence": 0.97, "why": why}}
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    button = alex.talk.get_by_role("button", name="Why this language?")
    tip = alex.talk.locator(".why .tip")
    await expect(tip).to_be_hidden()
    await button.hover()
    told = "Brazilian Portuguese: the words of a message, 2 earlier messages, page locale pt-BR."
    await expect(tip).to_have_text(told)
    await alex.field.hover()
    await expect(tip).to_be_hidden()
    await alex.talk.get_by_label("Visitor’s language").focus()
    await alex.page.keyboard.press("Tab")
    await expect(button).to_be_focused()
    await expect(button).to_have_accessible_description(told)
    await expect(tip).to_be_visible()
    await alex.page.keyboard.press("Escape")
    await expect(tip).to_be_hidden()
    await expect(alex.talk).to_be_visible()

    await fake.append(key, {"kind": "message", "id": "v2", "role": "visitor", "text": "hm"})
    unsure = {"detected": {"language": "pt", "confidence": 0.5, "why": ["nothing-to-read", "new-code:1"]}}
    outcome = {"kind": "translation", "of": 3, "source": "pt", "target": "en", "status": "done", "text": "hm"}
    await fake.append(key, {**outcome, "receipt": unsure})
    await expect(tip).to_have_text("Perhaps Portuguese: the last message has no words to tell by.")


async def test_he_corrects_her_language_and_what_was_mistaken_is_translated_again(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    await fake.begin("Ana", "es", ORDER)
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Spanish")
    await alex.talk.get_by_label("Visitor’s language").select_option("pt")
    await expect(meta(alex.theirs)).to_contain_text("Translated from Portuguese")
    await expect(alex.theirs.locator(".bubble > .text")).to_have_text(ORDER_IN_ENGLISH)
    await expect(alex.cards.first).to_contain_text("Hello, my order")
    await alex.talk.get_by_role("button", name="Why this language?").focus()
    await expect(alex.talk.locator(".why .tip")).to_have_text("Portuguese: set by an agent.")


async def test_what_he_wrote_in_her_language_is_told_to_be_sent_as_it_is(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    fake.delay = None
    await alex.write("Está a caminho.")
    await expect(meta(alex.own)).to_contain_text("Translating")
    same = {"kind": "translation", "of": 3, "source": "pt", "target": "pt", "status": "same"}
    await fake.append(key, same)
    await expect(meta(alex.own)).to_contain_text("Not translated, already in Portuguese")
    await expect(alex.own.get_by_role("button")).to_have_count(0)


async def test_both_languages_can_be_shown_for_all(fake: FakeGateway, open_page: OpenPage) -> None:
    await fake.begin("Ana", "pt", "oi", "tudo bem?")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await alex.talk.get_by_role("button", name="Both languages").click()
    await expect(original(alex.theirs).locator(".text")).to_have_text(["oi", "tudo bem?"])
    await expect(original(alex.theirs.first)).to_be_visible()
    await alex.page.reload()  # the choice is remembered, the conversation is still open
    await expect(original(alex.theirs.nth(1))).to_be_visible()


async def test_typing_is_seen_and_told(fake: FakeGateway, open_page: OpenPage) -> None:
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(meta(alex.theirs)).to_contain_text("Translated")
    await fake.signal(key, {"type": "typing", "role": "visitor", "on": True, "name": ""}, to="agent")
    await expect(alex.talk.locator(".writing")).to_have_text("Ana is writing")
    await fake.signal(key, {"type": "typing", "role": "visitor", "on": False, "name": ""}, to="agent")
    await expect(alex.talk.locator(".writing")).to_have_text("")
    await alex.field.press_sequentially("hello")
    await alex.write("hello you")
    await expect(meta(alex.own)).to_contain_text("Sent")
    told = [(f["on"], f["conversation"]) for f in fake.received if f["type"] == "typing"]
    assert told == [(True, key), (False, key)]


async def test_reading_is_told_and_takes_the_mark_from_the_card(fake: FakeGateway, open_page: OpenPage) -> None:
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await expect(alex.cards.first.locator(".card-dot")).to_be_visible()
    await alex.choose("Ana")
    await expect(alex.cards.first.locator(".card-dot")).to_have_count(0)
    assert fake.talks[key].marks["agent_read"] >= 1


async def test_what_he_wrote_without_a_line_is_sent_once_after_a_reload(fake: FakeGateway, open_page: OpenPage) -> None:
    key = await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await alex.choose("Ana")
    await expect(meta(alex.theirs)).to_contain_text("Translated")
    fake.refuse_lines = True
    await fake.drop_lines("agent")
    await alex.write("one")
    await alex.write("two")
    await expect(meta(alex.own.nth(1))).to_contain_text("Waiting to be sent")
    await expect(alex.page.locator(".condition")).to_contain_text("No connection")
    await alex.page.reload()
    fake.refuse_lines = False
    await expect(alex.own).to_have_count(2)
    await expect(meta(alex.own.nth(1))).to_contain_text("Sent")
    assert await alex.texts() == ["[en] oi", "one", "two"]
    assert [e["text"] for e in fake.talks[key].events if e["kind"] == "message"] == ["oi", "one", "two"]


async def test_five_hundred_conversations_are_moved_through_with_keys(fake: FakeGateway, open_page: OpenPage) -> None:
    fake.delay = None
    for n in range(500):
        await fake.begin(f"Visitor {n:03d}", "pt", f"text {n}", waiting_ms=1000 * (1000 - n))
    alex = await agent(fake, open_page)
    await expect(alex.page.get_by_role("button", name="Waiting")).to_contain_text("500")
    assert await alex.cards.count() < 40  # only what is in view
    await expect(alex.cards.first).to_have_attribute("aria-setsize", "500")

    await alex.list.focus()
    await alex.list.press("ArrowDown")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 000")  # the longest wait stands first
    await alex.list.press("ArrowDown")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 001")
    await alex.list.press("End")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 499")
    await expect(alex.cards.filter(has_text="Visitor 499")).to_be_in_viewport()
    await alex.list.press("ArrowUp")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 498")
    await alex.list.press("Enter")
    await expect(alex.field).to_be_focused()
    await alex.field.press("Alt+ArrowUp")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 497")
    await alex.field.press("Escape")
    await expect(alex.list).to_be_focused()
    await alex.page.keyboard.press("n")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Visitor 000")
    await alex.page.keyboard.press("/")
    await alex.page.keyboard.type("text 123")
    await expect(alex.cards).to_have_count(1)

    opened = [f["conversation"] for f in fake.received if f["type"] == "open"]
    left = [f["conversation"] for f in fake.received if f["type"] == "leave"]
    assert left == opened[:-1]  # one is followed at a time


async def test_a_new_message_moves_its_conversation_up_but_nothing_under_the_reader(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    fake.delay = None
    keys = [await fake.begin(f"Visitor {n:03d}", "pt", f"text {n}") for n in range(500)]
    for n, key in enumerate(keys):
        fake.talks[key].events[0]["ts"] -= 1000 * n  # the first stands first
    alex = await agent(fake, open_page)
    await alex.page.get_by_role("button", name="All").click()
    await expect(alex.cards.first).to_contain_text("Visitor 000")
    await alex.choose("Visitor 002")
    await alex.field.fill("Dear visitor")
    await alex.list.evaluate("list => { list.scrollTop = 200 * 72 }")
    seen = alex.cards.filter(has_text="Visitor 203")
    await expect(seen).to_be_in_viewport()
    place = await seen.bounding_box()
    for n in (400, 202, 90):  # from below, from what is in view, from above
        await fake.say(keys[n], "Hello?", role="visitor", name=f"Visitor {n:03d}")
    await expect(seen).to_have_attribute("aria-posinset", "205")
    assert await seen.bounding_box() == place
    await expect(alex.field).to_be_focused()
    await expect(alex.field).to_have_value("Dear visitor")

    await alex.page.get_by_role("button", name="Waiting").click()
    assert await alex.list.evaluate("list => list.scrollTop") == 0
    await alex.page.get_by_role("button", name="All").click()
    await expect(alex.cards.first).to_contain_text("Visitor 090")
    await fake.say(keys[300], "Hello?", role="visitor", name="Visitor 300")
    await expect(alex.cards.first).to_contain_text("Visitor 300")  # who looks at the top sees it come
    assert await alex.list.evaluate("list => list.scrollTop") == 0


async def test_keys_are_explained_and_the_single_letters_can_be_switched_off(
    fake: FakeGateway, open_page: OpenPage
) -> None:
    await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page)
    await expect(alex.cards).to_have_count(1)
    await alex.page.keyboard.press("?")
    dialog = alex.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("The conversation that has waited longest")
    await dialog.get_by_label("Use the single-letter keys").uncheck()
    await alex.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await alex.page.keyboard.press("n")
    await alex.page.keyboard.press("Alt+ArrowDown")
    await expect(alex.talk.get_by_role("heading")).to_have_text("Ana")
    await expect(alex.messages).to_have_count(1)
    opened = [f["conversation"] for f in fake.received if f["type"] == "open"]
    assert len(opened) == 1


async def test_on_a_phone_list_and_conversation_are_two_views(fake: FakeGateway, open_page: OpenPage) -> None:
    await fake.begin("Ana", "pt", "oi")
    alex = await agent(fake, open_page, size=PHONE)
    await expect(alex.talk).to_be_hidden()
    await alex.choose("Ana")
    await expect(alex.list).to_be_hidden()
    await alex.talk.get_by_role("button", name="Back to the list").click()
    await expect(alex.list).to_be_visible()
    await alex.choose("Ana")
    await alex.page.go_back()
    await expect(alex.list).to_be_visible()


async def test_who_has_no_session_any_more_is_asked_to_log_in(fake: FakeGateway, open_page: OpenPage) -> None:
    alex = await agent(fake, open_page)
    fake.logged_in = False
    await fake.drop_lines("agent")
    await expect(alex.page.get_by_label("Password")).to_be_visible()

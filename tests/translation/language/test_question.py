"""When a person is asked which language she writes in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conversation import asking
from conversation.receipt import Detected
from translation.language import UNSURE, Evidence, State, choose, detect, question

SHOP = ("en", "de", "pt-BR")


def asked(evidence: Evidence, state: State | None = None) -> tuple[str, ...]:
    return question(evidence, *detect(evidence, state))


def test_a_clear_message_asks_nothing() -> None:
    assert asked(Evidence("Olá, onde está a minha encomenda?")) == ()
    assert asked(Evidence("ok", page_locale="pt-BR")) == ()


def test_what_the_text_hints_at_comes_first_then_page_browser_and_shop() -> None:
    evidence = Evidence("ok", accept_language="fr,nl;q=0.9", shop_languages=SHOP)
    assert asked(evidence) == ("fr", "nl", "en", "de")
    assert asked(Evidence("hola", shop_languages=SHOP)) == ("en", "es", "de", "pt")


def test_who_has_said_her_language_is_not_asked() -> None:
    assert asked(Evidence("hola amigo"), choose(None, "pt")) == ()
    unsure = State({"pt": 0.5, "es": 0.4}, "pt")
    assert question(Evidence("hm"), unsure, Detected("pt", 0.5)) == ("pt", "es")
    assert question(Evidence("hm"), replace(unsure, chosen="pt"), Detected("pt", 0.5)) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["ok", "hola", "obrigado", "hm", "123", "C'est la vie", "où", "das ist gut, merci"]),
    st.none() | st.sampled_from(["pt-BR", "xx", "zh_TW", "ko"]),
    st.none() | st.sampled_from(["fr,en;q=0.5", "de-CH", "*", ""]),
    st.lists(st.sampled_from(SHOP), max_size=3),
)
def test_a_few_plain_codes_each_once_and_only_while_unsure(
    text: str, page: str | None, accept: str | None, shop: list[str]
) -> None:
    evidence = Evidence(text, page, accept, shop_languages=tuple(shop))
    state, detected = detect(evidence, None)
    found = question(evidence, state, detected)
    assert len(found) == len(set(found)) <= 4
    assert all(code.isalpha() and code.islower() for code in found)
    assert detected.confidence < UNSURE or not found
    assert asking.asked(" ".join(found)) == found


@pytest.mark.parametrize("value", [None, "", asking.ENOUGH])
def test_no_question_is_stored_as_none(value: str | None) -> None:
    assert asking.asked(value) == ()

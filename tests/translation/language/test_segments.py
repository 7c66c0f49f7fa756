"""Messages in two languages, and agents who answer in the shopper's own."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from translation.language import BEYOND_DOUBT, parts, written_in


def test_a_foreign_sentence_is_its_own_part() -> None:
    text = "Bom dia, tudo bem? The parcel has been sent back to the warehouse. O que devo fazer agora?"
    found = [(text[part.start : part.end].strip(), part.language) for part in parts(text, "pt", "en")]
    assert found == [
        ("Bom dia, tudo bem?", "pt"),
        ("The parcel has been sent back to the warehouse.", "en"),
        ("O que devo fazer agora?", "pt"),
    ]


def test_one_language_is_one_part() -> None:
    text = "Olá! O relógio não carrega.\nOk.\n\nJá tentei com outro cabo."
    assert [(part.start, part.end, part.language) for part in parts(text, "pt", "en")] == [(0, len(text), "pt")]


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=80) | st.lists(st.sampled_from(["Bom dia. ", "Where is it?\n", "...", "\n\n", "! "])).map("".join)
)
def test_parts_cover_the_text(text: str) -> None:
    found = parts(text, "pt", "en")
    assert "".join(text[part.start : part.end] for part in found) == text
    assert all(a.end == b.start and a.language != b.language for a, b in itertools.pairwise(found))


def test_an_agent_in_the_shoppers_language() -> None:
    for text in ("Claro, já vou verificar a sua encomenda", "Obrigado!", "> onde está a minha encomenda?"):
        assert written_in(text, "pt", "en"), text
        assert not written_in(text, "en", "pt"), text
    for text in ("Of course, I will check your order", "ok", "LP00123456789CN", "The Mesa de Jantar is sold out."):
        assert not written_in(text, "pt", "en"), text


def test_a_message_in_both_is_in_neither() -> None:
    text = "Claro, já vou verificar a sua encomenda. It has left the warehouse this morning."
    assert not written_in(text, "pt", "en")
    assert not written_in(text, "en", "pt")


def test_kin_languages_are_not_told_apart_beyond_doubt() -> None:
    assert written_in("Guten Tag, wo ist mein Paket geblieben?", "de", "en", BEYOND_DOUBT)
    assert not written_in("Ola, gustaríame saber onde está o meu pedido", "pt", "gl", BEYOND_DOUBT)

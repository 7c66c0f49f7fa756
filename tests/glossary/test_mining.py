"""Candidates for terms out of corrections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.mining import Candidate, Seen, Swap, candidates, swaps


@pytest.mark.parametrize(
    ("language", "before", "corrected", "expected"),
    [
        ("en", "I paid the bank slip yesterday", "I paid the boleto yesterday", [("bank slip", "boleto")]),
        ("pt", "Use o checkout para pagar.", "Use a finalização da compra para pagar.",
         [("checkout", "finalização da compra")]),
        ("pt", "O seu pedido saiu hoje", "A sua encomenda saiu hoje", [("pedido", "encomenda")]),
        ("en", "Your request has left our store today", "Your order has left our shop today",
         [("request", "order"), ("store", "shop")]),
        ("en", "your orders are here", "your order is here", []),  # another number
        ("en", "where is my order", "Where is my order?", []),  # a capital and a mark
        ("pt", "Vamos enviar o codigo", "Vamos enviar o código", []),  # an accent
        ("pt", "Enviamos o pacote ontem", "Enviaremos o pacote ontem", []),  # another tense
        ("en", "It costs 20 euros", "It costs 30 euros", []),  # a number is no term
        ("en", "I do not know what you want", "Please tell me how I can help", []),  # said anew
        ("en", "It is on the way", "It is at the way", []),  # words of the sentence
        ("en", "the order left", "the blue order left", []),  # something was forgotten
        ("de", "Ihre Bestellung ist da", "Ihr Auftrag ist da", [("Bestellung", "Auftrag")]),
    ],
)  # fmt: skip
def test_swaps(language: str, before: str, corrected: str, expected: list[tuple[str, str]]) -> None:
    assert [(swap.old, swap.new) for swap in swaps(before, corrected, language)] == expected


@given(st.text("abc 1.,é’-", max_size=60), st.text("abc 1.,é’-", max_size=60))
def test_a_swap_stands_in_both_texts(before: str, corrected: str) -> None:
    for swap in swaps(before, corrected, "pt"):
        assert swap.old in before
        assert swap.new in corrected


def test_the_same_is_counted_together_the_most_frequent_first() -> None:
    def seen(source: str, old: str, new: str, seq: int) -> Seen:
        return Seen("pt-BR", "en", source, Swap(old, new), ("c", seq))

    found = candidates([
        seen("boleto", "bank slip", "boleto", 1), seen("pedidos", "requests", "orders", 2),
        seen("Pedido", "request", "order", 4), seen("pedido", "petition", "order", 4),
        seen("pedido", "request", "order", 6),
    ])  # fmt: skip
    assert found == [
        Candidate("pt", "en", "pedido", "order", ("request", "petition"), (("c", 2), ("c", 4), ("c", 6))),
        Candidate("pt", "en", "boleto", "boleto", ("bank slip",), (("c", 1),)),
    ]
    assert found[0].key != found[1].key

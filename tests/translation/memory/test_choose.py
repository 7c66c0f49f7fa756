"""Which of several remembered translations serves a message."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.memory.book import Book
from translation.memory.pair import Pair


def book(*pairs: tuple[str, str] | tuple[str, str, dict[str, Any]], source: str = "en", target: str = "pt") -> Book:
    return Book(
        Pair(source_language=source, target_language=target, source=one, target=other, **(more[0] if more else {}))
        for one, other, *more in pairs
    )


def best(memory: Book, text: str, source: str = "en", target: str = "pt") -> str | None:
    found = memory.look_up(text, source, target)
    return found[0].text if found else None


def test_what_was_said_most_often_wins() -> None:
    memory = book(("Hi", "Oi"), ("Hi", "Olá"), ("Hi", "Olá"), ("Hi", "Ei"))
    assert best(memory, "Hi") == "Olá"
    assert memory.look_up("Hi", "pt", "en") == ()
    assert best(memory, "Hi", "en-GB", "pt-BR") == "Olá"


def test_the_newest_edit_beats_frequency_and_older_edits() -> None:
    edits = [("Hi", text, {"edited": True, "time": time}) for text, time in (("A", 3), ("B", 9), ("C", 5), ("D", 0))]
    memory = book(("Hi", "Olá", {"count": 1000, "time": 99}), *edits)
    assert best(memory, "Hi") == "B"
    assert best(memory, "hi!") == "B!"
    assert memory.look_up("Hi", "en", "pt")[0].edited


def test_the_closest_source_comes_before_the_most_frequent() -> None:
    memory = book(("Hi, there", "A", {"count": 50}), ("Hi there!", "B!", {"count": 20}), ("Hi there", "C"))
    assert best(memory, "Hi there") == "C"
    assert best(memory, "Hi there!") == "B!"
    assert best(memory, "hi there!!") == "B!!"
    assert best(memory, "hi, there?") is None


def test_an_edit_of_another_wording_does_not_beat_what_was_said_of_this_one() -> None:
    memory = book(("Hi, there", "A", {"edited": True, "time": 5}), ("Hi there", "B"))
    assert best(memory, "Hi there") == "B"
    assert best(memory, "Hi, there") == "A"


@given(st.integers(1000, 10**9), st.integers(1000, 10**9), st.from_regex(r"[a-z]{3,8}@[a-z]{3,8}\.com", fullmatch=True))
def test_a_template_takes_the_spans_of_the_message(stored: int, asked: int, mail: str) -> None:
    memory = book((f"I sent {stored} to x@y.org!", f"Enviei para x@y.org o {stored}!"))
    (found,) = memory.look_up(f"i sent {asked} to {mail}", "en", "pt")
    assert found.text == f"Enviei para {mail} o {asked}"
    assert found.filled
    assert not found.same


def test_its_own_spans_come_before_a_template() -> None:
    memory = book(("Order 4711", "Pedido 4711", {"count": 9}), ("Order 4712", "O 4712, aquele"))
    assert best(memory, "Order 4712") == "O 4712, aquele"
    assert best(memory, "Order 5000") == "Pedido 5000"


def test_a_pair_whose_spans_do_not_match_serves_only_its_own_message() -> None:
    memory = book(("Wait 3 days", "Espere três dias"))
    assert best(memory, "wait 3 days!") == "Espere três dias!"
    assert best(memory, "Wait 4 days") is None


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("See you, 😊", None),
        ("😊 Thank you! 🙏🏽", "😊 Obrigado! 🙏🏽"),
        ("THANK YOU!", "OBRIGADO!"),
        ("thank you", "Obrigado"),
        ("thank you...", "Obrigado..."),
        ("Thank you?", None),
        ("OK", "Tá bom"),
    ],
)
def test_the_answer_is_dressed_as_the_message_is(message: str, answer: str | None) -> None:
    assert best(book(("Thank you!", "Obrigado!"), ("Ok", "Tá bom")), message) == answer


def test_capitals_leave_spans_alone() -> None:
    memory = book(("Write to a@b.com now", "Escreva para a@b.com já"))
    assert best(memory, "WRITE TO me@shop.com NOW") == "ESCREVA PARA me@shop.com JÁ"


def test_a_shouted_translation_does_not_serve_a_quiet_message() -> None:
    assert best(book(("HELLO THERE", "OLÁ PARA VOCÊ")), "hello there") is None


def test_accents_may_be_missing_but_not_others() -> None:
    memory = book(("Você está aí?", "Are you there?"), source="pt", target="en")
    assert best(memory, "voce esta ai?", "pt", "en") == "Are you there?"
    assert best(memory, "você esta ai?", "pt", "en") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_message_is_answered_by_nothing_or_something(stored: str, asked: str) -> None:
    if stored.strip() and not any("\ud800" <= char <= "\udfff" for char in stored):
        memory = book((stored, "x"), ("Hi 4711", "Oi 4711"))
        memory.look_up(asked, "en", "pt")
        memory.look_up("Hi " + asked, "en", "pt")

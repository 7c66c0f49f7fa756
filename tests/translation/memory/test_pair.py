"""What is kept, and what is counted together."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.memory.forms import read
from translation.memory.pair import MOST, Entry, Pair, PairError, entry, fill, merge, places_of

SPANS = st.lists(
    st.integers(1000, 999_999).map(str)
    | st.integers(100, 999).map(lambda number: f"AB-{number}")
    | st.integers(1, 99).map(lambda number: f"u{number}@shop.com"),
    min_size=1,
    max_size=3,
    unique=True,
)


def pair(source: str, target: str, **more: Any) -> Pair:
    return Pair(source_language="en", target_language="pt", source=source, target=target, **more)


def kept(source: str, target: str, **more: Any) -> Entry:
    found = entry(pair(source, target, **more))
    assert found is not None
    return found


@given(SPANS, SPANS, st.randoms())
def test_slots_take_other_spans_whatever_their_order(stored: list[str], others: list[str], random: Any) -> None:
    others = (others * 3)[: len(stored)]
    order = random.sample(range(len(stored)), len(stored))
    reading = read("see " + " and ".join(stored), "en", "pt")
    assert reading is not None
    target = "veja " + " e ".join(stored[index] for index in order)
    places = places_of(reading, target, "pt", "en")
    assert places is not None
    assert fill(target, places, stored) == target
    assert fill(target, places, others) == "veja " + " e ".join(others[index] for index in order)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("order 4711 and 4711", "pedido 4711 e 4711"),  # which is which?
        ("order 4711", "pedido 4712"),
        ("order 4711", "pedido"),
        ("order 4711", "pedido 4711 (4711)"),
        ("order 4711 at 5:30", "pedido 4711"),
        ("order 4711", "pedido 4711 a@b.com"),
    ],
)
def test_spans_that_do_not_pair_up_make_no_template(source: str, target: str) -> None:
    reading = read(source, "en", "pt")
    assert reading is not None
    assert places_of(reading, target, "pt", "en") is None
    other = kept(re.sub("4711", "4799", source), target)
    assert kept(source, target).digest != other.digest


def test_the_same_sentence_about_other_orders_is_one() -> None:
    one = kept("Your order 4711 arrives on 12/05.", "Seu pedido 4711 chega em 12/05.")
    other = kept("Your order 9000 arrives on 30/11.", "Seu pedido 9000 chega em 30/11.", count=4)
    (variant,) = merge([one], [other])
    assert variant.count == 5


def test_counts_add_up_and_the_best_come_first() -> None:
    entries = [kept("Hi", "Oi"), kept("Hi", "Olá", count=3), kept("Hi", "Oi", time=7), kept("hi!", "Ei")]
    assert [(one.source, one.target, one.count, one.time) for one in merge(entries[:1], entries[1:])] == [
        ("Hi", "Olá", 3, 0),
        ("Hi", "Oi", 2, 7),
        ("hi!", "Ei", 1, 0),
    ]


def test_an_edit_stays_an_edit_with_its_time() -> None:
    said = kept("Hi", "Olá", count=9, time=99)
    edited = kept("Hi", "Olá", edited=True, time=5)
    for order in ([said], [edited]), ([edited], [said]):
        (one,) = merge(*order)
        assert (one.count, one.edited, one.time) == (10, True, 5)


def test_only_the_best_are_kept() -> None:
    many = [kept("Hi", f"Olá {chr(97 + number)}", count=number + 1) for number in range(26)]
    edit = kept("Hi", "Opa", edited=True)
    found = merge(many, [edit])
    assert len(found) == MOST
    assert found[0].target == "Opa"
    assert found[-1].count == 26 - MOST + 2


def test_emoji_at_the_ends_are_nobodys_business() -> None:
    plain = kept("Thank you!", "Obrigado!")
    assert kept("Thank you! 😊", "Obrigado! 😊") == plain
    assert kept("Thank you! 😊", "Obrigado!") == plain


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"source": " "}, "source is empty"),
        ({"target": ""}, "target is empty"),
        ({"target_language": "en-GB"}, "same language"),
        ({"source_language": "english!"}, "language code"),
        ({"count": 0}, "count"),
        ({"time": -1}, "time"),
        ({"target": "\ud800"}, "half a character"),
    ],
)
def test_pairs_that_say_nothing_are_refused(wrong: dict[str, Any], why: str) -> None:
    fields = {"source_language": "en", "target_language": "pt", "source": "Hi", "target": "Olá"} | wrong
    with pytest.raises(PairError, match=why):
        entry(Pair(**fields))


def test_what_cannot_be_looked_up_is_left_out() -> None:
    assert entry(pair("😊", "😊")) is None
    assert entry(pair("a" * 2000, "b")) is None

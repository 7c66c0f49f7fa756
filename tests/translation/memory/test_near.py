"""Near matches for agents: alike enough, best first, never too much work."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from store.connect import Store
from translation.memory import near as near_matches
from translation.memory import repository, suggest
from translation.memory.near import ALIKE, of_pairs
from translation.memory.pair import Pair
from translation.memory.repository import Repository
from translation.memory.suggest import Suggestions


def pair(source: str, target: str, **more: Any) -> Pair:
    return Pair(source_language="en", target_language="pt", source=source, target=target, **more)


SENTENCES = st.text("abc d", min_size=1, max_size=30).filter(str.strip)


@given(st.lists(SENTENCES, max_size=20), SENTENCES)
def test_finds_all_that_is_alike_and_nothing_else(known: list[str], asked: str) -> None:
    index = of_pairs([pair(text, "x") for text in known], "en", "pt")
    found = index.near(asked, limit=100)
    wanted = " ".join(asked.split())
    alike = {" ".join(text.split()) for text in known}
    assert {" ".join(near.source.split()) for near in found} == {
        text for text in alike if fuzz.ratio(wanted, text) >= 100 * ALIKE
    }
    assert [near.likeness for near in found] == sorted((near.likeness for near in found), reverse=True)


def test_suggests_the_best_translation_with_the_spans_of_the_message() -> None:
    index = of_pairs(
        [
            pair("Your order 4711 has been sent today.", "Seu pedido 4711 foi enviado hoje.", count=5),
            pair("Your order 4712 has been sent today.", "O 4712 foi hoje.", edited=True),
            pair("Something else altogether", "Outra coisa"),
        ],
        "en",
        "pt",
    )
    (near,) = index.near("your order 9000 has been sent todya")
    assert (near.source, near.text) == ("Your order 9000 has been sent today.", "O 9000 foi hoje.")
    assert near.edited
    assert ALIKE <= near.likeness < 1
    assert index.near("😊") == []
    assert index.near("your order has been sent to a@b.com today") == []


def test_the_limit_holds() -> None:
    index = of_pairs([pair(f"this is sentence {letter}", letter) for letter in "abcdefgh"], "en", "pt")
    assert len(index.near("this is sentence z", limit=2)) == 2


def test_nobody_elses_numbers_are_offered() -> None:
    index = of_pairs([pair("Your order 4711 has been sent today.", "Seu pedido 4711 foi enviado hoje.")], "en", "pt")
    assert index.near("your order has been sent today", alike=0.5) == []
    index = of_pairs([pair("Your order 4711 has been sent today.", "Foi enviado hoje.")], "en", "pt")
    assert index.near("your order 9000 has been sent today") == []


def test_only_the_foremost_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_matches, "MOST", 2)
    known = [
        pair("one two three a", "1"),
        pair("one two three b", "2", count=9),
        pair("one two three c", "3", edited=True),
    ]
    index = of_pairs(known, "en", "pt")
    assert {near.text for near in index.near("one two three x")} == {"2", "3"}


async def asked(suggestions: Suggestions, text: str, source: str = "en", target: str = "pt") -> list[str]:
    """The translations suggested, once the memory has been read."""
    while (found := await suggestions.near(text, source, target)) is None:
        await asyncio.gather(*suggestions._reading.values())
    return [near.text for near in found]


async def test_suggestions_follow_the_memory_and_its_directions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Repository(store)
    suggestions = Suggestions(memory)
    assert await suggestions.near("Where is my order?", "en", "pt") is None  # nobody waits for the memory to be read
    assert await asked(suggestions, "Where is my order?") == []
    await memory.put([pair("Where is my oder?", "Onde está meu pedido?")])
    assert await asked(suggestions, "Where is my order?") == []  # not looked again yet
    monkeypatch.setattr(suggest, "STALE", 0.0)
    suggestions._held["en-pt"].due = 0.0
    assert await asked(suggestions, "Where is my order?") == []  # what is held serves meanwhile
    await asyncio.gather(*suggestions._reading.values())
    assert await asked(suggestions, "Where is my order?", "en-GB", "pt-BR") == ["Onde está meu pedido?"]
    assert await asked(suggestions, "Where is my order?", "pt", "en") == []
    held = suggestions._held["en-pt"].index
    await asked(suggestions, "Where is my order?")
    await asyncio.gather(*suggestions._reading.values())
    assert suggestions._held["en-pt"].index is held  # unchanged: not built again
    await suggestions.close()


async def test_what_is_held_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "HELD", 3)
    memory = Repository(store)
    ways = [("en", "pt"), ("en", "de"), ("en", "fr")]
    for source, target in ways:
        await memory.put(
            Pair(source_language=source, target_language=target, source=text, target="x")
            for text in ("where is my order", "thank you very much")
        )
    suggestions = Suggestions(memory)
    for source, target in ways:
        assert await asked(suggestions, "where is my oder", source, target) == ["x"]
    assert list(suggestions._held) == ["en-fr"]
    await suggestions.close()


async def test_the_best_of_a_direction_comes_in_small_steps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_STEP", 10)
    memory = Repository(store)
    texts = {f"sentence of number {chr(97 + a)}{chr(97 + b)}" for a in range(26) for b in range(26)}
    await memory.put([pair(text, "x") for text in texts] + [pair(text, "y", count=2) for text in texts])
    found = [variant async for some in memory.best_of("en-pt") for variant in some]
    assert {variant.source for variant in found} == texts
    assert {variant.target for variant in found} == {"y"}

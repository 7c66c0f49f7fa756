"""Near matches for agents: alike enough, best first, never too much work."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from store.connect import Store
from translation.memory import suggest
from translation.memory.near import ALIKE, Index
from translation.memory.pair import Pair
from translation.memory.repository import Repository
from translation.memory.suggest import Suggestions


def pair(source: str, target: str, **more: Any) -> Pair:
    return Pair(source_language="en", target_language="pt", source=source, target=target, **more)


SENTENCES = st.text("abc d", min_size=1, max_size=30).filter(str.strip)


@given(st.lists(SENTENCES, max_size=20), SENTENCES)
def test_finds_all_that_is_alike_and_nothing_else(known: list[str], asked: str) -> None:
    index = Index([pair(text, "x") for text in known], "en", "pt")
    found = index.near(asked, limit=100)
    wanted = " ".join(asked.split())
    alike = {" ".join(text.split()) for text in known}
    assert {" ".join(near.source.split()) for near in found} == {
        text for text in alike if fuzz.ratio(wanted, text) >= 100 * ALIKE
    }
    assert [near.likeness for near in found] == sorted((near.likeness for near in found), reverse=True)


def test_suggests_the_best_translation_with_the_spans_of_the_message() -> None:
    index = Index(
        [
            pair("Your order 4711 has been sent today.", "Seu pedido 4711 foi enviado hoje.", count=5),
            pair("Your order 4712 has been sent today.", "O 4712 foi hoje.", edited=True),
            pair("Something else altogether", "Outra coisa"),
        ],
        "en",
        "pt",
    )
    (near,) = index.near("your order 9000 has been sent todya")
    assert near.text == "O 9000 foi hoje."
    assert near.edited
    assert ALIKE <= near.likeness < 1
    assert index.near("😊") == []
    assert index.near("your order has been sent to a@b.com today") == []


def test_the_limit_holds() -> None:
    index = Index([pair(f"this is sentence {letter}", letter) for letter in "abcdefgh"], "en", "pt")
    assert len(index.near("this is sentence z", limit=2)) == 2


async def test_suggestions_follow_the_memory_and_its_directions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Repository(store)
    suggestions = Suggestions(memory)
    assert await suggestions.near("Where is my order?", "en", "pt") == []
    await memory.put([pair("Where is my oder?", "Onde está meu pedido?")])
    assert await suggestions.near("Where is my order?", "en", "pt") == []  # not looked again yet
    monkeypatch.setattr(suggest, "STALE", -1.0)
    (near,) = await suggestions.near("Where is my order?", "en-GB", "pt-BR")
    assert near.text == "Onde está meu pedido?"
    assert await suggestions.near("Where is my order?", "pt", "en") == []
    held = suggestions._held["en-pt"].index
    await suggestions.near("Where is my order?", "en", "pt")
    assert suggestions._held["en-pt"].index is held  # unchanged: not built again

"""Terms to put into a store, and what a snapshot makes of them."""

from __future__ import annotations

import pytest

from glossary.repository import Repository
from glossary.snapshot import Snapshot
from glossary.term import Term, Wording
from store.connect import Store


def pair(en: str, pt: str) -> Term:
    return Term(en, {"en": Wording(en), "pt": Wording(pt)})


def pairs(count: int, said: str = "p") -> list[Term]:
    """w0 = p0, w1 = p1..."""
    return [pair(f"w{number}", f"{said}{number}") for number in range(count)]


def said(snapshot: Snapshot, text: str) -> list[str]:
    return [match.target_text for match in snapshot.current.match(text, "en", "pt")]


class Clock:
    now = 1000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def repository(store: Store, prefix: str) -> Repository:
    return Repository(store.client, prefix, clock=Clock())

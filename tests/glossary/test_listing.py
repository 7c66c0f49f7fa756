"""Searching, filtering and sorting the glossary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.listing import Listing, Query, QueryError
from glossary.term import Form, Term, Wording
from glossary.use import Use

ORDER = Term("o", {"en": Wording("order", (Form("orders", "p"),)), "pt": Wording("encomenda")}, note="never pedido",
             created=1, changed=9, author="ana")  # fmt: skip
BOX = Term("b", {"en": Wording("Box"), "pt-BR": Wording("caixa")}, status="draft", scope=("line:x",), created=2)
ACME = Term("a", {"en": Wording("Âcme")}, kind="do-not-translate", created=3, changed=5)
LISTING = Listing([ORDER, BOX, ACME], 7)
USES = {"o": Use(5, 3, 1, 1, 90), "b": Use(2, 1, 1, 0, 80)}


def ids(**query: object) -> str:
    return "".join(term.id for term in LISTING.find(Query(**query), USES))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "abo"),
        ({"q": "ORDERS"}, "o"),
        ({"q": "pedido enc"}, "o"),
        ({"q": "acme"}, "a"),
        ({"q": "order box"}, ""),
        ({"languages": ("pt",)}, "bo"),
        ({"languages": ("pt", "de")}, ""),
        ({"kind": "do-not-translate"}, "a"),
        ({"status": "draft"}, "b"),
        ({"author": "ana"}, "o"),
        ({"scope": "line:x"}, "b"),
        ({"used": "yes"}, "bo"),
        ({"used": "no"}, "a"),
        ({"used": "missed"}, "o"),
        ({"conflicts": True}, ""),
        ({"sort": "-text"}, "oba"),
        ({"sort": "text:pt"}, "boa"),
        ({"sort": "created"}, "oba"),
        ({"sort": "-changed"}, "oab"),
        ({"sort": "-used"}, "oba"),
        ({"sort": "last_seen"}, "abo"),
    ],
)
def test_finds(query: dict[str, object], expected: str) -> None:
    assert ids(**query) == expected


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"sort": "changed:pt"}, {"used": "often"}])
def test_refuses(query: dict[str, object]) -> None:
    with pytest.raises(QueryError):
        ids(**query)


def test_facts() -> None:
    facts = LISTING.facts
    assert facts.languages == (("en", 3), ("pt", 1), ("pt-BR", 1))
    assert (facts.scopes, facts.authors, dict(facts.statuses)) == (("line:x",), ("ana",), {"approved": 2, "draft": 1})


names = st.sampled_from(["a", "b", "c", "d"])
texts = st.sampled_from(["x", "Y", "ź", "y y"])
terms = st.builds(lambda name, en, pt: Term(name, {"en": Wording(en), "pt": Wording(pt)}), names, texts, texts)


@given(st.lists(st.tuples(terms, st.booleans()), max_size=10), st.sampled_from(["text", "-text", "text:pt", "changed"]))
def test_a_listing_that_follows_changes_is_as_a_new_one(changes: list[tuple[Term, bool]], sort: str) -> None:
    listing, now = Listing(), dict[str, Term]()
    listing.find(Query(sort=sort, conflicts=True), {})  # so that there is something to keep up to date
    for version, (term, gone) in enumerate(changes, 1):
        listing.change({term.id: None if gone else term}, version)
        now[term.id] = term
        if gone:
            del now[term.id]
        fresh = Listing(now.values(), version)
        for query in (Query(sort=sort), Query(sort=sort, conflicts=True), Query(q="y")):
            assert listing.find(query, {}) == fresh.find(query, {})
        assert listing.facts == fresh.facts

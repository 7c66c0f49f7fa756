"""What terms have against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from glossary.clashes import Clashes
from glossary.term import Form, Term, Wording


def pair(name: str, en: str, pt: str, **more: object) -> Term:
    return replace(Term(name, {"en": Wording(en), "pt": Wording(pt)}), **more)


def codes(term: Term, *others: Term) -> list[tuple[str, str, str]]:
    return [(clash.code, clash.language, clash.other) for clash in Clashes(others).of(term)]


@pytest.mark.parametrize(
    ("term", "other", "expected"),
    [
        (pair("a", "order", "encomenda"), pair("b", "Order", "pedido"), [("two-targets", "en", "b")]),
        (pair("a", "order", "encomenda"), pair("b", "parcel", "encomenda"), [("two-targets", "pt", "b")]),
        (pair("a", "gift card", "vale"), pair("b", "card", "cartão"), [("contains", "en", "b")]),
        (pair("a", "card", "cartão"), pair("b", "gift card", "vale"), [("inside", "en", "b")]),
        (pair("a", "gift card", "vale"), pair("b", "card reader", "leitor"), [("overlap", "en", "b")]),
        (pair("a", "card reader", "leitor"), pair("b", "gift card", "vale"), [("overlap", "en", "b")]),
        (pair("a", "car", "carro"), pair("b", "gift card", "vale"), []),
        (pair("a", "order", "encomenda"), pair("b", "box", "caixa"), []),
        (pair("a", "order", "pedido"), pair("b", "order", "ordem", scope=("line:x",)), []),
        (pair("a", "order", "pedido", scope=("line:x",)), pair("b", "order", "ordem", scope=("line:x", "y")),
         [("two-targets", "en", "b")]),
        (pair("a", "order", "pedido"), pair("b", "order", "ordem", status="retired"), []),
        (pair("a", "order", "pedido", status="retired"), pair("b", "order", "ordem"), []),
    ],
)  # fmt: skip
def test_what_clashes(term: Term, other: Term, expected: list[tuple[str, str, str]]) -> None:
    assert codes(term, other) == expected


def test_the_same_twice_is_a_duplicate() -> None:
    assert {code for code, _, _ in codes(pair("a", "order", "pedido"), pair("b", "order", "pedido"))} == {"duplicate"}


def test_a_form_clashes_as_the_text_does() -> None:
    other = Term("b", {"en": Wording("order", (Form("orders", "p"),)), "pt": Wording("pedido")})
    assert codes(pair("a", "orders", "ordens"), other) == [("two-targets", "en", "b"), ("contains", "en", "b")][:1]


def test_a_name_that_another_term_translates() -> None:
    name = Term("a", {"en": Wording("Orbit")}, kind="do-not-translate")
    assert codes(name, pair("b", "orbit", "órbita")) == [("two-targets", "en", "b")]


def test_what_another_term_says_to_avoid() -> None:
    other = Term("b", {"en": Wording("order"), "pt": Wording("encomenda", avoid=("pedido",))})
    assert codes(pair("a", "wish", "pedido"), other) == [("avoided", "pt", "b")]


def test_a_term_does_not_clash_with_itself() -> None:
    term = pair("a", "order", "pedido")
    assert codes(replace(term, note="new"), term) == []


word = st.sampled_from(["order", "card", "gift card", "card reader", "box"])
some = st.builds(pair, st.sampled_from("abcde"), word, word, status=st.sampled_from(["approved", "retired"]))


@given(st.lists(some, max_size=12), some)
def test_an_index_that_follows_changes_says_the_same_as_a_new_one(changes: list[Term], term: Term) -> None:
    index = Clashes()
    now: dict[str, Term] = {}
    for number, change in enumerate(changes):
        if number % 4 == 3:
            index.remove(change.id)
            now.pop(change.id, None)
        else:
            index.put(change)
            now[change.id] = change
    fresh = Clashes(now.values())
    assert sorted(map(str, index.of(term))) == sorted(map(str, fresh.of(term)))
    assert index.contradicting() == fresh.contradicting()
    for one in now.values():
        found = {clash.code for clash in fresh.of(one)} & {"two-targets", "duplicate"}
        assert (one.id in fresh.contradicting()) == bool(found)

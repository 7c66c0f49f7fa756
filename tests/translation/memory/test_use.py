"""What is remembered goes out only where everything that can be checked holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.memory.choose import Remembered
from translation.memory.use import remembered
from translation.pipeline import Done, Pipeline, Request, Same, Unavailable


def use(text: str, *candidates: Remembered | str, glossary: Matcher | None = None) -> Done | None:
    found = tuple(Remembered(each) if isinstance(each, str) else each for each in candidates)
    return remembered(Request(text, "en", "pt", found), glossary)


def said(text: str, *candidates: Remembered | str, glossary: Matcher | None = None) -> str | None:
    done = use(text, *candidates, glossary=glossary)
    return done.text if done else None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Order 4711", "Pedido 4711"),
        ("It costs $1,000.50", "Custa $1.000,50"),
        ("In 1-3 days", "Em 1 a 3 dias"),
        ("On 01/19", "Em 19/01"),
        ("Wait three days", "Espere 3 dias"),
        ("Wait 3 days", "Espere três dias"),
        ("Thanks 😊", "Obrigado"),
        ("Tips &amp; tricks", "Dicas e truques"),
        ("HD 7850", "HD7850"),
        ("Hi", "Oi, tudo bem?"),
    ],
)
def test_holds(source: str, target: str) -> None:
    assert said(source, target) == target


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Order 4711", "Pedido 4712"),
        ("Order", "Pedido 4711"),
        ("Order 4711", "Pedido"),
        ("Write to a@b.com", "Escreva para a@b.org"),
        ("Write to us", "Escreva para a@b.com"),
        ("See https://a.b/c", "Veja"),
        ("Order AB-12", "Pedido AC-12"),
        ("Hi {name}", "Oi"),
        ("Wait 3 days", "Espere quatro dias"),
        ("Yes", "Sim, " + "e muito mais " * 10),
        ("I have waited for a long time " * 6, "Sim"),
        ("Yes", "  "),
    ],
)
def test_does_not_hold(source: str, target: str) -> None:
    assert said(source, target) is None
    assert said(source, target, "Sim " + source) == "Sim " + source


def test_a_person_who_edited_this_very_message_has_checked_it() -> None:
    assert said("Order 4711", Remembered("Pedido", edited=True)) == "Pedido"
    assert said("Order 4711", Remembered("Pedido", edited=True, same=False)) is None


def term(source: str, target: str, changed: int = 0) -> Matcher:
    wordings = {"en": Wording(source), "pt": Wording(target)}
    return Matcher([Term(id="t", wordings=wordings, changed=changed)], 7)


def test_terms_of_the_glossary_are_said() -> None:
    glossary = term("cart", "carrinho")
    done = use("Your cart is empty", "Sua cesta está vazia", "Seu carrinho está vazio", glossary=glossary)
    assert done is not None
    assert done.text == "Seu carrinho está vazio"
    assert [(one.term, one.status) for one in done.receipt.terms] == [("t", "already")]
    assert done.receipt.glossary_version == 7
    assert said("Your cart is empty", "Sua cesta está vazia", glossary=glossary) is None


@pytest.mark.parametrize(("changed", "stands"), [(0, True), (100, True), (101, False)])
def test_an_edit_stands_against_terms_that_it_knew(changed: int, stands: bool) -> None:
    edit = Remembered("Sua cesta está vazia", edited=True, time=100)
    done = use("Your cart is empty", edit, glossary=term("cart", "carrinho", changed))
    assert (done is not None) == stands
    if done is not None:
        assert [one.status for one in done.receipt.terms] == ["missed"]


def test_names_that_are_not_translated_stay() -> None:
    glossary = Matcher([Term(id="n", wordings={"en": Wording("Acme Box")}, kind="do-not-translate")], 1)
    assert said("Open Acme Box", "Abra Caixa Acme", glossary=glossary) is None
    assert said("Open Acme Box", "Abra Acme Box", glossary=glossary) == "Abra Acme Box"


def test_the_receipt_tells_where_it_comes_from() -> None:
    done = use("Order 4711", Remembered("Pedido 4711", filled=True, same=False))
    assert done is not None
    assert (done.receipt.origin, done.receipt.repairs, done.receipt.protected) == ("memory", ("template",), 1)
    assert done.receipt.models == ()
    edited = use("Hi", Remembered("Oi", edited=True))
    assert edited is not None
    assert edited.receipt.origin == "edited"


def test_the_pipeline_asks_the_engine_only_for_what_is_not_remembered(fake: Callable[..., Any]) -> None:
    bench = fake(rewrite=False)
    known = Request("Order 4711 is here", "en", "pt", (Remembered("Pedido 4711 chegou"),))
    wrong = Request("Order 4712 is here", "en", "pt", (Remembered("Pedido 4711 chegou"),))
    outcomes = bench.pipeline.translate([known, wrong])
    assert [outcome.text for outcome in outcomes] == ["Pedido 4711 chegou", "Order 4712 is here"]
    assert [outcome.receipt.origin for outcome in outcomes] == ["memory", "engine"]
    assert not any("4711" in text for call in bench.engine.calls for text in call)


def test_what_is_remembered_needs_no_model() -> None:
    class NoEngines:
        def get(self, source: str, target: str) -> None:
            return None

        def why_not(self, source: str, target: str) -> str:
            return "no-model"

    pipeline = Pipeline(NoEngines(), lambda: None)
    known = (Remembered("Hallo"),)
    done, not_known, same = pipeline.translate(
        [Request("Hi", "en", "de", known), Request("Hi", "en", "de"), Request("Hi", "de", "de", known)]
    )
    assert isinstance(done, Done)
    assert done.text == "Hallo"
    assert isinstance(not_known, Unavailable)
    assert isinstance(same, Same)


def test_a_glossary_that_breaks_costs_no_message(fake: Callable[..., Any]) -> None:
    class Broken:
        version = 1
        calls = 0

        def match(self, text: str, source: str, target: str, scope: frozenset[str] = frozenset()) -> list[Any]:
            self.calls += 1
            if self.calls == 1:
                raise RuntimeError("broken")
            return []

    bench = fake()
    pipeline = Pipeline(bench.engines, lambda: broken)
    broken = Broken()
    (done,) = pipeline.translate([Request("Hi there", "en", "pt", (Remembered("Olá"),))])
    assert isinstance(done, Done)
    assert done.receipt.origin == "engine"

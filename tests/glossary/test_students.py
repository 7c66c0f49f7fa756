"""Enforcing terms on what the real en<->pt models say: sentences of our own, alignments of theirs."""

from __future__ import annotations

from functools import lru_cache

import pytest

from glossary.enforce import Enforced, enforce
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from models.installed import find
from translation.engines.base import Engine
from translation.engines.load import load


@lru_cache(maxsize=2)
def engine(source: str, target: str) -> Engine:
    return load(next(model for model in find() if (model.source, model.target) == (source, target)))


def translate(text: str, terms: dict[str, str], source: str, target: str) -> tuple[str, Enforced]:
    glossary = [Term(f"t{i}", {source: Wording(a), target: Wording(b)}) for i, (a, b) in enumerate(terms.items())]
    (hypothesis,) = engine(source, target).translate([text])
    matches = Matcher(glossary).match(text, source, target)
    assert matches, "the sentence has none of its terms"
    return hypothesis.text, enforce(text, hypothesis.text, hypothesis.links, matches, target, source_language=source)


@pytest.mark.parametrize(
    ("text", "terms", "phrases"),
    [
        ("Where is my order?", {"order": "encomenda"}, ["minha encomenda"]),
        ("Your order was sent yesterday.", {"order": "encomenda"}, ["Sua encomenda foi enviada"]),
        ("The order has been cancelled.", {"order": "encomenda"}, ["A encomenda foi cancelada"]),
        ("I sent you a link to your account.", {"account": "cadastro"}, ["seu cadastro"]),
        ("Please open the app on your phone.", {"app": "aplicativo", "phone": "aparelho"}, ["seu aparelho"]),
        ("We close the chat after ten minutes.", {"chat": "bate-papo"}, ["o bate-papo"]),
        ("The refund goes to your credit card.", {"credit card": "cartão bancário", "card": "placa"},
         ["seu cartão bancário"]),
        ("Please pay the invoices today.", {"invoice": "conta"}, ["as contas"]),
        ("The parcel is in the store.", {"parcel": "encomenda", "store": "filial"}, ["A encomenda", "na filial"]),
        ("In order to pay, open the order.", {"order": "encomenda"}, ["a encomenda"]),
    ],
)  # fmt: skip
def test_english_to_portuguese(text: str, terms: dict[str, str], phrases: list[str]) -> None:
    free, result = translate(text, terms, "en", "pt")
    assert all(use.status in ("applied", "already") for use in result.uses), (free, result)
    assert all(phrase in result.text for phrase in phrases), (free, result.text)


@pytest.mark.parametrize(
    ("text", "terms", "phrases"),
    [
        ("Onde está a minha encomenda?", {"encomenda": "purchase"}, ["my purchase"]),
        ("Recebi um pedido errado.", {"pedido": "order"}, ["an order", "a wrong order", "the wrong order"]),
        ("Não consigo entrar no aplicativo.", {"aplicativo": "mobile app"}, ["the mobile app"]),
        ("Os cartões de crédito foram recusados.", {"cartão de crédito": "payment card"}, ["payment cards"]),
        ("O reembolso ainda não chegou.", {"reembolso": "money back"}, ["money back"]),
    ],
)
def test_portuguese_to_english(text: str, terms: dict[str, str], phrases: list[str]) -> None:
    free, result = translate(text, terms, "pt", "en")
    assert all(use.status in ("applied", "already") for use in result.uses), (free, result)
    assert any(phrase.lower() in result.text.lower() for phrase in phrases), (free, result.text)


def test_what_the_model_says_by_itself_stays_as_it_is() -> None:
    free, result = translate("Thank you for your message.", {"message": "mensagem"}, "en", "pt")
    assert (result.text, [use.status for use in result.uses]) == (free, ["already"])


def test_a_verb_is_not_the_term() -> None:
    free, result = translate("I want to end our chat now.", {"end": "lado"}, "en", "pt")
    assert (result.text, [use.how for use in result.uses]) == (free, ["verb"])

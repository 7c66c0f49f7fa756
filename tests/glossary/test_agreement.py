"""Words around a term agree with it, language by language: articles, contractions, adjectives, participles, cases."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from glossary.matcher import Matcher
from glossary.term import Form, Term, Wording
from tests.glossary.test_enforce import outcome, say, term


class Case(NamedTuple):
    language: str
    source: str
    free: str
    pairs: str  # source word to word of the translation
    found: str
    wording: Wording
    wanted: str


CASES = [
    Case(*row)
    for row in [
        ("es", "the new order", "el pedido nuevo", "0-0 1-2 2-1", "order",
         Wording("orden", gender="f"), "la orden nueva"),
        ("es", "the orders were sent", "los pedidos fueron enviados", "0-0 1-1 2-2 3-3", "order",
         Wording("orden", gender="f"), "las órdenes fueron enviadas"),
        ("es", "the red bag", "la bolsa roja", "0-0 1-2 2-1", "bag", Wording("bolso"), "el bolso rojo"),
        ("es", "your order is ready", "su pedido está listo", "0-0 1-1 2-2 3-3", "order",
         Wording("orden", gender="f"), "su orden está lista"),
        ("es", "a good account", "un buen perfil", "0-0 1-1 2-2", "account", Wording("cuenta"), "una buena cuenta"),
        ("es", "the broken lamp", "la lámpara rota", "0-0 1-2 2-1", "lamp", Wording("foco"), "el foco roto"),
        ("es", "the water", "el líquido", "0-0 1-1", "water", Wording("agua", gender="f"), "el agua"),
        ("es", "the cheap lamp", "la lámpara barata", "0-0 1-2 2-1", "lamp", Wording("foco"), "el foco barato"),
        ("es", "the first delivery", "el primer envío", "0-0 1-1 2-2", "delivery",
         Wording("entrega"), "la primera entrega"),
        ("pt", "the new order", "o pedido novo", "0-0 1-2 2-1", "order", Wording("encomenda"), "a encomenda nova"),
        ("pt", "the red box", "a caixa vermelha", "0-0 1-2 2-1", "box", Wording("pacote"), "o pacote vermelho"),
        ("pt", "the yellow boxes", "as caixas amarelas", "0-0 1-2 2-1", "box",
         Wording("pacote"), "os pacotes amarelos"),
        ("pt", "in the order", "no pedido", "0-0 2-1", "order", Wording("encomenda"), "na encomenda"),
        ("pt", "from this order", "deste pedido", "0-0 2-1", "order", Wording("encomenda"), "desta encomenda"),
        ("pt", "the order is ready", "o pedido está pronto", "0-0 1-1 2-2 3-3", "order",
         Wording("encomenda"), "a encomenda está pronta"),
        ("pt", "two boxes", "duas caixas", "0-0 1-1", "box", Wording("pacote"), "dois pacotes"),
        ("pt", "the order that was sent", "o pedido que foi enviado", "0-0 1-1 2-2 3-3 4-4", "order",
         Wording("encomenda"), "a encomenda que foi enviada"),
        ("fr", "the new order", "la nouvelle commande", "0-0 1-1 2-2", "order", Wording("achat"), "le nouvel achat"),
        ("fr", "the order sent", "la commande envoyée", "0-0 1-1 2-2", "order", Wording("colis"), "le colis envoyé"),
        ("fr", "the red bag", "le sac rouge", "0-0 1-2 2-1", "bag", Wording("pochette"), "la pochette rouge"),
        ("fr", "the green bag", "le sac vert", "0-0 1-2 2-1", "bag", Wording("pochette"), "la pochette verte"),
        ("fr", "the white bag", "le sac blanc", "0-0 1-2 2-1", "bag", Wording("pochette"), "la pochette blanche"),
        ("fr", "my bill", "ma facture", "0-0 1-1", "bill", Wording("addition"), "mon addition"),
        ("fr", "to the order", "à la commande", "0-0 1-1 2-2", "order", Wording("bon", gender="m"), "au bon"),
        ("fr", "of the orders", "des commandes", "0-0 2-1", "order", Wording("bon", gender="m"), "des bons"),
        ("fr", "order number", "numéro de commande", "0-2 1-0", "order", Wording("achat"), "numéro d'achat"),
        ("fr", "this order is ready", "cette commande est prête", "0-0 1-1 2-2 3-3", "order",
         Wording("colis"), "ce colis est prêt"),
        ("fr", "the order has been delivered", "la commande a été livrée", "0-0 1-1 2-2 3-3 4-4", "order",
         Wording("colis"), "le colis a été livré"),
        ("it", "the order", "l'ordine", "0-0 1-0", "order", Wording("spedizione"), "la spedizione"),
        ("it", "of the order", "dell'ordine", "0-0 2-0", "order", Wording("spedizione"), "della spedizione"),
        ("it", "of the account", "del conto", "0-0 2-1", "account", Wording("scontrino"), "dello scontrino"),
        ("it", "of the account", "del conto", "0-0 2-1", "account", Wording("account"), "dell'account"),
        ("it", "the new order", "il nuovo ordine", "0-0 1-1 2-2", "order",
         Wording("spedizione"), "la nuova spedizione"),
        ("it", "the order has been sent", "l'ordine è stato inviato", "0-0 1-0 2-1 3-2 4-3", "order",
         Wording("spedizione"), "la spedizione è stata inviata"),
        ("it", "my orders", "i miei ordini", "0-0 0-1 1-2", "order", Wording("spedizione"), "le mie spedizioni"),
        ("it", "the red bag", "la borsa rossa", "0-0 1-2 2-1", "bag", Wording("zaino"), "lo zaino rosso"),
        ("it", "in the bag", "nella borsa", "0-0 2-1", "bag", Wording("zaino"), "nello zaino"),
        ("it", "the open box", "la scatola aperta", "0-0 1-2 2-1", "box", Wording("pacco"), "il pacco aperto"),
        ("de", "the new order", "die neue Bestellung", "0-0 1-1 2-2", "order",
         Wording("Auftrag"), "der neue Auftrag"),
        ("de", "I have the new order", "Ich habe die neue Bestellung", "0-0 1-1 2-2 3-3 4-4", "order",
         Wording("Auftrag"), "Ich habe den neuen Auftrag"),
        ("de", "with my new order", "mit meiner neuen Bestellung", "0-0 1-1 2-2 3-3", "order",
         Wording("Auftrag"), "mit meinem neuen Auftrag"),
        ("de", "a small bag", "eine kleine Tasche", "0-0 1-1 2-2", "bag",
         Wording("Beutel", gender="m"), "ein kleiner Beutel"),
        ("de", "a small bag", "ein kleiner Beutel", "0-0 1-1 2-2", "bag", Wording("Paket"), "ein kleines Paket"),
        ("de", "to the order", "zur Bestellung", "0-0 2-1", "order", Wording("Auftrag"), "zum Auftrag"),
        ("de", "order number", "Bestellnummer", "0-0 1-0", "order", Wording("Auftrag"), "Bestellnummer"),
        ("de", "the order", "die Bestellung", "0-0 1-1", "order", Wording("Paket"), "das Paket"),
        ("de", "the orders are here", "die Bestellungen sind hier", "0-0 1-1 2-2 3-3", "order",
         Wording("Auftrag", forms=(Form("Aufträge", number="p"), )), "die Aufträge sind hier"),
        ("de", "with the orders", "mit den Bestellungen", "0-0 1-1 2-2", "order",
         Wording("Auftrag", forms=(Form("Aufträge", number="p"), )), "mit den Aufträgen"),
        ("de", "because of the order", "wegen der Bestellung", "0-0 2-1 3-2", "order",
         Wording("Auftrag"), "wegen des Auftrags"),
        ("de", "your last order", "Ihre letzte Bestellung", "0-0 1-1 2-2", "order",
         Wording("Kauf", gender="m"), "Ihr letzter Kauf"),
    ]
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.wanted}")
def test_agrees(case: Case) -> None:
    one = Term(case.found, {"en": Wording(case.found), case.language: case.wording})
    assert say(case.source, case.free, case.pairs, one, languages=("en", case.language)).text == case.wanted


def test_words_that_only_look_as_if_they_agreed_stay() -> None:
    lamp = term("lamp", "foco", languages=("en", "es"))
    result = say("the lamp of Clara", "la lámpara de Clara", "0-0 1-1 2-2 3-3", lamp, languages=("en", "es"))
    assert result.text == "el foco de Clara"
    result = say("the lamp, dear", "la lámpara , cara", "0-0 1-1 2-3", lamp, languages=("en", "es"))
    assert result.text == "el foco , cara"


def test_a_compound_that_says_more_than_the_term_is_left() -> None:
    order = term("order", "Auftrag", languages=("en", "de"))
    result = say("order number", "Bestellnummer", "0-0 1-0", order, languages=("en", "de"))
    assert (result.text, outcome(result)) == ("Bestellnummer", [("missed", "compound")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mein Geschenkgutschein geht nicht", ["gutschein"]),
        ("Wo ist der Gutscheincode?", ["Gutschein"]),
        ("Meine Auftragsnummer", ["Auftrag"]),
        ("Das ist Standard", []),  # "Stand" and an ending
        ("Die Artikel", []),  # too short
        ("Vorgutscheinlich", []),  # in the middle
    ],
)
def test_german_compounds_at_their_borders(text: str, found: list[str]) -> None:
    terms = [
        Term(name, {"de": Wording(name), "en": Wording("x" + name)})
        for name in ("Gutschein", "Auftrag", "Stand", "Art")
    ]
    assert [match.source_text for match in Matcher(terms).match(text, "de", "en")] == found

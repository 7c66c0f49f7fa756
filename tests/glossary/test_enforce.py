"""Enforcing terms on translations with hand-made alignments: what is replaced, what is repaired, what is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.edits import apply
from glossary.enforce import Enforced, enforce
from glossary.matcher import Matcher
from glossary.term import Form, Term, Wording


@dataclass(frozen=True)
class Link:
    source_start: int
    source_end: int
    target_start: int
    target_end: int


def spans(text: str) -> list[tuple[int, int]]:
    result, at = [], 0
    for word in text.split(" "):
        result.append((at, at + len(word)))
        at += len(word) + 1
    return result


def links(source: str, target: str, pairs: str) -> list[Link]:
    """Links from "0-1 2-0": source word to target word, words parted by spaces. The space before belongs to a word."""
    left, right = spans(source), spans(target)
    result = []
    for one in pairs.split():
        s, t = (int(index) for index in one.split("-"))
        result.append(Link(*left[s], max(right[t][0] - 1, 0), right[t][1]))
    return result


def term(source: str, target: str, *, languages: tuple[str, str] = ("en", "pt"), **fields: object) -> Term:
    wording = Wording(target, **fields)  # type: ignore[arg-type]
    return Term(source.replace(" ", "-"), {languages[0]: Wording(source), languages[1]: wording})


def say(source: str, free: str, pairs: str, *terms: Term, languages: tuple[str, str] = ("en", "pt")) -> Enforced:
    matches = Matcher(terms).match(source, *languages)
    result = enforce(source, free, links(source, free, pairs), matches, languages[1], source_language=languages[0])
    assert len(result.uses) == len(matches)
    assert apply(free, result.edits) == result.text
    for use in result.uses:
        if use.target_span is not None and use.status == "applied":
            assert result.text[slice(*use.target_span)] == use.target
        if use.source_span is not None:
            assert source[slice(*use.source_span)] == use.source
    return result


def outcome(result: Enforced) -> list[tuple[str, str]]:
    return [(use.status, use.how) for use in result.uses]


def test_what_is_said_already_is_left_alone() -> None:
    result = say("my order", "o meu pedido", "0-0 0-1 1-2", term("order", "pedido"))
    assert (result.text, outcome(result)) == ("o meu pedido", [("already", "")])
    assert result.uses[0].target_span == (6, 12)
    plural = say("my order", "os meus pedidos", "0-0 0-1 1-2", term("order", "pedido"))
    assert (plural.text, outcome(plural)) == ("os meus pedidos", [("already", "")])


@pytest.mark.parametrize(
    ("source", "free", "pairs", "terms", "wanted"),
    [
        ("my order", "o meu pedido", "0-0 0-1 1-2", [("order", "encomenda")], "a minha encomenda"),
        ("Order sent", "Pedido enviado", "0-0 1-1", [("order", "encomenda")], "Encomenda enviada"),
        ("the orders", "os pedidos", "0-0 1-1", [("order", "encomenda")], "as encomendas"),
        ("of the order", "do pedido", "0-0 2-1", [("order", "encomenda")], "da encomenda"),
        ("to the account", "à conta", "0-0 2-1", [("account", "cadastro")], "ao cadastro"),
        ("The account was closed", "A conta foi encerrada", "0-0 1-1 2-2 3-3", [("account", "cadastro")],
         "O cadastro foi encerrado"),
        ("your new account", "sua nova conta", "0-0 1-1 2-2", [("account", "cadastro")], "seu novo cadastro"),
        ("the details", "os detalhes", "0-0 1-1", [("details", "dados cadastrais")], "os dados cadastrais"),
        ("a chat", "um chat", "0-0 1-1", [("chat", "bate-papo")], "um bate-papo"),
        ("credit card", "cartão de banco", "1-0 0-1 0-2", [("credit card", "cartão de crédito")], "cartão de crédito"),
        ("MY ORDER", "MEU PEDIDO", "0-0 1-1", [("order", "encomenda")], "MINHA ENCOMENDA"),
        ("order and account", "pedido e conta", "0-0 1-1 2-2", [("order", "encomenda"), ("account", "cadastro")],
         "encomenda e cadastro"),
        ("card number", "número do cartão", "1-0 1-1 0-2", [("card number", "número de cartão")], "número de cartão"),
    ],
)  # fmt: skip
def test_portuguese(source: str, free: str, pairs: str, terms: list[tuple[str, str]], wanted: str) -> None:
    result = say(source, free, pairs, *(term(*one) for one in terms))
    assert result.text == wanted
    assert {use.status for use in result.uses} == {"applied"}


@pytest.mark.parametrize(
    ("case", "wording", "wanted"),
    [
        (("es", "the order", "el pedido", "0-0 1-1"), Wording("orden", gender="f"), "la orden"),
        (("es", "of the account", "de la cuenta", "0-0 1-1 2-2"), Wording("perfil"), "del perfil"),
        (("es", "salt and order", "sal y pedido", "0-0 1-1 2-2"), Wording("historial"), "sal e historial"),
        (("fr", "the order", "la commande", "0-0 1-1"), Wording("ordre", gender="m"), "l'ordre"),
        (("fr", "the bill", "l'addition", "0-0 1-0"), Wording("facture", gender="f"), "la facture"),
        (("fr", "of the order", "de la commande", "0-0 1-1 2-2"), Wording("bon", gender="m"), "du bon"),
        (("fr", "of the order", "du bon", "0-0 2-1"), Wording("achat", gender="m"), "de l'achat"),
        (("fr", "my order", "ma commande", "0-0 1-1"), Wording("facture", gender="f"), "ma facture"),
        (("fr", "my order", "ma commande", "0-0 1-1"), Wording("adresse", gender="f"), "mon adresse"),
        (("fr", "no order", "pas de commande", "0-0 0-1 1-2"), Wording("achat", gender="m"), "pas d'achat"),
        (("it", "the order", "l'ordine", "0-0 1-0"), Wording("richiesta", gender="f"), "la richiesta"),
        (("it", "the order", "la richiesta", "0-0 1-1"), Wording("sconto", gender="m"), "lo sconto"),
        (("it", "of the orders", "degli ordini", "0-0 2-1"), Wording("richiesta", gender="f"), "delle richieste"),
        (("de", "the order", "die Bestellung", "0-0 1-1"), Wording("Auftrag", gender="m"), "der Auftrag"),
        (("de", "with the order", "mit der Bestellung", "0-0 1-1 2-2"), Wording("Auftrag", gender="m"),
         "mit dem Auftrag"),
        (("de", "for my order", "für meine Bestellung", "0-0 1-1 2-2"), Wording("Auftrag", gender="m"),
         "für meinen Auftrag"),
        (("nl", "the order", "de bestelling", "0-0 1-1"), Wording("opdracht"), "de opdracht"),
    ],
)  # fmt: skip
def test_other_languages(case: tuple[str, str, str, str], wording: Wording, wanted: str) -> None:
    language, source, free, pairs = case
    found = next(word for word in ("orders", "order", "account", "bill") if word in source)
    one = Term("t", {"en": Wording(found.removesuffix("s")), language: wording})
    if language in ("fr", "it") and "'" in free:
        start = free.index("'") + 1
        made = [Link(0, 3, 0, start), Link(source.index(found), len(source), start, len(free))]
    else:
        made = links(source, free, pairs)
    matches = Matcher([one]).match(source, "en", language)
    result = enforce(source, free, made, matches, language, source_language="en")
    assert result.text == wanted
    assert apply(free, result.edits) == result.text


def test_english_article() -> None:
    result = say(
        "um pedido", "a request", "0-0 1-1", term("pedido", "order", languages=("pt", "en")), languages=("pt", "en")
    )
    assert result.text == "an order"
    result = say(
        "um item", "an item", "0-0 1-1", term("item", "product", languages=("pt", "en")), languages=("pt", "en")
    )
    assert result.text == "a product"


def test_function_words_are_never_taken() -> None:
    result = say("the order of it", "de isso", "1-0 3-1", term("order", "encomenda"))
    assert (result.text, outcome(result)) == ("de isso", [("missed", "function-word")])


def test_words_of_the_message_are_never_taken() -> None:
    result = say("Acme order 77", "Acme 77", "1-0 2-1", term("order", "encomenda"))
    assert (result.text, outcome(result)) == ("Acme 77", [("missed", "copied")])
    result = say("order LP123", "LP123 aí", "0-0 1-1", term("order", "encomenda"))
    assert outcome(result) == [("missed", "copied")]


def test_without_alignment_the_miss_is_told() -> None:
    result = say("my order", "o meu pedido", "0-0 0-1", term("order", "encomenda"))
    assert (result.text, outcome(result)) == ("o meu pedido", [("missed", "no-alignment")])
    assert enforce("my order", "x", [], Matcher([term("order", "y")]).match("my order", "en", "pt"), "pt").text == "x"


def test_an_alignment_that_is_off_by_an_article_counts() -> None:
    result = say("an order came", "pedido veio", "0-0 2-1", term("order", "encomenda"))
    assert (result.text, outcome(result)) == ("encomenda veio", [("applied", "near")])
    result = say("some order came", "algo veio", "0-0 2-1", term("order", "encomenda"))
    assert outcome(result) == [("missed", "no-alignment")]


def test_the_largest_run_is_taken_and_marks_are_not_crossed() -> None:
    result = say("order now", "pedido , formulário grande agora", "0-0 0-2 0-3 1-4", term("order", "encomenda"))
    assert result.text == "pedido , encomenda agora"


def test_several_occurrences() -> None:
    result = say("order or order", "pedido ou pedido", "0-0 1-1 2-2", term("order", "encomenda"))
    assert (result.text, outcome(result)) == ("encomenda ou encomenda", [("applied", "aligned")] * 2)
    result = say("order or order", "encomenda ou pedido", "0-0 1-1 2-2", term("order", "encomenda"))
    assert outcome(result) == [("already", ""), ("applied", "aligned")]
    merged = say("order order", "pedido", "0-0", term("order", "encomenda"))
    assert (merged.text, outcome(merged)) == ("encomenda", [("applied", "aligned"), ("already", "merged")])


def test_a_term_that_stands_for_another_word_is_not_taken_for_said() -> None:
    result = say("order and request", "pedido e encomenda", "0-0 1-1 2-2", term("order", "encomenda"))
    assert result.text == "encomenda e encomenda"
    loose = say("order here", "aqui encomenda", "1-0", term("order", "encomenda"))
    assert outcome(loose) == [("already", "")]


def test_verbs_are_not_the_term() -> None:
    result = say("we want to end it", "queremos terminar isso", "0-0 1-0 3-1 4-2", term("end", "fim"))
    assert (result.text, outcome(result)) == ("queremos terminar isso", [("missed", "verb")])
    result = say("we want to end it", "queremos terminar isso", "0-0 1-0 3-1 4-2", term("end", "encerrar"))
    assert result.text == "queremos encerrar isso"


def test_a_modifier_without_words_of_its_own_is_not_lost() -> None:
    result = say("technical issues here", "problemas técnicos aqui", "1-0 1-1 2-2", term("issue", "questão"))
    assert result.text == "questões técnicas aqui"


def test_what_stands_before_a_preposition_stays() -> None:
    result = say("as to your issue", "quanto ao seu problema", "0-0 1-1 2-2 3-3", term("issue", "questão"))
    assert result.text == "quanto à sua questão"
    result = say("I know much of it", "eu sei muito sobre o caso", "0-0 1-1 2-2 3-3 4-5", term("it", "coisa"))
    assert result.text == "eu sei muito sobre a coisa"


def test_a_term_is_not_put_beside_itself() -> None:
    result = say("my refund now", "meu dinheiro reembolso", "0-0 1-1", term("refund", "reembolso"))
    assert result.text == "meu dinheiro reembolso"
    result = say("my refund money", "meu valor reembolso", "0-0 1-1 2-2", term("refund", "reembolso"))
    assert (result.text, outcome(result)) == ("meu valor reembolso", [("missed", "doubled")])


def test_words_are_not_doubled() -> None:
    one = term("card", "cartão de crédito")
    result = say("my card", "meu cartão de crédito", "0-0 1-1", one)
    assert outcome(result) == [("already", "")]
    result = say("email address", "endereço de e-mail", "1-0 1-1 0-2", term("address", "endereço eletrônico"))
    assert result.text == "endereço eletrônico de e-mail"
    result = say("the card data", "os dados do plástico de crédito", "2-0 2-1 0-2 1-3", one)
    assert result.text == "os dados do cartão de crédito"


def test_sentence_start_and_capitals() -> None:
    result = say("Hi. Order sent", "Oi. Pedido enviado", "0-0 1-1 2-2", term("order", "encomenda"))
    assert result.text == "Oi. Encomenda enviada"
    result = say("the Order", "o Pedido", "0-0 1-1", term("order", "encomenda"))
    assert result.text == "a Encomenda"
    result = say("the order", "o Pedido", "0-0 1-1", term("order", "encomenda"))
    assert result.text == "a encomenda"
    result = say("App sent", "App enviado", "0-0 1-1", term("app", "iApp"))
    assert result.text == "IApp enviado"


def test_names_stay_as_written() -> None:
    name = Term("one", {"en": Wording("Blue Box")}, kind="do-not-translate")
    result = say("my Blue Box", "minha Caixa Azul", "0-0 2-1 1-2", name)
    assert (result.text, outcome(result)) == ("minha Blue Box", [("applied", "aligned")])
    result = say("my Blue Box", "minha Blue Box", "0-0 1-1 2-2", name)
    assert outcome(result) == [("already", "")]


def test_a_forbidden_wording_is_replaced_and_others_stay() -> None:
    one = Term("o", {"en": Wording("order"), "pt": Wording("encomenda", avoid=("pedido",))}, kind="forbidden")
    assert say("my order", "meu pedido", "0-0 1-1", one).text == "minha encomenda"
    other = say("my order", "minha compra", "0-0 1-1", one)
    assert (other.text, outcome(other)) == ("minha compra", [("already", "not-forbidden")])


def test_a_wording_to_avoid_is_replaced_without_alignment_too() -> None:
    one = Term("o", {"en": Wording("order"), "pt": Wording("encomenda", avoid=("pedido",))})
    result = say("my order", "os meus pedidos", "0-0 0-1", one)
    assert (result.text, outcome(result)) == ("as minhas encomendas", [("applied", "avoided")])


def test_listed_forms_are_said() -> None:
    one = term("die", "dado", forms=(Form("dadinhos", "p"),))
    assert say("two dies", "dois cubos", "0-0 1-1", one).text == "dois dadinhos"


def test_unspaced_scripts() -> None:
    one = Term("o", {"en": Wording("order"), "zh": Wording("订单")})
    source, free = "my order", "我的命令"
    made = [Link(0, 2, 0, 2), Link(2, 8, 2, 4)]
    result = enforce(source, free, made, Matcher([one]).match(source, "en", "zh"), "zh", source_language="en")
    assert result.text == "我的订单"


text = st.text("ab é.,-'ABpedido ", max_size=30)


@given(text, text, st.data())
def test_nothing_but_what_the_edits_say_changes(source: str, free: str, data: st.DataObject) -> None:
    made = [
        Link(
            *sorted(data.draw(st.tuples(*[st.integers(0, len(source))] * 2))),
            *sorted(data.draw(st.tuples(*[st.integers(0, len(free))] * 2))),
        )
        for _ in range(data.draw(st.integers(0, 5)))
    ]
    terms = [term("a", "pedido"), term("ab", "conta é"), term("é", "x"), term("b a", "pedido de a")]
    matches = Matcher(terms).match(source, "en", "pt")
    result = enforce(source, free, made, matches, "pt", source_language="en")
    assert apply(free, result.edits) == result.text
    assert all(a.end <= b.start for a, b in pairwise(result.edits))
    assert len(result.uses) == len(matches)
    for use in result.uses:
        if use.status == "applied":
            assert use.target_span is not None
            assert result.text[slice(*use.target_span)] == use.target
        if use.status == "already" and use.how != "merged":
            assert use.target_span is not None
    if not any(use.status == "applied" for use in result.uses):
        assert result.text == free

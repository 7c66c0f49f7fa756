"""Matching: longest match, rules, exceptions, plurals; against a naive search over any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.borders import whole_word
from glossary.folding import fold_key, same
from glossary.matcher import Match, Matcher
from glossary.term import Form, Rules, Term, Wording


def pair(en: str, pt: str, **fields: object) -> Term:
    return Term(fields.pop("id", en.replace(" ", "-")), {"en": Wording(en), "pt": Wording(pt)}, **fields)  # type: ignore[arg-type]


def found(matcher: Matcher, text: str, source: str = "en", target: str = "pt") -> list[tuple[str, str]]:
    return [(match.source_text, match.target_text) for match in matcher.match(text, source, target)]


def test_longest_match_wins_and_offsets_are_exact() -> None:
    matcher = Matcher([pair("card", "cartão"), pair("credit card", "cartão de crédito")])
    text = "My credit card, not the card."
    matches = matcher.match(text, "en", "pt")
    assert [(text[m.start : m.end], m.target_text) for m in matches] == [
        ("credit card", "cartão de crédito"),
        ("card", "cartão"),
    ]


def test_every_direction_between_the_languages_of_a_term() -> None:
    term = Term("o", {"en": Wording("order"), "pt": Wording("encomenda"), "de": Wording("Bestellung")})
    matcher = Matcher([term])
    assert found(matcher, "meine Bestellung", "de", "pt") == [("Bestellung", "encomenda")]
    assert found(matcher, "a encomenda", "pt-BR", "en-GB") == [("encomenda", "order")]
    assert found(matcher, "meine Bestellung", "de", "fr") == []


def test_a_term_without_the_target_does_not_hide_a_shorter_one() -> None:
    only_german = Term("cc", {"en": Wording("credit card"), "de": Wording("Kreditkarte")})
    assert found(Matcher([only_german, pair("card", "cartão")]), "my credit card") == [("card", "cartão")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two orders", [("orders", "encomendas")]),
        ("ORDERS", [("ORDERS", "encomendas")]),
        ("two boxes", [("boxes", "caixas")]),
        ("the deliveries", [("deliveries", "entregas")]),
        ("credit cards", [("credit cards", "cartões de crédito")]),
        ("status", []),
    ],
)
def test_regular_plurals_are_found_and_said_as_plurals(text: str, expected: list[tuple[str, str]]) -> None:
    matcher = Matcher(
        [pair("order", "encomenda"), pair("box", "caixa"), pair("delivery", "entrega"),
         pair("credit card", "cartão de crédito"), pair("statu", "x")]
    )  # fmt: skip
    assert found(matcher, text) == expected


def test_plurals_of_phrases_in_languages_with_the_noun_first() -> None:
    matcher = Matcher([pair("credit card", "cartão de crédito"), pair("bank account", "conta bancária")])
    assert found(matcher, "meus cartões de crédito e contas bancárias", "pt", "en") == [
        ("cartões de crédito", "credit cards"),
        ("contas bancárias", "bank accounts"),
    ]
    assert found(matcher, "cartoes de credito", "pt", "en") == [("cartoes de credito", "credit cards")]


def test_listed_forms_replace_regular_plurals() -> None:
    term = Term("d", {"en": Wording("die", forms=(Form("dice", "p"),)), "pt": Wording("dado")})
    assert found(Matcher([term]), "dice") == [("dice", "dados")]
    assert found(Matcher([term]), "dies") == []


def test_a_target_with_a_number_of_its_own_keeps_it() -> None:
    term = Term("d", {"en": Wording("details"), "pt": Wording("dados cadastrais")})
    assert found(Matcher([term]), "the details") == [("details", "dados cadastrais")]


def test_rules() -> None:
    it = pair("IT", "TI", rules=Rules(case=True))
    assert found(Matcher([it]), "it is IT") == [("IT", "TI")]
    exact = pair("order", "encomenda", rules=Rules(inflected=False))
    assert found(Matcher([exact]), "orders order") == [("order", "encomenda")]
    part = pair("pay", "pagar", rules=Rules(whole_word=False))
    assert found(Matcher([part]), "prepayment") == [("pay", "pagar")]
    noun = Term("j", {"pt": Wording("jogo"), "en": Wording("game")}, rules=Rules(after_determiner=True))
    assert found(Matcher([noun]), "eu jogo o jogo", "pt", "en") == [("jogo", "game")]
    named = Term("j", {"pt": Wording("jogo"), "en": Wording("game")}, part_of_speech="noun")
    assert found(Matcher([named]), "eu jogo com jogo", "pt", "en") == [("jogo", "game")]
    strict = Term("c", {"pt": Wording("cartão"), "en": Wording("card")}, rules=Rules(accents=True))
    assert found(Matcher([strict]), "cartao cartão", "pt", "en") == [("cartão", "card")]


def test_idioms_and_exceptions() -> None:
    matcher = Matcher([pair("order", "encomenda")])
    assert found(matcher, "In order to see the order") == [("order", "encomenda")]
    card = Term("card", {"en": Wording("card", exceptions=("birthday card",)), "pt": Wording("cartão")})
    assert found(Matcher([card]), "a birthday card and a card") == [("card", "cartão")]
    assert found(Matcher([card]), "birthday cards") == [("cards", "cartões")]
    whole = pair("in order", "em ordem")
    assert found(Matcher([whole]), "all is in order") == [("in order", "em ordem")]


def test_addresses_hold_no_terms() -> None:
    matcher = Matcher([pair("order", "encomenda")])
    assert found(matcher, "order@shop.example www.shop.example/order https://x.example/order order") == [
        ("order", "encomenda")
    ]


def test_names_are_found_in_every_language_and_said_as_written() -> None:
    matcher = Matcher([Term("acme", {"en": Wording("Acme Prime")}, kind="do-not-translate")])
    assert found(matcher, "o acme prime", "pt", "en") == [("acme prime", "Acme Prime")]
    assert matcher.match("acme prime", "ja", "ko")[0].do_not_translate


def test_scope_and_status() -> None:
    shop = pair("order", "pedido", id="a")
    garden = pair("order", "encomenda", id="b", scope=("line:garden",))
    draft = pair("box", "caixa", status="draft")
    retired = pair("mail", "correio", status="retired")
    matcher = Matcher([shop, garden, draft, retired])
    assert found(matcher, "order box mail") == [("order", "pedido")]
    assert [m.target_text for m in matcher.match("order", "en", "pt", frozenset({"line:garden"}))] == ["encomenda"]
    assert found(Matcher([draft], drafts=True), "box") == [("box", "caixa")]


def test_unspaced_scripts_and_particles() -> None:
    texts = {"zh": "订单", "ja": "注文", "ko": "주문", "th": "สินค้า"}
    term = Term("o", {"en": Wording("order"), **{language: Wording(text) for language, text in texts.items()}})
    matcher = Matcher([term])
    messages = {"zh": "我的订单在哪里", "ja": "注文はどこですか", "ko": "주문은 어디에 있나요", "th": "ดูสินค้าของฉัน"}
    for language, message in messages.items():
        assert found(matcher, message, language, "en") == [(texts[language], "order")]


def test_changed_gives_what_a_new_matcher_would() -> None:
    matcher = Matcher([pair("order", "encomenda"), pair("box", "caixa")], 1)
    new = matcher.changed({"order": pair("order", "pedido"), "box": None, "mail": pair("mail", "correio")}, 2)
    assert found(new, "order box mail") == [("order", "pedido"), ("mail", "correio")]
    assert (new.version, len(new), {term.id for term in new.terms()}) == (2, 2, {"order", "mail"})
    assert found(matcher, "order box mail") == [("order", "encomenda"), ("box", "caixa")]
    again = new.changed({"mail": None}, 3)
    assert found(again, "order box mail") == [("order", "pedido")]


def test_an_empty_glossary_finds_nothing() -> None:
    assert Matcher().match("anything", "en", "pt") == []
    assert Matcher([pair("a", "b")]).match("", "en", "pt") == []


words = (
    st.text("abcéÉßñA日本й'- ", min_size=1, max_size=5)
    .map(str.strip)
    .filter(lambda text: any(c.isalnum() for c in text))
)


def naive(terms: list[Term], text: str, source: str) -> set[tuple[int, int]]:
    """Every span that stands for some term, found by trying all of them."""
    spans = set()
    for term in terms:
        wording = term.wordings[source]
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                part = text[start:end]
                if (
                    fold_key(part) == fold_key(wording.text)
                    and fold_key(part[0])
                    and same(part, wording.text, case=False, accents=False)
                    and whole_word(text, start, end, source)
                ):
                    spans.add((start, end))
    return spans


@given(st.lists(words, min_size=1, max_size=6, unique_by=fold_key), st.text("abcéÉßñA日本й'- \n", max_size=25))
def test_as_a_naive_search_finds(wordings: list[str], text: str) -> None:
    terms = [
        Term(f"t{i}", {"xx": Wording(wording), "pt": Wording("z")}, rules=Rules(inflected=False))
        for i, wording in enumerate(wordings)
    ]
    matches = Matcher(terms).match(text, "xx", "pt")
    spans = naive(terms, text, "xx")
    taken = [(match.start, match.end) for match in matches]
    assert taken == sorted(taken)
    assert all(left[1] <= right[0] for left, right in pairwise(taken))
    assert set(taken) <= spans
    for start, end in spans - set(taken):  # each that was left out overlaps one at least as long
        assert any(a < end and start < b and b - a >= end - start for a, b in taken)


@given(st.text(max_size=60))
def test_any_text_at_all(text: str) -> None:
    matcher = Matcher([pair("order", "encomenda"), pair("é", "e"), pair("日", "dia")])
    for source in ("en", "pt", "ja", "ko"):
        matches: list[Match] = matcher.match(text, source, "pt" if source != "pt" else "en")
        assert all(text[match.start : match.end] == match.source_text for match in matches)

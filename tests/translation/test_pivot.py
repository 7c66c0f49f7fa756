"""Through a third language: what must not change comes out of both legs, and terms are said in the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.engines.base import Engine, Link
from translation.engines.echo import Echo
from translation.engines.provider import installed_engines
from translation.pipeline import Done, Failed, Pipeline, Request, Unavailable
from translation.pivot import composed
from translation.protect import find
from translation.route import UNKNOWN, Figures

SPANS = [
    "ana@loja.com.br",
    "#1234",
    "R$ 1.234,56",
    "19,90 €",
    "😭",
    "{order_id}",
    "12/05/2026",
    "LP00123456789CN",
    "**",
]
WORDS = ["hallo", "wo", "ist", "das", "Paket", "bitte", "ok,", "dann."]
TEXT = st.lists(st.sampled_from([*SPANS, *WORDS, "\n"]), max_size=12).map(" ".join)


class Engines:
    """Serves what it is given, and says so."""

    def __init__(self, engines: Mapping[tuple[str, str], Engine | None]) -> None:
        self._engines = engines

    @property
    def models(self) -> dict[tuple[str, str], Figures]:
        return dict.fromkeys(self._engines, UNKNOWN)

    def get(self, source: str, target: str) -> Engine | None:
        return self._engines.get((source.partition("-")[0], target.partition("-")[0]))

    def why_not(self, source: str, target: str) -> str | None:
        return "model-corrupt" if (source, target) in self._engines else "no-model"


def two_legs(first: Callable[[str], str] = str, second: Callable[[str], str] = str) -> Engines:
    return Engines(
        {("de", "en"): Echo("de", "en", word=first), ("en", "fr"): Echo("en", "fr", word=second, failing="BROKEN")}
    )


def translate(engines: Engines, *texts: str, terms: Matcher | None = None) -> list[Done]:
    outcomes = Pipeline(engines, lambda: terms).translate([Request(text, "de", "fr") for text in texts])
    assert all(isinstance(outcome, Done) for outcome in outcomes), outcomes
    return outcomes  # type: ignore[return-value]


@settings(deadline=None)
@given(TEXT)
def test_two_legs_that_echo_give_every_span_back(text: str) -> None:
    [done] = translate(two_legs(), text)
    for span in find(text):
        wanted = text[span.start : span.end]
        assert done.text.count(wanted) >= text.count(wanted)
    assert "span-lost" not in done.receipt.warnings


@settings(deadline=None)
@given(TEXT)
@pytest.mark.parametrize("leg", [0, 1])
def test_no_leg_can_lose_a_span(leg: int, text: str) -> None:
    def drop(word: str) -> str:
        return re.sub(r"\S*[^\sa-zA-Z.,'()]\S*", "x", word)

    [done] = translate(two_legs(drop) if leg == 0 else two_legs(second=drop), text)
    for span in find(text):
        assert text[span.start : span.end] in done.text


def test_the_receipt_names_both_models() -> None:
    german = {"wo": "where", "ist": "is", "das": "the", "Paket": "parcel"}
    french = {"where": "où", "is": "est", "the": "le", "parcel": "colis"}
    [done, shout] = translate(
        two_legs(lambda w: german.get(w, w), lambda w: french.get(w, w)), "wo ist das Paket LP1234CN", "😭"
    )
    assert done.text == "où est le colis LP1234CN"
    assert done.receipt.models == ("echo-deen", "echo-enfr")
    assert done.receipt.protected == 1
    assert (shout.text, shout.receipt.models) == ("😭", ())


GERMAN = {"wo": "where", "ist": "is", "das": "the", "Paket": "parcel"}
FRENCH = {"where": "où", "is": "est", "the": "le", "parcel": "cela", "LP1234CN": "LP1234CN"}
PARCEL = Term(id="t1", wordings={"de": Wording("Paket"), "fr": Wording("envoi", gender="m")})


def test_a_term_that_is_missed_at_the_end_is_tried_again_on_the_second_leg() -> None:
    [done] = translate(
        two_legs(lambda w: GERMAN.get(w, w), lambda w: FRENCH.get(w, w)),
        "wo ist das Paket LP1234CN",
        terms=Matcher([PARCEL], 3),
    )
    assert done.text == "où est l'envoi LP1234CN"
    [use] = done.receipt.terms
    assert (use.status, use.how, use.source_span) == ("applied", "stand-in", (11, 16))
    assert use.target_span is not None
    assert done.text[slice(*use.target_span)] == "envoi"
    assert done.receipt.protected == 1


@pytest.mark.parametrize(("other", "failing"), [("de", ""), ("", "Zork")])
def test_what_is_no_better_through_the_second_leg_leaves_the_miss(other: str, failing: str) -> None:
    first = Echo("de", "en", word=lambda w: GERMAN.get(w, w))
    second = Echo("en", "fr", word=lambda w: FRENCH.get(w, other or w), failing=failing)
    [done] = translate(
        Engines({("de", "en"): first, ("en", "fr"): second}), "wo ist das Paket LP1234CN", terms=Matcher([PARCEL], 3)
    )
    assert done.text == "où est le cela LP1234CN"
    assert [(use.status, use.how) for use in done.receipt.terms] == [("missed", "function-word")]


def test_terms_are_said_and_names_kept_through_both_legs() -> None:
    german = {"wo": "where", "ist": "is", "das": "the", "Paket": "parcel"}
    french = {"where": "où", "is": "est", "the": "le", "parcel": "colis"}
    terms = Matcher(
        [
            Term(id="t1", wordings={"de": Wording("Paket"), "fr": Wording("envoi", gender="m")}),
            Term(id="t2", wordings={"de": Wording("Glow Box")}, kind="do-not-translate"),
        ],
        3,
    )
    [done] = translate(
        two_legs(lambda w: german.get(w, w.lower()), lambda w: french.get(w, w)),
        "wo ist das Paket Glow Box nun",
        terms=terms,
    )
    assert done.text in ("où est le envoi Glow Box nun", "où est l'envoi Glow Box nun")
    assert done.receipt.glossary_version == 3
    by_term = {use.term: use for use in done.receipt.terms}
    assert {use.status for use in by_term.values()} == {"applied"}
    assert [done.text[slice(*by_term[term].target_span or ())] for term in ("t1", "t2")] == ["envoi", "Glow Box"]


def test_a_failing_leg_fails_its_message_alone() -> None:
    outcomes = Pipeline(two_legs(), lambda: None).translate([Request(t, "de", "fr") for t in ("ja", "BROKEN", "gut")])
    assert [type(outcome) for outcome in outcomes] == [Done, Failed, Done]


def test_a_corrupt_model_is_gone_around() -> None:
    engines = Engines({("de", "fr"): None, ("de", "en"): Echo("de", "en"), ("en", "fr"): Echo("en", "fr")})
    [done] = translate(engines, "hallo")
    assert done.receipt.models == ("echo-deen", "echo-enfr")
    [outcome] = Pipeline(Engines({("de", "fr"): None}), lambda: None).translate([Request("hallo", "de", "fr")])
    assert outcome == Unavailable("model-corrupt")


def test_links_of_two_legs_meet_between() -> None:
    first = [Link(0, 2, 3, 5), Link(3, 9, 0, 2)]
    second = [Link(0, 2, 4, 8), Link(3, 5, 0, 3), Link(9, 10, 9, 10)]
    assert composed(first, second) == (Link(0, 2, 0, 3), Link(3, 9, 4, 8))


def test_through_english_and_back_with_the_real_models() -> None:
    installed = installed_engines()
    there, back = installed.get("pt", "en"), installed.get("en", "pt")
    assert there is not None
    assert back is not None
    engines = Engines({("pt", "en"): there, ("en", "gl"): back})  # as if the second wrote Galician
    text = "Meu pedido LP00123456789CN de R$ 1.234,56 não chegou 😭 escreva para ana@loja.com.br"
    [done] = Pipeline(engines, lambda: None).translate([Request(text, "pt", "gl")])
    assert isinstance(done, Done)
    for span in find(text):
        assert done.text.count(text[span.start : span.end]) == 1
    assert "pedido" in done.text
    assert done.receipt.models == (there.name, back.name)

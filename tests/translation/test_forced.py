"""Missed terms that the model is made to say: how the translation begins, and what is kept of what comes then."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.receipt import TermUse
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.edits import Edit, Edited
from translation.engines.base import Hypothesis, Link
from translation.forced import beginning
from translation.normalise import Steps
from translation.pipeline import Done, Pipeline, Request
from translation.prepare import Prepared

PARCEL = Term(id="t1", wordings={"en": Wording("parcel"), "pt": Wording("encomenda", gender="f")})
PLAIN = Steps(*[False] * len(Steps.__dataclass_fields__))


def linked(source: str, target: str, pairs: dict[str, str], score: float = -0.1) -> Hypothesis:
    """``pairs``: words of the target and what they come from."""
    links = [
        Link(source.index(one), source.index(one) + len(one), target.index(word), target.index(word) + len(word))
        for word, one in pairs.items()
    ]
    return Hypothesis(target, score, tuple(sorted(links, key=lambda link: link.target_start)))


def plain(text: str) -> Prepared:
    return Prepared((0, len(text)), text, Edited(text, []), (), ())


def begun(source: str, hypothesis: Hypothesis, word: str, term: str, language: str = "pt") -> str | None:
    at = source.index(word)
    use = TermUse("t1", word, term, "missed", "no-alignment", (at, at + len(word)))
    return beginning(plain(source), hypothesis, use, "en", language)


@pytest.mark.parametrize(
    ("source", "target", "pairs", "wanted"),
    [
        # Behind what comes before it in the message.
        ("where is the parcel now", "onde está agora", {"está": "is", "agora": "now"}, "onde está encomenda"),
        # At the word that is aligned to it, whatever that is.
        ("where is the parcel now", "onde está isso agora", {"isso": "parcel"}, "onde está encomenda"),
        ("my parcel is here", "o meu Zork chegou", {"Zork": "parcel"}, "a minha encomenda"),
        ("it is in the parcel", "está no Zork", {"Zork": "parcel"}, "está na encomenda"),
        # At the beginning, where the message begins with it.
        ("parcel lost", "sumiu", {"sumiu": "lost"}, "encomenda"),
        ("parcel lost", "Sumiu", {"Sumiu": "lost"}, "Encomenda"),
        # Nothing tells where.
        ("where is the parcel now", "onde está agora", {"agora": "now"}, None),
        ("where is the parcel now", "onde está agora", {}, None),
    ],
)
def test_the_translation_begins_with_all_up_to_the_term(
    source: str, target: str, pairs: dict[str, str], wanted: str | None
) -> None:
    assert begun(source, linked(source, target, pairs), "parcel", "encomenda") == wanted


def test_scripts_without_spaces_get_none() -> None:
    source = "where is the parcel"
    assert begun(source, linked(source, "它在哪里", {"它": "parcel"}), "parcel", "包裹", "zh") == "包裹"
    assert begun(source, linked(source, "请问它在哪里", {"它": "parcel"}), "parcel", "包裹", "zh") == "请问包裹"


def test_what_the_model_got_instead_of_the_message_is_what_links_tell_of() -> None:
    source = "write to a@b.example the parcel"
    prepared = plain(source)
    edited = Edited(source, [Edit(9, 20, "QZ1")])
    hypothesis = linked(edited.text, "escreve a QZ1 isso", {"QZ1": "QZ1", "isso": "parcel"})
    use = TermUse("t1", "parcel", "encomenda", "missed", "function-word", (25, 31))
    prepared = Prepared(prepared.piece, source, edited, (), ())
    assert beginning(prepared, hypothesis, use, "en", "pt") == "escreve a QZ1 encomenda"


@given(st.lists(st.sampled_from(["um", "o", "dois", "às", "e"]), max_size=5), st.data())
def test_nothing_is_lost_before_the_term(words: list[str], data: st.DataObject) -> None:
    source = " ".join([f"w{number}" for number in range(len(words))] + ["parcel"])
    target = " ".join([f"{word}{number}" for number, word in enumerate(words)] + ["isso"])
    some = data.draw(st.sets(st.sampled_from(range(len(words))))) if words else set()
    pairs = {f"{words[number]}{number}": f"w{number}" for number in some} | {"isso": "parcel"}
    found = begun(source, linked(source, target, pairs), "parcel", "encomenda")
    assert found == target.replace("isso", "encomenda")


class GoesOn:
    """An engine with prepared answers, which goes on from a beginning with what stands in ``on``."""

    name = "goes-on"
    source = "en"
    max_tokens = 128

    def __init__(self, free: Hypothesis, on: dict[str, Hypothesis], target: str = "pt") -> None:
        self.free = free
        self.on = on
        self.target = target
        self.asked: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def translate(self, segments: Sequence[str]) -> list[Hypothesis]:
        return [self.free if "parcel" in segment else Hypothesis("", 0.0, ()) for segment in segments]

    def translate_from(self, segments: Sequence[str], beginnings: Sequence[str]) -> list[Hypothesis]:
        self.asked += beginnings
        return [self.on.get(each, Hypothesis("", 0.0, ())) for each in beginnings]

    def get(self, source: str, target: str) -> GoesOn:
        return self

    def why_not(self, source: str, target: str) -> None:
        return None


def run(engine: GoesOn, text: str, *terms: Term) -> Done:
    pipeline = Pipeline(engine, lambda: Matcher(terms or [PARCEL], 1), PLAIN)
    [done] = pipeline.translate([Request(text, "en", engine.target)])
    assert isinstance(done, Done)
    return done


def test_the_model_goes_on_from_the_term() -> None:
    source = "it is in the parcel sent now"
    free = linked(source, "está em tudo enviado agora", {"em": "in", "tudo": "parcel", "enviado": "sent"})
    on = "está em encomenda enviada agora"
    engine = GoesOn(free, {"está em encomenda": linked(source, on, {"em": "in", "encomenda": "parcel"}, -0.2)})
    done = run(engine, source)
    assert engine.asked == ["está em encomenda"]
    assert done.text == on  # with what agrees with the term behind it
    [use] = done.receipt.terms
    assert (use.status, use.how) == ("applied", "forced")
    assert done.text[slice(*use.target_span)] == "encomenda"
    assert done.receipt.score == -0.2


@pytest.mark.parametrize(
    ("on", "score"),
    [
        ("está em encomenda enviada agora", -0.9),  # the model finds it too unlikely
        ("está em encomenda encomenda enviada agora", -0.2),
        ("está em encomenda", -0.2),
        ("está em encomendador enviado agora", -0.2),  # another word after all
        ("", 0.0),
    ],
)
def test_what_is_no_better_is_not_kept(on: str, score: float) -> None:
    source = "it is in the parcel sent now and here at home with us"
    free = linked(
        source, "está em tudo enviado agora e aqui em casa connosco", {"em": "in", "tudo": "parcel", "enviado": "sent"}
    )
    done = run(GoesOn(free, {"está em encomenda": Hypothesis(on, score, ())}), source)
    assert done.text == free.text
    assert [(use.status, use.how) for use in done.receipt.terms] == [("missed", "function-word")]


def test_the_place_of_the_term_is_known_without_links() -> None:
    source = "it is in the parcel sent now"
    free = linked(source, "está em tudo enviado agora", {"em": "in", "tudo": "parcel", "enviado": "sent"})
    wrong = linked(source, "está em encomenda enviada agora", {"em": "in", "enviada": "parcel"}, -0.2)
    done = run(GoesOn(free, {"está em encomenda": wrong}), source)
    assert done.text == "está em encomenda enviada agora"


def test_a_compound_that_says_more_than_the_term_is_said_anew() -> None:
    order = Term(id="t2", wordings={"en": Wording("order"), "de": Wording("Auftrag", gender="m")})
    source = "the order number of the parcel is missing"
    free = linked(source, "Die Bestellnummer des Pakets fehlt", {"Die": "the", "Bestellnummer": "order number"})
    on = "Der Auftrag mit der Nummer des Pakets fehlt"
    engine = GoesOn(free, {"Der Auftrag": linked(source, on, {"Auftrag": "order", "Nummer": "number"}, -0.2)}, "de")
    done = run(engine, source, order)
    assert engine.asked == ["Der Auftrag"]
    assert done.text == on
    assert [(use.status, use.how) for use in done.receipt.terms] == [("applied", "forced")]


@pytest.mark.parametrize("on", ["Der Auftragsnummer des Pakets fehlt", "Der Aufträge Nummer des Pakets fehlt"])
def test_what_stands_before_the_term_was_meant_for_no_other_word(on: str) -> None:
    order = Term(id="t2", wordings={"en": Wording("order"), "de": Wording("Auftrag", gender="m")})
    source = "the order number of the parcel is missing"
    free = linked(source, "Die Bestellnummer des Pakets fehlt", {"Die": "the", "Bestellnummer": "order number"})
    engine = GoesOn(free, {"Der Auftrag": linked(source, on, {on.split()[1]: "order"}, -0.2)}, "de")
    done = run(engine, source, order)
    assert done.text == free.text
    assert [(use.status, use.how) for use in done.receipt.terms] == [("missed", "compound")]

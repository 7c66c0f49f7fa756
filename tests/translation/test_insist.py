"""Terms that cannot be put into the free translation: other ways are tried, and kept only where they are safe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.receipt import TermUse
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.edits import Edited
from translation.engines.base import Link
from translation.finished import Finished
from translation.insist import pinned, safest, told, ways
from translation.pipeline import Done, Pipeline, Request
from translation.prepare import Prepared, StoodFor

Make = Callable[..., Any]
PARCEL = Term(id="t1", wordings={"en": Wording("parcel"), "pt": Wording("encomenda", gender="f")})
BOX = Term(id="t2", wordings={"en": Wording("box"), "pt": Wording("caixa", gender="f")})
SAID = {
    "where is the parcel now": "onde está isso agora",
    "where is the Zork now": "onde está o Zork agora",
    "where is the encomenda now": "onde está agora",
}


def run(fake: Make, said: dict[str, str], text: str, *terms: Term) -> tuple[Done, Any]:
    """``said``: what the engine makes of what it gets. It never tells which word comes from which."""
    bench = fake(lambda each: said.get(each, each), rewrite=False)
    pipeline = Pipeline(bench.engines, lambda: Matcher(terms or [PARCEL], 1), bench.pipeline._steps)
    [outcome] = pipeline.translate([Request(text, "en", "pt")])
    assert isinstance(outcome, Done)
    return outcome, bench.engine


def test_a_name_holds_the_place_of_a_term_that_is_missed(fake: Make) -> None:
    done, engine = run(fake, SAID, "where is the parcel now")
    assert done.text == "onde está a encomenda agora"  # with the article that the term asks for
    [use] = done.receipt.terms
    assert (use.status, use.how, use.source_span) == ("applied", "stand-in", (13, 19))
    assert done.text[slice(*use.target_span)] == "encomenda"
    assert engine.calls == [["where is the parcel now"], ["where is the Zork now", "where is the encomenda now"]]


def test_the_word_itself_is_given_where_the_model_keeps_it(fake: Make) -> None:
    said = {**SAID, "where is the Zork now": "onde está", "where is the encomenda now": "onde está a encomenda agora"}
    done, _ = run(fake, said, "where is the parcel now")
    assert done.text == "onde está a encomenda agora"
    [use] = done.receipt.terms
    assert (use.status, use.how) == ("applied", "given")
    assert done.text[slice(*use.target_span)] == "encomenda"


@pytest.mark.parametrize(
    "name",
    [
        "onde está",  # the name got lost
        "quando o Zork",  # and with it what was said
        "onde está o Zork Zork agora",
        "onde está onde o Zork está agora agora",
        "(onde está o Zork agora",
        "where is the Zork now",
    ],
)
def test_what_is_no_better_is_not_kept_and_the_miss_is_told(fake: Make, name: str) -> None:
    source, free = "where is the parcel now that I want", "onde está isso agora que eu quero"
    said = {source: free, source.replace("parcel", "Zork"): name, source.replace("parcel", "encomenda"): "onde está"}
    done, _ = run(fake, said, source)
    assert done.text == free
    [use] = done.receipt.terms
    assert (use.status, use.how) == ("missed", "no-alignment")


def test_nothing_is_asked_again_where_nothing_is_missed(fake: Make) -> None:
    done, engine = run(fake, {"where is the parcel now": "onde está a encomenda agora"}, "where is the parcel now")
    assert done.receipt.terms[0].status == "already"
    assert engine.calls == [["where is the parcel now"]]


def test_of_two_terms_the_one_that_can_be_said_is(fake: Make) -> None:
    said = {
        "the box and the parcel are here": "isso e aquilo estão aqui",
        "the box and the Zork are here": "isso e o Zork estão aqui",
    }
    done, _ = run(fake, said, "the box and the parcel are here", PARCEL, BOX)
    assert done.text == "isso e a encomenda estão aqui"
    assert [(use.term, use.status) for use in done.receipt.terms] == [("t2", "missed"), ("t1", "applied")]


def test_what_is_protected_comes_through_the_second_try_too(fake: Make) -> None:
    said = {"the parcel": "isso", "the Zork": "o Zork"}  # the rest is taken out and put back
    done, _ = run(fake, said, "😭 the parcel LP123456789CN", PARCEL)
    assert done.text == "😭 a encomenda LP123456789CN"
    assert done.receipt.protected == 2
    [use] = done.receipt.terms
    assert done.text[slice(*use.target_span)] == "encomenda"


def test_a_plural_gets_a_name_in_the_plural(fake: Make) -> None:
    said = {"the parcels are here": "estão aqui coisas", "the Zorks are here": "os Zorks estão aqui"}
    assert run(fake, said, "the parcels are here")[0].text == "as encomendas estão aqui"


def test_a_small_beginning_stays_small(fake: Make) -> None:
    said = {"parcel lost": "isso sumiu", "Zork lost": "Zork sumiu"}
    assert run(fake, said, "parcel lost")[0].text == "encomenda sumiu"


def missed(source: str, word: str, how: str = "no-alignment") -> Finished:
    at = source.index(word)
    return Finished("isso", uses=(TermUse("t1", word, "encomenda", "missed", how, (at, at + len(word))),))


def _plain(text: str) -> Prepared:
    return Prepared((0, len(text)), text, Edited(text, []), (), ())


@pytest.mark.parametrize(
    ("text", "how"), [("it will parcel soon", "no-alignment"), ("a parcel", "verb"), ("a parcel", "compound")]
)
def test_where_no_noun_stands_no_name_is_tried(text: str, how: str) -> None:
    assert not ways(_plain(text), missed(text, "parcel", how), "en", "pt")


@given(st.lists(st.sampled_from(["parcel", "Zork", "box", "é"]), min_size=1, max_size=6), st.integers(0, 5))
def test_only_the_words_of_the_term_are_changed(words: list[str], which: int) -> None:
    words.insert(which % len(words), "thing")
    text = " ".join(words)
    for way in ways(_plain(text), missed(text, "thing"), "en", "pt"):
        [stood] = way.stood_for
        assert stood.token not in text
        assert way.text == text[: stood.start] + stood.token + text[stood.end :]
        assert way.source == text


def test_a_name_is_tied_to_its_term_and_to_nothing_else() -> None:
    stood = (StoodFor(4, 10, "Zork", "stand-in"),)
    links = (Link(4, 10, 0, 4), Link(0, 3, 5, 9), Link(11, 14, 10, 13))
    assert pinned(stood, "onde Zork now", links) == (Link(4, 10, 5, 9), Link(11, 14, 10, 13))
    assert pinned(stood, "onde Zork Zork", links) == links


def test_only_what_something_stood_for_is_told_so() -> None:
    uses = (TermUse("a", "x", "y", "already", "", (0, 1)), TermUse("b", "x", "y", "applied", "aligned", (4, 10)))
    assert [use.how for use in told((StoodFor(4, 10, "Zork", "stand-in"),), uses)] == ["", "stand-in"]


def test_a_much_worse_score_is_not_kept() -> None:
    before = missed("the parcel", "parcel")
    said = Finished("isso encomenda", uses=(TermUse("t1", "parcel", "encomenda", "applied", "given", (4, 10)),))
    [_, way] = ways(_plain("the parcel"), before, "en", "pt")
    assert safest(before, [(way, said)]) is said
    worse = Finished(said.text, uses=said.uses, score=-0.5)
    assert safest(before, [(way, worse)]) is None
    assert safest(before, [(way, Finished(said.text, uses=said.uses, warnings=("length",)))]) is None

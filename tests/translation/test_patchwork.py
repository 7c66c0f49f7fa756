"""A message in several languages: every stretch on its own way, all else as it stands."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from conversation.receipt import TermUse
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from tests.translation.conftest import Bench, FakeEngine
from translation.language.segments import Part
from translation.normalise import Steps
from translation.patchwork import patches
from translation.pipeline import Done, Pipeline, Request, Same, Unavailable
from translation.request import Failed

Fake = Callable[..., Bench]


class Engines:
    """Names the direction, in front of each segment. None for Finnish."""

    def get(self, source: str, target: str) -> FakeEngine | None:
        return None if "fi" in (source, target) else FakeEngine(lambda text: f"{source}>{target}:{text}", links=True)

    def why_not(self, source: str, target: str) -> str | None:
        return "no-model"


PLAIN = Steps(*[False] * len(Steps.__dataclass_fields__))


def request(*parts: tuple[str, str], source: str = "pt", target: str = "en") -> Request:
    text = "".join(part for _, part in parts)
    found: list[Part] = []
    at = 0
    for language, part in parts:
        found.append(Part(at, at + len(part), language))
        at += len(part)
    return Request(text, source, target, parts=tuple(found))


def translate(wanted: Request, *terms: Term) -> Done | Same | Unavailable | Failed:
    matcher = Matcher(list(terms)) if terms else None
    [outcome] = Pipeline(Engines(), lambda: matcher, PLAIN).translate([wanted])
    return outcome


def test_each_stretch_is_translated_from_its_own_language_and_the_readers_stays() -> None:
    wanted = request(
        ("en", "My order is late. "), ("pt", "Pode me ajudar?\n\n  "), ("de", "- Das wäre nett!  \n"), ("en", "Bye now")
    )
    outcome = translate(wanted)
    assert isinstance(outcome, Done)
    assert outcome.text == "My order is late. pt>en:Pode me ajudar?\n\n  - de>en:Das wäre nett!  \nBye now"
    assert outcome.receipt.languages == ("pt", "de")
    assert outcome.receipt.warnings == ()


def test_a_stretch_in_the_authors_language_keeps_its_variant() -> None:
    sources = [
        each.source for each in patches(request(("pt", "Olá. "), ("en", "Hi there."), source="pt-BR", target="de"))
    ]
    assert sources == ["pt-BR", "en"]


def test_what_the_author_and_the_reader_share_is_translated_only_where_it_is_foreign() -> None:
    outcome = translate(request(("en", "You wrote this: "), ("pt", "Onde está?"), source="en", target="en"))
    assert isinstance(outcome, Done)
    assert (outcome.text, outcome.receipt.languages) == ("You wrote this: pt>en:Onde está?", ("pt",))


def test_a_stretch_without_a_model_stands_and_is_told() -> None:
    outcome = translate(request(("pt", "Olá a todos. "), ("fi", "Missä tilaukseni on?")))
    assert isinstance(outcome, Done)
    assert outcome.text == "pt>en:Olá a todos. Missä tilaukseni on?"
    assert outcome.receipt.warnings == ("untranslated",)
    assert translate(request(("en", "Hello there. "), ("fi", "Missä se on?"), source="fi")) == Unavailable("no-model")


def test_a_quotation_inside_a_sentence_stays_in_it() -> None:
    """What goes around it is one sentence to the model."""
    quoted = request(
        ("en", "Your question "),
        ("pt", '"onde está o pedido LP123?" '),
        ("en", "is with us."),
        source="en",
        target="pt",
    )
    assert [(each.text, each.kept) for each in patches(quoted)] == [(quoted.text, ((14, 41),))]
    outcome = translate(quoted)
    assert isinstance(outcome, Done)
    assert outcome.text == 'en>pt:Your question "onde está o pedido LP123?" is with us.'
    assert outcome.receipt.languages == ("en",)


def test_a_quotation_between_sentences_or_lines_stands_alone() -> None:
    for first, last in (("You wrote: ", "It is here."), ("You wrote\n", "and then"), ("Hello. ", "It is here.")):
        quoted = request(("en", first), ("pt", "Onde está?" + " \n"[first.endswith("\n")]), ("en", last), target="pt")
        assert len(list(patches(quoted))) == 3


def test_terms_are_shown_where_they_stand() -> None:
    names = [Term(str(n), {"en": Wording(name)}, kind="do-not-translate") for n, name in enumerate(("Glow", "Lumen"))]
    wanted = request(("pt", "Quero Glow agora. "), ("en", "I mean it. "), ("de", "Und Lumen auch."))
    outcome = translate(wanted, *names)
    assert isinstance(outcome, Done)

    def shown(use: TermUse) -> tuple[str, str]:
        assert use.source_span
        assert use.target_span
        return wanted.text[slice(*use.source_span)], outcome.text[slice(*use.target_span)]

    assert [shown(use) for use in outcome.receipt.terms] == [("Glow", "Glow"), ("Lumen", "Lumen")]


def test_one_that_cannot_be_translated_does_not_take_the_others_along() -> None:
    def broken(source: str, target: str) -> FakeEngine:
        return FakeEngine(lambda text: f"{source}:{text}")

    engines = Engines()
    engines.get = broken  # type: ignore[method-assign]
    wanted = request(("pt", "EXPLODE agora. "), ("de", "Das geht gut."))
    [outcome] = Pipeline(engines, lambda: None, PLAIN).translate([wanted])
    assert isinstance(outcome, Done)
    assert (outcome.text, outcome.receipt.warnings) == ("EXPLODE agora. de:Das geht gut.", ("untranslated",))
    [failed] = Pipeline(engines, lambda: None, PLAIN).translate([request(("pt", "EXPLODE. "), ("en", "Thank you."))])
    assert failed == Failed("engine-error")


_stretches = st.lists(
    st.tuples(st.sampled_from(["en", "pt", "de"]), st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)),
    min_size=2,
    max_size=6,
)


@given(_stretches)
def test_the_requests_cover_the_message(stretches: list[tuple[str, str]]) -> None:
    wanted = request(*stretches)
    made = list(patches(wanted))
    assert "".join(each.text for each in made) == wanted.text
    assert all(0 <= start <= end <= len(each.text) for each in made for start, end in each.kept)


@given(_stretches.map(lambda found: [(language, text) for language, text in found if not text.isspace()] or found))
def test_the_readers_stretches_come_out_as_they_are(stretches: list[tuple[str, str]]) -> None:
    outcome = translate(request(*[("en", text) for _, text in stretches]))
    assert outcome == Same()

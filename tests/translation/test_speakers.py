"""Whose language is which: the rules that need no store."""

from __future__ import annotations

import pytest

from conversation.receipt import Detected
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.job import Job
from translation.language import Evidence, State
from translation.language import detect as detect_language
from translation.speakers import Belief, Rules, agent_writes, past_names, visitor_writes

LAMP = Term("1", {"en": Wording("The Good Night Lamp")}, kind="do-not-translate")
BOWL = Term("2", {"en": Wording("bowl"), "pt": Wording("tigela")})


class Seen:
    """A detection that keeps what it is given."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []

    def __call__(self, evidence: Evidence, state: State | None) -> tuple[State, Detected]:
        self.evidence.append(evidence)
        return State({"pt": 1.0}, "pt"), Detected("pt", 1.0)


def test_names_of_the_glossary_say_nothing_about_the_language_its_other_terms_do() -> None:
    seen = Seen()
    detect = past_names(lambda: Matcher([LAMP, BOWL]), seen)
    detect(Evidence("oi, the good night lamp e tigela, bowl"), None)
    detect(Evidence("oi"), None)
    assert [evidence.names for evidence in seen.evidence] == [("the good night lamp",), ()]


def test_the_agents_words_for_a_term_say_nothing_where_another_language_is_expected() -> None:
    seen = Seen()
    detect = past_names(lambda: Matcher([BOWL]), seen, "en")
    text = "bowl? tigela?"
    detect(Evidence(text, page_locale="pt-BR"), None)
    detect(Evidence(text), State({"pt": 1.0}, "pt-BR"))
    detect(Evidence(text, page_locale="en-GB"), None)
    detect(Evidence(text, page_locale="pt-BR"), State({"en": 1.0}, "en"))
    assert [evidence.names for evidence in seen.evidence] == [("bowl",), ("bowl",), (), ()]


def test_a_term_from_the_page_makes_nobody_write_the_agents_language() -> None:
    card = Term("3", {"en": Wording("your gift card"), "pt": Wording("cartão-presente")})
    evidence = Evidence("your gift card?", page_locale="pt-BR")
    assert detect_language(evidence, None)[1].language == "en"
    assert past_names(lambda: Matcher([card]), detect_language, "en")(evidence, None)[1].language == "pt"


@pytest.mark.parametrize(
    ("page", "country"),
    [("pt-BR", None), ("en-KR", "KR"), ("en_BR", "BR"), ("pt", None), ("en-XX", "XX"), (None, None)],
)
def test_everything_known_of_her_is_weighed(page: str | None, country: str | None) -> None:
    """A page's region counts where its language does not say the same already."""
    seen = Seen()
    summary = {"page_locale": page or "", "accept_language": "fr"}
    visitor_writes(Job("visitor", "oi"), Belief(), summary, Rules("en", ("en", "pt")), seen)
    evidence = seen.evidence[0]
    assert (evidence.page_locale or None, evidence.country) == (page, country)
    assert (evidence.accept_language, evidence.shop_languages) == ("fr", ("en", "pt"))
    assert evidence.earlier_languages == ()


def test_her_last_conversation_counts_for_all_of_this_one() -> None:
    seen = Seen()
    visitor_writes(Job("visitor", "oi", earlier_language="de"), Belief(), {}, Rules(), seen)
    visitor_writes(Job("visitor", "oi"), Belief(), {"earlier_language": "de"}, Rules(), seen)
    assert [evidence.earlier_languages for evidence in seen.evidence] == [("de",), ("de",)]


def test_an_agent_who_writes_first_is_translated_into_what_is_likeliest() -> None:
    def target(summary: dict[str, str], *shop: str) -> str | None:
        return agent_writes(Job("agent", "Hello"), Belief(), summary, Rules("en", shop), lambda *_: False).target

    known = {"accept_language": "fr-CA,fr;q=0.8"}
    assert target({}) is None
    assert target({}, "it", "es") == "it"
    assert target(known, "it") == "fr"
    known["page_locale"] = "pt-BR"
    assert target(known) == "pt"
    known["earlier_language"] = "de"
    assert target(known) == "de"

"""The pipeline over engines that tests can reckon with: nothing protected is lost, nothing spoils a neighbour."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversation.receipt import Receipt
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from tests.translation.hostile import HOSTILE
from translation.message import MOST_AGAIN, USUAL
from translation.phrases import Rule, Rules
from translation.pipeline import Done, Failed, Pipeline, Request, Same, Unavailable
from translation.protect import find

Make = Callable[..., Any]
SPANS = [
    *("ana@loja.com.br", "#1234", "R$ 1.234,56", "19,90 €", "😭", "👍🏽", "🇧🇷", "{order_id}", "%s", "<b>", "©", "12"),
    *("12/05/2026", "14h30", "LP00123456789CN", "+55 11 91234-5678", "https://x.org/a?b=1", "`a b`", "@maria", "**"),
    *("PT50 0002 0123 1234 5678 9015 4", "\u202e", "我的订单", ":)"),
]
WORDS = ["hello", "where", "is", "my", "order", "The", "NAME", "it's", "(please)", "ok,", "then."]
TEXT = st.lists(
    st.one_of(st.sampled_from(SPANS), st.sampled_from(WORDS), st.sampled_from(["\n", "\r\n\r\n", "\n  -", "\t"])),
    max_size=14,
).map(lambda parts: re.sub("(?<=[\\S]) (?=[\n\t ])|(?<=[\n\t]) ", "", " ".join(parts)))


def text(outcome: object) -> str:
    assert isinstance(outcome, Done), outcome
    return outcome.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXT)
@pytest.mark.parametrize("links", [False, True])
def test_an_engine_that_echoes_gives_every_byte_back(fake: Make, links: bool, source: str) -> None:
    [outcome] = fake(links=links, rewrite=False)(source)
    assert text(outcome) == source
    assert not {"span-lost", "number-changed"} & set(outcome.receipt.warnings)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_gives_an_outcome(fake: Make, source: str) -> None:
    [outcome] = fake()(source)
    assert isinstance(outcome, Done)
    outcome.text.encode()


def drop_spans(segment: str) -> str:
    """A model that loses all figures, marks and codes."""
    return re.sub(r"\S*[^\sa-zA-Z.,'()]\S*", "", segment)


def twice(segment: str) -> str:
    return f"{segment} {segment}" if len(segment) < 40 else segment


def shuffled(segment: str) -> str:
    return " ".join(reversed(segment.split()))


def test_what_fails_every_check_is_decoded_freely(fake: Make) -> None:
    stuck = "the lamp that you sent is broken and I want my money back"
    bench = fake(free=lambda text: "o candeeiro que enviaram está partido e quero o dinheiro", rewrite=False)
    [outcome] = bench(stuck)
    assert text(outcome).startswith("o candeeiro")
    assert outcome.receipt.warnings == ()
    assert "retried" in outcome.receipt.repairs
    assert bench.engine.free_calls == [[stuck]]
    assert stuck in bench.engine.calls[0]  # the usual way came first


def test_what_is_no_better_decoded_freely_stays_as_it_was(fake: Make) -> None:
    [outcome] = fake(free=lambda text: "xo " * 40)("the lamp that you sent is broken and I want my money back")
    assert "xo" not in text(outcome)
    assert outcome.receipt.warnings == ("untranslated",)


def test_the_usual_way_is_not_slowed_by_the_other(fake: Make) -> None:
    bench = fake(answer=lambda text: "a lâmpada chegou inteira", free=str.upper)
    [outcome] = bench("the lamp arrived in one piece")
    assert text(outcome).startswith("a lâmpada")
    assert (len(bench.engine.calls), bench.engine.free_calls) == (1, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(TEXT)
@pytest.mark.parametrize("answer", [drop_spans, twice, shuffled, str.upper, lambda text: text.replace(" ", "")])
def test_no_model_can_lose_a_span(fake: Make, answer: Callable[[str], str], source: str) -> None:
    [outcome] = fake(answer)(source)
    for span in find(source):
        wanted = source[span.start : span.end]
        assert text(outcome).count(wanted) >= 1 or span.kind == "number", (wanted, outcome.text)
    assert "span-lost" not in outcome.receipt.warnings


def test_takes_one_call_for_a_batch_and_one_for_what_failed(fake: Make) -> None:
    bench = fake(lambda text: text.replace("LP1234", "LP 99").replace("here my", "aqui meu"))
    bench("hello you", "here my code is LP1234", "hello you", "fine then")
    assert len(bench.engine.calls) == 2
    assert sorted(bench.engine.calls[0]) == ["fine then.", "hello you.", "here my code is LP1234"]
    assert bench.engine.calls[1] == ["here my code is QZ1"]


def test_what_fails_only_with_codes_is_translated_around_them(fake: Make) -> None:
    bench = fake(drop_spans)
    [outcome] = bench("my code is LP1234 for you")
    assert outcome.text == "my code is LP1234 for you"
    assert outcome.receipt.repairs == ("retried",)
    assert outcome.receipt.warnings == ()


def test_spacing_is_mended(fake: Make) -> None:
    [outcome] = fake(lambda text: text.replace("LP1234CN", "LP 1234 CN"))("my code is LP1234CN")
    assert outcome.text == "my code is LP1234CN"
    assert "spacing" in outcome.receipt.repairs


@pytest.mark.parametrize(
    ("answer", "warning"),
    [
        (lambda text: "no " * 60, "repetition"),
        (lambda text: "sim", "length"),
        (lambda text: text, "untranslated"),
        (lambda text: text.upper() + " 2047", "number-changed"),
    ],
)
def test_doubts_are_named(fake: Make, answer: Callable[[str], str], warning: str) -> None:
    [outcome] = fake(answer)("please tell me where the parcel is now")
    assert warning in outcome.receipt.warnings


def test_number_words_and_figures_are_the_same(fake: Make) -> None:
    [outcome] = fake(lambda text: "mandamos dois de 3 pacotes.")("we sent 2 of three parcels out")
    assert outcome.text == "mandamos dois de 3 pacotes"
    assert outcome.receipt.warnings == ()


def test_a_failing_text_does_not_spoil_its_neighbours(fake: Make) -> None:
    first, second, third = fake()("good day", "please EXPLODE now", "good night")
    assert (text(first), text(third)) == ("good day", "good night")
    assert second == Failed("engine-error")


def test_same_language_and_missing_models_are_told(fake: Make) -> None:
    bench = fake()
    assert bench("oi", source="pt-BR", target="pt") == [Same()]
    assert bench("oi", source="de", target="fr") == [Unavailable("no-model")]
    assert bench.engine.calls == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_soon_and_alone(fake: Make, name: str) -> None:
    begun = perf_counter()
    before, outcome, after = fake()("good day", HOSTILE[name], "good night")
    assert perf_counter() - begun < 10
    assert (text(before), text(after)) == ("good day", "good night")
    if isinstance(outcome, Done):
        outcome.text.encode()
    else:
        assert outcome == Failed("too-long")


def test_only_so_much_of_a_message_is_tried_again(fake: Make) -> None:
    bench = fake(drop_spans)
    said = " ".join(f"my code is LP{number}XX." for number in range(800))
    [outcome] = bench(said)
    assert "span-lost" in outcome.receipt.warnings
    first, *later = (sum(map(len, call)) for call in bench.engine.calls)
    assert first > 10_000
    assert 0 < sum(later) <= MOST_AGAIN[1]
    bench.engine.calls.clear()
    bench(said[:USUAL])
    first, *later = (sum(map(len, call)) for call in bench.engine.calls)
    assert 0 < sum(later) <= MOST_AGAIN[0]


def test_capitals_come_back_as_capitals_and_spans_as_they_were(fake: Make) -> None:
    bench = fake(lambda text: text.replace("order", "pedido"))
    [outcome] = bench("WHERE IS MY ORDER aB12c PLEASE HELP me@x.org NOW")
    assert bench.engine.calls[0] == ["Where is my order please help now."]
    assert outcome.text == "WHERE IS MY PEDIDO aB12c PLEASE HELP me@x.org NOW"


def test_chat_is_rewritten_for_the_model_only(fake: Make) -> None:
    bench = fake(lambda text: text.upper())
    bench("vc nao viu minha informacao, pq?", source="pt", target="en")
    assert bench.engine.calls[0] == ["você não viu minha informação, porque?"]


def test_sentences_that_are_always_said_the_same_way_need_no_model(fake: Make) -> None:
    bench = fake(lambda text: "x" + text)
    first, second, third = bench("Thank you! 😊", "Hi there! Where is my parcel now?", "THANK YOU")
    assert text(first) == "Obrigado! 😊"
    assert text(third) == "OBRIGADO"
    assert text(second) == "Olá! xWhere is my parcel now?"
    assert bench.engine.calls == [["Where is my parcel now?"]]


def test_what_stands_in_a_fixed_sentence_without_belonging_to_it_stays_there(fake: Make) -> None:
    first, second, third = fake(lambda text: "x")(
        "Thank you 👍🏽 so much!", "How can I help you 😊 today?", "Thank you 5"
    )
    assert text(first) == "Muito 👍🏽 obrigado!"
    assert text(second) == "Como posso ajudar você 😊 hoje?"
    assert text(third) != "Obrigado 5"


def test_a_question_is_said_as_a_question_only(fake: Make) -> None:
    question, answer = fake()("Tudo bem?", "Tudo bem.", source="pt", target="en")
    assert text(question) == "How are you?"
    assert text(answer) == "Tudo bem."


def test_where_two_rules_want_the_same_words_the_first_one_has_them() -> None:
    rules = Rules([Rule(regex.compile("can you tell"), "say"), Rule(regex.compile("can you"), "will you")])
    text = "please can you tell, can you"
    assert [edit.text for edit in rules.edits(text, 0, len(text))] == ["say", "will you"]


def test_emoji_alone_need_no_model(fake: Make) -> None:
    bench = fake()
    [outcome] = bench("😭 👍🏽")
    assert outcome == Done("😭 👍🏽", Receipt(protected=2))
    assert bench.engine.calls == []


def test_words_not_to_be_translated_stay(fake: Make) -> None:
    bench = fake(lambda text: text.replace("Glow Cream", "Creme Brilho"))
    term = Term(id="t1", wordings={"en": Wording("Glow Cream")}, kind="do-not-translate")
    pipeline = Pipeline(bench.engines, lambda: Matcher([term], 7))
    [outcome] = pipeline.translate([Request("I love Glow Cream a lot", "en", "pt")])
    assert text(outcome) == "I love Glow Cream a lot"
    assert outcome.receipt.glossary_version == 7
    [use] = outcome.receipt.terms
    assert (use.term, use.status, use.how) == ("t1", "applied", "kept")
    assert use.source_span == use.target_span == (7, 17)


def test_terms_are_enforced_and_their_places_told(fake: Make) -> None:
    bench = fake(lambda text: text.replace("parcel", "pacote"), links=True)
    term = Term(id="t2", wordings={"en": Wording("parcel"), "pt": Wording("encomenda", gender="f")})
    pipeline = Pipeline(bench.engines, lambda: Matcher([term], 1))
    [outcome] = pipeline.translate([Request("😭 Hello. parcel LP1234CN", "en", "pt")])
    assert "encomenda" in text(outcome)
    assert "LP1234CN" in text(outcome)
    [use] = outcome.receipt.terms
    assert use.source_span == (9, 15)
    start, end = use.target_span
    assert outcome.text[start:end] == "encomenda"

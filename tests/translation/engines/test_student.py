"""The students that come with the wheel: real translations, and whatever may be thrown at them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelFileError
from models.installed import find, student
from translation.engines.base import Engine, EngineError, Hypothesis
from translation.engines.load import load
from translation.engines.student import MAX_TOKENS, Student, _batches

Engines = Mapping[str, Engine]

ENGLISH = [
    "Where is my order?",
    "Hello",
    "Good morning, how can I help you today?",
    "The parcel left our warehouse in Porto on Monday and should be with you by Thursday at the latest.",
    "ok",
    "We will send you a new pair of shoes.",
    "Please write to Daniel or to Catarina if the blue lamp does not work.",
    "I am sorry to hear that the glass arrived broken. Could you send us a photo of it?",
    "Yes, it is free.",
    "The invoice has the number 48213.",
    "You can return the jacket within 30 days, as long as it was not worn and still has its label.",
    "Thanks!",
]
PORTUGUESE = [
    "Onde está a minha encomenda?",
    "Olá",
    "Bom dia, comprei uma mesa na semana passada e ainda não chegou.",
    "Quero devolver este casaco porque é demasiado pequeno para mim.",
    "sim",
    "O meu nome é Joaquim e moro em Coimbra, perto da estação.",
    "Quanto custa o envio para Braga?",
    "A lâmpada 7731 não funciona, podem trocar?",
]


@pytest.fixture(scope="module")
def engines() -> Engines:
    return {model.source: load(model) for model in find()}


def one(engine: Engine, text: str) -> Hypothesis:
    (hypothesis,) = engine.translate([text])
    return hypothesis


def test_names_itself(engines: Engines) -> None:
    engine = engines["en"]
    assert (engine.name, engine.source, engine.target) == ("firefox-enpt-1693087644", "en", "pt")
    assert engine.max_tokens == MAX_TOKENS
    assert engine.count_tokens("Where is my order?") == 5


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("en", "Where is my order?", ["onde", "encomenda|pedido"]),
        ("en", "Good morning, how can I help you today?", ["bom dia", "ajud", "hoje"]),
        ("en", "The red shoes are in the shop.", ["sapatos", "vermelhos", "loja"]),
        ("pt", "Onde está a minha encomenda?", ["where", "my", "order|parcel|package"]),
        ("pt", "Quanto custa o envio para Braga?", ["how much", "shipping|shipment|delivery|sending", "braga"]),
        ("pt", "Quero devolver este casaco.", ["want", "return", "coat|jacket"]),
    ],
)
def test_translates(engines: Engines, source: str, text: str, words: list[str]) -> None:
    hypothesis = one(engines[source], text)
    for word in words:
        assert any(option in hypothesis.text.lower() for option in word.split("|")), hypothesis.text
    assert -1 < hypothesis.score <= 0
    assert not hypothesis.truncated


def test_neighbours_change_nothing(engines: Engines) -> None:
    for source, texts in (("en", ENGLISH), ("pt", PORTUGUESE)):
        # Enough for several batches, with all lengths side by side.
        many = [f"{first} {second}" for first in texts for second in texts] + texts
        engine = engines[source]
        together = engine.translate(many)
        for text, hypothesis in zip(many, together, strict=True):
            alone = one(engine, text)
            assert (hypothesis.text, hypothesis.links) == (alone.text, alone.links)
            assert hypothesis.score == pytest.approx(alone.score, abs=1e-6)


def test_keeps_the_order_and_the_empty(engines: Engines) -> None:
    texts = ["", ENGLISH[3], "   ", "Thanks!", "\n\t"]
    hypotheses = engines["en"].translate(texts)
    assert [bool(hypothesis.text) for hypothesis in hypotheses] == [False, True, False, True, False]
    assert hypotheses[0] == Hypothesis("", 0.0, ())
    assert engines["en"].translate([]) == []


@pytest.mark.parametrize(
    ("source", "text", "copied"),
    [
        ("en", "Please write to Daniel or to Catarina in Braga.", ["Daniel", "Catarina", "Braga"]),
        ("en", "Joaquim bought 48213 lamps.", ["Joaquim", "48213"]),
        ("en", "😭 The parcel for Beatriz 👍 is in Lisboa.", ["Beatriz", "Lisboa"]),
        ("pt", "O meu nome é Joaquim e moro em Coimbra.", ["Joaquim", "Coimbra"]),
        ("pt", "A Matilde já está em Évora e pediu 7731 mesas.", ["7731", "Matilde"]),
    ],
)
def test_copied_words_are_linked_to_where_they_came_from(
    engines: Engines, source: str, text: str, copied: list[str]
) -> None:
    hypothesis = one(engines[source], text)
    for word in copied:
        start = hypothesis.text.index(word)
        links = [link for link in hypothesis.links if start <= link.target_start < start + len(word)]
        assert links
        expected = text.index(word)
        for link in links:
            assert expected <= link.source_start < link.source_end <= expected + len(word)
            assert text[link.source_start : link.source_end] == hypothesis.text[link.target_start : link.target_end]


def check_links(text: str, hypothesis: Hypothesis) -> None:
    last = 0
    for link in hypothesis.links:
        assert 0 <= link.source_start < link.source_end <= len(text)
        assert last <= link.target_start < link.target_end <= len(hypothesis.text)
        last = link.target_end
        assert not text[link.source_start].isspace()
        assert not hypothesis.text[link.target_start].isspace()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=40), min_size=1, max_size=6))
def test_any_text_gives_a_result_with_links_inside(engines: Engines, texts: list[str]) -> None:
    for text, hypothesis in zip(texts, engines["pt"].translate(texts), strict=True):
        check_links(text, hypothesis)
        assert hypothesis.score <= 0


HOSTILE = {
    "20,000 characters": "Where is it? " * 1600,
    "one long word": "x" * 20_000,
    "emoji": "😭" * 10_000,
    "surrogates": "a \ud800 b \udfff\ud83d",
    "NUL": "Where\0is\0\0my order?",
    "unknown script": "ꯃꯤꯇꯩꯂꯣꯟ ᚠᚢᚦ 𓀀𓀁",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85",
    "bidi marks": "\u202ehello\u202c \u2066where\u2069",
    "combining": "e" + "\u0301" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_its_time_and_no_neighbours(engines: Engines, text: str) -> None:
    engine = engines["en"]
    expected = [one(engine, neighbour).text for neighbour in ENGLISH[:4]]
    start = time.monotonic()
    hostile, *others = engine.translate([text, *ENGLISH[:4]])
    assert time.monotonic() - start < 5
    assert [other.text for other in others] == expected
    assert len(hostile.text) < 5000
    check_links(text, hostile)


def test_says_when_it_left_something_out(engines: Engines) -> None:
    engine = engines["en"]
    longest = "word " * MAX_TOKENS
    assert engine.count_tokens(longest) == MAX_TOKENS
    assert one(engine, longest + "word").truncated
    assert not one(engine, ENGLISH[3]).truncated


def test_bounds_the_memory_of_long_segments() -> None:
    lengths = [MAX_TOKENS + 1] * 100 + [5] * 100
    batches = _batches(lengths)
    assert sorted(row for batch in batches for row in batch) == list(range(200))
    assert max(len(batch) * max(lengths[row] for row in batch) for batch in batches) <= 2048
    assert len(batches[0]) == 64


@given(st.lists(st.integers(1, MAX_TOKENS + 1), max_size=300))
def test_batches_hold_each_row_with_something_in_it_once(lengths: list[int]) -> None:
    batches = _batches(lengths)
    assert sorted(row for batch in batches for row in batch) == [row for row, n in enumerate(lengths) if n > 1]
    assert all(batches)


def test_two_threads_may_share_it(engines: Engines) -> None:
    engine = engines["en"]
    expected = [hypothesis.text for hypothesis in engine.translate(ENGLISH)]
    results: list[list[str]] = []

    def work() -> None:
        results.extend([hypothesis.text for hypothesis in engine.translate(ENGLISH)] for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 10


def test_a_failure_of_the_runtime_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Student(find()[0])
    monkeypatch.setattr(engine._search, "run", lambda *_, **__: 1 / 0)
    with pytest.raises(EngineError, match="firefox-enpt-1693087644 failed on a batch of 1: ZeroDivisionError"):
        engine.translate(["Hello"])


def test_a_damaged_model_is_refused_by_name(tmp_path: Path) -> None:
    good = find()[0]
    for role, path in good.files.items():
        if role != "target_vocabulary":
            content = path.read_bytes()
            (tmp_path / path.name).write_bytes(content[: len(content) // 2] if role == "model" else content)
    damaged = student(tmp_path, "en", "pt", "damaged")
    assert damaged is not None
    with pytest.raises(ModelFileError, match=rf"{damaged.files['model'].name}: is cut short"):
        load(damaged)

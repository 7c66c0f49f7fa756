"""Files in and out: nothing gets lost, and what is wrong is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.memory import tmx
from translation.memory.exchange import MAX_PROBLEMS, ExchangeError, read, write
from translation.memory.pair import Pair

LANGUAGES = st.sampled_from(["en", "pt-BR", "de", "zh-Hant"])
PAIRS = st.lists(
    st.builds(
        Pair,
        source_language=LANGUAGES,
        target_language=LANGUAGES,
        source=st.text(min_size=1).filter(str.strip),
        target=st.text(min_size=1).filter(str.strip),
        count=st.integers(1, 1000),
        edited=st.booleans(),
        time=st.integers(0, 4_000_000_000).map(lambda seconds: seconds * 1000),
    ).filter(lambda pair: pair.source_language != pair.target_language),
    max_size=5,
)


def problems(data: bytes) -> list[str]:
    with pytest.raises(ExchangeError) as caught:
        read(data)
    return [str(problem) for problem in caught.value.problems]


@given(PAIRS)
def test_json_lines_give_the_same_pairs_again(pairs: list[Pair]) -> None:
    assert read(b"".join(write(pairs))) == pairs


@given(PAIRS)
def test_tmx_gives_the_same_pairs_again(pairs: list[Pair]) -> None:
    def written(text: str) -> str:  # XML has no words for most control characters
        return text.translate(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))

    expected = [
        Pair(**{name: getattr(pair, name) for name in pair.__struct_fields__} | {"source": source, "target": target})
        for pair in pairs
        if (source := written(pair.source)).strip() and (target := written(pair.target)).strip()
    ]
    assert read(b"".join(tmx.write(pairs))) == expected


def test_a_plain_json_line() -> None:
    data = '\ufeff{"from": "en", "to": "pt", "source": "Hi", "target": "Olá", "note": "x"}\r\n\r\n'
    expected = [Pair(source_language="en", target_language="pt", source="Hi", target="Olá")]
    assert read(data.encode()) == expected
    assert read(data.removeprefix("\ufeff").encode("utf-16")) == expected


def test_every_problem_is_told_with_its_line() -> None:
    good = '{"from": "en", "to": "pt", "source": "Hi", "target": "Olá"}'
    lines = [good, "nonsense", good.replace('"pt"', '"en"'), good.replace("Hi", " "), "", good.replace('"to"', '"two"')]
    told = problems("\n".join(lines).encode())
    assert [problem.partition(":")[0] for problem in told] == ["line 2", "line 3", "line 4", "line 6"]
    with pytest.raises(ExchangeError) as caught:
        read(b"nonsense\n" * (MAX_PROBLEMS + 5))
    assert (len(caught.value.problems), caught.value.total) == (MAX_PROBLEMS, MAX_PROBLEMS + 5)


def test_what_is_no_text() -> None:
    assert problems(b"{}\n\xff\xfe") == ["line 2: is no UTF-8 text: save the file as UTF-8"]


UNIT = (
    '<tu usagecount="3" changedate="20261122T143000Z"><prop type="x-edited">yes</prop>'
    '<tuv xml:lang="en-US"><seg>Press <bpt i="1">&lt;b&gt;</bpt>OK<ept i="1">&lt;/b&gt;</ept> &amp; wait</seg></tuv>'
    '<tuv xml:lang="pt"><seg>Prima OK e <hi>espere</hi></seg></tuv><tuv lang="de"><seg>OK</seg></tuv></tu>'
)


def file(body: str, source: str = "en") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header srclang="{source}"/><body>\n{body}\n</body></tmx>'
    ).encode("utf-16")


def test_a_unit_of_another_tool() -> None:
    found = read(file(UNIT))
    assert [(pair.source_language, pair.target_language, pair.source, pair.target) for pair in found] == [
        ("en-US", "pt", "Press OK & wait", "Prima OK e espere"),
        ("en-US", "de", "Press OK & wait", "OK"),
    ]
    assert (found[0].count, found[0].edited, found[0].time) == (3, True, 1_795_357_800_000)


def test_a_unit_for_all_directions_and_units_without_text() -> None:
    assert len(read(file(UNIT, "*all*"))) == 6
    empty = '<tu><tuv xml:lang="en"><seg>Hi</seg></tuv><tuv xml:lang="pt"><seg> </seg></tuv></tu>'
    assert read(file(empty)) == []
    assert read(file(UNIT, "fr")) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (file("<tu>"), "well-formed"),
        (b"<html></html>", "no TMX"),
        (file(UNIT.replace("20261122T143000Z", "yesterday")), "line 5: a date"),
        (file(UNIT.replace('"3"', '"three"')), "line 5: usagecount"),
        (file(UNIT, ""), "line 5: has no source language"),
        (file(UNIT.replace('"en-US"', '"English!"'), "*all*"), "line 5: from must be a language code"),
    ],
)
def test_problems_of_tmx(data: bytes, told: str) -> None:
    assert told in problems(data)[0]


def test_entities_that_would_blow_up_are_refused() -> None:
    bomb = b'<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tmx><seg>&b;</seg></tmx>'
    assert "entities" in problems(bomb)[0]

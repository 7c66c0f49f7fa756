from __future__ import annotations

import pytest

from translation.engines.base import Engine, EngineError
from translation.engines.echo import Echo


def test_writes_each_word_again_and_links_it() -> None:
    engine: Engine = Echo("en", "pt", word=lambda word: word + word[0])
    (hypothesis,) = engine.translate(["where  is"])
    assert hypothesis.text == "wherew  isi"
    assert not hypothesis.truncated
    first, second = hypothesis.links
    assert (first.source_start, first.source_end, first.target_start, first.target_end) == (0, 5, 0, 6)
    assert (second.source_start, second.source_end, second.target_start, second.target_end) == (7, 9, 8, 11)


def test_nothing_gives_nothing() -> None:
    empty, blank = Echo("en", "pt").translate(["", "  "])
    assert empty.text == blank.text == ""
    assert empty.links == blank.links == ()


def test_cuts_what_is_too_long() -> None:
    engine = Echo("en", "pt", max_tokens=2)
    assert engine.count_tokens("a b c") == 3
    (hypothesis,) = engine.translate(["a b c"])
    assert hypothesis.text == "a b"
    assert hypothesis.truncated


def test_fails_when_told() -> None:
    engine = Echo("en", "pt", failing="boom")
    assert engine.translate(["fine"])[0].text == "fine"
    with pytest.raises(EngineError):
        engine.translate(["fine", "boom"])

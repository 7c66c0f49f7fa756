"""Which models a worker loads before its first message."""

from __future__ import annotations

import logging
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from translation.engines.echo import Echo
from translation.engines.provider import Provider
from translation.worker import _load

MODELS = ["de-en", "en-de", "en-pt", "fr-en", "pt-en"]


class Models:
    """Engines without a model, and which of them were loaded."""

    def __init__(self, failing: str = "", **bounds: Any) -> None:
        self.loaded: list[str] = []
        pairs = [tuple(each.split("-")) for each in MODELS]
        self.provider = Provider({(s, t): (partial(self._load, s, t, failing),) for s, t in pairs}, **bounds)

    def _load(self, source: str, target: str, failing: str) -> Echo:
        self.loaded.append(f"{source}-{target}")
        return Echo(source, target, failing="1" if f"{source}-{target}" == failing else "")

    def warm(self, ours: str, *theirs: str) -> list[str]:
        settings: Any = SimpleNamespace(working_language=ours, shop_languages=theirs)
        _load(self.provider, settings)
        return self.loaded


@pytest.mark.parametrize(
    ("ours", "theirs", "loaded"),
    [
        ("en", ["pt-BR"], ["en-pt", "pt-en"]),
        ("pt", ["de"], ["de-en", "en-de", "en-pt", "pt-en"]),  # by way of English
        ("en", ["fr"], ["fr-en"]),
        ("en", ["en"], []),
        ("en", ["ko"], []),
        ("en", [], MODELS),
    ],
)
def test_what_the_shop_speaks_is_loaded(ours: str, theirs: list[str], loaded: list[str]) -> None:
    assert Models().warm(ours, *theirs) == loaded


def test_no_more_than_there_is_memory_for() -> None:
    sizes = dict.fromkeys((("de", "en"), ("en", "de"), ("en", "pt"), ("fr", "en"), ("pt", "en")), 40)
    assert Models(sizes=sizes, memory=100).warm("en") == ["de-en", "en-de"]


def test_one_that_does_not_translate_is_named_and_keeps_nobody_from_starting(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert Models(failing="en-de").warm("en") == MODELS
    assert "a model does not translate: echo-ende was told to fail" in caplog.text
    assert "ready to translate: de > en, en > pt, fr > en, pt > en" in caplog.text

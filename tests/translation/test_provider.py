"""Engines by direction: loaded once, on first use, and a corrupt one is named and left alone."""

from __future__ import annotations

import logging
import threading

import pytest

from translation.engines.echo import Echo
from translation.engines.provider import Provider, installed_engines


def test_loads_on_first_use_and_only_once() -> None:
    loads: list[str] = []
    started = threading.Event()

    def load() -> Echo:
        loads.append("pt")
        started.wait(5)
        return Echo("pt", "en")

    provider = Provider({("pt", "en"): (load,)})
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(provider.get("pt-BR", "en"))) for _ in range(4)]
    assert loads == []
    for thread in threads:
        thread.start()
    started.set()
    for thread in threads:
        thread.join()
    assert loads == ["pt"]
    assert len(found) == 4
    assert len({id(engine) for engine in found}) == 1


def test_a_missing_direction_is_no_model() -> None:
    provider = Provider({})
    assert provider.get("de", "en") is None
    assert provider.why_not("de", "en") == "no-model"


def test_a_corrupt_model_is_tried_once_and_named_once(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []

    def broken() -> Echo:
        calls.append(1)
        raise ValueError("/models/de-en/model.bin is cut short")

    provider = Provider({("de", "en"): (broken,)})
    with caplog.at_level(logging.ERROR):
        assert [provider.get("de", "en"), provider.get("de", "en")] == [None, None]
    assert len(calls) == 1
    assert [record.getMessage().count("/models/de-en/model.bin") for record in caplog.records] == [1]
    assert provider.why_not("de", "en") == "model-corrupt"


def test_a_second_model_takes_over() -> None:
    def broken() -> Echo:
        raise ValueError("cut short")

    provider = Provider({("de", "en"): (broken, lambda: Echo("de", "en"))})
    engine = provider.get("de", "en")
    assert engine is not None
    assert engine.name == "echo-deen"
    assert provider.why_not("de", "en") is None


def test_the_installed_models_are_found() -> None:
    assert {("en", "pt"), ("pt", "en")} <= set(installed_engines().directions)

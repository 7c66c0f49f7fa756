"""Engines by direction: loaded once, on first use, and a corrupt one is named and left alone."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from functools import partial
from pathlib import Path

import pytest

from models import figures
from models.installed import Installed
from translation.engines.echo import Echo
from translation.engines.provider import Provider, installed_engines
from translation.pipeline import Done, Pipeline, Request
from translation.route import UNKNOWN


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


@pytest.mark.parametrize(
    ("measured", "way"),  # measured: direct, and both legs of the way around
    [
        ((40.0, 75.0, 70.0), ["echo-pten", "echo-ende"]),
        ((60.0, 75.0, 70.0), ["echo-ptde"]),
        ((40.0, 75.0, 45.0), ["echo-ptde"]),
        ((None, 75.0, 70.0), ["echo-ptde"]),
    ],
)
def test_measured_figures_choose_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: tuple[float | None, ...], way: list[str]
) -> None:
    there = [("pt", "de"), ("pt", "en"), ("en", "de")]
    models = [Installed(source, target, "student", f"echo-{source}{target}", {}) for source, target in there]
    monkeypatch.setattr("models.installed.find", lambda folder: models)
    monkeypatch.setattr("translation.engines.load.load", lambda model: Echo(model.source, model.target))
    for model, chrf in zip(models, measured, strict=True):
        figures.write(tmp_path, {f"{model.source}-{model.target}": figures.Figures(model.name, 100.0, chrf)})
    [done] = Pipeline(installed_engines(tmp_path), lambda: None).translate([Request("olha que lindo", "pt", "de")])
    assert isinstance(done, Done)
    assert list(done.receipt.models) == way


def test_figures_of_another_model_or_none_at_all_change_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    figures.write(tmp_path, {"en-pt": figures.Figures("another", 5.0, 90.0)})
    assert set(installed_engines(tmp_path).models.values()) == {UNKNOWN}
    (tmp_path / figures.NAME).write_text("nothing")
    assert set(installed_engines(tmp_path).models.values()) == {UNKNOWN}
    assert "figures.json: holds no figures" in caplog.text


def test_the_longest_unused_makes_room_and_comes_back() -> None:
    loads: list[str] = []

    def load(source: str) -> Echo:
        loads.append(source)
        return Echo(source, "en")

    sources = ["de", "fr", "pt"]
    provider = Provider(
        {(source, "en"): (partial(load, source),) for source in sources},
        sizes={(source, "en"): 40 for source in sources},
        memory=100,
    )
    gone: list[str] = []
    provider.on_evicted(lambda engine: gone.append(engine.source))
    provider.get("de", "en")
    provider.get("fr", "en")
    provider.get("de", "en")
    assert not provider.fits("pt", "en")
    provider.get("pt", "en")
    assert gone == ["fr"]
    assert provider.why_not("fr", "en") is None
    assert provider.get("fr", "en") is not None
    assert gone == ["fr", "de"]
    assert loads == ["de", "fr", "pt", "fr"]


def test_memory_of_an_engine_that_made_room_is_free() -> None:
    provider = Provider(
        {(source, "en"): (partial(Echo, source, "en"),) for source in ("de", "fr")},
        sizes={("de", "en"): 60, ("fr", "en"): 60},
        memory=100,
    )
    pipeline = Pipeline(provider, lambda: None)
    pipeline.translate([Request("Hallo", "de", "en")])
    engine = provider.get("de", "en")
    assert engine is not None
    left = weakref.ref(engine)
    del engine
    pipeline.translate([Request("Salut", "fr", "en")])
    gc.collect()
    assert left() is None


def test_one_that_is_too_large_for_the_bound_still_serves() -> None:
    provider = Provider({("de", "en"): (partial(Echo, "de", "en"),)}, sizes={("de", "en"): 200}, memory=100)
    assert provider.get("de", "en") is not None
    assert provider.get("de", "en") is not None

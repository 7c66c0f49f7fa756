"""Measured figures: taken, kept beside the models, and read again."""

from __future__ import annotations

import argparse
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models import cli, figures
from models.errors import FetchError, ModelFileError
from models.figures import Figures
from models.installed import Installed


@dataclass
class Said:
    text: str


class Reader:
    """Says again what it reads."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def translate(self, segments: Sequence[str]) -> list[Said]:
        self.seen.append(list(segments))
        return [Said(segment) for segment in segments]


def test_speed_is_messages_a_second_and_the_first_call_does_not_count() -> None:
    reader = Reader()
    ticks = itertools.count(0, 0.5)
    found = figures.measure(reader, "m", "pt", clock=lambda: next(ticks))
    texts = len(figures.samples("pt")) * 4
    assert found == Figures("m", texts / 0.5)
    assert len(reader.seen) == 1 + 4  # two seconds of half a second each
    assert "encomenda" in reader.seen[0][0]
    assert figures.samples("zh_hans") == figures.samples("en")


def test_quality_is_that_of_the_pairs() -> None:
    ticks = itertools.count(0, 2)
    pairs = [("Hallo", "Hallo"), ("Wo?", "Where?")]
    found = figures.measure(Reader(), "m", "de", pairs, clock=lambda: float(next(ticks)))
    assert found.pairs == 2
    assert found.chrf is not None
    assert 20 < found.chrf < 100


def test_what_was_written_is_read_and_the_rest_stays(tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert figures.read(models) == figures.read(None) == {}
    figures.write(models, {"de-en": Figures("a", 1.5), "en-de": Figures("b", 2.5, 61.2, 9)})
    figures.write(models, {"de-en": Figures("c", 3.5)})
    assert figures.read(models) == {"de-en": Figures("c", 3.5), "en-de": Figures("b", 2.5, 61.2, 9)}
    assert [path.name for path in models.iterdir()] == [figures.NAME]


def test_a_broken_write_leaves_the_old_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures.write(tmp_path, {"de-en": Figures("a", 1.5)})

    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FetchError, match="no space left"):
        figures.write(tmp_path, {"de-en": Figures("a", 9.5)})
    assert figures.read(tmp_path) == {"de-en": Figures("a", 1.5)}
    assert [path.name for path in tmp_path.iterdir()] == [figures.NAME]


def test_a_damaged_file_is_named_and_replaced(tmp_path: Path) -> None:
    (tmp_path / figures.NAME).write_text('{"de-en": 1}')
    with pytest.raises(ModelFileError, match=r"figures\.json: holds no figures"):
        figures.read(tmp_path)
    figures.write(tmp_path, {"de-en": Figures("a", 1.5)})
    assert figures.read(tmp_path) == {"de-en": Figures("a", 1.5)}


def test_parallel_texts(tmp_path: Path) -> None:
    path = tmp_path / "pairs"
    path.write_text(
        '{"text": "Hallo", "reference": "Hello"}\n\n{"from": "en", "text": "Bye", "reference": "x"}\nTag\tDay\n'
    )
    assert figures.parallel(path, "de") == [("Hallo", "Hello"), ("Tag", "Day")]
    for content, wrong in (("Tag", "tab"), ('{"text": 1}', "reference"), ("", "nothing in de"), ("[", "tab")):
        path.write_text(content)
        with pytest.raises(ModelFileError, match=wrong):
            figures.parallel(path, "de")
    with pytest.raises(ModelFileError, match="cannot be read"):
        figures.parallel(tmp_path / "none", "de")


def measure(models: Path, load: Any, *directions: str, pairs: Path | None = None) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    options = argparse.Namespace(action="measure", direction=list(directions), pairs=pairs)
    return cli.run(options, models, None, load, out=out, err=err), out.getvalue(), err.getvalue()


def test_what_is_damaged_is_named_and_the_rest_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "de-en"
    folder.mkdir()
    for name in ("model.deen.bin", "vocab.deen.spm", "model.json"):
        (folder / name).write_bytes(b"nothing")
    (tmp_path / figures.NAME).write_text("nothing")
    out, err = io.StringIO(), io.StringIO()
    options = argparse.Namespace(action="list", all=False)
    assert cli.run(options, tmp_path, None, lambda _: Reader(), out=out, err=err) == 1
    assert [line.split("\t")[0] for line in out.getvalue().splitlines()] == ["de-en", "en-pt", "pt-en"]
    assert "model.json: is not the description" in err.getvalue()
    assert "figures.json: holds no figures" in err.getvalue()
    figures.write(tmp_path, {"en-pt": Figures("firefox-enpt-1693087644", 300.4, 61.5, 12)})
    out, err = io.StringIO(), io.StringIO()
    cli.run(options, tmp_path, None, lambda _: Reader(), out=out, err=err)
    assert "MPL-2.0\t300 messages/s a core, chrF 61.5 on 12 texts\n" in out.getvalue()


def test_one_that_cannot_be_loaded_is_named_and_the_others_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(model: Installed) -> Reader:
        if model.source == "pt":
            raise ModelFileError(tmp_path / "model.bin", "is cut short")
        return Reader()

    monkeypatch.setattr(figures, "_ENOUGH", 0.001)
    code, out, err = measure(tmp_path, load)
    assert (code, list(figures.read(tmp_path))) == (1, ["en-pt"])
    assert out.startswith("en-pt\tfirefox-enpt-")
    assert "pt-en cannot be measured" in err
    assert "model.bin: is cut short" in err
    code, _, err = measure(tmp_path, load, "en-pt", "de-en")
    assert (code, err) == (1, "dragoman: no model for de-en is installed\n")
    assert "needs to be told" in measure(tmp_path, load, pairs=tmp_path / "pairs")[2]

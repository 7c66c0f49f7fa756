"""What the installed models can write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from translation.spelling import Spelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [("bate-papo", ""), ("AÇÃO", ""), ("ş a", "ş"), ("enc\u043emenda", "\u043e"), ("cartão 2.0", ""), ("日本", "日本")],
)
def test_of_a_student(text: str, expected: str) -> None:
    assert Spelling().unwritable("en", "pt", text) == expected


def test_without_a_model_nothing_is_said() -> None:
    assert Spelling().unwritable("en", "xx", "ş") == ""


def test_of_a_marianmt_model(tmp_path: Path) -> None:
    folder = tmp_path / "en-de"
    folder.mkdir()
    for name in ("model.bin", "source.spm", "target.spm", "config.json"):
        (folder / name).write_bytes(b"{}")
    (folder / "source_vocabulary.json").write_text(json.dumps(["</s>", "<unk>", "x"]))
    (folder / "target_vocabulary.json").write_text(json.dumps(["</s>", "<unk>", "\u2581a", "b", "\u2581bu"]))
    assert Spelling(tmp_path).unwritable("en", "de", "Ab u") == "u"


def test_a_vocabulary_that_cannot_be_read_warns_of_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "en-de"
    folder.mkdir()
    for name in ("model.bin", "source.spm", "config.json", "shared_vocabulary.json"):
        (folder / name).write_bytes(b"{")
    assert Spelling(tmp_path).unwritable("en", "de", "ab") == ""

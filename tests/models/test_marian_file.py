from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import marian_file
from models.errors import ModelFileError
from models.installed import find
from tests.models.marian_writer import marian_bytes, write_marian

CONFIG = 'dim-emb: 4\ndim-vocabs:\n  - 10\n  - 12\ntransformer-preprocess: ""\ntransformer-tied-layers: []\n'
VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)
ROUNDED = np.array([[1, -2], [3, -4], [5, 127]], np.int8)
SMALL = marian_bytes(CONFIG, {"floats": VALUES, "rounded": (ROUNDED, (3, 2), 2.0)})


def test_reads_tensors_and_configuration(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(SMALL)
    file = marian_file.read(path)
    np.testing.assert_array_equal(file.tensor("floats").floats(), VALUES)
    values, multiplier = file.tensor("rounded").eight_bit()
    np.testing.assert_array_equal(values, ROUNDED)
    assert multiplier == 2.0
    np.testing.assert_array_equal(file.tensor("rounded").floats(), ROUNDED / 2)
    assert file.config == {
        "dim-emb": "4",
        "dim-vocabs": ("10", "12"),
        "transformer-preprocess": "",
        "transformer-tied-layers": (),
    }


def test_reads_the_models_of_the_wheel() -> None:
    for model in find():
        file = marian_file.read(model.files["model"])
        assert file.tensor("Wemb").shape == (32000, 256)
        assert file.config["enc-depth"] == "6"
        assert file.config["dim-vocabs"] == ("32000", "32000")


@pytest.mark.parametrize("length", [0, 1, 15, 16, 40, len(SMALL) // 2, len(SMALL) - 70, len(SMALL) - 1])
def test_refuses_a_file_that_was_cut_short(tmp_path: Path, length: int) -> None:
    path = tmp_path / "model.enpt.bin"
    path.write_bytes(SMALL[:length])
    with pytest.raises(ModelFileError, match=r"model\.enpt\.bin: is cut short"):
        marian_file.read(path)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" * 100, b"\0" * 400, b"<!doctype html>" + b" " * 400, struct.pack("<2Q", 1, 1 << 60) + bytes(400)],
    ids=["archive", "zeros", "page", "count"],
)
def test_refuses_a_foreign_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.enpt.bin"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"model\.enpt\.bin: is not a Marian model"):
        marian_file.read(path)


def test_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"gone\.bin: cannot be read"):
        marian_file.read(tmp_path / "gone.bin")


def test_refuses_a_tensor_with_too_few_bytes(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(marian_bytes("", {"rounded": (ROUNDED, (300, 20), 1.0)}))
    with pytest.raises(ModelFileError, match="is damaged: the tensor 'rounded' has 64 bytes, not 6004"):
        marian_file.read(path)


def test_names_what_is_missing_or_of_another_type(tmp_path: Path) -> None:
    file = marian_file.read(write_marian(tmp_path / "model.bin", CONFIG, {"floats": VALUES}))
    with pytest.raises(ModelFileError, match=r"model\.bin: the tensor 'Wemb' is missing"):
        file.tensor("Wemb")
    with pytest.raises(ModelFileError, match="type that is not supported: 0x101"):
        file.tensor("special:model.yml")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=5))
def test_damage_anywhere_is_an_error_of_ours_or_none(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    content = bytearray(SMALL)
    for at, value in changes:
        content[at % len(content)] = value
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with contextlib.suppress(ModelFileError):
        marian_file.read(path)

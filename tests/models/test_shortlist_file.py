from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from models import shortlist_file
from models.errors import ModelFileError
from models.installed import find
from tests.models.marian_writer import write_shortlist


def test_reads_the_lists(tmp_path: Path) -> None:
    file = shortlist_file.read(write_shortlist(tmp_path / "lex.bin", [[5, 3], [], [7]], frequent=2))
    assert file.frequent == 2
    np.testing.assert_array_equal(file.offsets, [0, 2, 2, 3])
    np.testing.assert_array_equal(file.entries, [5, 3, 7])


def test_reads_the_shortlists_of_the_wheel() -> None:
    for model in find():
        file = shortlist_file.read(model.files["shortlist"])
        assert len(file.offsets) == 32001
        assert file.frequent == 50


def test_refuses_damaged_files(tmp_path: Path) -> None:
    path = write_shortlist(tmp_path / "lex.enpt.bin", [[5, 3], [1], [7]], frequent=2)
    content = path.read_bytes()
    out_of_order = content[:56] + struct.pack("<Q", 4) + content[64:]
    for damaged, reason in (
        (b"", "cut short"),
        (content[:-1], "cut short"),
        (b"x" + content[1:], "is not a lexical shortlist"),
        (out_of_order, "out of order"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ModelFileError, match=rf"lex\.enpt\.bin: .*{reason}"):
            shortlist_file.read(path)
    with pytest.raises(ModelFileError, match=r"gone\.bin: cannot be read"):
        shortlist_file.read(tmp_path / "gone.bin")

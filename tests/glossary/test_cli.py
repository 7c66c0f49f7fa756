"""The commands, from files to a real store and back."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from glossary.cli import run
from glossary.exchange import read, write
from glossary.options import add_commands
from glossary.repository import Repository
from glossary.term import Term, Wording
from store.connect import Store


async def call(store: Store, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    return await run(parser.parse_args(arguments), store.client, store.keys.prefix, unwritable)


def unwritable(source: str, target: str, text: str) -> str:
    """A model that has no Cyrillic letters."""
    return "".join(char for char in text if "а" <= char <= "я")


async def test_import_list_export(store: Store, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "terms.csv"
    file.write_bytes("\ufefforder;x\n".replace("order;x", "en;pt;note").encode() + "order;encomenda;não\n".encode())
    assert await call(store, "import", str(file)) == 0
    assert b"1 added; the glossary is at version 1" in capsysbinary.readouterr().err
    assert await call(store, "import", str(file)) == 0
    assert b"1 unchanged" in capsysbinary.readouterr().err
    assert await call(store, "list") == 0
    assert "order (en) = encomenda (pt)\t\tnão".encode() in capsysbinary.readouterr().out
    assert await call(store, "export") == 0
    assert capsysbinary.readouterr().out.startswith(b"en,pt,note,author,created,changed,id\r\norder,encomenda,")
    out = tmp_path / "out.tsv"
    assert await call(store, "export", str(out)) == 0
    assert out.read_bytes().startswith(b"en\tpt\t")
    assert await call(store, "import", str(out)) == 0
    assert await Repository(store.client, store.keys.prefix).version() == 1


async def test_an_import_tells_what_a_model_cannot_spell(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("en,pt\norder,encomenda\nbox,cаixa\norder form,formulário\n")  # a Cyrillic "а" in the third row
    told = f"{file}: row 3, column pt: the translation model cannot write “а” (U+0430)"
    assert await call(store, "import", "--dry-run", str(file)) == 0
    said = capsys.readouterr().err
    assert told in said
    assert f"{file}: row 4, column en:" in said, "it contains another term"
    assert await call(store, "import", str(file)) == 0
    said = capsys.readouterr().err
    assert told in said
    assert "row 4" not in said, "only a dry run tells all"
    assert "3 added" in said


async def test_nothing_half_imported(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("en,pt\norder,encomenda\nbox,\n")
    assert await call(store, "import", str(file)) == 2
    said = capsys.readouterr().err
    assert "row 3" in said
    assert "nothing was imported" in said
    file.write_text("en,pt\norder,encomenda\norder,pedido\nbox,caixa\n")
    assert await call(store, "import", str(file)) == 1
    assert "row 3, column en" in capsys.readouterr().err
    repository = Repository(store.client, store.keys.prefix)
    assert await repository.version() == 0
    assert await call(store, "import", "--skip-conflicts", "--dry-run", str(file)) == 0
    assert await repository.version() == 0
    assert await call(store, "import", "--skip-conflicts", str(file)) == 0
    assert {term.wordings["pt"].text for term in await repository.list()} == {"encomenda", "caixa"}
    file.write_text("en,pt\nbox,caixa\n")
    assert await call(store, "import", "--replace", str(file)) == 0
    assert {term.wordings["pt"].text for term in await repository.list()} == {"caixa"}
    assert await call(store, "import", str(tmp_path / "none.csv")) == 2
    assert "cannot be read" in capsys.readouterr().err


async def test_an_empty_glossary_is_told(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert await call(store, "list") == 0
    assert "the glossary is empty" in capsys.readouterr().err


async def test_history_undo_restore_and_stats(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], prefix: str
) -> None:
    file = tmp_path / "terms.xlsx"
    file.write_bytes(write([Term("order", {"en": Wording("order"), "pt": Wording("pedido")})], format="xlsx"))
    assert await call(store, "import", str(file)) == 0
    repository = Repository(store.client, store.keys.prefix)
    await repository.delete("order", "mia")
    capsys.readouterr()
    assert await call(store, "history") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[3], line[4]) for line in lines] == [
        ("2", "edit", "deleted order: order (en) = pedido (pt)"),
        ("1", "import", "added order: order (en) = pedido (pt)"),
    ]
    assert await call(store, "undo", "1") == 1
    assert "changed again since: order" in capsys.readouterr().err
    assert await call(store, "restore", "1", "--dry-run") == 0
    assert await repository.count() == 0
    assert await call(store, "restore", "1") == 0
    assert await call(store, "undo", "3") == 0
    assert await call(store, "undo", "4") == 0
    assert await repository.count() == 1
    capsys.readouterr()
    assert await call(store, "stats") == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[:3] == ["order", "order (en) = pedido (pt)", "0"]
    assert await call(store, "undo", "99") == 1
    assert await call(store, "history", "order", "--most", "2") == 0


@pytest.mark.parametrize("name", ["out.tsv", "out.xlsx", "out.tbx", "out.csv"])
async def test_a_file_is_written_in_the_format_that_its_name_says(store: Store, tmp_path: Path, name: str) -> None:
    await Repository(store.client, store.keys.prefix).add(Term("o", {"en": Wording("a"), "pt": Wording("b")}), "mia")
    out = tmp_path / name
    assert await call(store, "export", str(out)) == 0
    assert read(out.read_bytes()).format == name[4:]
    assert await call(store, "export", "--layout", "deepl", str(out)) == 2

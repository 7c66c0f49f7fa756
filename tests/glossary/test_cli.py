"""The commands, from files to a real store and back."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from glossary.cli import add_commands, run
from glossary.repository import Repository
from store.connect import Store


async def call(store: Store, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    return await run(parser.parse_args(arguments), store.client, store.keys.prefix)


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

"""`dragoman memory` and `translate --memory`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import parser
from store.connect import Store
from translation.cli_translate import translate_lines
from translation.memory.cli import FileError, open_book, run

LINES = (
    '{"from": "en", "to": "pt", "source": "Hi there", "target": "Olá!", "count": 3}\n'
    '{"from": "en", "to": "pt", "source": "Order 4711", "target": "Pedido 4711", "edited": true, "time": 60000}\n'
    '{"from": "pt", "to": "en", "source": "😊", "target": "😊"}\n'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "memory.jsonl"
    path.write_text(LINES, encoding="utf-8")
    return path


def options(*arguments: object) -> argparse.Namespace:
    return parser().parse_args(["memory", *map(str, arguments)])


async def test_there_and_back(store: Store, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(options("import", file), store) == 0
    assert "2 pairs imported, 1 left out" in capsys.readouterr().err
    for name in ("out.tmx", "out.jsonl"):
        out = file.with_name(name)
        assert await run(options("export", out), store) == 0
        assert "2 pairs written" in capsys.readouterr().err
        assert await run(options("import", "--replace", out), store) == 0
    capsys.readouterr()
    assert await run(options("stats"), store) == 0
    assert capsys.readouterr().out.startswith("en-pt\t2 pairs\t2 messages\t1 edited by people\tsaid 4 times\t")
    await run(options("export"), store)
    assert [json.loads(line)["source"] for line in capsys.readouterr().out.splitlines()] == ["Hi there", "Order 4711"]


async def test_an_empty_memory_says_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(options("stats"), store) == 0
    assert capsys.readouterr().err == "the memory is empty\n"


async def test_a_wrong_file_changes_nothing(store: Store, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(LINES + "{}\n", encoding="utf-8")
    assert await run(options("import", file), store) == 2
    told = capsys.readouterr().err
    assert f"{file}: line 4:" in told
    assert "Traceback" not in told
    assert await run(options("import", file.with_name("missing")), store) == 2
    assert await run(options("export", file.parent), store) == 1
    await run(options("stats"), store)
    assert "empty" in capsys.readouterr().err


def test_translate_reuses_a_file(fake: Callable[..., Any], file: Path) -> None:
    pipeline = fake(rewrite=False).pipeline
    lines = ['{"text": "HI THERE"}', '{"text": "Order 4712"}', '{"text": "Bye"}']
    answers = [
        json.loads(line)
        for line in translate_lines(lines, pipeline, source="en", target="pt", jsonl=True, memory=open_book(file))
    ]
    assert [each["translation"] for each in answers] == ["OLÁ!", "Pedido 4712", "Bye"]
    assert [each["receipt"].get("origin", "engine") for each in answers] == ["memory", "edited", "engine"]
    plain = translate_lines(["Hi there\n"], pipeline, source="en", target="pt", memory=open_book(file))
    assert list(plain) == ["Olá!"]
    with pytest.raises(FileError):
        open_book(file.with_name("missing"))

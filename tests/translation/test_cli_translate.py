"""Lines in, translations out, in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from translation.cli_translate import translate_lines

Make = Callable[..., Any]


def run(fake: Make, lines: list[str], *, source: str = "en", target: str = "pt", jsonl: bool = True) -> list[str]:
    return list(translate_lines(lines, fake(str.upper).pipeline, source=source, target=target, jsonl=jsonl))


def test_json_lines_come_out_in_order_with_receipts(fake: Make) -> None:
    lines = [json.dumps({"text": f"the parcel number {n} is late"}) for n in range(150)]
    answers = [json.loads(line) for line in run(fake, lines)]
    assert [answer["translation"] for answer in answers] == [f"THE PARCEL NUMBER {n} IS LATE" for n in range(150)]
    assert all(answer["receipt"]["models"] == ["fake"] for answer in answers)


def test_a_bad_line_is_an_error_in_its_place(fake: Make) -> None:
    answers = [
        json.loads(line) for line in run(fake, ['{"text": "no more"}', "{bad", '{"txt": 1}', '{"text": "so far"}'])
    ]
    assert ["translation" in answer for answer in answers] == [True, False, False, True]
    assert all('{"text": "..."}' in answer["error"] for answer in answers[1:3])


def test_a_missing_model_is_an_error(fake: Make) -> None:
    assert json.loads(run(fake, ['{"text": "hallo"}'], source="de", target="fr")[0]) == {"error": "no-model"}


def test_plain_lines(fake: Make) -> None:
    assert run(fake, ["no more then\n", "\n", "so far so good\r\n"], jsonl=False) == [
        "NO MORE THEN",
        "",
        "SO FAR SO GOOD",
    ]


def test_finds_out_the_language(fake: Make) -> None:
    first, second = run(fake, ['{"text": "Onde está o meu pedido?"}', '{"text": "Where is my order?"}'], source="auto")
    assert json.loads(first)["status"] == "same"
    assert json.loads(second)["receipt"]["detected"]["language"] == "en"


def test_a_line_in_two_languages_is_translated_in_parts_where_languages_are_found_out(fake: Make) -> None:
    line = json.dumps({"text": "Where is my order now? Pode me ajudar?"})
    answer = json.loads(run(fake, [line], source="auto")[0])
    assert answer["translation"] == "WHERE IS MY ORDER NOW? Pode me ajudar?"
    assert answer["receipt"]["languages"] == ["en"]

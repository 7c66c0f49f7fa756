"""The lines of ``dragoman detect``."""

from __future__ import annotations

import json

from translation.language import Evidence, detect
from translation.language.cli_detect import detect_lines


def ask(*objects: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in detect_lines((json.dumps(o) + "\n" for o in objects), jsonl=True)]


def test_one_line_out_for_each_in_order() -> None:
    found = ask({"text": "Wo ist mein Paket?"}, {"text": "ok", "page_locale": "fr"}, {"text": "où est mon colis ?"})
    assert [o["language"] for o in found] == ["de", "fr", "fr"]
    assert all(set(o) == {"language", "confidence", "why"} for o in found)


def test_history_is_replayed_whatever_was_asked_before() -> None:
    history = ["Boa tarde, tudo bem?", "O relógio ainda não chegou"]
    alone = ask({"text": "thanks", "history": history})
    together = ask(
        {"text": history[0]}, {"text": "thanks", "history": history[:1]}, {"text": "thanks", "history": history}
    )
    assert together[-1] == alone[0]
    state = None
    for text in history:
        state, _ = detect(Evidence(text), state)
    assert alone[0]["language"] == detect(Evidence("thanks"), state)[1].language == "pt"


def test_contexts_do_not_mix() -> None:
    found = ask(
        {"text": "ok", "history": ["😀"], "page_locale": "nl"}, {"text": "ok", "history": ["😀"], "page_locale": "it"}
    )
    assert [o["language"] for o in found] == ["nl", "it"]


def test_bad_lines_say_what_to_do() -> None:
    lines = ["", "{", "[]", '{"history": []}', '{"text": 1}', '{"text": "a", "history": [1]}', '{"text": "danke"}']
    found = [json.loads(line) for line in detect_lines(lines, jsonl=True)]
    assert all("Write one JSON object a line" in o["error"] for o in found[:-1])
    assert found[-1]["language"] == "de"


def test_plain_lines() -> None:
    assert next(detect_lines(["merci beaucoup\n"])).startswith("fr\t")

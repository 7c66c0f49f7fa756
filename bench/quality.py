"""What each step around the model is worth, in chrF.

    python -m bench.quality --eval FOLDER

Translates FOLDER/chat.en-pt.jsonl both ways with the bare model, then with the pipeline, step added to step, and
prints corpus chrF for each direction and for both together: of all messages, and of each text only once, since
support chat repeats itself and a rule that suits one much repeated sentence looks better than it is. The last lines
are of sentences that no rule was made for (sentences.toml): there the steps may gain little, but must not lose.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from time import perf_counter

import sacrebleu

from translation.engines.provider import installed_engines
from translation.normalise import Steps
from translation.pipeline import Done, EngineProvider, Pipeline, Request

NONE = Steps(capitals=False, words=False, dot=False, phrases=False, wording=False)
STEPS = [
    ("protect, split, spell, check", NONE),
    ("+ capitals", Steps(words=False, dot=False, phrases=False, wording=False)),
    ("+ short forms, accents", Steps(dot=False, phrases=False, wording=False)),
    ("+ final dot", Steps(phrases=False, wording=False)),
    ("+ sentences always said so", Steps(wording=False)),
    ("+ wording", Steps()),
]
BATCH = 64


def bare(engines: EngineProvider, rows: list[dict[str, str]]) -> list[str]:
    outputs = [""] * len(rows)
    for source, target in sorted({(row["from"], row["to"]) for row in rows}):
        engine = engines.get(source, target)
        assert engine is not None, f"no engine for {source}>{target}"
        index = [i for i, row in enumerate(rows) if row["from"] == source]
        for i, hypothesis in zip(index, engine.translate([rows[i]["text"] for i in index]), strict=True):
            outputs[i] = hypothesis.text
    return outputs


def piped(engines: EngineProvider, rows: list[dict[str, str]], steps: Steps) -> list[str]:
    pipeline = Pipeline(engines, lambda: None, steps)
    outputs = []
    for at in range(0, len(rows), BATCH):
        for outcome in pipeline.translate([Request(r["text"], r["from"], r["to"]) for r in rows[at : at + BATCH]]):
            assert isinstance(outcome, Done), outcome
            outputs.append(outcome.text)
    return outputs


def scores(rows: list[dict[str, str]], outputs: list[str]) -> dict[str, float]:
    found = {}
    for source in sorted({row["from"] for row in rows}):
        index = [i for i, row in enumerate(rows) if row["from"] == source]
        name = f"{source}>{rows[index[0]]['to']}"
        references = [rows[i]["reference"] for i in index]
        found[name] = sacrebleu.corpus_chrf([outputs[i] for i in index], [references]).score
    found["both"] = sacrebleu.corpus_chrf(outputs, [[row["reference"] for row in rows]]).score
    return found


def first_of_each(rows: list[dict[str, str]]) -> list[int]:
    """Where each text stands for the first time."""
    found: dict[tuple[str, str], int] = {}
    for index, row in enumerate(rows):
        found.setdefault((row["from"], row["text"].strip().lower()), index)
    return list(found.values())


def plain_sentences() -> list[dict[str, str]]:
    """The pairs of sentences.toml, each in both directions."""
    pairs = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))["pairs"]
    ways = [("en", "pt", en, pt) for en, pt in pairs] + [("pt", "en", pt, en) for en, pt in pairs]
    return [{"from": source, "to": target, "text": text, "reference": said} for source, target, text, said in ways]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER")
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.eval / "chat.en-pt.jsonl").open(encoding="utf-8")]
    engines = installed_engines()
    first = first_of_each(rows)
    print(f"{len(rows)} messages, {len(first)} of them different")
    for name, steps in [("bare model", None), *STEPS]:
        begun = perf_counter()
        outputs = bare(engines, rows) if steps is None else piped(engines, rows, steps)
        rate = len(rows) / (perf_counter() - begun)
        figures = "  ".join(f"{key} {value:.2f}" for key, value in scores(rows, outputs).items())
        once = scores([rows[i] for i in first], [outputs[i] for i in first])["both"]
        print(f"{name:32} {figures}  each once {once:.2f}  {rate:.0f}/s", flush=True)
    rows = plain_sentences()
    print(f"{len(rows)} sentences that no rule was made for")
    for name, outputs in (("bare model", bare(engines, rows)), ("all steps", piped(engines, rows, Steps()))):
        print(f"{name:32} " + "  ".join(f"{key} {value:.2f}" for key, value in scores(rows, outputs).items()))


if __name__ == "__main__":
    main()

"""How many protected spans come out byte for byte, and what protecting costs the sentence around them.

    python -m bench.protect --eval FOLDER [--cases 2400]

Puts spans of every kind into sentences of FOLDER/chat.en-pt.jsonl at random places (fixed seed), one to three a
message; prints the share that survives, overall and by kind, for the bare model and for the whole pipeline, and the
chrF of the rest (spans taken out of the output again) beside that of the same sentences without spans.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import random
import re
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sacrebleu

from translation.engines.base import Engine
from translation.engines.provider import installed_engines
from translation.pipeline import Done, EngineProvider, Pipeline, Request
from translation.protect import find

SEED = 20260


def _digits(pick: random.Random, count: int) -> str:
    return "".join(pick.choice(string.digits) for _ in range(count))


def _letters(pick: random.Random, count: int) -> str:
    return "".join(pick.choice(string.ascii_lowercase) for _ in range(count))


KINDS: dict[str, Callable[[random.Random], str]] = {
    "email": lambda r: f"{r.choice(['ana', 'joao.silva', 'maria_s', 'me', 'k.o+shop'])}@{_letters(r, 5)}.{r.choice(['com', 'com.br', 'org'])}",
    "url": lambda r: f"{r.choice(['https://', 'http://', 'www.'])}{_letters(r, 6)}.com/{_letters(r, 4)}?id={_digits(r, 3)}",
    "tracking": lambda r: f"{r.choice(['LP', 'LX', 'RB'])}{_digits(r, 11)}{r.choice(['CN', 'BR', ''])}",
    "sku": lambda r: r.choice([f"{_letters(r, 2).upper()}-{_digits(r, 4)}", f"{_letters(r, 3).upper()}{_digits(r, 3)}{_letters(r, 1).upper()}"]),
    "order": lambda r: f"#{_digits(r, 6)}",
    "price": lambda r: r.choice(["R$ {}.{},{}", "€{1},{2}", "{1},{2} €", "${1}.{2}", "£{0}", "USD {1}", "{1}.{2} EUR"]).format(r.randint(1, 9), r.randint(100, 999), r.randint(10, 99)),
    "date": lambda r: r.choice(["{:02}/{:02}/2026", "2026-{:02}-{:02}", "{:02}.{:02}.26", "{}/{}"]).format(r.randint(1, 12), r.randint(1, 12)),
    "time": lambda r: r.choice(["{}:{:02}", "{}h{:02}", "{}:{:02} pm", "{}am"]).format(r.randint(1, 12), r.randint(0, 59)),
    "phone": lambda r: r.choice([f"+55 11 9{_digits(r, 4)}-{_digits(r, 4)}", f"(11) 3{_digits(r, 3)}-{_digits(r, 4)}", f"+351 912 {_digits(r, 3)} {_digits(r, 3)}", f"555-{_digits(r, 3)}-{_digits(r, 4)}"]),
    "iban": lambda r: f"PT50 {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 1)}",
    "emoji": lambda r: r.choice(["😭", "👍🏽", "🇧🇷", "❤️", "👨‍👩‍👧‍👦", "🙏", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]),
    "placeholder": lambda r: r.choice(["{order_id}", "{{name}}", "%s", "${total}", "<br/>", "`git push`"]),
    "mention": lambda r: r.choice(["@", "#"]) + _letters(r, 7),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    source: str
    target: str
    plain: str
    text: str
    reference: str
    spans: tuple[tuple[str, str], ...]  # kind and text


def cases(folder: Path, count: int) -> list[Case]:
    """``count`` messages with at least ``count`` spans in all, the same ones every time."""
    pick = random.Random(SEED)
    rows = [json.loads(line) for line in (folder / "chat.en-pt.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if len(row["text"].split()) >= 4 and not find(row["text"])]
    pick.shuffle(rows)
    found: list[Case] = []
    while sum(len(case.spans) for case in found) < count:
        row = rows[len(found) % len(rows)]
        words = row["text"].split()
        spans: list[tuple[str, str]] = []
        for kind in pick.sample(list(KINDS), pick.randint(1, 3)):
            span = KINDS[kind](pick)
            words.insert(pick.randint(0, len(words)), span)
            spans.append((kind, span))
        found.append(
            Case(row["from"], row["to"], " ".join(row["text"].split()), " ".join(words), row["reference"], tuple(spans))
        )
    return found


def survived(output: str, span: str) -> bool:
    """Whether the span stands in the output once, as itself and not as part of something longer."""
    return (
        len(re.findall(rf"(?<![\w@]){re.escape(span)}(?![\w@])" if span[0].isalnum() else re.escape(span), output)) == 1
    )


def rest(output: str, spans: tuple[tuple[str, str], ...]) -> str:
    for _, span in spans:
        output = output.replace(span, " ")
    return " ".join(output.split())


def bare(engines: EngineProvider, items: list[tuple[str, str, str]]) -> list[str]:
    """The model alone: source language, target language, text."""
    outputs = [""] * len(items)
    for source, target in sorted({item[:2] for item in items}):
        engine: Engine | None = engines.get(source, target)
        assert engine is not None, f"no engine for {source}>{target}"
        index = [i for i, item in enumerate(items) if item[:2] == (source, target)]
        for i, hypothesis in zip(index, engine.translate([items[i][2] for i in index]), strict=True):
            outputs[i] = hypothesis.text
    return outputs


def piped(pipeline: Pipeline, items: list[tuple[str, str, str]]) -> tuple[list[str], Counter[str]]:
    outputs: list[str] = []
    warnings: Counter[str] = Counter()
    for at in range(0, len(items), 64):
        for outcome in pipeline.translate([Request(text, s, t) for s, t, text in items[at : at + 64]]):
            assert isinstance(outcome, Done), outcome
            outputs.append(outcome.text)
            warnings.update(outcome.receipt.warnings)
    return outputs, warnings


def report(name: str, found: list[Case], outputs: list[str], plain: list[str]) -> None:
    alive: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missing: list[tuple[str, str, str]] = []
    for case, output in zip(found, outputs, strict=True):
        for kind, span in case.spans:
            total[kind] += 1
            if survived(output, span):
                alive[kind] += 1
            else:
                missing.append((span, case.text, output))
    references = [case.reference for case in found]
    with_spans = [rest(output, case.spans) for case, output in zip(found, outputs, strict=True)]
    before = sacrebleu.corpus_chrf(plain, [references]).score
    after = sacrebleu.corpus_chrf(with_spans, [references]).score
    print(f"{name}: {alive.total() / total.total():.2%} of {total.total()} spans survive; ", end="")
    print(f"chrF of the rest {after:.2f}, without spans {before:.2f} ({after - before:+.2f})")
    print("   " + ", ".join(f"{kind} {alive[kind] / total[kind]:.1%}" for kind in sorted(total)))
    if name != "bare model":
        for span, text, output in missing[:20]:
            print(f"   lost {span!r}: {text!r} > {output!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=2400, help="spans, at least")
    options = parser.parse_args()
    engines = installed_engines()
    found = cases(options.eval, options.cases)
    pipeline = Pipeline(engines, lambda: None)
    marked = [(case.source, case.target, case.text) for case in found]
    plain = [(case.source, case.target, case.plain) for case in found]
    print(f"{len(found)} messages")
    report("bare model", found, bare(engines, marked), bare(engines, plain))
    outputs, warnings = piped(pipeline, marked)
    report("pipeline", found, outputs, piped(pipeline, plain)[0])
    print("   warnings:", dict(warnings))


if __name__ == "__main__":
    main()

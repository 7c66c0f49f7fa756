"""What the whole pipeline costs beside the bare engine, on one core: `python -m bench.pipeline --eval FOLDER`.

Both get the messages of FOLDER/chat.en-pt.jsonl, in turns within a round, so that whatever else the machine does meets
both. The pipeline prepares, looks every message up in a translation memory (FOLDER/memory.en-pt.jsonl; what it finds
is left unused, so that the engine translates all), finds and enforces the terms of a glossary, translates, repairs
and verifies. Time is the processor's; ratios are taken round by round, and of them the median.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from bench.glossary_size import phrase
from glossary.matcher import Matcher
from glossary.term import Term, Wording
from translation.engines.provider import Provider, installed_engines
from translation.language import models as language_models
from translation.memory.book import Book
from translation.memory.pair import Pair
from translation.pipeline import Done, Pipeline, Request

BATCH = 32  # as many as a worker makes ready at once
# Words of any shop, so that the glossary has something to do in many messages; the rest of it is made up.
NOUNS = (
    "order pedido, account conta, refund reembolso, e-mail e-mail, game jogo, password senha, payment pagamento, "
    "problem problema, website site, support atendimento, team equipe, computer computador, device aparelho, "
    "information informação, details dados, request solicitação, access acesso, book livro, delivery entrega, "
    "address endereço, purchase compra, card cartão, code código, phone celular, number número, update atualização, "
    "option opção, page página, email e-mail, bank banco, money dinheiro, credit crédito, file arquivo, link link, "
    "screen tela, version versão, message mensagem, name nome, service serviço, product produto"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=320, help="messages of each direction in each round")
    parser.add_argument("--terms", type=int, default=1000)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})

    engines = installed_engines()
    matcher = Matcher(glossary(options.terms), 1)
    file = options.eval / "memory.en-pt.jsonl"
    book = Book(pairs(file)) if file.exists() else Book(())
    language_models.load()
    pipeline = Pipeline(engines, lambda: matcher)
    rows = [json.loads(line) for line in (options.eval / "chat.en-pt.jsonl").open(encoding="utf-8")]
    pick = random.Random(1)
    for source, target in (("en", "pt"), ("pt", "en")):
        texts = pick.sample([row["text"] for row in rows if row["from"] == source], options.messages)
        compare(engines, pipeline, book, texts, source=source, target=target, rounds=options.rounds)


def compare(
    engines: Provider, pipeline: Pipeline, book: Book, texts: list[str], *, source: str, target: str, rounds: int
) -> None:
    engine = engines.get(source, target)
    assert engine is not None, f"no engine for {source}>{target}"

    def bare(batch: list[str]) -> object:
        return engine.translate(batch)

    def whole(batch: list[str]) -> list[object]:
        for text in batch:
            book.look_up(text, source, target)
        return list(pipeline.translate([Request(text, source, target) for text in batch]))

    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    terms = [len(outcome.receipt.terms) for batch in batches for outcome in whole(batch) if isinstance(outcome, Done)]
    shares, rates = [], []
    slower, alone, alone_whole = [], [], []
    for _ in range(rounds):
        ours, theirs = 0.0, 0.0
        for batch in batches:
            theirs += seconds(bare, batch)
            ours += seconds(whole, batch)
        shares.append(theirs / ours)
        rates.append(len(texts) / ours)
        singles = [(seconds(bare, [text]), seconds(whole, [text])) for text in texts[:160]]
        first, second = (statistics.median(times) for times in zip(*singles, strict=True))
        slower.append(second / first)
        alone.append(first)
        alone_whole.append(second)
    print(
        f"{source}>{target}: {len(texts)} messages, {sum(map(bool, terms)) / len(terms):.0%} of them with terms\n"
        f"  batches of {BATCH}: {statistics.median(rates):.0f} messages/s, "
        f"{statistics.median(shares):.2f} of the bare engine ({min(shares):.2f} to {max(shares):.2f})\n"
        f"  one message: p50 {statistics.median(alone_whole) * 1e3:.2f} ms, "
        f"bare {statistics.median(alone) * 1e3:.2f} ms, "
        f"{statistics.median(slower):.2f}x ({min(slower):.2f} to {max(slower):.2f})",
        flush=True,
    )


def seconds(work: Callable[[list[str]], object], batch: list[str]) -> float:
    start = time.process_time()
    work(batch)
    return time.process_time() - start


def glossary(count: int) -> list[Term]:
    """The nouns first, then made-up terms."""
    pick = random.Random(2)
    found = []
    for number in range(count):
        found.append(Term(f"t{number}", {language: Wording(phrase(pick, language)) for language in ("en", "pt")}))
    for number, noun in enumerate(NOUNS.split(", ")[:count]):
        english, portuguese = noun.split()
        found[number] = Term(f"t{number}", {"en": Wording(english), "pt": Wording(portuguese)})
    return found


def pairs(file: Path) -> list[Pair]:
    decode = msgspec.json.Decoder(Pair).decode
    with file.open("rb") as lines:
        return [decode(line) for line in lines]


if __name__ == "__main__":
    main()

"""`python -m bench.memory [--eval FOLDER]`: the translation memory's size, speed and, with --eval, its worth in chrF.

Fills an embedded store with made-up chat, tells bytes a pair and what a million would take, imports once more, looks
messages up one by one and in batches. With --eval, translates FOLDER/chat.en-pt.jsonl with and without
FOLDER/memory.en-pt.jsonl: all messages, and those that the memory does not hold word for word.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from time import perf_counter, process_time

import uvloop

from bench.texts import AGENT, VISITOR
from store.connect import Store
from store.embedded import Embedded
from translation.memory.book import Book
from translation.memory.near import of_pairs
from translation.memory.pair import Pair
from translation.memory.repository import Repository

WORDS = sorted({word.strip(".,?!") for text in (*AGENT, *VISITOR) for word in text.split() if "{" not in word})
BATCH = 32


def pairs(number: int) -> Iterator[Pair]:
    """Different sentences as long as support chat's: 3 to 20 words, 58 characters in the middle."""
    chance = random.Random(1)
    for n in range(number):
        way = ("en", "pt") if n % 2 else ("pt", "en")
        source, target = (" ".join(chance.choices(WORDS, k=chance.randint(3, 20))) for _ in range(2))
        yield Pair(source_language=way[0], target_language=way[1], source=source + ".", target=target + ".")


async def used(store: Store) -> int:
    return int((await store.client.info("memory"))["used_memory"])


async def sizes(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Embedded(Path(folder))
        server.start()
        try:
            await server.ready()
            store = await Store.open(server.url)
            await measure(store, list(pairs(number)))
            await store.close()
        finally:
            await server.stop()


async def measure(store: Store, known: list[Pair]) -> None:
    memory = Repository(store)
    empty, begun = await used(store), perf_counter()
    await memory.put(known)
    took = perf_counter() - begun
    each = (await used(store) - empty) / len(known)
    text = sum(len((pair.source + pair.target).encode()) for pair in known) / len(known)
    print(f"{len(known):,} pairs of {text:.0f} bytes: {each:.0f} bytes a pair in the store, {each:.0f} MB a million")
    print(f"imported in {took:.1f} s, {len(known) / took:,.0f} pairs/s")
    begun = perf_counter()
    await memory.put(known[:100_000])
    print(f"{len(known[:100_000]):,} of them once more: {perf_counter() - begun:.1f} s")
    chance = random.Random(2)
    asked = [(p.source, p.source_language, p.target_language) for p in chance.choices(known, k=2000)]
    asked += [(text + " indeed", source, target) for text, source, target in asked]
    chance.shuffle(asked)
    for batch in (1, BATCH):
        spent, found, took = process_time(), 0, list[float]()
        for at in range(0, len(asked), batch):
            begun = perf_counter()
            found += sum(map(bool, await memory.look_up(asked[at : at + batch])))
            took.append((perf_counter() - begun) / batch)
        spent = process_time() - spent
        print(
            f"look-up, batch {batch:2}: {median(took) * 1e6:.0f} us a message in the middle, {mean(took) * 1e6:.0f} us "
            f"on average, {spent / len(asked) * 1e6:.0f} us of it on this side; {found / len(asked):.0%} found"
        )
    begun = perf_counter()
    for _ in range(2000):
        await store.ping()
    print(f"(an empty round trip to the store: {(perf_counter() - begun) / 2000 * 1e6:.0f} us)")
    index = of_pairs((pair for pair in known if pair.source_language == "en"), "en", "pt")
    sought = [text for text, source, _ in asked if source == "en"][:100]
    begun = perf_counter()
    hits = sum(bool(index.near(text)) for text in sought)
    print(f"near: {(perf_counter() - begun) / len(sought) * 1e3:.1f} ms a message among {len(index):,}, {hits}% found")


def quality(folder: Path) -> None:
    from dataclasses import replace

    import sacrebleu

    from translation.engines.provider import installed_engines
    from translation.pipeline import Done, Pipeline, Request

    rows = [json.loads(line) for line in (folder / "chat.en-pt.jsonl").open(encoding="utf-8")]
    known = [json.loads(line) for line in (folder / "memory.en-pt.jsonl").open(encoding="utf-8")]
    book = Book(
        Pair(source_language=row["from"], target_language=row["to"], source=row["source"], target=row["target"])
        for row in known
    )
    exactly = {(row["from"], row["source"]) for row in known}
    groups = {
        "all": range(len(rows)),
        "not in the memory": [i for i, row in enumerate(rows) if (row["from"], row["text"]) not in exactly],
    }
    requests = [Request(row["text"], row["from"], row["to"]) for row in rows]
    begun = perf_counter()
    remembered = [replace(each, remembered=book.look_up(each.text, each.source, each.target)) for each in requests]
    print(f"\nlook-up in a file's memory: {(perf_counter() - begun) / len(rows) * 1e6:.0f} us a message")
    pipeline = Pipeline(installed_engines(), lambda: None)
    for name, asked in (("without memory", requests), ("with memory", remembered)):
        begun = perf_counter()
        done = [each for at in range(0, len(asked), BATCH) for each in pipeline.translate(asked[at : at + BATCH])]
        rate = len(asked) / (perf_counter() - begun)
        texts = [each.text if isinstance(each, Done) else "" for each in done]
        hits = sum(isinstance(each, Done) and each.receipt.origin != "engine" for each in done)
        figures = "  ".join(
            f"{group} ({len(index)}) chrF "
            f"{sacrebleu.corpus_chrf([texts[i] for i in index], [[rows[i]['reference'] for i in index]]).score:.2f}"
            for group, index in groups.items()
        )
        print(f"{name:15} {figures}  {hits / len(rows):.1%} from memory, {rate:.0f}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, metavar="FOLDER")
    parser.add_argument("--pairs", type=int, default=200_000, metavar="NUMBER")
    options = parser.parse_args()
    uvloop.run(sizes(options.pairs))  # as workers do
    if options.eval:
        quality(options.eval)


if __name__ == "__main__":
    main()

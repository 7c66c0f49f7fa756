"""An OPUS-MT-sized checkpoint on one core, beside others: `python -m bench.opus`.

Beside transformers and bare CTranslate2. Weights are random and no text ends by itself, so that all translate the same
number of words. All three run in the same process, in turns. Needs torch and transformers.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import convert, installed
from tests.models.checkpoints import sentences, write_checkpoint
from translation.engines.marian_words import END
from translation.engines.marianmt import MarianMT

WORDS = 58_100  # of the vocabulary
NEVER = -1e4  # how likely the end is


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--precision", choices=("int8", "float32"), default="int8")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.core})
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measure(Path(folder), arguments)


def measure(folder: Path, arguments: argparse.Namespace) -> None:
    import torch
    from transformers import MarianTokenizer

    torch.set_num_threads(1)
    model = write_checkpoint(
        folder / "checkpoint", width=512, heads=8, layers=(6, 6), inner=(2048, 2048), end=NEVER,
        extra=tuple(f"▁word{number}" for number in range(WORDS - 602)),
    )  # fmt: skip
    tokenizer = MarianTokenizer.from_pretrained(folder / "checkpoint")
    out = folder / "en-de"
    out.mkdir()
    start = time.perf_counter()
    convert.convert(folder / "checkpoint", out, arguments.precision)
    size = (out / "model.bin").stat().st_size
    print(f"converted to {arguments.precision} in {time.perf_counter() - start:.1f} s: {size / 1e6:.0f} MB")
    found = installed.in_folder(out, "en", "de")
    assert found is not None
    start = time.perf_counter()
    engine = MarianMT(found, threads=1)
    print(f"loaded in {time.perf_counter() - start:.2f} s")
    texts = [text for text in sentences(400, (2, 4)) if 9 <= engine.count_tokens(text) <= 11][: arguments.batch]
    limit = engine._limit(11)

    def ours(part: list[str]) -> object:
        return engine.translate(part)

    def bare(part: list[str]) -> object:
        sources = [[*engine._words.cut(text).words, END] for text in part]
        return engine._translator.translate_batch(sources, beam_size=1, max_decoding_length=limit)

    def transformers(part: list[str]) -> object:
        words: Any = tokenizer(part, return_tensors="pt", padding=True)
        return model.generate(**words, num_beams=1, do_sample=False, max_new_tokens=limit, max_length=None)

    for name, part in ((f"batch of {len(texts)}", texts), ("one message", texts[:1])):
        compare(name, part, limit, {"ours": ours, "CTranslate2": bare, "transformers": transformers}, arguments.rounds)


def compare(
    name: str, part: list[str], limit: int, ways: dict[str, Callable[[list[str]], object]], rounds: int
) -> None:
    times: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, work in ways.items():
            for _ in range(1 if way == "transformers" else 3):
                start = time.process_time()
                work(part)
                if number:  # the first round only warms up
                    times[way].append(time.process_time() - start)
    print(f"{name}, {limit} words each")
    own = statistics.median(times["ours"])
    for way, found in times.items():
        middle = statistics.median(found)
        speed, ratio = len(part) / middle, middle / own
        print(f"  {way:13} {middle * 1e3:8.1f} ms, {speed:6.1f} messages/s: ours is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()

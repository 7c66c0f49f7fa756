"""An OPUS-MT-sized checkpoint on one core, beside others: `python -m bench.opus`, or as a part of bench.engine.

Beside transformers and bare CTranslate2: asked for what we give (text, score and alignment), and for text alone, which
saves it to take the logarithm of every word's chance at every step. CTranslate2 computes as it does by itself, for
which it has a process of its own, and gets its words cut. Weights are random and no text ends by itself, so that all
translate the same number of words. All run in turns, each round in another order. Ratios are taken round by round, and
of them the median. Needs torch and transformers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
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
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--precision", choices=("int8", "float32"), default="int8")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.core})
    report(arguments.rounds, arguments.batch, arguments.precision)


def report(rounds: int = 6, batch: int = 16, precision: convert.Precision = "int8") -> None:
    """On the cores that this process may use. Raises MissingTools."""
    convert.require_tools()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measure(Path(folder), rounds, batch, precision)


def measure(folder: Path, rounds: int, batch: int, precision: convert.Precision) -> None:
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
    convert.convert(folder / "checkpoint", out, precision)
    size = (out / "model.bin").stat().st_size
    print(f"\nOPUS-MT-sized checkpoint, {size / 1e6:.0f} MB in {precision}")
    print(f"converted in {time.perf_counter() - start:.1f} s")
    found = installed.in_folder(out, "en", "de")
    assert found is not None
    start = time.perf_counter()
    engine = MarianMT(found, threads=1)
    print(f"loaded in {time.perf_counter() - start:.2f} s")
    texts = [text for text in sentences(400, (2, 4)) if 9 <= engine.count_tokens(text) <= 11][:batch]
    limit = engine._limit(11)

    def ours(part: list[str]) -> float:
        return seconds(lambda: engine.translate(part))

    def bare(part: list[str], **wanted: bool) -> float:
        sources = [[*engine._words.cut(text).words, END] for text in part]
        return beside.submit(Bare.seconds, sources, limit, wanted).result()

    def the_same(part: list[str]) -> float:
        return bare(part, return_scores=True, return_attention=True)

    def transformers(part: list[str]) -> float:
        words: Any = tokenizer(part, return_tensors="pt", padding=True)
        options = {"num_beams": 1, "do_sample": False, "max_new_tokens": limit, "max_length": None}
        return seconds(lambda: model.generate(**words, **options))

    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), Bare.load, (str(out),)) as beside:
        for name, part in ((f"batch of {len(texts)}", texts), ("one message", texts[:1])):
            ways = {"ours": ours, "CTranslate2": the_same, "CTranslate2, text": bare, "transformers": transformers}
            compare(name, part, limit, ways, rounds)


class Bare:
    """CTranslate2 in its defaults. In a process of its own: which instructions it uses it decides once for all."""

    translator: Any = None

    @classmethod
    def load(cls, folder: str) -> None:
        os.environ.pop("CT2_FORCE_CPU_ISA", None)  # the parent's, who serves with it
        import ctranslate2

        cls.translator = ctranslate2.Translator(folder, inter_threads=1, intra_threads=1)

    @classmethod
    def seconds(cls, sources: list[list[str]], limit: int, wanted: Mapping[str, bool]) -> float:
        return seconds(
            lambda: cls.translator.translate_batch(sources, beam_size=1, max_decoding_length=limit, **wanted)
        )


def seconds(work: Callable[[], object]) -> float:
    """Of the processor's time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(
    name: str, part: list[str], limit: int, ways: Mapping[str, Callable[[list[str]], float]], rounds: int
) -> None:
    """``ways``: each does the work and says how long it took."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        order = [*ways.items()]
        for way, work in order[number % len(order) :] + order[: number % len(order)]:
            took = work(part)
            if number:  # the first round only warms up
                times[way].append(took)
    print(f"{name}, {limit} words each")
    for way, found in times.items():
        middle = statistics.median(found)
        ratio = statistics.median(map(float.__truediv__, found, times["ours"]))
        speed = len(part) / middle
        print(f"  {way:17} {middle * 1e3:8.1f} ms, {speed:6.1f} messages/s: ours is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()

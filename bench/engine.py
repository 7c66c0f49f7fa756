"""Both runtimes on one core, each beside others: `python -m bench.engine --eval FOLDER`.

Students beside fxtranslate, then an OPUS-MT-sized checkpoint beside transformers and CTranslate2 alone (bench/opus.py,
which needs torch and transformers); `--only` for one of the two. Of students both run the same model files on the same
messages (FOLDER/chat.en-pt.jsonl) in the same process, in turns, so that whatever else the machine does meets both.
Time is the processor's, of this process alone; both use one thread. Ratios are taken round by round, and of them the
median.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sacrebleu
from fxtranslate import Translator

from bench import opus
from models.errors import MissingTools
from models.installed import Installed, find
from translation.engines.base import Engine
from translation.engines.load import load

DIRECTIONS = (("en", "pt"), ("pt", "en"))
SLICES = 8  # of a round: about as long for fxtranslate as all messages for us


@dataclass(frozen=True)
class Message:
    text: str
    reference: str


class Peer:
    """fxtranslate on the files of one of our models. It takes one message at a time."""

    def __init__(self, installed: Installed, *, shortlist: bool) -> None:
        files = installed.files
        self._translator = Translator(
            files["model"].read_bytes(),
            files["source_vocabulary"].read_bytes(),
            files["target_vocabulary"].read_bytes(),
            files["shortlist"].read_bytes() if shortlist else None,
        )

    def translate(self, texts: list[str]) -> list[str]:
        return [self._translator.translate(text) for text in texts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, help="folder with chat.en-pt.jsonl, which the students need")
    parser.add_argument("--only", choices=("students", "opus"), help="one of the two parts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=300, help="messages in each round")
    parser.add_argument("--skip-quality", action="store_true", help="leave out chrF, which takes minutes")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    if arguments.only != "opus" and arguments.eval is None:
        parser.error("--eval is missing, which the students need; or --only opus")
    os.sched_setaffinity(0, {arguments.core})
    if arguments.only != "opus":
        students(arguments)
    if arguments.only != "students":
        try:
            opus.report(arguments.rounds)
        except MissingTools as error:
            print(f"\nno OPUS-MT-sized checkpoint: {error}")


def students(arguments: argparse.Namespace) -> None:
    installed = {(model.source, model.target): model for model in reversed(find())}
    for direction in DIRECTIONS:
        model = installed[direction]
        messages = read(arguments.eval, direction[0])
        start = time.perf_counter()
        engine = load(model)
        print(f"{direction[0]}>{direction[1]}: {model.name}, loaded in {time.perf_counter() - start:.2f} s")
        peers = {
            "fxtranslate with shortlist": Peer(model, shortlist=True),
            "fxtranslate without shortlist": Peer(model, shortlist=False),
        }
        if not arguments.skip_quality:
            quality(engine, peers, messages)
        chosen = random.Random(1).sample([message.text for message in messages], arguments.messages)
        throughput(engine, peers, chosen, arguments.rounds)
        latency(engine, peers["fxtranslate with shortlist"], chosen[:200])


def read(folder: Path, source: str) -> list[Message]:
    with (folder / "chat.en-pt.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Message(row["text"], row["reference"]) for row in rows if row["from"] == source]


def quality(engine: Engine, peers: dict[str, Peer], messages: list[Message]) -> None:
    texts, references = [message.text for message in messages], [message.reference for message in messages]
    together = [hypothesis.text for hypothesis in engine.translate(texts)]
    alone = [engine.translate([text])[0].text for text in texts]
    same = sum(map(str.__eq__, together, alone))
    print(f"  chrF of {len(texts)} messages: {chrf(together, references):.2f} ours ({same} the same one by one)")
    for name, peer in peers.items():
        theirs = peer.translate(texts)
        same = sum(map(str.__eq__, together, theirs))
        print(f"    {chrf(theirs, references):.2f} {name} ({same} the same as ours)")


def chrf(hypotheses: list[str], references: list[str]) -> float:
    return float(sacrebleu.corpus_chrf(hypotheses, [references]).score)


def throughput(engine: Engine, peers: dict[str, Peer], texts: list[str], rounds: int) -> None:
    """Each round, every peer translates all messages, a slice at a time; before each slice we translate them all."""
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    ratios: dict[str, list[float]] = {name: [] for name in peers}
    engine.translate(texts)
    for _ in range(rounds):
        for name, peer in peers.items():
            our_times, their_time = [], 0.0
            for part in range(SLICES):
                our_times.append(seconds(engine.translate, texts))
                their_time += seconds(peer.translate, texts[part::SLICES])
            ours += our_times
            theirs[name].append(their_time)
            ratios[name].append(their_time / statistics.mean(our_times))
    print(f"  throughput on one core: {len(texts) / statistics.median(ours):.0f} messages/s ours")
    for name, times in theirs.items():
        speed, ratio = len(texts) / statistics.median(times), statistics.median(ratios[name])
        print(f"    {speed:.0f} messages/s {name}: ours is {ratio:.2f} times as fast")


def latency(engine: Engine, peer: Peer, texts: list[str]) -> None:
    ours, theirs = [], []
    for text in texts:
        ours.append(seconds(engine.translate, [text]))
        theirs.append(seconds(peer.translate, [text]))
    for name, times in (("ours", ours), ("fxtranslate with shortlist", theirs)):
        cuts = statistics.quantiles(times, n=20)
        print(f"  one message: p50 {statistics.median(times) * 1e3:.1f} ms, p95 {cuts[-1] * 1e3:.1f} ms {name}")


def seconds(work: Callable[[list[str]], object], texts: list[str]) -> float:
    start = time.process_time()
    work(texts)
    return time.process_time() - start


if __name__ == "__main__":
    main()

"""A large glossary: `python -m bench.glossary_size`. Building, memory, matching, changing, and files of it."""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

from glossary.exchange import read, write
from glossary.matcher import Matcher
from glossary.merge import preview
from glossary.term import Term, Wording

T = TypeVar("T")
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "al", "en", "or")]
ENDINGS = {"en": ("", "t", "r", "k"), "pt": ("o", "a", "ção", "dade", "al")}
LENGTH = 200  # code points of a message


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1000)
    arguments = parser.parse_args()
    pick = random.Random(1)
    terms = [
        Term(f"t{number}", {language: Wording(phrase(pick, language)) for language in ENDINGS})
        for number in range(arguments.terms)
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    matcher, seconds = timed(lambda: Matcher(terms, 1))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{len(terms)} terms in {len(ENDINGS)} languages: built in {seconds:.2f} s, {memory:.0f} MiB beside the terms"
    )

    messages = [message(pick, terms) for _ in range(arguments.messages)]
    times, found = [], 0
    for text in messages:
        matches, seconds = timed(lambda text=text: matcher.match(text, "en", "pt"))
        times.append(seconds * 1e3)
        found += len(matches)
    cuts = statistics.quantiles(times, n=20)
    print(f"match of {LENGTH} characters with {found / len(messages):.1f} terms: "
          f"p50 {statistics.median(times):.3f} ms, p95 {cuts[-1]:.3f} ms")  # fmt: skip
    _, seconds = timed(lambda: matcher.changed({"t1": terms[2], "t3": None}, 2))
    print(f"two terms changed: {seconds * 1e3:.2f} ms")

    for kind in ("csv", "tbx", "xlsx"):
        data, seconds = timed(lambda kind=kind: write(terms, format=kind))
        print(f"written as {kind.upper()} ({len(data) / 1e6:.1f} MB): {seconds:.2f} s")
        sheet, seconds = timed(lambda data=data: read(data))
        plan, more = timed(lambda sheet=sheet: preview(sheet, terms))
        print(f"read: {seconds:.2f} s, compared: {more:.2f} s, {plan.unchanged} unchanged")


def phrase(pick: random.Random, language: str) -> str:
    words = ["".join(pick.choices(SYLLABLES, k=pick.randint(2, 4))) for _ in range(pick.randint(1, 2))]
    words[0] += pick.choice(ENDINGS[language])
    return " ".join(words)


def message(pick: random.Random, terms: list[Term]) -> str:
    """Plain English, a few terms, now and then a plural and an accent."""
    filler = "hello thank you for the order we will check it and come back as soon as we can please wait é"
    words: list[str] = []
    while len(" ".join(words)) < LENGTH:
        words += pick.choices(filler.split(), k=8)
        words.append(pick.choice(terms).wordings["en"].text + pick.choice(("", "", "s")))
    return " ".join(words)[:LENGTH]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the seconds of processor time that it took."""
    start = time.thread_time()
    result = work()
    return result, time.thread_time() - start


if __name__ == "__main__":
    main()

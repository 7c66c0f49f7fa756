"""Language detection on real support chats, beside the libraries it is made of.

    python -m bench.language --eval FOLDER

FOLDER holds ``language.jsonl`` (messages with their language) and ``conversations.*.jsonl`` (one side of whole
conversations). ``switches`` are made up: the start of one conversation goes on with another in another language; so
are the English conversations on a Korean page, of single messages that were not written one after the other.
Everything that was tuned is shown on two halves of the files, split by a hash, so that a lucky fit would show.
``ms`` is processor time a message, so that other work on the machine counts less.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from translation.language import Evidence, State, detect, load

SHOP = ("en", "de", "fr", "es", "pt", "nl", "ko", "it")


def main() -> None:
    """Prints every figure, and which targets were missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--eval", type=Path, required=True, help="folder with the files")
    options.add_argument("--no-peers", action="store_true", help="leave the other libraries out")
    given = options.parse_args()
    messages = _read([given.eval / "language.jsonl"])
    talks = _read(sorted(given.eval.glob("conversations.*.jsonl")))
    if not messages or not talks:
        sys.exit(f"{given.eval} holds no language.jsonl and conversations.*.jsonl")

    before, start = _memory(), time.perf_counter()
    load()
    print(f"loading: {time.perf_counter() - start:.2f} s, {_memory() - before:.0f} MB (with langdetect's profiles)\n")
    missed = [
        *_single(messages, {} if given.no_peers else _peers()),
        *_whole(talks),
        *_moved(talks),
        *_english_on_a_korean_page(messages),
    ]
    print("\n" + ("missed: " + "; ".join(missed) if missed else "every target met"))


def _single(messages: Sequence[dict[str, Any]], peers: dict[str, Callable[[str], str]]) -> list[str]:
    print(f"{len(messages)} single messages       all   half 1  half 2  <=3 words  4-8    >8    ms")
    for name, peer in peers.items():
        _line(name, messages, peer)
    alone = _line("here, text only", messages, lambda text: detect(Evidence(text))[1].language)
    known = _line("here, shop's 8", messages, lambda text: detect(Evidence(text, shop_languages=SHOP))[1].language)
    return [
        *_check("single messages", alone[0], 0.95),
        *_check("up to three words", alone[1], 0.82),
        *_check("shop's languages known", known[0], 0.955),
        *_check("ms a message", -alone[2], -1.0),
    ]


def _line(name: str, messages: Sequence[dict[str, Any]], answer: Callable[[str], str]) -> tuple[float, float, float]:
    answer("a first message, so that loading is not counted")
    start = time.process_time()
    right = [answer(row["text"]) == row["language"] for row in messages]
    ms = (time.process_time() - start) / len(messages) * 1000
    sizes = [len(row["text"].split()) for row in messages]

    def part(keep: Iterable[bool]) -> float:
        kept = [ok for ok, kept in zip(right, keep, strict=True) if kept]
        return sum(kept) / max(1, len(kept))

    whole, short = part([True] * len(right)), part([n <= 3 for n in sizes])
    halves = [part([_half(row["text"]) == half for row in messages]) for half in (0, 1)]
    rest = [part([3 < n <= 8 for n in sizes]), part([n > 8 for n in sizes])]
    figures = "  ".join(f"{figure:6.3f}" for figure in (whole, *halves, short, *rest))
    print(f"{name:24} {figures}  {ms:6.3f}")
    return whole, short, ms


def _whole(talks: Sequence[dict[str, Any]]) -> list[str]:
    missed: list[str] = []
    print(f"\n{len(talks)} conversations        messages  half 1  half 2  first  false switches  ms")
    for name, page in (("text and history", False), ("with page locale", True)):
        start, total = time.process_time(), 0
        right: list[tuple[int, bool]] = []
        first: list[bool] = []
        switched: list[bool] = []
        for talk in talks:
            language = talk["language"]
            ok = [x == language for x in _replay(talk["messages"], page_locale=language if page else None)]
            total += len(ok)
            right += [(_half(talk["doc"]), good) for good in ok]
            first.append(ok[0])
            switched.append(any(a and not b for a, b in itertools.pairwise(ok)))
        ms = (time.process_time() - start) / total * 1000
        overall = _mean(good for _, good in right)
        halves = [_mean(good for half, good in right if half == wanted) for wanted in (0, 1)]
        print(
            f"{name:24}  {overall:6.3f}  {halves[0]:6.3f}  {halves[1]:6.3f} {_mean(first):6.3f}"
            f"  {_mean(switched):6.3f} ({sum(switched)})    {ms:6.3f}"
        )
        missed += _check(f"messages, {name}", overall, 0.99)
        missed += _check(f"false switches, {name}", -_mean(switched), -0.01)
        if page:
            missed += _check("first message with page locale", _mean(first), 0.98)
    return missed


def _moved(talks: Sequence[dict[str, Any]]) -> list[str]:
    chance = random.Random(1)
    followed: list[bool] = []
    for _ in range(5):
        for talk in talks:
            other = chance.choice([t for t in talks if t["language"] != talk["language"]])
            start, then = talk["messages"][: chance.randint(2, 8)], other["messages"][:4]
            if len(then) < 2:
                continue
            found = _replay([*start, *then], page_locale=talk["language"])[len(start) :]
            followed.append(found[1] == other["language"])
    print(f"\nswitches, page locale of the first language: {_mean(followed):.3f} of {len(followed)} followed in two")
    cost: list[int] = []
    for talk in talks:
        page = "ko" if talk["language"] != "ko" else "pt"
        cost.append(sum(x != talk["language"] for x in _replay(talk["messages"][:8], page_locale=page)))
    one = _mean(wrong <= 1 for wrong in cost)
    print(f"wrong page locale: {_mean(wrong == 0 for wrong in cost):.3f} lose nothing, {one:.3f} at most one message")
    return [*_check("switches followed", _mean(followed), 0.95), *_check("wrong page locale", one, 0.98)]


def _english_on_a_korean_page(messages: Sequence[dict[str, Any]]) -> list[str]:
    english = [row["text"] for row in messages if row["language"] == "en"]
    missed: list[str] = []
    print(f"\nEnglish on a Korean page     none wrong  at most one  at most two  first  ({len(english)} messages)")
    for name, accept in (
        ("browser unknown", None),
        ("browser English", "en-US,en;q=0.9"),
        ("browser Korean", "ko-KR,ko;q=0.9"),
    ):
        cost: list[int] = []
        first: list[bool] = []
        for seed in range(5):
            mixed = random.Random(seed).sample(english, len(english))
            for start in range(0, len(mixed) - 7, 8):
                found = _replay(mixed[start : start + 8], "ko-KR", accept)
                cost.append(sum(language != "en" for language in found))
                first.append(found[0] == "en")
        shares = [_mean(wrong <= most for wrong in cost) for most in (0, 1, 2)]
        print(f"{name:28}  {shares[0]:6.3f}      {shares[1]:6.3f}       {shares[2]:6.3f}  {_mean(first):6.3f}")
        missed += _check(f"English on a Korean page, {name}", shares[1], 0.98)
    return missed


def _replay(messages: Sequence[str], page_locale: str | None, accept_language: str | None = None) -> list[str]:
    state: State | None = None
    out = []
    for text in messages:
        state, found = detect(Evidence(text, page_locale=page_locale, accept_language=accept_language), state)
        out.append(found.language)
    return out


def _peers() -> dict[str, Callable[[str], str]]:
    """The libraries as they come, each with all its languages; lingua only where it is installed."""
    import langdetect
    import py3langid

    from translation.language.models import fasttext

    def by_langdetect(text: str) -> str:
        try:
            return str(langdetect.detect(text))
        except langdetect.LangDetectException:
            return ""

    def by_fasttext(text: str) -> str:
        found = fasttext(text.replace("\n", " "))
        return max(found, key=found.__getitem__) if found else ""

    langdetect.DetectorFactory.seed = 0
    peers: dict[str, Callable[[str], str]] = {
        "langdetect": by_langdetect,
        "py3langid": lambda text: str(py3langid.classify(text)[0]),
        "fastText lid.176.ftz": by_fasttext,
    }
    try:
        import lingua
    except ModuleNotFoundError:
        print("lingua is not installed: left out (pip install lingua-language-detector, 96 MB)")
        return peers
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def by_lingua(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else ""

    return {**peers, "lingua": by_lingua}


def _read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _half(text: str) -> int:
    return zlib.crc32(text.encode()) & 1


def _mean(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / max(1, len(listed))


def _check(name: str, figure: float, least: float) -> list[str]:
    return [] if figure >= least else [f"{name} {abs(figure):.3f}, wanted {abs(least)}"]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

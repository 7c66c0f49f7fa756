"""Memories as files: JSON lines, and TMX 1.4 as translation tools write it. Pure.

A JSON line is ``{"from": "en", "to": "pt", "source": "Hello", "target": "Olá"}``, with, where known, ``count``,
``edited`` and ``time`` as in ``pair.Pair``. Reading is all or nothing: every problem is told with its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from translation.memory.pair import Pair, PairError, validate

MAX_PROBLEMS = 100  # told of one file; more help nobody


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line; the first one is 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class ExchangeError(ValueError):
    """The file cannot be taken. ``problems`` in line order, at most MAX_PROBLEMS; ``total`` counts all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems[:MAX_PROBLEMS])
        self.total = len(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:3]))


def read(data: bytes) -> list[Pair]:
    """The pairs of a file in either format. Raises ExchangeError with every problem found."""
    text = _decode(data)
    if text.lstrip().startswith("<"):
        from translation.memory import tmx

        return tmx.read(text)
    pairs: list[Pair] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            pair = _read(line)
            validate(pair)
            pairs.append(pair)
        except (PairError, msgspec.DecodeError) as error:
            problems.append(Problem(number, str(error)))
    if problems:
        raise ExchangeError(problems)
    return pairs


def write(pairs: Iterable[Pair]) -> Iterator[bytes]:
    """The pairs as JSON lines; ``read`` gives the same pairs again."""
    for pair in pairs:
        yield _write(pair) + b"\n"


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise ExchangeError([Problem(1, "the file is neither UTF-8 nor UTF-16 text")]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ExchangeError([Problem(line, "is no UTF-8 text: save the file as UTF-8")]) from None


_read = msgspec.json.Decoder(Pair).decode
_write = msgspec.json.Encoder().encode

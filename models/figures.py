"""What was measured of the models on this machine: speed, and quality where there was something to compare with.

The figures lie in the models folder, ``figures.json``, one entry a direction. They are of one model: of another one
for the same direction they say nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec

from models.chrf import chrf
from models.errors import FetchError, ModelFileError

NAME = "figures.json"
_MOST_PAIRS = 2000  # more would only take longer
_ENOUGH = 2.0  # seconds to measure the speed for
_BATCH = 4  # times the samples, to be translated together


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one model."""

    model: str  # its name
    speed: float  # messages a second of one core, many at a time
    chrf: float | None = None  # 0 to 100
    pairs: int = 0  # texts that chrF is of


class Said(Protocol):
    @property
    def text(self) -> str: ...


class Translates(Protocol):
    """An engine, as far as it is needed here."""

    def translate(self, segments: Sequence[str], /) -> Sequence[Said]: ...


def read(models: Path | None) -> dict[str, Figures]:
    """By direction, such as ``de-en``. Raises ModelFileError where the file cannot be used."""
    if models is None:
        return {}
    path = models / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Figures])
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    except msgspec.DecodeError as error:
        raise ModelFileError(path, f"holds no figures ({error}): delete it and measure again") from error


def write(models: Path, figures: Mapping[str, Figures]) -> None:
    """Adds to those that are there, in one step. Raises FetchError where the folder cannot be written."""
    path = models / NAME
    fresh = path.with_name(f".{NAME}.{os.getpid()}")
    try:
        models.mkdir(parents=True, exist_ok=True)
        try:
            held = read(models)
        except ModelFileError:
            held = {}
        content = msgspec.json.format(msgspec.json.encode({**held, **figures}, order="sorted"), indent=1)
        with fresh.open("wb") as file:
            file.write(content + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise FetchError(f"{path} cannot be written ({error.strerror or error})") from error
    finally:
        fresh.unlink(missing_ok=True)


def measure(
    engine: Translates, name: str, source: str, pairs: Sequence[tuple[str, str]] = (),
    clock: Callable[[], float] = time.process_time,
) -> Figures:  # fmt: skip
    """``pairs``: texts and how they should come out. Takes a few seconds. Raises what the engine raises."""
    texts = list(samples(source)) * _BATCH
    engine.translate(texts)
    took: list[float] = []
    while sum(took) < _ENOUGH:
        start = clock()
        engine.translate(texts)
        took.append(max(clock() - start, 1e-6))
    speed = round(len(texts) / statistics.median(took), 1)
    if not pairs:
        return Figures(name, speed)
    pairs = pairs[:_MOST_PAIRS]
    said = [each.text for each in engine.translate([text for text, _ in pairs])]
    return Figures(name, speed, round(chrf(said, [reference for _, reference in pairs]), 2), len(pairs))


def parallel(path: Path, source: str) -> list[tuple[str, str]]:
    """Texts and references of a file: JSON lines with ``text`` and ``reference``, and ``from`` where it holds more
    than one direction; or two columns with a tab between. Raises ModelFileError."""
    found = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFileError(path, f"cannot be read ({error})") from error
    for number, line in enumerate(filter(str.strip, lines), 1):
        if line.startswith("{"):
            try:
                row = json.loads(line)
                text, reference = row["text"], row["reference"]
            except (ValueError, KeyError) as error:
                raise ModelFileError(path, f"has a line without text and reference: the {number}.") from error
            if row.get("from", source) != source:
                continue
        else:
            text, tab, reference = line.partition("\t")
            if not tab:
                raise ModelFileError(path, f"has a line without a tab: the {number}.")
        found.append((str(text), str(reference)))
    if not found:
        raise ModelFileError(path, f"holds nothing in {source}")
    return found


@cache
def _all_samples() -> Mapping[str, Sequence[str]]:
    with Path(__file__).with_name("samples.toml").open("rb") as file:
        return tomllib.load(file)


def samples(language: str) -> Sequence[str]:
    """Messages in a language; English ones where there are none."""
    known = _all_samples()
    return known.get(language.partition("_")[0], known["en"])

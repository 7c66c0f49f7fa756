"""Models that are published and can be fetched, and those that packages carry, as ``catalogue.toml`` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.manifest import File, Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that somebody publishes."""

    source: str
    target: str
    kind: Kind
    name: str  # of a student its architecture, of a checkpoint its name on the hub
    licence: str
    megabytes: int  # to download, about
    prefix: str = ""  # word that chooses the target language


@dataclass(frozen=True, slots=True)
class Carried:
    """A model in an installed package."""

    name: str  # as receipts show it
    licence: str
    package: str  # as pip knows it, with its version
    files: dict[str, File]


@cache
def entries() -> tuple[Entry, ...]:
    """All that can be fetched, those of a direction in order of preference: students first, which are several times
    as fast."""
    content = _content()
    students = [
        Entry(source, target, "student", architecture, content["firefox"]["licence"], size["megabytes"])
        for architecture, size in content["firefox"]["architecture"].items()
        for source, target in _pairs(size["directions"])
    ]
    opus = content["opus-mt"]
    checkpoints = [
        Entry(source, target, "marianmt", f"Helsinki-NLP/opus-mt-{source}-{target}", opus["licence"], opus["megabytes"])
        for source, target in _pairs(opus["directions"])
    ]
    return (*students, *checkpoints, *(_special(opus, each) for each in opus["special"]))


def of(source: str, target: str) -> list[Entry]:
    """The models of one direction, best first."""
    return [entry for entry in entries() if (entry.source, entry.target) == (source, target)]


@cache
def carried() -> dict[str, Carried]:
    """The models that packages carry, by name."""
    return {
        each["name"]: Carried(
            each["name"],
            each["licence"],
            each["package"],
            {name: File(**file) for name, file in each["files"].items()},
        )
        for each in _content()["carried"]
    }


@cache
def _content() -> dict[str, Any]:
    with Path(__file__).with_name("catalogue.toml").open("rb") as file:
        return tomllib.load(file)


def _special(opus: dict[str, Any], given: dict[str, Any]) -> Entry:
    """One whose name does not follow from its direction, or that needs a word to choose the language."""
    ((source, target),) = _pairs([given["direction"]])
    licence, size = given.get("licence", opus["licence"]), given.get("megabytes", opus["megabytes"])
    return Entry(source, target, "marianmt", given["name"], licence, size, given.get("prefix", ""))


def _pairs(directions: list[str]) -> list[tuple[str, str]]:
    """``xx-en`` and ``en-xx``; ``en<>xx`` stands for both."""
    pairs = []
    for text in directions:
        if "<>" in text:
            one, _, other = text.partition("<>")
            pairs += [(one, other), (other, one)]
        else:
            source, _, target = text.partition("-")
            pairs.append((source, target))
    return pairs

"""All that is needed to translate one direction: the engine, and what is known of both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from translation import language, tables
from translation.engines.base import Engine
from translation.language.identify import read
from translation.normalise import Normaliser, Steps
from translation.phrases import Phrases, Rules, phrases
from translation.scripts import scripts
from translation.tables import Language
from translation.verify import Expected

ALL = Steps()
MAX_WORDS = 40  # longer pieces come out better in parts


@dataclass(frozen=True)
class Direction:
    """Source and target are language tags."""

    source: str
    target: str
    engine: Engine
    source_language: Language
    target_language: Language
    normaliser: Normaliser
    phrases: Phrases
    scripts: str
    expected: Expected
    problems: tuple[str, ...] = ()  # what is wrong with the shop's own tables

    def fits(self, text: str) -> bool:
        """Whether the engine takes a text in one piece."""
        if len(text) <= 80:
            return len(text) <= self.engine.max_tokens or self.engine.count_tokens(text) <= self.engine.max_tokens
        return text.count(" ") < MAX_WORDS and self.engine.count_tokens(text) <= self.engine.max_tokens


@runtime_checkable
class Speller(Protocol):
    """An engine that can say what its vocabulary holds."""

    def knows(self, char: str) -> bool:
        """Whether the model can read a character."""
        ...


@runtime_checkable
class Calibrated(Protocol):
    """An engine whose scores were compared with the quality of its translations."""

    @property
    def doubtful_score(self) -> float:
        """Mean log-probability a token, below which translations are mostly bad."""
        ...


def _everyday(char: str) -> bool:
    """What most models can spell: letters, except capitals with accents, and the everyday marks of ASCII."""
    if char.isascii():
        return char not in "@\\^`{}~<>"
    return char.isalnum() and not char.isupper()


def direction(source: str, target: str, engine: Engine, steps: Steps = ALL, own: Path | None = None) -> Direction:
    """Gathers the tools of a direction. Reads small data files the first time that a language is seen.

    ``own``: the folder with the shop's tables.
    """
    source_language = tables.language(source, own)
    wanted = tables.language(target, own)
    known = phrases(source, target, own)
    knows = engine.knows if isinstance(engine, Speller) else _everyday
    return Direction(
        source,
        target,
        engine,
        source_language,
        wanted,
        Normaliser(knows, source_language, known, steps, engine.count_tokens),
        Phrases(known.sentences if steps.phrases else {}, Rules(), known.wording if steps.wording else Rules()),
        scripts(source, target),
        Expected(
            source_language.numbers,
            scripts(target),
            engine.doubtful_score if isinstance(engine, Calibrated) else None,
            partial(_elsewhere, source_language=source, target_language=target),
        ),
        tuple(dict.fromkeys((*source_language.problems, *wanted.problems, *known.problems))),
    )


def _elsewhere(text: str, source_language: str, target_language: str) -> bool:
    """Whether a text is beyond doubt not in the target language. False where nobody has loaded what can tell."""
    if not language.loaded():
        return False
    target = language.base(target_language)
    logs = read(text, languages=(language.base(source_language), target)).logs
    return bool(logs) and logs.get(target, -99.0) < -language.BEYOND_DOUBT

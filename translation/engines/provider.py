"""Gives the engine of a direction: loaded on first use, once, and remembered where it cannot be loaded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from translation.engines.base import Engine
from translation.route import UNKNOWN, Figures

log = logging.getLogger(__name__)

Direction = tuple[str, str]  # source and target, base language codes


@dataclass
class _Slot:
    loaders: tuple[Callable[[], Engine], ...]
    lock: threading.Lock = field(default_factory=threading.Lock)
    engine: Engine | None = None
    tried: bool = False


class Provider:
    """Engines by direction. Safe to call from several threads; two directions load side by side."""

    def __init__(self, loaders: Mapping[Direction, tuple[Callable[[], Engine], ...]]) -> None:
        """``loaders``: for each direction the ways to get an engine, best first; one that cannot be used raises."""
        self._slots = {direction: _Slot(tuple(ways)) for direction, ways in loaders.items() if ways}

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions with a model, usable or not, in no special order."""
        return tuple(self._slots)

    @property
    def models(self) -> dict[Direction, Figures]:
        """What is known of each direction's model, for the choice of ways through a third language."""
        return dict.fromkeys(self._slots, UNKNOWN)

    def get(self, source: str, target: str) -> Engine | None:
        """The engine for two language tags ("pt" and "pt-BR" are one), or None. The first call loads it."""
        slot = self._slots.get((_base(source), _base(target)))
        if slot is None:
            return None
        if not slot.tried:
            with slot.lock:
                if not slot.tried:
                    slot.engine = _first(slot.loaders)
                    slot.tried = True
        return slot.engine

    def why_not(self, source: str, target: str) -> str | None:
        """Why ``get`` gives None: ``no-model``, or ``model-corrupt`` where one is there and cannot be used."""
        slot = self._slots.get((_base(source), _base(target)))
        if slot is None:
            return "no-model"
        return "model-corrupt" if slot.tried and slot.engine is None else None


def _first(loaders: tuple[Callable[[], Engine], ...]) -> Engine | None:
    """The first that loads. Each failure is one line in the log; its error names the file."""
    for load in loaders:
        try:
            return load()
        except Exception as error:
            log.error("a model cannot be used and is left alone until the next start: %s", error)
    return None


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()


def installed_engines(models: Path | None = None) -> Provider:
    """All models on this machine: those that come with a package, and those in the folder ``models``."""
    from models.installed import find
    from translation.engines.load import load

    loaders: dict[Direction, list[Callable[[], Engine]]] = {}
    for installed in find(models):
        loaders.setdefault((_base(installed.source), _base(installed.target)), []).append(partial(load, installed))
    return Provider({direction: tuple(ways) for direction, ways in loaders.items()})

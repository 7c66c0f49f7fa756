"""Gives the engine of a direction: loaded on first use, let go when memory gets short, kept out if broken."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from translation.engines.base import Engine
from translation.route import UNKNOWN, Figures

if TYPE_CHECKING:
    from models.installed import Installed

log = logging.getLogger(__name__)

Direction = tuple[str, str]  # source and target, base language codes


@dataclass
class _Slot:
    loaders: tuple[Callable[[], Engine], ...]
    lock: threading.Lock = field(default_factory=threading.Lock)
    engine: Engine | None = None
    tried: bool = False
    used: float = 0.0  # when it was last asked for
    size: int = 0  # bytes that its engine is taken to need


class Provider:
    """Engines by direction. Safe to call from several threads; two directions load side by side."""

    def __init__(
        self,
        loaders: Mapping[Direction, tuple[Callable[[], Engine], ...]],
        *,
        sizes: Mapping[Direction, int] | None = None,
        figures: Mapping[Direction, Figures] | None = None,
        memory: int | None = None,
    ) -> None:
        """``loaders``: for each direction the ways to get an engine, best first; one that cannot be used raises.

        ``sizes``: bytes that the engine of a direction needs, about. ``memory``: bytes that all of them may take; the
        one asked for last stays even where it is larger. None: no bound. ``figures``: what was measured of the
        directions' models.
        """
        self._figures = figures or {}
        sizes = sizes or {}
        self._slots = {
            direction: _Slot(tuple(ways), size=sizes.get(direction, 0)) for direction, ways in loaders.items() if ways
        }
        self._memory = memory
        self._evicting = threading.Lock()
        self._listeners: list[Callable[[Engine], None]] = []

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions with a model, usable or not, in no special order."""
        return tuple(self._slots)

    @property
    def models(self) -> dict[Direction, Figures]:
        """What is known of each direction's model, for the choice of ways through a third language."""
        return {direction: self._figures.get(direction, UNKNOWN) for direction in self._slots}

    def get(self, source: str, target: str) -> Engine | None:
        """The engine for two language tags ("pt" and "pt-BR" are one), or None. The first call loads it."""
        slot = self._slots.get((_base(source), _base(target)))
        if slot is None:
            return None
        slot.used = time.monotonic()
        with slot.lock:
            if not slot.tried:
                slot.engine = _first(slot.loaders)
                slot.tried = True
                loaded = slot.engine is not None
            else:
                loaded = False
            engine = slot.engine
        if loaded:
            self._make_room(slot)
        return engine

    def on_evicted(self, listener: Callable[[Engine], None]) -> None:
        """Calls ``listener`` with each engine that is let go, in the thread that asked for another one. Who keeps an
        engine has to let go of it then; its memory is free when nobody has it."""
        self._listeners.append(listener)

    def fits(self, source: str, target: str) -> bool:
        """Whether a direction's engine is loaded or could be without another one being let go."""
        slot = self._slots.get((_base(source), _base(target)))
        if slot is None or slot.engine is not None or self._memory is None:
            return slot is not None
        return slot.size + sum(each.size for each in self._slots.values() if each.engine) <= self._memory

    def _make_room(self, newest: _Slot) -> None:
        if self._memory is None:
            return
        with self._evicting:
            while True:
                loaded = [slot for slot in self._slots.values() if slot.engine is not None]
                others = [slot for slot in loaded if slot is not newest]
                if not others or sum(slot.size for slot in loaded) <= self._memory:
                    return
                oldest = min(others, key=lambda slot: slot.used)
                with oldest.lock:
                    engine, oldest.engine, oldest.tried = oldest.engine, None, False
                if engine is not None:
                    log.info("%s makes room for another model", engine.name)
                    for listener in self._listeners:
                        listener(engine)

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


def installed_engines(models: Path | None = None, memory: int | None = None) -> Provider:
    """All models on this machine: those that come with a package, and those in the folder ``models``.

    ``memory``: bytes that loaded ones may take, None for no bound.
    """
    from models import figures
    from models.errors import ModelFileError
    from models.installed import find
    from translation.engines.load import load

    loaders: dict[Direction, list[Callable[[], Engine]]] = {}
    sizes: dict[Direction, int] = {}
    known: dict[Direction, Figures] = {}
    try:
        measured = figures.read(models)
    except ModelFileError as error:
        log.error("models are chosen as if nobody had measured them: %s", error)
        measured = {}
    for installed in find(models):
        direction = (_base(installed.source), _base(installed.target))
        found = measured.get(f"{installed.source}-{installed.target}")
        if direction not in loaders and found is not None and found.model == installed.name:
            known[direction] = Figures(None if found.chrf is None else found.chrf / 100, found.speed)
        loaders.setdefault(direction, []).append(partial(load, installed))
        sizes.setdefault(direction, int(_bytes(installed) * _LOADED[installed.kind]))
    return Provider({each: tuple(ways) for each, ways in loaders.items()}, sizes=sizes, figures=known, memory=memory)


# What a loaded model takes, as a multiple of its files: its numbers and what the runtime makes of them.
_LOADED = {"student": 4.0, "marianmt": 1.3}


def _bytes(installed: Installed) -> int:
    return sum(path.stat().st_size for path in set(installed.files.values()) if path.exists())

"""What the pipeline is asked, and the outcomes it answers with: exactly one outcome a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from conversation.receipt import Receipt
from glossary.matcher import Match
from translation.engines.base import Engine
from translation.language.segments import Part
from translation.memory.choose import Remembered
from translation.route import Direction, Figures


@dataclass(frozen=True, slots=True)
class Request:
    """A text to translate. Both languages are settled: tags such as ``pt`` or ``pt-BR``.

    ``remembered``: what the translation memory holds for it, best first; the first that holds is used.
    ``parts``: the stretches of a text in several languages, covering all of it; empty: all of it is in ``source``.
    ``scope``: the parts of the shop that it is about, for terms that hold only there.
    ``kept``: offsets of what is to stay as it stands, such as a quotation in the target language; in order.
    """

    text: str
    source: str
    target: str
    remembered: tuple[Remembered, ...] = ()
    parts: tuple[Part, ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    scope: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """A translation and how it came about. Doubts are in ``receipt.warnings``."""

    text: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Same:
    """Source and target are one language: there is nothing to translate."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No engine serves this direction. ``reason`` is a code: ``no-model``, ``model-corrupt``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It was tried and did not work. ``reason`` is a code: ``engine-error``, ``too-long``, ``internal-error``."""

    reason: str


Outcome = Done | Same | Unavailable | Failed


class EngineProvider(Protocol):
    """Gives the engine of a direction, loading it where needed. Safe to call from several threads."""

    def get(self, source: str, target: str) -> Engine | None:
        """None: there is no model for the direction, or it cannot be used (``why_not`` tells which)."""
        ...

    def why_not(self, source: str, target: str) -> str | None:
        """``no-model`` or ``model-corrupt`` where ``get`` gives None."""
        ...


@runtime_checkable
class Surveyed(Protocol):
    """A provider that can say which models there are, so that ways through a third language can be found."""

    @property
    def models(self) -> Mapping[Direction, Figures]:
        """The directions with a model, and what is known of it."""
        ...


@runtime_checkable
class Evicting(Protocol):
    """A provider that lets go of engines when memory gets short."""

    def on_evicted(self, listener: Callable[[Engine], None]) -> None:
        """``listener`` is told each of them."""
        ...


class GlossarySnapshot(Protocol):
    """The glossary at one moment, as ``glossary.matcher.Matcher`` is it."""

    @property
    def version(self) -> int: ...

    def match(self, text: str, source: str, target: str, scope: frozenset[str] = ...) -> Sequence[Match]: ...

"""Which models a message goes through: none, one, or two by way of a third language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Direction = tuple[str, str]  # source and target, base language codes

# Of a model that nobody has measured: what models of this size mostly reach.
_USUAL_QUALITY = 0.6
_USUAL_SPEED = 100.0
# A second leg costs time and blurs what the first one got right, which its own figure does not show.
_WORTH_A_SECOND_LEG = 1.15
_AS_GOOD = 0.02  # qualities that differ by no more than this count as the same
_LIKED = ("en",)  # pivots to prefer where nothing else tells them apart: what most models were made for


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a model. ``quality``: 0 to 1, such as chrF over 100. ``speed``: messages a second on a core."""

    quality: float | None = None
    speed: float | None = None


UNKNOWN = Figures()


@dataclass(frozen=True, slots=True)
class Route:
    """The directions to take one after another. Empty: source and target are one language."""

    legs: tuple[Direction, ...]

    @property
    def pivot(self) -> str | None:
        """The language between, if there is one."""
        return self.legs[0][1] if len(self.legs) == 2 else None


def base(tag: str) -> str:
    """``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


def routes(source: str, target: str, models: Mapping[Direction, Figures] | Iterable[Direction]) -> tuple[Route, ...]:
    """All ways from one language tag to another with the models that are there, best first.

    The direct way comes first, unless both ways were measured and the way around is clearly better.
    """
    start, end = base(source), base(target)
    if start == end:
        return (Route(()),)
    known = models if isinstance(models, Mapping) else dict.fromkeys(models, UNKNOWN)
    pivots = sorted({first[1] for first in known if first[0] == start and (first[1], end) in known})
    around = [Route(((start, pivot), (pivot, end))) for pivot in pivots if pivot not in (start, end)]
    around.sort(key=lambda route: _rank(route, known))
    if (start, end) not in known:
        return tuple(around)
    direct = Route(((start, end),))
    better = [route for route in around if _clearly_better(route, direct, known)]
    return (*better, direct, *(route for route in around if route not in better))


def _rank(route: Route, known: Mapping[Direction, Figures]) -> tuple[float, float, bool, str]:
    steps = round(_quality(route, known) / _AS_GOOD)
    pivot = route.pivot or ""
    return -steps, _seconds(route, known), pivot not in _LIKED, pivot


def _clearly_better(around: Route, direct: Route, known: Mapping[Direction, Figures]) -> bool:
    if any(known[leg].quality is None for leg in (*around.legs, *direct.legs)):
        return False
    return _quality(around, known) > _quality(direct, known) * _WORTH_A_SECOND_LEG


def _quality(route: Route, known: Mapping[Direction, Figures]) -> float:
    """What gets lost on the first leg the second cannot bring back: qualities multiply."""
    quality = 1.0
    for leg in route.legs:
        measured = known[leg].quality
        quality *= _USUAL_QUALITY if measured is None else measured
    return quality


def _seconds(route: Route, known: Mapping[Direction, Figures]) -> float:
    return sum(1 / (known[leg].speed or _USUAL_SPEED) for leg in route.legs)

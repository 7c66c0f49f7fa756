"""What engines said a moment ago.

Shoppers greet and thank in few ways, and agents paste the same answers all day: in support chats a sixth of the
messages stood there word for word within the last thousand. An engine gives the same answer to the same segment, next
to whatever neighbours, so it needn't be asked again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from translation.engines.base import Engine, Hypothesis

LONGEST = 300  # characters; longer segments hardly ever come again


_Model = tuple[str, str, str]  # name, source, target


class Asked(NamedTuple):
    """A question to an engine. ``freely``, ``begun``: see ``engines.base``, ``Freer`` and ``Continuing``."""

    text: str
    freely: bool
    begun: str | None = None  # how the translation is to begin; None: it is free to


class Recent:
    """The latest answers of each model, the longest unused first to go. In memory only. Not thread-safe."""

    def __init__(self, most: int) -> None:
        """Holds up to ``most`` answers; 0: none. One takes one to two kB."""
        self._most = most
        self._answers: OrderedDict[tuple[_Model, Asked], Hypothesis] = OrderedDict()

    def get(self, engine: Engine, asked: Asked) -> Hypothesis | None:
        """What the model answered, if that is still known."""
        key = (_model(engine), asked)
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, engine: Engine, asked: Asked, answer: Hypothesis) -> None:
        """Keeps an answer that may be asked for again."""
        if not self._most or len(asked.text) > LONGEST:
            return
        self._answers[_model(engine), asked] = answer
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)

    def forget(self, engine: Engine) -> None:
        """Drops what a model answered: when it is loaded again, its files may be others."""
        model = _model(engine)
        for key in [key for key in self._answers if key[0] == model]:
            del self._answers[key]


def _model(engine: Engine) -> _Model:
    return engine.name, engine.source, engine.target

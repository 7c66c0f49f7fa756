"""Near matches: remembered translations of messages that say almost the same. Pure.

They are offered to agents, who decide; nothing of this is ever sent by itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from translation.memory.forms import Reading, plain, read
from translation.memory.pair import Entry, Pair, entry, fill, merge, places_of

ALIKE = 0.9  # least likeness that is worth an agent's look
MOST = 200_000  # messages of one direction that are looked through, those that were said most often: some 10 ms


@dataclass(frozen=True, slots=True)
class Near:
    """A suggestion. ``likeness``: 0 to 1, 1 is the same message; ``text``: with the message's spans where they fit."""

    likeness: float
    source: str
    text: str
    edited: bool
    count: int


class Index:
    """The messages of one direction, ready to be compared. Immutable. Building takes about 0.1 ms a pair."""

    def __init__(self, pairs: Iterable[Pair], source: str, target: str) -> None:
        """``pairs``: those of the direction from ``source`` to ``target``. Raises PairError."""
        self._source, self._target = source, target
        forms: dict[bytes, list[Entry]] = {}
        for pair in pairs:
            item = entry(pair)
            if item is not None:
                forms.setdefault(item.digest, []).append(item)
        best = [merge((), entries)[0] for entries in forms.values()]
        best.sort(key=lambda variant: (variant.edited, variant.count), reverse=True)
        found = [
            (_form(reading), variant) for variant in best[:MOST] if (reading := read(variant.source, source, target))
        ]
        found.sort(key=lambda item: len(item[0]))
        self._texts = [text for text, _ in found]
        self._variants = [variant for _, variant in found]
        self._lengths = [len(text) for text in self._texts]

    def __len__(self) -> int:
        return len(self._texts)

    def near(self, text: str, limit: int = 3, *, alike: float = ALIKE) -> list[Near]:
        """The messages most like ``text``, best first, at most ``limit``, none less alike than ``alike``."""
        reading = read(text, self._source, self._target)
        if reading is None:
            return []
        form = _form(reading)
        # Texts that alike cannot differ more than so much in length.
        first = bisect_left(self._lengths, len(form) * alike / (2 - alike))
        last = bisect_right(self._lengths, len(form) * (2 - alike) / alike)
        hits = process.extract(
            form, self._texts[first:last], scorer=fuzz.ratio, limit=limit, score_cutoff=100 * alike
        )  # fmt: skip
        return [self._near(reading, likeness / 100, first + index) for _, likeness, index in hits]

    def _near(self, message: Reading, likeness: float, index: int) -> Near:
        variant = self._variants[index]
        text = variant.target
        stored = read(variant.source, self._source, self._target)
        if message.slots and stored is not None:
            places = places_of(stored, text, self._target, self._source)
            if places and [slot.sign for slot in stored.slots] == [slot.sign for slot in message.slots]:
                text = fill(text, places, [message.core[slot.start : slot.end] for slot in message.slots])
        return Near(round(likeness, 4), variant.source, text, variant.edited, variant.count)


def _form(reading: Reading) -> str:
    return plain(reading.close())

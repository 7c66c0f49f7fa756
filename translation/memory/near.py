"""Near matches: remembered translations of messages that say almost the same. Pure.

They are offered to agents, who decide; nothing of this is ever sent by itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz, process

from translation.memory.forms import Reading, plain, read
from translation.memory.pair import Entry, Pair, Variant, entry, fill, merge, places_of

ALIKE = 0.9  # least likeness that is worth an agent's look
MOST = 30_000  # messages of a direction that are looked through: edits by people, then what was said most; some 5 ms


@dataclass(frozen=True, slots=True)
class Near:
    """A suggestion: a remembered message with the asked one's numbers and addresses, and its translation.

    ``likeness``: 0 to 1, 1 is the same message.
    """

    likeness: float
    source: str
    text: str
    edited: bool
    count: int


class Index:
    """The messages of one direction, ready to be compared. Immutable."""

    def __init__(self, best: Iterable[Variant], source: str, target: str) -> None:
        """``best``: the best variant of each form of the direction from ``source`` to ``target``."""
        self._source, self._target = source, target
        found = [
            (_form(reading), variant) for variant in foremost(best) if (reading := read(variant.source, source, target))
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
            form, self._texts[first:last], scorer=fuzz.ratio, limit=2 * limit, score_cutoff=100 * alike
        )  # fmt: skip
        found = (self._near(reading, likeness / 100, first + index) for _, likeness, index in hits)
        return [near for near in found if near is not None][:limit]

    def _near(self, message: Reading, likeness: float, index: int) -> Near | None:
        """None where the numbers and addresses of somebody else would be offered."""
        variant = self._variants[index]
        source, text = variant.source, variant.target
        stored = read(source, self._source, self._target)
        if stored is not None and stored.slots:
            places = places_of(stored, text, self._target, self._source)
            if places is None or [slot.sign for slot in stored.slots] != [slot.sign for slot in message.slots]:
                return None
            own = [message.core[slot.start : slot.end] for slot in message.slots]
            text = fill(text, places, own)
            source = fill(stored.core, [(slot.start, slot.end) for slot in stored.slots], own)
        return Near(round(likeness, 4), source, text, variant.edited, variant.count)


def foremost(variants: Iterable[Variant]) -> list[Variant]:
    """The MOST that are most worth looking through, the best first."""
    return nlargest(MOST, variants, key=lambda variant: (variant.edited, variant.count))


def of_pairs(pairs: Iterable[Pair], source: str, target: str) -> Index:
    """The index of some pairs, all of one direction. Raises PairError."""
    forms: dict[bytes, list[Entry]] = {}
    for pair in pairs:
        item = entry(pair)
        if item is not None:
            forms.setdefault(item.digest, []).append(item)
    return Index((merge((), entries)[0] for entries in forms.values()), source, target)


def _form(reading: Reading) -> str:
    return plain(reading.close())

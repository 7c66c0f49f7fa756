"""A translation memory in this process, for the command line: the same rules as the one in the store. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from translation.memory.choose import Remembered, choose
from translation.memory.forms import digests, read
from translation.memory.pair import Entry, Pair, Variant, direction, entry, merge


class Book:
    """Immutable once made. 100,000 pairs take some seconds to read and about 50 MB."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Raises PairError."""
        gathered: dict[tuple[str, bytes], list[Entry]] = {}
        for pair in pairs:
            item = entry(pair)
            if item is None:
                continue
            gathered.setdefault((item.direction, item.digest), []).append(item)
        self._variants: dict[tuple[str, bytes], list[Variant]] = {
            place: merge((), entries) for place, entries in gathered.items()
        }

    def look_up(self, text: str, source: str, target: str) -> tuple[Remembered, ...]:
        """What is remembered for a text, best first."""
        reading = read(text, source, target)
        if reading is None:
            return ()
        way = direction(source, target)
        found = [variant for digest in digests(reading, source) for variant in self._variants.get((way, digest), ())]
        return choose(reading, found, source, target)

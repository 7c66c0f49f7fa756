"""What agents made of translations: the last corrections, for whoever learns from them.

A bounded log beside the memory. It repeats what stands in the conversations, so that nobody has to read all of those.
"""

from __future__ import annotations

import msgspec

from store.connect import Store
from translation.memory.correction import Correction
from translation.memory.keys import MemoryKeys

KEPT = 5000  # corrections; the oldest go


class CorrectionLog:
    """The last corrections of one installation. Raises the errors of ``store.errors``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = MemoryKeys(store.keys.prefix).corrections

    async def add(self, correction: Correction) -> None:
        await self._store.ask(("XADD", self._key, "MAXLEN", "~", KEPT, "*", "c", _encode(correction)))

    async def last(self, limit: int = KEPT) -> list[Correction]:
        """Newest first, each once, however often it was added."""
        (entries,) = await self._store.ask(("XREVRANGE", self._key, "+", "-", "COUNT", limit))
        found = [_decode(fields[1]) for _, fields in entries]
        return list({(each.conversation, each.seq): each for each in found}.values())


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Correction).decode

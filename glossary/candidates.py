"""What has been mined out of corrections, and which candidates nobody wants. Kept so that each is looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from glossary.keys import GlossaryKeys
from store.errors import translated


class Found(msgspec.Struct, frozen=True, array_like=True):
    """One swap of a correction: the words of the message, what was said for them, what should have been said."""

    source: str
    old: str
    new: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Found, ...]).decode


class Mined:
    """Corrections are named by their conversation and number. Raises the errors of ``store.errors``."""

    def __init__(self, client: Redis, prefix: str = "dragoman") -> None:
        self._client: Any = client
        self._keys = GlossaryKeys(prefix)

    async def of(self, names: Sequence[str]) -> dict[str, tuple[Found, ...]]:
        """What the corrections that were looked at already gave."""
        if not names:
            return {}
        with translated():
            found = await self._client.hmget(self._keys.mined, names)
        return {name: _decode(payload) for name, payload in zip(names, found, strict=True) if payload is not None}

    async def keep(self, found: Mapping[str, Sequence[Found]]) -> None:
        if found:
            with translated():
                payloads = {name: _encode(tuple(each)) for name, each in found.items()}
                await self._client.hset(self._keys.mined, mapping=payloads)

    async def forget(self, names: Iterable[str]) -> None:
        """Corrections that are in nobody's log any more."""
        with translated():
            known = {name.decode() for name in await self._client.hkeys(self._keys.mined)}
            if gone := known.difference(names):
                await self._client.hdel(self._keys.mined, *gone)

    async def refuse(self, key: str, who: str) -> None:
        """Nobody is asked about this candidate again."""
        with translated():
            await self._client.hset(self._keys.refused, key, who)

    async def refused(self) -> set[str]:
        with translated():
            return {key.decode() for key in await self._client.hkeys(self._keys.refused)}

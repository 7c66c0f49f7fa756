"""A large change on its way in, told to the workers while it is staged: they build beside what it will make of the
glossary, and have it ready when it is made.

Who makes the change offers it, workers follow, and the offer waits for them a while. Whatever stops on either side
costs the other nothing: an announcement lapses, a worker that falls silent is not waited for. Only the log decides
what a version is. Calls raise the errors of ``store.errors``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import resources
from typing import Any

import msgspec
from redis.asyncio import Redis

from glossary.keys import GlossaryKeys
from store.errors import StoreError, translated

LARGE = 1000  # changed terms up to which workers lay a change over what they have, without having been told

PATIENCE = 5.0  # seconds that a change waits for the workers, once it is staged
LOOK = 1.2  # seconds within which every worker has looked for an announcement
_SILENCE = 1.5  # seconds after which a worker that said nothing is not waited for
_POLL = 0.05
_LIFE = 10  # seconds that an announcement holds after it was last renewed
_FOLLOW_LIFE = 60  # seconds for what workers say of themselves
_CHUNKS = 2  # chunks read at a time: some milliseconds of somebody's time

_READY = b"ready"


class Coming(msgspec.Struct, frozen=True):
    """What is announced: a change of ``count`` terms made from version ``base``, which can only become the next one."""

    token: str
    base: int
    count: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Coming).decode


class Handover:
    """Both sides of the way, on one store."""

    def __init__(self, client: Redis, keys: GlossaryKeys) -> None:
        self._client: Any = client
        self._keys = keys
        script = (resources.files("glossary") / "announce.lua").read_text(encoding="utf-8")
        self._announce = client.register_script(script)

    async def look(self) -> tuple[int, Coming | None]:
        """The glossary's version, and what is announced. One round trip."""
        with translated():
            version, coming = await self._client.mget(self._keys.version, self._keys.coming)
        try:
            return int(version or 0), None if coming is None else _decode(coming)
        except msgspec.DecodeError:  # of a later version of this program
            return int(version or 0), None

    async def announce(self, coming: Coming) -> bool:
        """Says, or says again, that it comes. False where something else is announced: there is one at a time."""
        with translated():
            return bool(await self._announce(keys=[self._keys.coming], args=[_encode(coming), _LIFE]))

    async def withdraw(self, coming: Coming) -> None:
        """Forgets it, made or given up."""
        with translated():
            await self._announce(keys=[self._keys.coming], args=[_encode(coming), 0])
            await self._client.unlink(self._keys.follow(coming.token))

    async def followers(self, coming: Coming) -> dict[bytes, bytes]:
        """What each worker said last."""
        with translated():
            found: dict[bytes, bytes] = await self._client.hgetall(self._keys.follow(coming.token))
        return found

    async def read(self, coming: Coming, at: int, who: str, beat: int) -> Sequence[bytes]:
        """The next staged chunks from number ``at`` on, as far as they are there. Tells that ``who`` lives."""
        return (await self._tell(coming, who, beat, at))[-1]  # type: ignore[no-any-return]

    async def lives(self, coming: Coming, who: str, beat: int) -> None:
        await self._tell(coming, who, beat)

    async def ready(self, coming: Coming, who: str) -> None:
        await self._tell(coming, who, _READY)

    async def _tell(self, coming: Coming, who: str, what: int | bytes, at: int | None = None) -> list[Any]:
        follow = self._keys.follow(coming.token)
        with translated():
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.hset(follow, who, what)
                pipe.expire(follow, _FOLLOW_LIFE)
                if at is not None:
                    pipe.lrange(self._keys.bulk(coming.token), at, at + _CHUNKS - 1)
                answers: list[Any] = await pipe.execute()
        return answers


class Offer:
    """One change, on the side of who makes it."""

    def __init__(self, handover: Handover, coming: Coming) -> None:
        self._handover = handover
        self.coming = coming
        self._began: float | None = None  # when it was first announced, by the monotonic clock
        self._heard: dict[bytes, tuple[bytes, float]] = {}  # by worker: what it said last, and since when

    async def renew(self) -> None:
        """Announces it, and hears who follows. To be called every few seconds."""
        now = time.monotonic()
        if await self._handover.announce(self.coming) and self._began is None:
            self._began = now
        for who, said in (await self._handover.followers(self.coming)).items():
            if who not in self._heard or self._heard[who][0] != said:
                self._heard[who] = (said, now)

    async def wait(self, tell: Callable[[int, int], None]) -> None:
        """Until all who follow are ready, PATIENCE at most. ``tell`` is told how many are, and of how many."""
        until = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < until:
            await self.renew()
            if self._began is None or (await self._handover.look())[0] != self.coming.base:
                return  # nobody was told, or others were faster
            ready = sum(said == _READY for said, _ in self._heard.values())
            alive = sum(said == _READY or now - since < _SILENCE for said, since in self._heard.values())
            if alive:
                tell(ready, alive)
            if ready == alive and now - self._began > LOOK:
                return
            await asyncio.sleep(_POLL)

    async def end(self) -> None:
        """It is made or given up. Raises nothing: what is left lapses by itself."""
        with suppress(StoreError):
            await self._handover.withdraw(self.coming)

"""The translation memory in the store: looked up a batch at a time, changed all or nothing.

Small changes are one script; large ones are made beside the memory, shard by shard, and put in its place at the end, so
that the store never stands still for them and nobody sees half of them. Calls raise the errors of ``store.errors``.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import TypeVar

import msgspec

from store.connect import Store
from store.errors import StoreError
from store.wire import Part
from translation.memory.choose import Remembered, choose
from translation.memory.forms import FORM, Reading, digests, read
from translation.memory.keys import MemoryKeys
from translation.memory.pair import Entry, Pair, Variant, direction, entry, merge

_SMALL = 200  # forms that one script may change: a few milliseconds of the store's time
_CHUNK = 1000  # forms a round trip while reading or staging
_STEP = 300  # forms that are read at once where others wait for the same process
_STAGE_LIFE = 600  # seconds after which an import that was given up is forgotten
_ATTEMPTS = 5

Progress = Callable[[int, int], None]  # forms done, forms in all
Wish = tuple[str, str, str]  # text, source, target
Forms = dict[bytes, list[Entry]]  # by digest
T = TypeVar("T")


class MemoryMoved(StoreError):
    """Others changed the memory again and again while a change was made: repeat it."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What one direction holds. ``size``: bytes of the store's memory, estimated."""

    direction: str
    pairs: int
    forms: int
    edited: int
    said: int
    size: int


class Repository:
    """The memory of one installation, on an open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = MemoryKeys(store.keys.prefix)

    # --- reading -------------------------------------------------------------------------------------------------

    async def look_up(self, wishes: Sequence[Wish]) -> list[tuple[Remembered, ...]]:
        """What is remembered for each text, best first. One round trip for all of them."""
        readings = [read(*wish) for wish in wishes]
        places = [
            [(self._keys.shard(direction(source, target), digest), digest) for digest in digests(reading, source)]
            if reading is not None
            else []
            for reading, (_, source, target) in zip(readings, wishes, strict=True)
        ]
        stored = await self._stored([place for found in places for place in found])
        return [
            _chosen(reading, wish, [stored[place] for place in found if place in stored])
            for reading, wish, found in zip(readings, wishes, places, strict=True)
        ]

    async def _stored(self, places: Iterable[tuple[str, bytes]]) -> dict[tuple[str, bytes], bytes]:
        by_key: dict[str, list[bytes]] = {}
        for key, digest in dict.fromkeys(places):
            by_key.setdefault(key, []).append(digest)
        if not by_key:
            return {}
        commands: list[list[Part]] = [["HMGET", key, *found] for key, found in by_key.items()]
        replies = await self._store.ask(*commands)
        return {
            (key, digest): value
            for (key, found), reply in zip(by_key.items(), replies, strict=True)
            for digest, value in zip(found, reply, strict=True)
            if value is not None
        }

    async def version(self) -> int:
        """Raised by each change; 0 for a memory that was never touched."""
        return (await self._meta()).get("version", 0)

    async def pairs(self) -> AsyncIterator[Pair]:
        """All pairs, in no particular order; those that change meanwhile may come in either state."""
        for way in _directions(await self._meta()):
            async for pair in self.pairs_of(way):
                yield pair

    async def pairs_of(self, way: str) -> AsyncIterator[Pair]:
        """The pairs of one direction, such as "en-pt"."""
        source, _, target = way.partition("-")
        for key in self._keys.shards(way):
            (flat,) = await self._store.ask(("HGETALL", key))
            for value in flat[1::2]:
                for variant in _decode(value):
                    yield _pair(variant, source, target)

    async def best_of(self, way: str) -> AsyncIterator[list[Variant]]:
        """The best variant of each form of a direction, some hundred at a time: nobody waits long for one step."""
        for key in self._keys.shards(way):
            cursor = b"0"
            while True:
                ((cursor, flat),) = await self._store.ask(("HSCAN", key, cursor, "COUNT", _STEP))
                yield [_decode(value)[0] for value in flat[1::2]]
                if cursor == b"0":
                    break

    async def stats(self) -> list[Stats]:
        meta = await self._meta()
        found = []
        for way in _directions(meta):
            replies = await self._store.ask(
                *(("MEMORY", "USAGE", key, "SAMPLES", 100) for key in self._keys.shards(way))
            )
            pairs, forms, edited, said = (meta.get(f"{name}:{way}", 0) for name in ("pairs", "forms", "edited", "said"))
            found.append(Stats(way, pairs, forms, edited, said, sum(filter(None, replies))))
        return found

    async def _meta(self) -> dict[str, int]:
        (flat,) = await self._store.ask(("HGETALL", self._keys.meta))
        return {name.decode(): int(value) for name, value in zip(flat[::2], flat[1::2], strict=True)}

    # --- changing ------------------------------------------------------------------------------------------------

    async def put(self, pairs: Iterable[Pair], *, replace: bool = False, progress: Progress | None = None) -> int:
        """Remembers ``pairs``, all in one step, and returns how many of them are of use.

        What is known already is counted once more. ``replace``: everything else is forgotten. Raises PairError before
        anything is written, MemoryMoved where others change the memory all the time.
        """
        wanted, used = await asyncio.to_thread(self._gather, pairs)
        for _ in range(_ATTEMPTS):
            if await self._put(wanted, replace, progress):
                return used
        raise MemoryMoved("the memory is being changed by others all the time: nothing was written")

    def _gather(self, pairs: Iterable[Pair]) -> tuple[dict[str, Forms], int]:
        """The entries of ``pairs`` by shard and digest, and how many there are."""
        gathered: dict[str, Forms] = {}
        used = 0
        for pair in pairs:
            item = entry(pair)
            if item is not None:
                used += 1
                forms = gathered.setdefault(self._keys.shard(item.direction, item.digest), {})
                forms.setdefault(item.digest, []).append(item)
        return gathered, used

    async def _put(self, wanted: dict[str, Forms], replace: bool, progress: Progress | None) -> bool:
        meta = await self._meta()
        seen = meta.get("version", 0)
        if meta.get("form", FORM) != FORM and not replace:
            # The digests mean something else by now: what is there is put in its new place together with the rest.
            known, _ = await asyncio.to_thread(self._gather, [pair async for pair in self.pairs()])
            wanted = await asyncio.to_thread(_join, known, wanted)
            replace = True
        changes = sum(len(forms) for forms in wanted.values())
        if changes <= _SMALL and not replace:
            return await self._commit(wanted, seen)
        return await self._publish(wanted, seen, _directions(meta) if replace else None, progress, changes)

    async def _commit(self, wanted: dict[str, Forms], seen: int) -> bool:
        shards: dict[str, int] = {}
        counters: Counter[str] = Counter()
        sets: list[Part] = []
        for key, forms in wanted.items():
            number = shards.setdefault(key, len(shards) + 1)
            for digest, value in (await self._merged(key, forms, counters, fresh=False)).items():
                sets += (number, digest, value)
        if not sets:
            return True
        added = [part for name, count in counters.items() for part in (name, count)]
        command: list[Part] = ["EVAL", _lua("commit"), 1 + len(shards), self._keys.meta, *shards]
        ((answer, _),) = await self._store.ask([*command, seen, FORM, len(counters), *added, *sets])
        return bool(answer == b"ok")

    async def _publish(
        self, wanted: dict[str, Forms], seen: int, dropped: Sequence[str] | None, progress: Progress | None, total: int
    ) -> bool:
        """``dropped``: directions that are forgotten altogether; None: what is there stays."""
        token = secrets.token_hex(8)
        stages = {key: self._keys.stage(token, key) for key in wanted}
        counters: Counter[str] = Counter()
        done = 0
        try:
            for key, stage in stages.items():
                if dropped is None:
                    await self._store.ask(("COPY", key, stage), ("EXPIRE", stage, _STAGE_LIFE))
                for chunk in _chunks(wanted[key].items(), _CHUNK):
                    values = await self._merged(key, dict(chunk), counters, fresh=dropped is not None)
                    flat = [part for item in values.items() for part in item]
                    await self._store.ask(("HSET", stage, *flat), ("EXPIRE", stage, _STAGE_LIFE))
                    done += len(chunk)
                    if progress is not None:
                        progress(done, total)
            keys = [part for item in stages.items() for part in item]
            keys += [key for way in dropped or () for key in self._keys.shards(way) if key not in stages]
            added = [part for name, count in counters.items() for part in (name, count)]
            command: list[Part] = ["EVAL", _lua("publish"), 1 + len(keys), self._keys.meta, *keys]
            mode = "some" if dropped is None else "all"
            ((answer, _),) = await self._store.ask([*command, seen, FORM, len(stages), mode, *added])
        except BaseException:
            await self._forget(stages.values())
            raise
        if answer != b"ok":
            await self._forget(stages.values())
        return bool(answer == b"ok")

    async def _merged(
        self, key: str, forms: Forms, counters: Counter[str], *, fresh: bool
    ) -> dict[bytes, bytes]:  # fmt: skip
        """The values of some forms of one shard with the new entries; ``counters`` learns what that adds."""
        stored = {} if fresh else await self._stored((key, digest) for digest in forms)
        merged: dict[bytes, bytes] = {}
        for digest, entries in forms.items():
            way = entries[0].direction
            source, _, target = way.partition("-")
            before = _decode(stored[key, digest]) if (key, digest) in stored else []
            kept = [item for one in before if (item := entry(_pair(one, source, target))) is not None]
            after = merge(kept, entries)
            merged[digest] = _encode(after)
            for sign, variants in ((-1, before), (1, after)):
                counters[f"pairs:{way}"] += sign * len(variants)
                counters[f"forms:{way}"] += sign * bool(variants)
                counters[f"edited:{way}"] += sign * sum(variant.edited for variant in variants)
                counters[f"said:{way}"] += sign * sum(variant.count for variant in variants)
        return merged

    async def _forget(self, keys: Iterable[str]) -> None:
        try:
            await self._store.ask(("UNLINK", *keys))
        except StoreError:  # they expire by themselves; the first error is the one to be told
            return


def _chosen(reading: Reading | None, wish: Wish, values: Sequence[bytes]) -> tuple[Remembered, ...]:
    if reading is None or not values:
        return ()
    return choose(reading, [variant for value in values for variant in _decode(value)], wish[1], wish[2])


def _join(known: dict[str, Forms], new: dict[str, Forms]) -> dict[str, Forms]:
    for key, forms in new.items():
        for digest, entries in forms.items():
            known.setdefault(key, {}).setdefault(digest, []).extend(entries)
    return known


def _pair(variant: Variant, source: str, target: str) -> Pair:
    return Pair(
        source_language=source,
        target_language=target,
        source=variant.source,
        target=variant.target,
        count=variant.count,
        edited=variant.edited,
        time=variant.time,
    )


def _directions(meta: dict[str, int]) -> list[str]:
    return sorted(name.partition(":")[2] for name in meta if name.startswith("pairs:"))


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    feed = iter(items)
    while chunk := list(islice(feed, size)):
        yield chunk


def _lua(name: str) -> str:
    return (resources.files("translation.memory") / f"{name}.lua").read_text(encoding="utf-8")


_decode = msgspec.msgpack.Decoder(list[Variant]).decode
_encode = msgspec.msgpack.Encoder().encode

"""The glossary in the store: terms, a version that every change raises, and a log of who changed what.

Every change is atomic. Small ones are one script; large ones are staged beside the terms and put in their place at the
end, so that the store never stands still for them. Calls raise the errors of ``store.errors`` when it cannot be asked.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Literal, Protocol

from msgspec.structs import replace
from redis.asyncio import Redis

from glossary.changelog import ChangeLog
from glossary.handover import LARGE, Coming, Handover, Offer
from glossary.history import TermChange, encode_changes
from glossary.keys import GlossaryKeys
from glossary.merge import same_content
from glossary.term import Term, decode, encode, validate
from store.errors import translated

_SMALL = 200  # terms that one script may change: a few milliseconds of the store's time
_CHUNK = 1000  # terms a round trip while reading or staging
_STAGE_LIFE = 600  # seconds after which an import that was given up is forgotten

What = Literal["add", "change", "put", "delete"]
Step = Literal["writing", "workers"]


class Progress(Protocol):
    """Told how far a large change is: terms written; then workers that have it ready, of those that make it so."""

    def __call__(self, done: int, total: int, step: Step = "writing", /) -> None: ...


class GlossaryError(Exception):
    """A change that does not fit the glossary as it is."""


class TermExists(GlossaryError):
    """There is a term with this id already."""

    def __init__(self, term_id: str) -> None:
        self.term_id = term_id
        super().__init__(f"there is a term {term_id!r} already")


class TermMissing(GlossaryError):
    """There is no term with this id (any more)."""


class GlossaryMoved(GlossaryError):
    """Somebody else changed the glossary while a large change was prepared: look again, then repeat it."""


class Repository:
    """The terms of one installation. One client may serve many repositories; it is not closed here."""

    def __init__(
        self, client: Redis, prefix: str = "dragoman", *, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        """``clock`` gives milliseconds since 1970."""
        self._client: Any = client
        self._keys = GlossaryKeys(prefix)
        self.log = ChangeLog(client, self._keys)
        self.handover = Handover(client, self._keys)
        self._clock = clock
        self._commit_script = client.register_script(_lua("commit"))
        self._publish_script = client.register_script(_lua("publish"))

    async def version(self) -> int:
        """The number of the last change; 0 for a glossary that was never touched. One GET."""
        with translated():
            return int(await self._client.get(self._keys.version) or 0)

    async def list(self) -> Sequence[Term]:
        """Every term, oldest first; terms that change while they are read may show either state."""
        terms = (await self.every()).values()
        return await asyncio.to_thread(sorted, terms, key=lambda term: (term.created, term.id))

    async def every(self) -> dict[str, Term]:
        """The same by id, in no order."""
        terms: dict[str, Term] = {}
        async for chunk in self._chunks():
            terms.update((term.id, term) for term in chunk)
        return terms

    async def get(self, term_id: str) -> Term | None:
        with translated():
            payload = await self._client.hget(self._keys.terms, term_id)
        return None if payload is None else decode(payload)

    async def count(self) -> int:
        with translated():
            return int(await self._client.hlen(self._keys.terms))

    async def add(self, term: Term, who: str, *, about: str = "") -> Term:
        """The term as it is stored, with author and dates. Raises TermError, TermExists."""
        now = self._clock()
        term = replace(validate(term), author=term.author or who, created=now, changed=now)
        await self._commit([("add", term.id, encode(term))], who, now, about)
        return term

    async def change(self, term: Term, who: str, *, about: str = "") -> Term:
        """Puts ``term`` in the place of the one with its id. Raises TermError, TermMissing."""
        now = self._clock()
        before = await self.get(term.id)
        if before is None:
            raise TermMissing(f"there is no term {term.id!r}")
        term = replace(validate(term), author=before.author, created=before.created, changed=now)
        if same_content(before, term):
            return before
        await self._commit([("change", term.id, encode(term))], who, now, about)
        return term

    async def delete(self, term_id: str, who: str) -> None:
        """Raises TermMissing."""
        await self._commit([("delete", term_id, b"")], who, self._clock())

    async def put_many(
        self,
        terms: Iterable[Term],
        who: str,
        *,
        delete: Iterable[str] = (),
        seen: int | None = None,
        progress: Progress | None = None,
        about: str = "",
        known: Mapping[str, Term] | None = None,
    ) -> int:
        """Adds or changes ``terms`` and deletes others, all in one step. Returns the glossary's version afterwards.

        ``seen``: the version that this was decided on; if the glossary has changed since, nothing is done and
        GlossaryMoved is raised. ``known``: terms as they were at that version, by id; others are read. Raises TermError
        before anything is written.
        """
        now = self._clock()
        version = await self.version()
        if seen is not None and seen != version:
            raise GlossaryMoved(f"the glossary has changed since version {seen}; it is at {version}")
        # Checking and comparing 100,000 terms takes seconds, which others on this loop are not to wait.
        wanted = await asyncio.to_thread(lambda: {term.id: validate(term) for term in terms})
        gone = set(delete) - wanted.keys()
        before = dict(known or {})
        before |= await self.many([term_id for term_id in (*wanted, *gone) if term_id not in before])
        changes = await asyncio.to_thread(lambda: [*_changes(wanted, gone, before, who, now)])
        if not changes:
            return version
        if len(changes) <= _SMALL:
            return await self._commit([_step(change) for change in changes], who, now, about, seen=seen)
        return await self._publish(changes, who, now, version, about=about, progress=progress)

    async def changed_since(self, version: int, now: int, *, most: int = 500) -> dict[str, Term | None] | None:
        """The terms that changed from ``version`` to ``now``, None for deleted ones; None where all must be read."""
        if not version or now < version:
            return None
        entries = await self.log.since(version, most=most)
        if entries is None or [entry.version for entry in entries] != list(range(version + 1, now + 1)):
            return None
        return {change.id: change.after for entry in entries for change in entry.changes}

    async def made(self, coming: Coming) -> bool:
        """Whether what was announced has become the version after its base."""
        return await self.log.bulk_of(coming.base + 1) == self._keys.bulk(coming.token)

    # Reading.

    async def _chunks(self) -> AsyncIterator[Sequence[Term]]:
        cursor = 0
        while True:
            with translated():
                cursor, found = await self._client.hscan(self._keys.terms, cursor, count=_CHUNK)
            yield [decode(payload) for payload in found.values()]
            if not cursor:
                return
            await asyncio.sleep(0)

    async def many(self, ids: Sequence[str]) -> dict[str, Term]:
        """Those of the terms that there are, by id."""
        terms: dict[str, Term] = {}
        for start in range(0, len(ids), _CHUNK):
            with translated():
                found = await self._client.hmget(self._keys.terms, ids[start : start + _CHUNK])
            terms.update((term.id, term) for term in map(decode, filter(None, found)))
        return terms

    # Writing.

    async def _commit(
        self, steps: Sequence[tuple[What, str, bytes]], who: str, now: int, about: str = "", *, seen: int | None = None
    ) -> int:
        keys = [self._keys.version, self._keys.terms, self._keys.log]
        with translated():
            parts = (part for step in steps for part in step)
            answer = await self._commit_script(keys=keys, args=[who, now, about, "" if seen is None else seen, *parts])
        outcome = answer[0].decode()
        if outcome == "moved":
            raise GlossaryMoved(f"the glossary has changed since version {seen}; it is at {int(answer[1])}")
        if outcome == "exists":
            raise TermExists(answer[1].decode())
        if outcome == "missing":
            raise TermMissing(f"there is no term {answer[1].decode()!r}")
        return int(answer[1])

    async def _publish(
        self, changes: Sequence[TermChange], who: str, now: int, version: int, *, about: str, progress: Progress | None
    ) -> int:
        token = secrets.token_hex(8)
        stage, bulk = self._keys.stage(token), self._keys.bulk(token)
        tell = progress or _nobody
        offer = Offer(self.handover, Coming(token, version, len(changes))) if len(changes) > LARGE else None
        try:
            with translated():
                async with self._client.pipeline(transaction=True) as pipe:
                    pipe.copy(self._keys.terms, stage)
                    pipe.expire(stage, _STAGE_LIFE)
                    await pipe.execute()
                for start in range(0, len(changes), _CHUNK):
                    if offer is not None:
                        await offer.renew()
                    await self._stage(stage, bulk, changes[start : start + _CHUNK])
                    tell(min(start + _CHUNK, len(changes)), len(changes))
                if offer is not None:
                    await offer.wait(lambda ready, all_: tell(ready, all_, "workers"))
                keys = [self._keys.version, self._keys.terms, self._keys.log, stage, bulk, self._keys.coming]
                answer = await self._publish_script(keys=keys, args=[version, who, now, len(changes), about])
            if answer[0] != b"ok":
                raise GlossaryMoved(f"the glossary has changed since version {version}; it is at {int(answer[1])}")
        except BaseException:
            await self._forget(stage, bulk)
            raise
        finally:
            if offer is not None:
                await offer.end()
        return int(answer[1])

    async def _stage(self, stage: str, bulk: str, changes: Sequence[TermChange]) -> None:
        async with self._client.pipeline(transaction=False) as pipe:
            kept = {change.id: encode(change.after) for change in changes if change.after is not None}
            gone = [change.id for change in changes if change.after is None]
            if kept:
                pipe.hset(stage, mapping=kept)
            if gone:
                pipe.hdel(stage, *gone)
            pipe.rpush(bulk, encode_changes(changes))
            pipe.expire(stage, _STAGE_LIFE)
            pipe.expire(bulk, _STAGE_LIFE)
            await pipe.execute()

    async def _forget(self, *keys: str) -> None:
        try:
            await self._client.unlink(*keys)
        except Exception:  # they expire by themselves; the first error is the one to be told
            return


def _changes(
    wanted: dict[str, Term], gone: set[str], before: dict[str, Term], who: str, now: int
) -> Iterator[TermChange]:
    for term_id, term in wanted.items():
        old = before.get(term_id)
        if old is None:
            new = replace(term, author=term.author or who, created=term.created or now, changed=term.changed or now)
        elif same_content(old, term):
            continue
        else:
            new = replace(term, author=old.author, created=old.created, changed=now)
        yield TermChange(term_id, old, new)
    for term_id in gone:
        if term_id in before:
            yield TermChange(term_id, before[term_id], None)


def _nobody(done: int, total: int, step: Step = "writing", /) -> None:
    """Who wants no progress."""


def _step(change: TermChange) -> tuple[What, str, bytes]:
    return ("delete", change.id, b"") if change.after is None else ("put", change.id, encode(change.after))


def _lua(name: str) -> str:
    return (resources.files("glossary") / f"{name}.lua").read_text(encoding="utf-8")

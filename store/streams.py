"""Reading what was stored: a conversation's events, summaries, and the list of recent conversations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.connect import Store
from store.wire import Reply

Summary = dict[str, str]  # field > value; no field is empty; {} for an unknown conversation


class StoredEvent(NamedTuple):
    seq: int
    ts: int  # ms since 1970
    payload: bytes


async def read_events(store: Store, conversation: str, *, after: int = 0, limit: int = 500) -> list[StoredEvent]:
    """Events with a number over ``after``, oldest first. Raises StoreUnavailable."""
    (entries,) = await store.ask(("XRANGE", store.keys.log(conversation), f"({after}-0", "+", "COUNT", limit))
    return [_event(entry) for entry in entries]


async def read_last_events(store: Store, conversation: str, limit: int, *, before: int = 0) -> list[StoredEvent]:
    """The last ``limit`` events (with a number under ``before``, unless that is 0), oldest first. StoreUnavailable."""
    end = f"({before}-0" if before else "+"
    (entries,) = await store.ask(("XREVRANGE", store.keys.log(conversation), end, "-", "COUNT", limit))
    return [_event(entry) for entry in reversed(entries)]


async def summaries(store: Store, conversations: Iterable[str]) -> list[Summary]:
    """The summary of each, in order, in one round trip. Raises StoreUnavailable."""
    commands = [("HGETALL", store.keys.summary(conversation)) for conversation in conversations]
    return [_summary(reply) for reply in await store.ask(*commands)] if commands else []


async def recent(store: Store, before: int | None, limit: int) -> list[str]:
    """Conversations by their last event, newest first; only those before ``before`` (ms) if given. StoreUnavailable."""
    top = f"({before}" if before is not None else "+inf"
    replies = await store.ask(
        *(
            ("ZREVRANGEBYSCORE", store.keys.recent(partition), top, "-inf", "WITHSCORES", "LIMIT", 0, limit)
            for partition in range(store.keys.partitions)
        )
    )
    found = [
        (float(score), name.decode()) for reply in replies for name, score in zip(reply[::2], reply[1::2], strict=True)
    ]
    found.sort(reverse=True)
    return [name for _, name in found[:limit]]


def fields_of(flat: list[bytes]) -> dict[bytes, bytes]:
    """A hash or a stream entry as it comes: names and values by turns."""
    values = iter(flat)
    return dict(zip(values, values, strict=True))


def _event(entry: Reply) -> StoredEvent:
    fields = fields_of(entry[1])
    return StoredEvent(int(entry[0].partition(b"-")[0]), int(fields[b"t"]), fields[b"e"])


def _summary(reply: list[bytes]) -> Summary:
    return {name.decode(): value.decode() for name, value in fields_of(reply).items() if value}

"""What was said before: a conversation's stored events, as history frames."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence

import msgspec

from conversation import asking, events
from conversation.events import Role
from gateway import cards, frames
from store import streams
from store.connect import Store
from store.streams import StoredEvent

log = logging.getLogger(__name__)

CHUNK = 200  # events in one history frame


class NoSuchConversation(LookupError):
    """There is nothing under this id."""


async def history(store: Store, conversation: str, after: int, role: Role) -> AsyncIterator[frames.History]:
    """Everything after event ``after``, in frames of at most CHUNK events; at least one frame.

    Raises NoSuchConversation before the first frame for a conversation without events, if an agent asks: a
    visitor's conversation begins with her first message. Raises StoreUnavailable.
    """
    [summary] = await streams.summaries(store, [conversation])
    if role == "agent" and not summary.get("seq"):
        raise NoSuchConversation(conversation)
    marks, language = cards.marks_from_summary(summary), summary.get("language")
    ask = asking.asked(summary.get(asking.FIELD)) if role == "visitor" else ()
    more = True
    while more:
        stored = await streams.read_events(store, conversation, after=after, limit=CHUNK)
        more = len(stored) == CHUNK
        if stored:
            after = stored[-1].seq
        yield frames.History(conversation, views(stored, role), more, marks, language, ask)


def views(stored: Sequence[StoredEvent], role: Role) -> list[frames.EventView]:
    """The events as ``role`` sees them. One that can't be read is left out and logged: the rest is worth having."""
    found = []
    for each in stored:
        try:
            found.append(frames.view(each.seq, each.ts, events.decode_event(each.payload), role))
        except msgspec.DecodeError:
            log.error("event %d of a conversation is not understood: written by a newer version?", each.seq)
    return found

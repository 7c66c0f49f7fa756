"""What a draft would change in the last messages: those in which it matters are translated again, twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from conversation import events
from conversation.events import Message, Translation
from glossary.matcher import Matcher
from glossary.term import Term
from glossary.trial import Said, Text, Trials
from store import streams
from store.connect import Store

MOST_TRANSLATED = 100
AT_ONCE = 4  # messages of one question: chat goes on between them
LOOKED_AT = 200  # events of one conversation
CONVERSATIONS = 500
_LONGEST = 2000  # characters; longer messages are left out


class Found(msgspec.Struct, tag_field="step", tag="found"):
    """``matching``: messages in which a draft matters; ``total``: how many of them are translated again."""

    looked_at: int
    matching: int
    total: int


class Compared(msgspec.Struct, tag_field="step", tag="message"):
    """One message; None where the user may not read conversations."""

    done: int
    total: int
    changed: bool
    conversation: str | None
    seq: int | None
    when: int
    source: str
    target: str
    text: str | None
    before: str | None
    after: str | None
    said_before: list[str]
    said_after: list[str]


class End(msgspec.Struct, tag_field="step", tag="end"):
    changed: int
    total: int


@dataclass(frozen=True)
class _Kept:
    conversation: str
    seq: int
    ts: int
    text: Text


async def dry_run(
    store: Store, trials: Trials, drafts: Sequence[Term], stored: Sequence[Term], *, most: int, reads: bool
) -> AsyncIterator[object]:
    """Found, a Compared for each, End. ``stored``: the terms whose places the drafts take. Raises NoAnswer."""
    looked_at, matching = await _matching(store, drafts, stored, most)
    chosen = matching[:MOST_TRANSLATED]
    yield Found(looked_at, len(matching), len(chosen))
    done = changed = 0
    for start in range(0, len(chosen), AT_ONCE):
        part = chosen[start : start + AT_ONCE]
        told = await trials.ask([each.text for each in part], drafts=drafts, ways=("stored", "drafts"))
        for each, (before, after) in zip(part, told.said, strict=True):
            done += 1
            differs = before.text != after.text
            changed += differs
            yield Compared(
                done, len(chosen), differs,
                each.conversation if reads else None, each.seq if reads else None, each.ts,
                each.text.source, each.text.target,
                each.text.text if reads else None, before.text if reads else None, after.text if reads else None,
                _said(before, drafts), _said(after, drafts),
            )  # fmt: skip
    yield End(changed, len(chosen))


async def _matching(store: Store, drafts: Sequence[Term], stored: Sequence[Term], most: int) -> tuple[int, list[_Kept]]:
    """How many messages were looked at, and those in which a draft or what it replaces stands; newest talks first."""
    # Each in a matcher of its own: they share ids.
    matchers = [Matcher([replace(term, status="approved") for term in drafts]), Matcher(stored)]
    looked_at = 0
    found: list[_Kept] = []
    for conversation in await streams.recent(store, None, CONVERSATIONS):
        for each in await _translated(store, conversation):
            looked_at += 1
            text = each.text
            if any(matcher.match(text.text, text.source, text.target, _every_scope(drafts)) for matcher in matchers):
                found.append(each)
            if looked_at >= most:
                return looked_at, found
    return looked_at, found


async def _translated(store: Store, conversation: str) -> list[_Kept]:
    """The last messages of a conversation that were translated, newest first."""
    messages: dict[int, tuple[int, Message]] = {}
    ways: dict[int, tuple[str, str]] = {}
    for stored in await streams.read_last_events(store, conversation, LOOKED_AT):
        try:
            event = events.decode_event(stored.payload)
        except msgspec.DecodeError:
            continue  # of a later version
        if isinstance(event, Message):
            messages[stored.seq] = (stored.ts, event)
        elif isinstance(event, Translation) and event.status == "done":
            ways[event.of] = (event.source, event.target)
    return [
        _Kept(conversation, seq, ts, Text(message.text, *ways[seq]))
        for seq, (ts, message) in sorted(messages.items(), reverse=True)
        if seq in ways and len(message.text) <= _LONGEST
    ]


def _every_scope(drafts: Sequence[Term]) -> frozenset[str]:
    return frozenset(name for term in drafts for name in term.scope)


def _said(said: Said, drafts: Sequence[Term]) -> list[str]:
    """What stands in the translation for the drafts' terms."""
    ids = {term.id for term in drafts}
    text = said.text or ""
    return [text[slice(*use.target_span)] for use in said.terms if use.term in ids and use.target_span]

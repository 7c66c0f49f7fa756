"""The lines of the agents' list: built from summaries, kept up to date from the feed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from msgspec.structs import replace

from conversation.events import Event, LanguageSet, Mark, Message, Role, Translation
from gateway.frames import Card, Marks
from gateway.room import PREVIEW

Summary = Mapping[str, str]


def from_summary(conversation: str, summary: Summary, online: bool) -> Card | None:
    """The card of a stored conversation; None for one that has no event yet."""
    if not summary.get("seq"):
        return None
    waiting = summary.get("waiting_since")
    return Card(
        conversation,
        seq=int(summary["seq"]),
        ts=int(summary.get("ts", 0)),
        name=summary.get("name", ""),
        language=summary.get("language"),
        last_seq=int(summary.get("last_seq", 0)),
        last_role=cast(Role | None, summary.get("last_role")),
        last_text=summary.get("last_text", ""),
        last_translation=summary.get("last_translation"),
        waiting_since=int(waiting) if waiting else None,
        agent_read=int(summary.get("agent_read", 0)),
        visitor_online=online,
    )


def marks_from_summary(summary: Summary) -> Marks:
    def number(field: Literal["visitor_delivered", "visitor_read", "agent_delivered", "agent_read"]) -> int:
        return int(summary.get(field, 0))

    return Marks(
        number("visitor_delivered"), number("visitor_read"), number("agent_delivered"), number("agent_read")
    )  # fmt: skip


def after_event(card: Card, seq: int, ts: int, event: Event) -> Card:
    """The card once ``event`` has happened. Events that it knows already change nothing."""
    if seq <= card.seq:
        return card
    card = replace(card, seq=seq, ts=ts)
    match event:
        case Message(role=role):
            waiting = (card.waiting_since or ts) if role == "visitor" else None
            name = card.name or (event.name if role == "visitor" else "")
            return replace(
                card, name=name, last_seq=seq, last_role=role, last_text=event.text[:PREVIEW], last_translation=None,
                waiting_since=waiting,
            )  # fmt: skip
        case Translation(of=of, text=text) if of == card.last_seq and card.last_role == "visitor" and text:
            return replace(card, last_translation=text[:PREVIEW])
        case LanguageSet(language=language):
            return replace(card, language=language)
    return card


def after_mark(card: Card, mark: Mark) -> Card:
    if mark.role == "agent" and mark.read > card.agent_read:
        return replace(card, agent_read=mark.read)
    return card

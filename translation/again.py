"""What to translate once more after a person has set the visitor's language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from conversation import events
from conversation.events import Event, LanguageSet, Message, Translation
from translation.job import Job
from translation.language import BEYOND_DOUBT, base

MOST_MESSAGES = 50  # the last ones: nobody reads far back
MOST_CHARACTERS = 20_000  # so that other conversations need not wait long
LOOKED_AT = 500  # events: enough for the messages with their outcomes, also after earlier corrections

Stored = tuple[int, int, bytes]  # number, time and payload, as store.streams.StoredEvent has them
WrittenIn = Callable[[str, str, str, float], bool]  # translation.language.written_in


@dataclass(frozen=True)
class Again:
    """One message to translate once more."""

    seq: int
    job: Job
    pending: bool  # it has no outcome yet: the one that is on its way must not come after this one


def again(wish: Job, at: int, stored: Iterable[Stored], written_in: WrittenIn) -> list[Again]:
    """The messages before event ``at`` that were taken for another language than ``wish.source``, oldest first.

    ``stored``: the conversation's last events, in order. What the visitor wrote beyond doubt in the language that it
    was taken for stays: then she has changed her language, nobody was mistaken. Empty where somebody has set the
    language again since: that job does it.
    """
    known = dict(_decoded(stored))
    if any(seq > at and isinstance(event, LanguageSet) and event.by != "detected" for seq, event in known.items()):
        return []
    outcomes = {event.of: event for event in known.values() if isinstance(event, Translation)}  # the last of each
    found: list[Again] = []
    looked_at, characters = 0, 0
    for seq, event in sorted(known.items(), reverse=True):
        if seq >= at or not isinstance(event, Message) or not event.translate:
            continue
        looked_at += 1
        characters += len(event.text)
        if looked_at > MOST_MESSAGES or characters > MOST_CHARACTERS:
            break
        outcome = outcomes.get(seq)
        if job := _job(event, outcome, wish, at, written_in):
            found.append(Again(seq, job, pending=outcome is None))
    return found[::-1]


def _job(message: Message, outcome: Translation | None, wish: Job, at: int, written_in: WrittenIn) -> Job | None:
    language = wish.source or ""
    if outcome is not None and outcome.reason == "worker-died":
        return None  # it would take others along
    if message.role == "visitor":
        if outcome is not None:
            taken = base(outcome.source)
            if taken == base(language) or written_in(message.text, taken, base(language), BEYOND_DOUBT):
                return None
        return Job("visitor", message.text, source=language, revision=at)
    if outcome is not None and base(outcome.target) == base(language):
        return None
    source = outcome.source if outcome is not None else message.language
    return Job("agent", message.text, source=source, target=language, revision=at)


def _decoded(stored: Iterable[Stored]) -> Iterable[tuple[int, Event]]:
    for seq, _, payload in stored:
        try:
            yield seq, events.decode_event(payload)
        except msgspec.DecodeError:
            continue  # of a later version

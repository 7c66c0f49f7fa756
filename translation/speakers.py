"""Who writes which language in a conversation: what a job's source and target are. Pure.

A visitor's language is believed from her messages, her page and her browser, kept in the conversation's summary:

    language        the plain code once it is known well enough, or what was set by hand
    language_by     detected, visitor, agent
    language_state  the belief behind it, JSON of translation.language.State

An agent's language is known: the job carries it. Where a visitor's language is not known when an agent writes to her
(she has written nothing yet, or nothing that says anything), the likeliest one is taken: what her messages hint at,
the page's locale, her browser's first language, the first of the shop's languages, in this order. Without any of
these there is no target, and the message stands in the original.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from conversation import events
from conversation.events import LanguageSet
from conversation.receipt import Detected
from store.append import Append, Guard, Update
from translation import language
from translation.job import Job
from translation.language import Evidence, State
from translation.language.evidence import accepted, parse_locale

SURE = 0.6  # from this confidence on a detected language counts as known

Detect = Callable[[Evidence, State | None], tuple[State, Detected]]


@dataclass(frozen=True)
class Rules:
    """What the shop has set."""

    working_language: str = "en"  # of agents, where neither job nor conversation tells
    shop_languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Belief:
    """What a conversation's summary says of the visitor's language."""

    language: str | None = None
    state: State | None = None


@dataclass(frozen=True)
class Direction:
    source: str
    target: str | None  # None: nobody knows
    detected: Detected | None = None  # how the source was found out, for visitors


def believed(summary: Mapping[str, str]) -> Belief:
    """The belief as it is stored. A language set by hand since then goes into the state."""
    known = summary.get("language")
    stored = summary.get("language_state")
    state = language.decode(stored) if stored else None
    if known and summary.get("language_by") in ("visitor", "agent") and (state is None or state.chosen != known):
        state = language.choose(state, known)
    return Belief(known, state)


def visitor_writes(
    job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules, detect: Detect
) -> tuple[Belief, Direction]:
    """The direction of a visitor's message, and what is believed after it."""
    target = job.target or summary.get("agent_language") or rules.working_language
    if job.source and job.revision:  # somebody has corrected the language: this message is not to be judged again
        return belief, Direction(job.source, target)
    evidence = Evidence(
        job.text,
        page_locale=job.page_locale or summary.get("page_locale"),
        accept_language=job.accept_language or summary.get("accept_language"),
        shop_languages=rules.shop_languages,
    )
    state, detected = detect(evidence, belief.state)
    after = replace(belief, state=state)
    changed = belief.language is None or language.base(belief.language) != detected.language
    if changed and detected.confidence >= SURE:
        after = replace(after, language=detected.language)
    return after, Direction(detected.language, target, detected)


def agent_writes(job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules) -> Direction:
    """The direction of an agent's message."""
    source = job.source or summary.get("agent_language") or rules.working_language
    return Direction(source, job.target or belief.language or _likeliest(job, belief, summary, rules))


def _likeliest(job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules) -> str | None:
    if belief.state is not None and belief.state.language:
        return language.base(belief.state.language)
    if page := parse_locale(job.page_locale or summary.get("page_locale")):
        return page.language
    if wanted := accepted(job.accept_language or summary.get("accept_language")):
        return wanted[0][0].language
    return rules.shop_languages[0] if rules.shop_languages else None


def keep(conversation: str, before: Belief, after: Belief) -> Append | None:
    """Stores what is believed now; None where nothing has changed.

    It holds only while nobody else has set or found the language in between: what a person has just said must not be
    overwritten by what was believed before.
    """
    if after == before or after.state is None:
        return None
    unchanged = Guard("language", before.language or "")
    state = Update("set", "language_state", language.encode(after.state).decode())
    if after.language == before.language or after.language is None:
        return Append(conversation, updates=(state,), when=unchanged)
    return Append(
        conversation,
        events.encode(LanguageSet(after.language, "detected")),
        updates=(Update("set", "language", after.language), Update("set", "language_by", "detected"), state),
        when=unchanged,
    )

"""Who writes which language in a conversation: what a job's source and target are. Pure.

A visitor's language is believed from her messages, her page and her browser, kept in the conversation's summary:

    language        the plain code once it is known well enough, or what was set by hand
    language_by     detected, visitor, agent
    language_state  the belief behind it, JSON of translation.language.State
    language_ask    the languages that she is asked about: conversation.asking

An agent's language is known: the job carries it. Where a visitor's language is not known when an agent writes to her
(she has written nothing yet, or nothing that says anything), the likeliest one is taken: what her messages hint at,
the language of her last conversation, the page's locale, her browser's first language, the first of the shop's
languages, in this order. Without any of these there is no target, and the message stands in the original. An agent
who writes to her in her own language is not translated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from conversation import asking, events
from conversation.events import Ask, LanguageSet
from conversation.receipt import Detected
from glossary.matcher import Match
from store.append import Append, Guard, Update
from translation import language
from translation.job import Job
from translation.language import Evidence, Part, State
from translation.language.context import COUNTRY_LANGUAGES
from translation.language.evidence import accepted, parse_locale
from translation.outcome import UNKNOWN

SURE = 0.6  # from this confidence on a detected language counts as known

Detect = Callable[[Evidence, State | None], tuple[State, Detected]]
WrittenIn = Callable[[str, str, str], bool]  # translation.language.written_in
Mixed = Callable[[str, str, Sequence[str]], tuple[Part, ...]]  # translation.language.mixed


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
    ask: str = ""  # the summary's field


@dataclass(frozen=True)
class Direction:
    source: str
    target: str | None  # None: nobody knows
    detected: Detected | None = None  # how the source was found out, for visitors
    parts: tuple[Part, ...] = ()  # where the message is in several languages


class _Names(Protocol):
    """A glossary, as ``glossary.matcher.Matcher`` is it."""

    def match(self, text: str, source: str, target: str) -> Sequence[Match]: ...


def past_names(glossary: Callable[[], _Names], detect: Detect, working_language: str = "en") -> Detect:
    """``detect`` that reads past the glossary's names: "The Good Night Lamp" makes nobody write English.

    So it does with terms as the agents say them, where another language is expected of her: shoppers take such words
    from the page ("gift card?"). Terms in her own language say which one it is, and are read.
    """

    def reading_past(evidence: Evidence, state: State | None) -> tuple[State, Detected]:
        # Whatever the language is, only names that are never translated match.
        found = [match.source_text for match in glossary().match(evidence.text, UNKNOWN, UNKNOWN)]
        page = parse_locale(evidence.page_locale)
        hers = state.language if state is not None and state.language else page.language if page else None
        if hers and _differ(hers, working_language):
            found += (match.source_text for match in glossary().match(evidence.text, working_language, hers))
        return detect(msgspec.structs.replace(evidence, names=tuple(found)) if found else evidence, state)

    return reading_past


def believed(summary: Mapping[str, str]) -> Belief:
    """The belief as it is stored. A language set by hand since then goes into the state."""
    known = summary.get("language")
    stored = summary.get("language_state")
    state = language.decode(stored) if stored else None
    if known and summary.get("language_by") in ("visitor", "agent") and (state is None or state.chosen != known):
        state = language.choose(state, known)
    return Belief(known, state, summary.get(asking.FIELD, ""))


def visitor_writes(
    job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules, detect: Detect
) -> tuple[Belief, Direction]:
    """The direction of a visitor's message, and what is believed after it."""
    target = job.target or summary.get("agent_language") or rules.working_language
    if job.source and job.revision:  # somebody has corrected the language: this message is not to be judged again
        return belief, Direction(
            job.source, target, Detected(language.base(job.source), 1.0, (f"chosen:{job.source}",))
        )
    page = job.page_locale or summary.get("page_locale")
    evidence = Evidence(
        job.text,
        page_locale=page,
        accept_language=job.accept_language or summary.get("accept_language"),
        country=_country(page),
        shop_languages=rules.shop_languages,
        earlier_languages=_earlier(job, summary),
    )
    state, detected = detect(evidence, belief.state)
    after = replace(belief, state=state)
    if belief.ask != asking.ENOUGH:
        after = replace(after, ask=" ".join(language.question(evidence, state, detected)))
    changed = belief.language is None or language.base(belief.language) != detected.language
    if changed and detected.confidence >= SURE:
        after = replace(after, language=detected.language)
    return after, Direction(detected.language, target, detected)


def _earlier(job: Job, summary: Mapping[str, str]) -> tuple[str, ...]:
    tag = job.earlier_language or summary.get("earlier_language")
    return (tag,) if tag else ()


def _country(page_locale: str | None) -> str | None:
    """The country of the page, where that says more than its language does: "en-KR", but not "pt-BR"."""
    page = parse_locale(page_locale)
    if page is None or not page.region or page.language in COUNTRY_LANGUAGES.get(page.region, ()):
        return None
    return page.region


def agent_writes(
    job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules, written_in: WrittenIn
) -> Direction:  # fmt: skip
    """The direction of an agent's message: from her language into itself where he has written in it."""
    source = job.source or summary.get("agent_language") or rules.working_language
    target = job.target or belief.language or _likeliest(job, belief, summary, rules)
    if target and _differ(source, target) and written_in(job.text, language.base(target), language.base(source)):
        source = target
    return Direction(source, target)


def in_parts(job: Job, way: Direction, belief: Belief, rules: Rules, mixed: Mixed) -> Direction:
    """The direction of a message, with its parts where it is in several languages: each is translated from its own."""
    if way.target is None or way.source == UNKNOWN:
        return way
    page = parse_locale(job.page_locale)
    likely = [way.target, *rules.shop_languages, *(belief.state.weights if belief.state else ())]
    expected = dict.fromkeys(language.base(tag) for tag in (*likely, *([page.language] if page else ())))
    return replace(way, parts=mixed(job.text, language.base(way.source), tuple(expected)))


def _differ(one: str, other: str) -> bool:
    return language.base(one) != language.base(other)


def _likeliest(job: Job, belief: Belief, summary: Mapping[str, str], rules: Rules) -> str | None:
    if belief.state is not None and belief.state.language:
        return language.base(belief.state.language)
    for tag in (*_earlier(job, summary), job.page_locale or summary.get("page_locale")):
        if locale := parse_locale(tag):
            return locale.language
    if wanted := accepted(job.accept_language or summary.get("accept_language")):
        return wanted[0][0].language
    return rules.shop_languages[0] if rules.shop_languages else None


def keep(conversation: str, before: Belief, after: Belief) -> list[Append]:
    """Stores what is believed now; empty where nothing has changed.

    It holds only while nobody else has set or found the language in between: what a person has just said must not be
    overwritten by what was believed before.
    """
    appends: list[Append] = []
    if after.state is not None and replace(after, ask=before.ask) != before:
        appends.append(_keep_belief(conversation, before, after, after.state))
    if after.ask != before.ask:
        signal = events.encode(Ask(asking.asked(after.ask)))
        asked = Update("set", asking.FIELD, after.ask)
        appends.append(Append(conversation, signal=signal, updates=(asked,), when=Guard(asking.FIELD, before.ask)))
    return appends


def _keep_belief(conversation: str, before: Belief, after: Belief, state: State) -> Append:
    unchanged = Guard("language", before.language or "")
    kept = Update("set", "language_state", language.encode(state).decode())
    if after.language == before.language or after.language is None:
        return Append(conversation, updates=(kept,), when=unchanged)
    return Append(
        conversation,
        events.encode(LanguageSet(after.language, "detected")),
        updates=(Update("set", "language", after.language), Update("set", "language_by", "detected"), kept),
        when=unchanged,
    )

"""What some words of a message are in its translation, or the other way round, as the model aligns them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from glossary.align import Alignment
from glossary.rules import rules_for
from glossary.trial import Marked
from glossary.words import occurrences, words_of
from translation.engines.base import Link
from translation.pipeline import Pipeline
from translation.request import Done, Request

LONGEST = 5  # words: what is aligned to more has gone astray


def counterparts(pipeline: Pipeline, marked: Sequence[Marked]) -> list[str]:
    """For each the words that stand for the marked ones in the other language; "" where nothing does."""
    known: dict[tuple[str, str, str], tuple[str, tuple[Link, ...]]] = {}
    found: list[str] = []
    for each in marked:
        key = (each.text, each.source, each.target)
        if key not in known:
            known[key] = pipeline.linked(Request(*key)) or ("", ())
        found.append(_aligned(each, *known[key]) or _alone(pipeline, each))
    return found


def _aligned(marked: Marked, translation: str, links: Sequence[Link]) -> str:
    """By the alignment of the whole message; "" where the words do not stand there or lead nowhere.

    ``translation`` is the model's. Where another one was shown, the way leads over what stands at the same place.
    """
    if not links:
        return ""
    shown = marked.translation or translation
    here, there = (shown, marked.text) if marked.of_translation else (marked.text, shown)
    languages = (marked.target, marked.source) if marked.of_translation else (marked.source, marked.target)
    places = occurrences(here, [marked.words], languages[0], case=False)
    if not places:
        return ""
    found: tuple[int, int] | None
    if marked.of_translation:
        place = _same_place(shown, translation, places[0], marked.target)
        found = place and _over([_turned(link) for link in links], place, marked.text, marked.source)
    else:
        found = _over(links, places[0], translation, marked.target)
        found = found and _same_place(translation, shown, found, marked.target)
    return there[slice(*found)] if found else ""


def _turned(link: Link) -> Link:
    """A link seen from the other side."""
    return Link(link.target_start, link.target_end, link.source_start, link.source_end)


def _over(links: Sequence[Link], span: tuple[int, int], text: str, language: str) -> tuple[int, int] | None:
    """The words of ``text`` that the links lead to from ``span``."""
    words = words_of(text, language)
    alignment = Alignment(text, words, links)
    group = alignment.group(alignment.members(*span), rules_for(language), [True] * len(words))
    if group is None or group.last - group.first >= LONGEST:
        return None
    return group.start(words), group.end(words)


def _same_place(one: str, other: str, span: tuple[int, int], language: str) -> tuple[int, int] | None:
    """Where ``other``, a like text in the same language, has what ``one`` has at ``span``; None where it is unlike."""
    if one == other:
        return span
    ours, theirs = words_of(one, language), words_of(other, language)
    inside = [index for index, word in enumerate(ours) if word.start < span[1] and span[0] < word.end]
    if not inside:
        return None
    matcher = SequenceMatcher(None, [word.lower for word in ours], [word.lower for word in theirs], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        if not (a <= inside[0] and inside[-1] < b):
            continue
        first, last = c, d - 1
        if b - a == d - c:
            first, last = c + inside[0] - a, c + inside[-1] - a
        elif len(inside) < b - a:
            return None
        return (theirs[first].start, theirs[last].end) if 0 <= last - first < LONGEST else None
    return None


def _alone(pipeline: Pipeline, marked: Marked) -> str:
    """The words translated by themselves. Those of a translation must stand in the message: it is known."""
    source, target = (marked.target, marked.source) if marked.of_translation else (marked.source, marked.target)
    [outcome] = pipeline.translate([Request(marked.words, source, target)])
    if not isinstance(outcome, Done):
        return ""
    said = outcome.text.strip(" .!?…")
    if not marked.of_translation:
        return said
    places = occurrences(marked.text, [said], target, case=False) if said else []
    return marked.text[slice(*places[0])] if places else ""

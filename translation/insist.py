"""Other ways to say terms that could not be put into a translation. Pure.

Where no word of the translation can be replaced by the term safely, the model is asked again. Either with something in
the term's place that it copies: an invented name, which then gives way to the term as any aligned word does, or the
term's own wording in the target language. Or with the translation up to the term given, and the term, from where it
goes on by itself. The safest of what comes of it is kept, where it is safe at all; else the miss stays, and stays
reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex
from msgspec import structs

from conversation.receipt import TermUse
from glossary.inflect import number
from glossary.rules import rules_for
from glossary.words import like
from translation import standin
from translation.edits import Edit, Edited
from translation.engines.base import Hypothesis, Link
from translation.finished import Finished
from translation.forced import beginning
from translation.prepare import Prepared, StoodFor

# Not "verb" and "compound": there the message has no noun that a name could take the place of.
AGAIN = frozenset({"no-alignment", "function-word", "copied", "overlap", "doubled", "protected-span"})
_FORCED = frozenset({"compound"})  # which is begun with the term, and may go on: "Auftragsnummer"
_MOST = 3  # terms missed in one piece: where more are, the engine's output is no basis for any of them
MARGIN = 0.35  # by which the score of what is kept may be below the free translation's; mean log-probability a token
_KEPT = 0.5  # share of the free translation's words that have to stand in it still
_LAST_WORD = regex.compile(r"([\p{L}\p{M}']+)\s*$")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def ways(prepared: Prepared, finished: Finished, source: str, target: str, *, forced: bool = False) -> list[Prepared]:
    """What to ask the model for the terms that ``finished`` misses: all of them as names, all in their own words, and
    each alone where there are more; with ``forced`` also each as what the translation has to say. Nothing where none
    is missed or none can be helped. ``source``, ``target``: languages."""
    if all(use.status != "missed" for use in finished.uses):
        return []
    missed = [use for use in finished.uses if use.status == "missed" and use.how in AGAIN | _FORCED and use.source_span]
    missed = [use for use in missed if not _after_verb_marker(prepared.source, use, source)]
    terms = [use for use in missed if use.how in AGAIN]
    if not 1 <= len(missed) <= _MOST:
        return []
    sets = [terms] if len(terms) < 2 else [terms, *([term] for term in terms)]
    found = [_standing(prepared, each, how, target) for each in sets if each for how in ("stand-in", "given")]
    if forced and finished.hypothesis is not None:
        found += [_begun(prepared, finished.hypothesis, use, source, target) for use in missed]
    return [each for each in found if each is not None]


def _begun(prepared: Prepared, hypothesis: Hypothesis, use: TermUse, source: str, target: str) -> Prepared | None:
    assert use.source_span is not None
    begun = beginning(prepared, hypothesis, use, source, target)
    if begun is None:
        return None
    return replace(prepared, begun=begun, stood_for=(StoodFor(*use.source_span, use.target, "forced"),))


def _after_verb_marker(text: str, use: TermUse, language: str) -> bool:
    """Whether the message has a verb there ("will end"): nothing that stands for a noun fits."""
    assert use.source_span is not None
    before = _LAST_WORD.search(text, 0, use.source_span[0])
    return before is not None and before.group(1).lower() in rules_for(language).verb_markers


def _standing(prepared: Prepared, terms: Sequence[TermUse], how: str, language: str) -> Prepared | None:
    """None where something else was done to the words of a term, such as to take them out of capitals."""
    name = standin.name(prepared.source)
    stood = []
    for term in terms:
        assert term.source_span is not None
        if how == "given":
            token = like(term.source, term.target)
        else:  # a plural too: the model keeps it, and verbs agree with it
            token = name() + "s" * (number(term.target, language) == "p")
        stood.append(StoodFor(*term.source_span, token, how))
    edits = [edit for edit in prepared.edited.edits if not any(_within(edit, each) for each in stood)]
    if any(edit.start < each.end and each.start < edit.end for edit in edits for each in stood):
        return None
    edits += [Edit(each.start, each.end, each.token) for each in stood]
    edited = Edited(prepared.source, sorted(edits, key=lambda edit: (edit.start, edit.end)))
    loose = tuple(replace(each, at=edited.start(each.start)) for each in prepared.loose)
    return replace(prepared, edited=edited, loose=loose, stood_for=tuple(stood))


def _within(edit: Edit, stood: StoodFor) -> bool:
    return stood.start <= edit.start and edit.end <= stood.end and edit.start < edit.end


def pinned(stood_for: Sequence[StoodFor], text: str, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """``links``, with each term tied to the name that stands for it in ``text``, or to its own words where these were
    forced, and to nothing else."""
    for stood in stood_for:
        if stood.how == "given":
            continue
        places = _places(stood.token, text)
        if len(places) != 1:
            continue
        [(start, end)] = places
        others = [
            link
            for link in links
            if (link.target_end <= start or end <= link.target_start)
            and (link.source_end <= stood.start or stood.end <= link.source_start)
        ]
        links = tuple(sorted((*others, Link(stood.start, stood.end, start, end)), key=lambda link: link.target_start))
    return links


def _places(token: str, text: str) -> list[tuple[int, int]]:
    """Where a name or a term stands as a word of its own."""
    found = regex.finditer(
        rf"(?<![\p{{L}}\p{{M}}\p{{N}}]){regex.escape(token)}(?![\p{{L}}\p{{M}}\p{{N}}])", text, regex.I
    )
    return [match.span() for match in found]


def told(stood_for: Sequence[StoodFor], uses: Sequence[TermUse]) -> tuple[TermUse, ...]:
    """``uses``, with how a term was said that something stood for."""
    hows = {(stood.start, stood.end): stood.how for stood in stood_for}
    return tuple(
        structs.replace(use, status="applied", how=hows[use.source_span])
        if use.source_span in hows and _kept(use, hows[use.source_span])
        else use
        for use in uses
    )


def _kept(use: TermUse, how: str) -> bool:
    """Whether what stood for a term made it be said: not where another word came of what was forced."""
    return use.status == "already" or (use.status == "applied" and how != "forced")


def as_begun(prepared: Prepared, text: str, uses: Sequence[TermUse]) -> str:
    """``text``, beginning small where the message does, with a term in a name's place: the model's word for it would
    have."""
    if not prepared.source[:1].islower() or not text[:1].isupper():
        return text
    first = any(_is_name(stood) and stood.start == 0 for stood in prepared.stood_for)
    said_first = any(use.source_span and use.source_span[0] == 0 and (use.target_span or (1,))[0] == 0 for use in uses)
    return text[0].lower() + text[1:] if first and said_first else text


def safest(before: Finished, tried: Sequence[tuple[Prepared, Finished]]) -> Finished | None:
    """What says most of the terms that ``before`` misses and is no worse in what can be checked. None where nothing
    is.

    Of equals, what was forced: it leaves all before the term as it was, and its score is that of what is sent, while
    that of a name is not the term's. Then what the model finds likelier.
    """
    good = [(prepared, finished) for prepared, finished in tried if _holds(before, prepared, finished)]
    best = min(good, key=lambda each: (len(_misses(each[1])), each[0].begun is None, -each[1].score), default=None)
    return best and best[1]


def _holds(before: Finished, prepared: Prepared, after: Finished) -> bool:
    words, now = _words(before.text), _words(after.text)
    return (
        _misses(after) < _misses(before)
        and not any((stood.start, stood.end) in _misses(after) for stood in prepared.stood_for)
        and not any(stood.token.removesuffix("s") in after.text for stood in prepared.stood_for if _is_name(stood))
        # The model may have made another word of it, for which what stands before it was not meant.
        and all(_stands(stood, after) for stood in prepared.stood_for if stood.how == "forced")
        and set(after.warnings) <= set(before.warnings)
        and after.protected >= before.protected
        and after.score >= before.score - MARGIN
        and (_is_all(prepared) or sum((Counter(words) & Counter(now)).values()) >= _KEPT * len(words))
        and _doubled(now) <= _doubled(words)
        and _marks(after.text) <= _marks(before.text + prepared.source + "".join(use.target for use in after.uses))
    )


def _stands(stood: StoodFor, finished: Finished) -> bool:
    forced = {use.source_span for use in finished.uses if use.how == "forced"}
    return (stood.start, stood.end) in forced and bool(_places(stood.token, finished.text))


def _is_name(stood: StoodFor) -> bool:
    return stood.how == "stand-in"


def _is_all(prepared: Prepared) -> bool:
    """Whether the message is nothing but the terms."""
    text = prepared.source
    for stood in reversed(prepared.stood_for):
        text = text[: stood.start] + text[stood.end :]
    return not _WORD.search(text)


def _misses(finished: Finished) -> frozenset[tuple[int, int]]:
    return frozenset(use.source_span for use in finished.uses if use.status == "missed" and use.source_span)


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(text)]


def _doubled(words: Sequence[str]) -> int:
    return sum(one == other for one, other in pairwise(words))


def _marks(text: str) -> set[str]:
    """Without apostrophes, which articles come with: "le colis", "l'envoi"."""
    return {char for char in text if not char.isalnum() and not char.isspace() and char not in "'’"}

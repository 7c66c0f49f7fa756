"""Whether what is remembered may be sent as it is, and the receipt that goes with it. Pure.

What can be checked is checked: the message's numbers and protected spans stand in the translation and no others do,
neither text is out of all proportion to the other, and the glossary's terms are said. A translation that a person made
of this very message has been checked by that person; it goes out as it is. Terms follow the same thought: a person who
corrected a translation knew the terms of that day, so an edit stands against a term, unless the term was set or changed
after the edit. Everything else gives way to the glossary: the shop's word counts more than what was said before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from conversation.receipt import Receipt, TermUse
from glossary.enforce import enforce
from glossary.matcher import Match
from translation.memory.agree import Side, agree
from translation.memory.choose import Remembered
from translation.memory.forms import spans_of
from translation.protect import Span
from translation.request import Done, GlossarySnapshot, Request

_PROPORTION = 4
_SHORT = 40  # characters; below, proportions say little


def remembered(request: Request, glossary: GlossarySnapshot | None) -> Done | None:
    """The best of ``request.remembered`` that holds; None where the engine is to translate."""
    if not request.remembered:
        return None
    spans = spans_of(request.text, request.source, request.target)
    matches = glossary.match(request.text, request.source, request.target) if glossary is not None else ()
    for candidate in request.remembered:
        if not (candidate.edited and candidate.same) and not holds(request, candidate.text, spans):
            continue
        uses = _uses(request, candidate.text, matches)
        if all(use.status == "already" or _older(match, candidate) for use, match in uses):
            receipt = Receipt(
                origin="edited" if candidate.edited else "memory",
                terms=tuple(use for use, _ in uses),
                protected=sum(1 for span in spans if request.text[span.start : span.end] in candidate.text),
                repairs=("template",) if candidate.filled else (),
                glossary_version=glossary.version if glossary is not None else 0,
            )
            return Done(candidate.text, receipt)
    return None


def holds(request: Request, text: str, spans: Sequence[Span]) -> bool:
    """Whether ``text`` can be a translation of the request's. ``spans``: the protected ones of the request's text."""
    if not text.strip():
        return False
    small, large = sorted((len(request.text), len(text)))
    if large > _SHORT and large > _PROPORTION * max(small, 10):
        return False
    said = spans_of(text, request.target, request.source)
    return agree(Side(request.text, request.source, spans), Side(text, request.target, said))


def _uses(request: Request, text: str, matches: Sequence[Match]) -> list[tuple[TermUse, Match]]:
    if not matches:
        return []
    # Without links nothing is replaced: it only tells which terms are said.
    uses = enforce(request.text, text, (), matches, request.target, source_language=request.source).uses
    return list(zip(uses, sorted(matches, key=lambda match: match.start), strict=True))


def _older(match: Match, candidate: Remembered) -> bool:
    """Whether a person chose other words when the term stood as it does now."""
    return candidate.edited and candidate.time >= match.term.changed

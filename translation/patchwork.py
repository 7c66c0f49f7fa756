"""A message in several languages: each stretch goes its own way, what the reader understands stays as it stands. Pure.

"Oi, my order LP123 hasn't arrived. Pode me ajudar?" reads, for somebody who reads English, "Oi, my order LP123 hasn't
arrived. Can you help me?"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from msgspec import structs

from conversation.receipt import Receipt, TermUse
from translation.language import base
from translation.language.segments import Part
from translation.message import Message
from translation.pivot import Pivoted
from translation.request import Done, Failed, Outcome, Request, Same, Unavailable
from translation.uses import shifted

Way = Message | Pivoted

_GOES_ON = ",;:.!?)]…"


@dataclass(frozen=True, slots=True)
class Patch:
    """A stretch of a message: the request for it alone, and what stands for it."""

    request: Request
    way: Way | Outcome


class Patchwork:
    """The patches of one request, and the outcome that they make together."""

    def __init__(self, request: Request, begin: Callable[[Request], Way | Outcome]) -> None:
        """``begin``: how a request in one language is set about."""
        self._patches = [Patch(each, begin(each)) for each in patches(request)]

    @property
    def ways(self) -> list[Way]:
        """What the engines have to do with."""
        return [patch.way for patch in self._patches if isinstance(patch.way, Way)]

    def outcome(self, end: Callable[[Way], Outcome]) -> Outcome:
        """``end``: how a way gives its outcome. What has no translation stands in the original, with a warning."""
        outcomes = [end(patch.way) if isinstance(patch.way, Way) else patch.way for patch in self._patches]
        done = [outcome for outcome in outcomes if isinstance(outcome, Done)]
        missing = [outcome for outcome in outcomes if isinstance(outcome, Unavailable | Failed)]
        if not done:
            return missing[0] if missing else Same()
        out: list[str] = []
        uses: list[TermUse] = []
        source = target = 0
        for patch, outcome in zip(self._patches, outcomes, strict=True):
            text = outcome.text if isinstance(outcome, Done) else patch.request.text
            if isinstance(outcome, Done):
                uses += (shifted(use, source, target) for use in outcome.receipt.terms)
            source, target = source + len(patch.request.text), target + len(text)
            out.append(text)
        translated = [
            base(patch.request.source)
            for patch, outcome in zip(self._patches, outcomes, strict=True)
            if isinstance(outcome, Done)
        ]
        return Done(
            "".join(out), structs.replace(_together(done, missing), terms=tuple(uses), languages=_once(translated))
        )


def patches(request: Request) -> Iterator[Request]:
    """A request for each stretch. A quotation in the target language that a sentence runs around is kept inside it."""
    stack: list[tuple[Part, tuple[tuple[int, int], ...]]] = []
    for part in request.parts:
        if len(stack) > 1 and _runs_around(request, stack[-2][0], stack[-1][0], part):
            quotation, _ = stack.pop()
            before, kept = stack.pop()
            inner = (quotation.start, quotation.start + len(request.text[quotation.start : quotation.end].rstrip()))
            stack.append((Part(before.start, part.end, before.language), (*kept, inner)))
        else:
            stack.append((part, ()))
    for part, kept in stack:
        inside = tuple((start - part.start, end - part.start) for start, end in kept)
        source = request.source if part.language == base(request.source) else part.language
        yield replace(
            request, text=request.text[part.start : part.end], source=source, remembered=(), parts=(), kept=inside
        )


def _runs_around(request: Request, before: Part, quotation: Part, after: Part) -> bool:
    if base(request.target) != quotation.language or before.language != after.language:
        return False
    if "\n" in _edge(request.text[before.start : before.end]) + _edge(request.text[quotation.start : quotation.end]):
        return False
    first = request.text[after.start : after.end].lstrip()[:1]
    return first.islower() or (first != "" and first in _GOES_ON)


def _edge(text: str) -> str:
    return text[len(text.rstrip()) :]


def _together(done: list[Done], missing: list[Unavailable | Failed]) -> Receipt:
    receipts = [outcome.receipt for outcome in done]
    warnings = {warning for receipt in receipts for warning in receipt.warnings}
    return Receipt(
        models=_once([model for receipt in receipts for model in receipt.models]),
        score=min((receipt.score for receipt in receipts if receipt.score is not None), default=None),
        protected=sum(receipt.protected for receipt in receipts),
        repairs=tuple(sorted({repair for receipt in receipts for repair in receipt.repairs})),
        warnings=tuple(sorted(warnings | {"untranslated"} if missing else warnings)),
        glossary_version=max(receipt.glossary_version for receipt in receipts),
    )


def _once(items: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))

"""From a model's output to the finished translation of one piece: restore, glossary terms, marks, checks. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from conversation.receipt import TermUse
from glossary.enforce import enforce
from glossary.matcher import Match
from translation.direction import Direction
from translation.edits import Edit, Edited
from translation.engines.base import Hypothesis, Link
from translation.finished import Finished
from translation.insist import as_begun, pinned, told
from translation.phrases import first_of_each
from translation.prepare import Prepared
from translation.restore import Fixed, put_back, restore
from translation.verify import check


def finish(
    prepared: Prepared,
    hypothesis: Hypothesis,
    direction: Direction,
    matches: Sequence[Match],
    *,
    links: bool = False,
) -> Finished:
    """``matches``: the glossary terms of the piece that have a translation, with offsets in the piece.

    ``links``: they are wanted with the result.
    """
    restored = restore(prepared, hypothesis, direction.target_language.numbers, links=links or bool(matches))
    text, fixed, insertions = restored.text, restored.fixed, restored.insertions
    uses: tuple[TermUse, ...] = ()
    ties = restored.links
    for rule in direction.phrases.wording.fitting(text):
        if changes := first_of_each(rule.edits(text), [(item.start, item.end) for item in fixed]):
            edited = Edited(text, changes)
            text, fixed = edited.text, _move(fixed, edited)
            insertions = tuple((edited.end(offset), loose) for offset, loose in insertions)
            ties = _move_links(ties, edited)
    if matches:
        if prepared.stood_for:
            ties = pinned(prepared.stood_for, text, ties)
        enforced = enforce(prepared.source, text, ties, matches, direction.target, source_language=direction.source)
        edited = Edited(text, [Edit(edit.start, edit.end, edit.text) for edit in enforced.edits])
        moved = _move(fixed, edited)
        uses = told(prepared.stood_for, enforced.uses)
        if edited.text == enforced.text and all(edited.text[item.start : item.end] == item.text for item in moved):
            text, fixed, ties = edited.text, moved, _move_links(ties, edited)
            text = as_begun(prepared, text, uses)
            insertions = tuple((edited.end(offset), loose) for offset, loose in insertions)
        elif enforced.text != text:
            uses = tuple(replace_use(use, "protected-span") for use in uses)
    warnings = check(
        prepared,
        text,
        fixed,
        restored.lost,
        direction.expected,
        truncated=hypothesis.truncated,
        score=hypothesis.score,
    )
    if prepared.capitals:
        text = _raise(text, fixed)
    if insertions:
        whole = put_back(text, insertions)
        text, fixed, ties = whole.text, _move(fixed, whole), _move_links(ties, whole)
        uses = tuple(_move_use(use, whole) for use in uses)
    return Finished(
        text,
        len(fixed) + len(prepared.loose),
        uses,
        warnings,
        restored.repairs,
        hypothesis.score,
        tuple(item.start for item in restored.lost),
        ties if links else (),
        hypothesis if any(use.status == "missed" for use in uses) else None,
    )


def replace_use(use: TermUse, cause: str) -> TermUse:
    """The same use as a miss."""
    return TermUse(use.term, use.source, use.target, "missed", cause, use.source_span)


def _move(fixed: Sequence[Fixed], edited: Edited) -> tuple[Fixed, ...]:
    return tuple(Fixed(edited.start(item.start), edited.end(item.end), item.text) for item in fixed)


def _move_links(links: Sequence[Link], edited: Edited) -> tuple[Link, ...]:
    return tuple(
        Link(link.source_start, link.source_end, edited.start(link.target_start), edited.end(link.target_end))
        for link in links
    )


def _move_use(use: TermUse, edited: Edited) -> TermUse:
    if use.target_span is None:
        return use
    start, end = use.target_span
    return TermUse(
        use.term, use.source, use.target, use.status, use.how, use.source_span, (edited.start(start), edited.end(end))
    )


def _raise(text: str, fixed: Sequence[Fixed]) -> str:
    """In capitals, except what is protected; the length stays."""
    chars = [char.upper() if len(char.upper()) == 1 else char for char in text]
    for item in fixed:
        chars[item.start : item.end] = item.text
    return "".join(chars)

"""Turns a model's output back into what people read: protected spans in place, byte for byte. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from translation.edits import Edit, Edited
from translation.engines.base import Hypothesis, Link
from translation.prepare import Held, Loose, Prepared
from translation.protect import Span


@dataclass(frozen=True, slots=True)
class Fixed:
    """A protected span in the translation. Offsets in code points, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The translation of one piece."""

    text: str
    fixed: tuple[Fixed, ...]  # in text order
    links: tuple[Link, ...]  # offsets in the piece as its author wrote it, and in ``text``
    insertions: tuple[tuple[int, Loose], ...]  # what ``put_back`` will insert, and where in ``text``
    lost: tuple[Held, ...] = ()  # not found, or found more than once
    repairs: frozenset[str] = frozenset()


def restore(
    prepared: Prepared, hypothesis: Hypothesis, number_words: dict[str, int], *, links: bool = True
) -> Restored:
    """Puts the held spans into the model's output. What was taken out is only placed: see ``put_back``.

    ``number_words``: words of the target language that may stand for a number. ``links`` False: nobody needs them.
    """
    output = hypothesis.text
    edits: list[Edit] = []
    taken: list[tuple[int, int]] = []
    lost: list[Held] = []
    repairs: set[str] = set()
    for item in sorted(prepared.held, key=lambda held: -len(held.token)):
        place = _find(item, prepared.source, output, taken, number_words)
        if place is None:
            lost.append(item)
            continue
        start, end, repaired = place
        taken.append((start, end))
        if repaired:
            repairs.add("spacing")
        if output[start:end] != item.text and not (item.kind == "number" and output[start:end].isalpha()):
            edits.append(Edit(start, end, item.text))
    edits += _undo(prepared, output, taken)
    offsets = [_place(loose, prepared, hypothesis, taken) for loose in prepared.loose]
    for offset, loose in zip(offsets, prepared.loose, strict=True):
        if loose.comma and output[offset : offset + 1] == "," and not any(edit.start == offset for edit in edits):
            edits.append(Edit(offset, offset + 1, ""))
    edits.sort(key=lambda edit: (edit.start, edit.end))
    edited = Edited(output, edits)
    fixed = tuple(
        Fixed(edited.start(start), edited.end(end), edited.text[edited.start(start) : edited.end(end)])
        for start, end in sorted(taken)
    )
    moved = (
        ()
        if not links
        else tuple(
            Link(
                prepared.edited.back_start(link.source_start),
                prepared.edited.back_end(link.source_end),
                edited.start(link.target_start),
                edited.end(link.target_end),
            )
            for link in hypothesis.links
        )
    )
    insertions = tuple((edited.end(offset), loose) for offset, loose in zip(offsets, prepared.loose, strict=True))
    return Restored(edited.text, fixed, moved, insertions, tuple(lost), frozenset(repairs))


def _undo(prepared: Prepared, output: str, taken: Sequence[tuple[int, int]]) -> list[Edit]:
    """Takes away what preparation added for the model's sake."""
    edits: list[Edit] = []
    if prepared.dotted and output.endswith(".") and not output.endswith("..") and not _covered(len(output) - 1, taken):
        edits.append(Edit(len(output) - 1, len(output), ""))
    if prepared.raised and output[:1].islower() and not _covered(0, taken):
        edits.append(Edit(0, 1, output[0].upper()))
    return edits


def _covered(offset: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in taken)


def _find(
    item: Held, source: str, output: str, taken: Sequence[tuple[int, int]], number_words: dict[str, int]
) -> tuple[int, int, bool] | None:
    """Where a token stands in the output, and whether it had to be mended. None: nowhere, or more than once."""
    found = _free(_exactly(item.token, output), taken)
    if not found and (source[: item.start][-1:].isalpha() or source[item.end : item.end + 1].isalpha()):
        found = _free(_exactly(item.token, output, glued=True), taken)  # "24h": a number with its unit
    if len(found) == 1:
        return (*found[0], False)
    if found:
        return None
    # The same letters and digits, with other marks or spaces between them.
    found = _free(_loosely(item.token, output), taken)
    if len(found) == 1:
        return (*found[0], True)
    if item.kind == "number" and item.token.isdigit() and int(item.token) <= 12:
        words = [word for word, value in number_words.items() if value == int(item.token)]
        if words:
            said = regex.compile(rf"\b(?:{'|'.join(words)})\b", regex.IGNORECASE)
            found = _free((match.span() for match in said.finditer(output)), taken)
            if len(found) >= 1:
                return (*found[0], False)
    return None


# Tokens are looked for by hand: to compile a pattern for each takes a hundred times as long as to use it.


def _exactly(token: str, output: str, glued: bool = False) -> Iterator[tuple[int, int]]:
    """Where a token stands as it is, not inside a longer word; one that ends in marks anywhere.

    ``glued``: letters may touch it, digits may not.
    """
    word = token[0].isalnum() and token[-1].isalnum()
    inside = str.isdigit if glued else str.isalnum
    at = output.find(token)
    while at >= 0:
        end = at + len(token)
        if word and (inside(output[max(at - 1, 0) : at]) or inside(output[end : end + 1])):
            at = output.find(token, at + 1)
        else:
            yield at, end
            at = output.find(token, end)


def _loosely(token: str, output: str) -> Iterator[tuple[int, int]]:
    """Where its letters and digits stand, in either case, with at most two marks or spaces between neighbours."""
    bare = _lower(filter(str.isalnum, token))
    if len(bare) < 2:
        return
    places = [at for at, char in enumerate(output) if char.isalnum()]
    squeezed = _lower(output[at] for at in places)
    first = squeezed.find(bare)
    while first >= 0:
        last = first + len(bare) - 1
        whole = (first == 0 or places[first] - places[first - 1] > 1) and (
            last + 1 == len(places) or places[last + 1] - places[last] > 1
        )
        if whole and all(places[k + 1] - places[k] <= 3 for k in range(first, last)):
            yield places[first], places[last] + 1
            first = squeezed.find(bare, last + 1)
        else:
            first = squeezed.find(bare, first + 1)


def _lower(chars: Iterable[str]) -> str:
    """In small letters, each still one character."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in chars)


def _free(found: Iterable[tuple[int, int]], taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(at, till) for at, till in found if not any(start < till and at < end for start, end in taken)]


_BOUNDARY = regex.compile(r"(?<=\S)(?=\s)|(?<=[\p{L}\p{N}\p{M}])(?=[^\s\p{L}\p{N}\p{M}])|^|$")


def _place(loose: Loose, prepared: Prepared, hypothesis: Hypothesis, taken: Sequence[tuple[int, int]]) -> int:
    """The offset in the output that tears the fewest aligned words apart."""
    output = hypothesis.text
    source_length = len(prepared.text)
    if loose.at == 0 or not output:
        return 0
    if output == prepared.text:
        return loose.at - (1 if output[loose.at - 1].isspace() else 0)
    boundaries: list[int] = [
        match.start()
        for match in _BOUNDARY.finditer(output)
        if not any(start < match.start() < end for start, end in taken)
    ]
    if loose.glued_right and not loose.glued_left:  # it belongs to the word behind it
        boundaries = [offset for offset in boundaries if offset]
    if not hypothesis.links:
        wanted = len(output) * loose.at / max(source_length, 1)
        return min(boundaries, key=lambda offset: abs(offset - wanted))
    # Behind ``offset``: pieces aligned to what stood before the span. Before it: pieces aligned to what stood behind.
    behind = sum(1 for link in hypothesis.links if link.source_end <= loose.at)
    best, best_cost = boundaries[-1], None
    links = iter(hypothesis.links)
    link = next(links, None)
    cost = behind
    for offset in boundaries:
        while link is not None and link.target_end <= offset:
            cost += -1 if link.source_end <= loose.at else 1
            link = next(links, None)
        if best_cost is None or cost < best_cost:
            best, best_cost = offset, cost
    return best


def strewn(text: str, source: str, spans: Sequence[Span]) -> str:
    """``text`` with the protected spans of ``source`` in it, each as far along as it was there, between words.

    For a text whose words cannot be followed to those of its source.
    """
    taken = sum(span.end - span.start for span in spans)
    boundaries = [match.start() for match in _BOUNDARY.finditer(text)]
    insertions = []
    before = 0  # characters of spans
    for span in spans:
        share = (span.start - before) / max(len(source) - taken, 1)
        offset = min(boundaries, key=lambda at: abs(at - share * len(text)))
        left, right = source[span.start - 1 : span.start].isalnum(), source[span.end : span.end + 1].isalnum()
        insertions.append((offset, Loose(span.start, span.end, source[span.start : span.end], 0, left, right)))
        before += span.end - span.start
    return put_back(text, insertions).text


def put_back(text: str, insertions: Sequence[tuple[int, Loose]]) -> Edited:
    """Inserts what was taken out, with a space beside it wherever it had one."""
    edits: list[Edit] = []
    for offset, loose in sorted(insertions, key=lambda pair: pair[0]):
        at = offset
        if loose.glued_right and not loose.glued_left:
            while at < len(text) and text[at].isspace():
                at += 1
        before = "" if loose.glued_left or at == 0 or text[at - 1].isspace() else " "
        after = "" if loose.glued_right or at == len(text) or not (text[at].isalnum() or at == 0) else " "
        edits.append(Edit(at, at, before + loose.text + after))
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if merged and merged[-1].start == edit.start:
            gap = "" if merged[-1].text[-1].isspace() or edit.text[0].isspace() else " "
            merged[-1] = Edit(edit.start, edit.start, merged[-1].text + gap + edit.text)
        else:
            merged.append(edit)
    return Edited(text, merged)

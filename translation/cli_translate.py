"""``dragoman translate``: lines in, translations out, in order, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from time import perf_counter

import msgspec

from conversation.receipt import Detected
from translation.language import base, detect, mixed
from translation.language.evidence import Evidence
from translation.memory.book import Book
from translation.pipeline import Done, Failed, Outcome, Pipeline, Request, Same, Unavailable

BATCH = 64  # lines that go through the engine together


class _Line(msgspec.Struct, frozen=True):
    text: str


_decode = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode


def translate_lines(
    lines: Iterable[str],
    pipeline: Pipeline,
    *,
    source: str,
    target: str,
    jsonl: bool = False,
    memory: Book | None = None,
) -> Iterator[str]:
    """One output line for each input line, in order, without line ends.

    ``source``: a language tag, or "auto" to find out for each line by itself. ``memory``: translations to reuse.
    Plain: text in, translation out, the line itself where there is none. ``jsonl``: ``{"text": ...}`` in; out
    ``{"translation": ..., "receipt": {...}}``, or ``{"error": ...}`` for a line that cannot be read or translated.
    """
    feed = iter(lines)
    while batch := list(islice(feed, BATCH)):
        yield from _batch(batch, pipeline, source, target, jsonl=jsonl, memory=memory)


def _batch(
    lines: list[str], pipeline: Pipeline, source: str, target: str, *, jsonl: bool, memory: Book | None
) -> Iterator[str]:
    begun = perf_counter()
    errors: dict[int, str] = {}
    texts: dict[int, str] = {}
    for index, line in enumerate(lines):
        if not jsonl:
            texts[index] = line.rstrip("\r\n")
            continue
        try:
            texts[index] = _decode(line).text
        except (msgspec.DecodeError, UnicodeError) as error:
            errors[index] = f'{error}. Write one JSON object a line, such as {{"text": "..."}}'
    read = {i: detect(Evidence(text)) for i, text in texts.items()} if source == "auto" else {}
    found = {i: detected for i, (_, detected) in read.items()}
    requests = [Request(text, base(found[i].language) if found else source, target) for i, text in texts.items()]
    if found:
        likely = [(base(target), *state.weights) for state, _ in read.values()]
        requests = [replace(r, parts=mixed(r.text, r.source, each)) for r, each in zip(requests, likely, strict=True)]
    if memory is not None:
        requests = [replace(r, remembered=memory.look_up(r.text, r.source, r.target)) for r in requests]
    outcomes = dict(zip(texts, pipeline.translate(requests), strict=True))
    ms = (perf_counter() - begun) * 1000
    for index in range(len(lines)):
        if index in errors:
            yield _encode({"error": errors[index]}).decode()
        elif jsonl:
            yield _json(texts[index], outcomes[index], found.get(index), ms)
        else:
            outcome = outcomes[index]
            yield outcome.text if isinstance(outcome, Done) else texts[index]


def _json(text: str, outcome: Outcome, found: Detected | None, ms: float) -> str:
    match outcome:
        case Done():
            receipt = msgspec.structs.replace(outcome.receipt, ms=round(ms, 1), detected=found)
            answer: dict[str, object] = {"translation": outcome.text, "receipt": receipt}
        case Same():
            answer = {"translation": text, "status": "same"}
            if found is not None:
                answer["detected"] = found
        case Unavailable(reason) | Failed(reason):
            answer = {"error": reason}
    try:
        return _encode(answer).decode()
    except UnicodeEncodeError:  # half a character, which no output can hold
        return _encode({"error": "not-text"}).decode()

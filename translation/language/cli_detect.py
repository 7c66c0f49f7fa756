"""``dragoman detect [--jsonl]``: lines in, languages out. Histories are replayed as a conversation would have gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from conversation.receipt import Detected
from translation.language.detect import detect
from translation.language.evidence import Evidence
from translation.language.state import State

_REMEMBERED = 50_000  # messages of histories kept for lines that go on where earlier ones ended


class _Line(msgspec.Struct, frozen=True):
    text: str
    history: tuple[str, ...] = ()
    page_locale: str | None = None
    accept_language: str | None = None
    country: str | None = None
    shop_languages: tuple[str, ...] = ()
    earlier_languages: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


_decode = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode

_FIELDS = '{"text": "...", "history": ["..."], "page_locale": "pt-BR", "accept_language": "pt-BR,en;q=0.5"}'


class _Node:
    """A point in a history: the state there, and where each next message leads."""

    __slots__ = ("after", "state")

    def __init__(self, state: State | None) -> None:
        self.state = state
        self.after: dict[str, _Node] = {}


def detect_lines(lines: Iterable[str], jsonl: bool = False) -> Iterator[str]:
    """One output line for each input line, in order, without line ends.

    Plain: each line is a text on its own; out comes language, confidence and reasons, tab-separated.
    ``jsonl``: JSON objects in and out; a line that can't be read gives ``{"error": ...}`` with what to do.
    """
    roots: dict[tuple[object, ...], _Node] = {}
    size = 0
    for line in lines:
        if not jsonl:
            found = detect(Evidence(line.rstrip("\r\n")))[1]
            yield f"{found.language}\t{found.confidence:.3f}\t{' '.join(found.why)}"
            continue
        try:
            wanted = _decode(line)
        except (msgspec.DecodeError, UnicodeError) as error:
            yield _encode({"error": f"{error}. Write one JSON object a line, such as {_FIELDS}"}).decode()
            continue
        if size > _REMEMBERED:
            roots.clear()
            size = 0
        node = roots.setdefault(_context(wanted), _Node(None))
        for message in wanted.history:
            if message not in node.after:
                node.after[message] = _Node(_step(wanted, message, node.state)[0])
                size += 1
            node = node.after[message]
        found = _step(wanted, wanted.text, node.state)[1]
        yield _encode({"language": found.language, "confidence": found.confidence, "why": found.why}).decode()


def _context(line: _Line) -> tuple[object, ...]:
    return (
        line.page_locale,
        line.accept_language,
        line.country,
        line.shop_languages,
        line.earlier_languages,
        line.names,
    )


def _step(line: _Line, text: str, state: State | None) -> tuple[State, Detected]:
    evidence = Evidence(
        text,
        line.page_locale,
        line.accept_language,
        line.country,
        line.shop_languages,
        line.earlier_languages,
        line.names,
    )
    return detect(evidence, state)

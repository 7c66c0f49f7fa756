"""TMX 1.4, the format in which translation tools exchange memories. Pure.

Each unit gives a pair from its source language (``srclang``) to every other language that it has; ``*all*`` gives every
pair both ways. Inline codes of documents are left out, their text stays. Units without text are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from translation.memory.exchange import ExchangeError, Problem
from translation.memory.forms import base
from translation.memory.pair import Pair, PairError, validate

_CODES = frozenset(("bpt", "ept", "ph", "it", "ut", "sub"))
_EDITED = "x-edited"
_DATE = "%Y%m%dT%H%M%SZ"
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def read(text: str) -> list[Pair]:
    """Raises ExchangeError with every problem found."""
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)
    except expat.ExpatError as error:
        problem = Problem(error.lineno, f"no well-formed XML: {expat.ErrorString(error.code)}")
        raise ExchangeError([*reader.problems, problem]) from None
    if not reader.is_tmx:
        reader.problems.append(Problem(1, "is XML, but no TMX"))
    if reader.problems:
        raise ExchangeError(reader.problems)
    return reader.pairs


def write(pairs: Iterable[Pair]) -> Iterator[bytes]:
    """The pairs as TMX 1.4; ``read`` gives the same pairs again, but for times, which are kept to the second."""
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        b'<header creationtool="dragoman" creationtoolversion="1" segtype="block" o-tmf="dragoman" adminlang="en" '
        b'srclang="*all*" datatype="plaintext"/>\n<body>\n'
    )
    for pair in pairs:
        changed = ""
        if pair.time:
            changed = f' changedate="{datetime.fromtimestamp(pair.time // 1000, UTC).strftime(_DATE)}"'
        edited = f'<prop type="{_EDITED}">yes</prop>' if pair.edited else ""
        yield (
            f'<tu srclang={quoteattr(pair.source_language)} usagecount="{pair.count}"{changed}>{edited}'
            f"{_variant(pair.source_language, pair.source)}{_variant(pair.target_language, pair.target)}</tu>\n"
        ).encode()
    yield b"</body>\n</tmx>\n"


def _variant(language: str, text: str) -> str:
    # A carriage return would come back as a line feed.
    segment = escape(text.translate(_NOT_XML), {"\r": "&#13;"})
    return f"<tuv xml:lang={quoteattr(language)}><seg>{segment}</seg></tuv>"


class _Reader:
    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self.problems: list[Problem] = []
        self.is_tmx = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity
        self._default = ""  # the header's source language
        self._unit: dict[str, str] | None = None
        self._line = 0
        self._language: str | None = None
        self._texts: dict[str, str] = {}
        self._edited = False
        self._parts: list[str] | None = None  # of the segment or property that is being read
        self._codes = 0  # depth in inline codes

    def _entity(self, *_: object) -> NoReturn:
        raise ExchangeError([Problem(self.parser.CurrentLineNumber, "declares entities of its own: refused")])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tmx":
            self.is_tmx = True
        elif name == "header":
            self._default = attributes.get("srclang", "")
        elif name == "tu":
            self._unit, self._line = attributes, self.parser.CurrentLineNumber
            self._texts, self._edited = {}, False
        elif name == "tuv":
            self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif name == "seg" or (name == "prop" and attributes.get("type") == _EDITED):
            self._parts = []
        elif name in _CODES:
            self._codes += 1

    def _characters(self, text: str) -> None:
        if self._parts is not None and not self._codes:
            self._parts.append(text)

    def _end(self, name: str) -> None:
        if name == "seg" and self._language is not None and self._parts is not None:
            self._texts[self._language] = "".join(self._parts)
            self._parts = None
        elif name == "prop" and self._parts is not None:
            self._edited = "".join(self._parts).strip().lower() in ("yes", "true", "1")
            self._parts = None
        elif name == "tuv":
            self._language = None
        elif name in _CODES:
            self._codes -= 1
        elif name == "tu" and self._unit is not None:
            try:
                self._take(self._unit)
            except PairError as error:
                self.problems.append(Problem(self._line, str(error)))
            self._unit = None

    def _take(self, unit: dict[str, str]) -> None:
        source = unit.get("srclang", self._default)
        count = unit.get("usagecount", "1")
        if not count.isdigit():
            raise PairError(f"usagecount must be a number, not {count[:40]!r}")
        time = _time(unit.get("changedate") or unit.get("creationdate") or "")
        said = {language: text for language, text in self._texts.items() if text.strip()}
        if source.lower() == "*all*":
            sources = list(said)
        elif not source:
            raise PairError("has no source language: the header or the unit must name one in srclang")
        else:
            sources = [tag for tag in said if tag.lower() == source.lower()]
            sources = sources or [tag for tag in said if base(tag) == base(source)][:1]
        for one in sources:
            for other, text in said.items():
                if base(other) == base(one):
                    continue
                pair = Pair(
                    source_language=one,
                    target_language=other,
                    source=said[one],
                    target=text,
                    count=max(1, int(count)),
                    edited=self._edited,
                    time=time,
                )
                validate(pair)
                self.pairs.append(pair)


def _time(date: str) -> int:
    if not date:
        return 0
    try:
        return int(datetime.strptime(date, _DATE).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        raise PairError(f"a date must be like 20261122T143000Z, not {date[:40]!r}") from None

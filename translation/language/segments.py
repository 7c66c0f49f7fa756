"""Messages in two languages: which parts are in which, and whether an agent wrote in the other one's language."""

from __future__ import annotations

import re

import msgspec

from conversation.receipt import Detected
from translation.language.detect import detect
from translation.language.evidence import Evidence
from translation.language.identify import read

_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？]+[\s\"”»’')]*|[^.!?。！？\n]*\n+\s*|[^.!?。！？\n]+$")
_CLEARLY = 8.0  # natural log: a part is taken for the other language where that is 3,000 times likelier
_LONG_ENOUGH = 12  # Latin letters; shorter parts go with their neighbours


class Part(msgspec.Struct, frozen=True):
    """A stretch of a message in one language; offsets in code points, end exclusive."""

    start: int
    end: int
    language: str


def parts(text: str, main: str, other: str) -> tuple[Part, ...]:
    """Splits a message at sentence ends into stretches in ``main`` and ``other`` (plain codes); covers all of it.

    What says nothing or is too short to tell belongs to the part before it, at the start to ``main``.
    """
    found: list[Part] = []
    at = 0
    while at < len(text):
        match = _SENTENCE.match(text, at)
        end = match.end() if match and match.end() > at else len(text)
        reading = read(text[at:end], languages=(main, other))
        lead = reading.logs.get(other, -99.0) - reading.logs.get(main, -99.0)
        clear = reading.size >= _LONG_ENOUGH and abs(lead) >= _CLEARLY
        language = (other if lead > 0 else main) if clear else found[-1].language if found else main
        if found and found[-1].language == language:
            found[-1] = Part(found[-1].start, end, language)
        else:
            found.append(Part(at, end, language))
        at = end
    return tuple(found)


def written_in(text: str, expected: str, other: str) -> Detected:
    """The language of one message of a person who is expected to write ``expected`` to somebody who reads ``other``.

    For agents: an answer typed in the shopper's own language needs no translation.
    """
    return detect(Evidence(text, page_locale=expected, shop_languages=(expected, other)))[1]

"""Messages in two languages: which parts are in which, and whether an agent wrote in the other one's language."""

from __future__ import annotations

import re

import msgspec

from translation.language import models, words
from translation.language.identify import read
from translation.language.strip import readable

_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？]+[\s\"”»’')]*|[^.!?。！？\n]*\n+\s*|[^.!?。！？\n]+$")
CLEARLY = 8.0  # natural log: a part is taken for the other language where that is 3,000 times likelier
BEYOND_DOUBT = 16.0  # as far as kin languages (Portuguese and Galician, Czech and Slovak) are hardly ever mistaken
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
        clear = reading.size >= _LONG_ENOUGH and abs(lead) >= CLEARLY
        language = (other if lead > 0 else main) if clear else found[-1].language if found else main
        if found and found[-1].language == language:
            found[-1] = Part(found[-1].start, end, language)
        else:
            found.append(Part(at, end, language))
        at = end
    return tuple(found)


_SURELY = 0.8  # of one model alone, above which the text is not read in full


def written_in(text: str, language: str, other: str, lead: float = CLEARLY) -> bool:
    """Whether all of a text is in ``language`` and clearly not in ``other`` (plain codes). 0.1 ms on average.

    ``lead``: how much likelier it has to be, as a natural log. What says nothing ("ok", a number) is in neither.
    For agents: an answer typed in the shopper's own language, or a quote of her, needs no translation.
    """
    if words.plainly(text, other):
        return False
    quick = models.fasttext(readable(text).text)
    if quick.get(other, 0.0) > _SURELY:
        return False  # as nearly every answer is: a tenth of the time that reading it in full would take
    reading = read(text, languages=(language, other))
    if reading.logs.get(language, -99.0) - reading.logs.get(other, -99.0) < lead:
        return False
    return len(parts(text, language, other)) == 1

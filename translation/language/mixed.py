"""Messages in several languages: "Oi, my order LP123 hasn't arrived. Pode me ajudar?" Pure.

Nearly every message is in one language, and a quick look finds that out. What it doubts is read in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from translation.language import models
from translation.language.identify import read
from translation.language.script import LANGUAGES, main_script, size
from translation.language.segments import BEYOND_DOUBT, CLEARLY, Part

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”]?\s*|:\s+|\n\s*")
_QUOTATION = re.compile(r"(?<!\w)[\"“„«](?=[^\s\"“”„«»]+\s+\S)[^\"“”„«»\n]{10,}[\"”“»«](?!\w)\s*")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_QUICK = 160  # characters of a sentence for the quick look
_LETTERS = 12  # Latin letters; less than that doesn't split a message ...
_LEAST_WORDS = 3  # ... nor do one or two words: "Muito obrigado!" is often borrowed
_UNEXPECTED = 30  # letters of a sentence in a language that nothing else hints at
_PERHAPS = 0.2  # of one model alone, from which on a sentence is not read in full
_NEARLY = -3.0  # natural log: an expected language explains a sentence nearly as well as the best
_NEVER = -99.0


def mixed(text: str, author: str, expected: Sequence[str] = ()) -> tuple[Part, ...]:
    """The stretches of a message in several languages, covering all of it; empty where it is all in one.

    ``author``: the plain code that the whole was taken for. ``expected``: the reader's language, the shop's, whatever
    else is likely, plain codes; another one takes a longer and clearer sentence. What is short or says little goes with
    what stands before it, unless it is clearly in one of the languages found. 0.05 ms on average.
    """
    units = _units(text)
    if not units:
        return ()
    told = [_language(text[start:end], author, expected) for start, end in units]
    choices = tuple(dict.fromkeys((author, *filter(None, told))))
    if len(set(filter(None, told))) < 2:
        return ()
    parts: list[Part] = []
    for (start, end), clearly in zip(units, told, strict=True):
        before = parts[-1].language if parts else author
        language = clearly or _among(text[start:end], choices) or before
        if parts and before == language:
            parts[-1] = Part(parts[-1].start, end, language)
        else:
            parts.append(Part(start, end, language))
    return tuple(parts) if len(parts) > 1 else ()


def _units(text: str) -> list[tuple[int, int]]:
    """Sentences, lines and quotations, which cover the text; none where fewer than two could tell a language."""
    if len(text) < 2 * _LETTERS and text.isascii():
        return []
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    cuts = {at for span in quotations for at in span}
    for match in _SENTENCE_END.finditer(text):
        if not any(start < match.end() < end for start, end in quotations):
            cuts.add(match.end())
    marks = [0, *sorted(cuts - {0, len(text)}), len(text)]
    units = list(pairwise(marks))
    return units if sum(_long(text[start:end]) for start, end in units) > 1 else []


def _long(text: str) -> bool:
    """Whether it is of a sentence's length."""
    if text.isascii():
        return len(text) > _LETTERS and text.count(" ") + 1 >= _LEAST_WORDS and size(text) >= _LETTERS
    return size(text) >= _LETTERS and (main_script(text) in LANGUAGES or len(_WORDS.findall(text)) >= _LEAST_WORDS)


def _language(text: str, author: str, expected: Sequence[str]) -> str | None:
    """The language that a sentence is clearly in; None where it is too short or doesn't tell."""
    if not _long(text):
        return None
    if main_script(text) not in LANGUAGES:
        plain = " ".join(text[:_QUICK].lower().split())
        if models.fasttext(plain).get(author, 0.0) >= _PERHAPS:
            return author
    reading = read(text, languages=(author, *expected))
    if not reading.logs or reading.size < _LETTERS:
        return None
    own = reading.logs.get(author, _NEVER)
    likely = max((author, *expected), key=lambda code: reading.logs.get(code, _NEVER))
    lead = reading.logs.get(likely, _NEVER)
    if lead >= _NEARLY and (likely == author or lead - own >= CLEARLY):
        return likely
    best = max(reading.logs, key=lambda code: reading.logs[code])
    return best if reading.size >= _UNEXPECTED and -own >= BEYOND_DOUBT else None


def _among(text: str, choices: Sequence[str]) -> str | None:
    """Which of the languages that a message holds a short stretch is clearly in."""
    logs = read(text, languages=choices).logs
    first, second = sorted(choices, key=lambda code: -logs.get(code, _NEVER))[:2]
    return first if logs and logs.get(first, _NEVER) - logs.get(second, _NEVER) >= CLEARLY / 2 else None

"""Reading one text: how well each language explains it, by its script, its words and the statistical models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from translation.language import models, words
from translation.language.script import LANGUAGES, main_script, size
from translation.language.shares import SHARES
from translation.language.strip import readable

# How much each voice counts, in natural logs. Averaging logs beats averaging probabilities: a language that one model
# rules out is out. Each voice earns its place on texts of other kinds than those it was weighed on; none alone does.
_PY3LANGID = 1.0
_FASTTEXT = 0.5
_LANGDETECT = 0.3
_WORDS = 5.0
_FLOOR = 1e-6  # as far as one model alone may push a language down
_LANGDETECT_FLOOR = 1e-3  # it names few languages, so its silence says less


class Reading(msgspec.Struct, frozen=True):
    """How well each language explains a text. Without ``logs`` the text says nothing."""

    text: str  # what was left to read
    size: int  # how much there is to read, in Latin letters
    logs: dict[str, float]  # language > natural log of its likelihood, the best is 0
    borrowed: float  # how likely a text of this kind is in another language than its author's own, 0 to 1
    why: tuple[str, ...]  # "script:Hangul", "words", "models", "langdetect"


_NEVER_LATIN = frozenset(chain.from_iterable(LANGUAGES.values())) - {"sr"}
_NOTHING = Reading("", 0, {}, 0.0, ())

# A very short text is often borrowed ("thank you!", "C'est la vie"), the less the longer it is: by a factor e for so
# many letters, down to a least. Another script is hardly ever borrowed, a quote often.
_BORROWED = 0.4
_BORROWED_LETTERS = 6.0
_BORROWED_LEAST = 0.001
_BORROWED_SCRIPT = 0.1
_BORROWED_QUOTE = 0.4


def read(text: str, names: Sequence[str] = (), languages: Sequence[str] = ()) -> Reading:
    """Reads a text, whatever it holds. ``languages`` are considered beside the common ones. 0.3 ms on average."""
    found = readable(text, names)
    # A shouted word or two may as well be a name or a code, so only everyday words count.
    plain = words.telling(found.text, listed_only=found.shouted and found.text.count(" ") < 2 and found.text.isascii())
    much = size(plain)
    if not much:
        return _NOTHING
    script = main_script(plain)
    possible = LANGUAGES.get(script, ())
    borrowed = max(_BORROWED_LEAST, _BORROWED * math.exp(-much / _BORROWED_LETTERS))
    borrowed = _BORROWED_QUOTE if found.quoted else borrowed * _BORROWED_SCRIPT if possible else borrowed
    why = (f"script:{script}",) if possible else ()
    if len(possible) == 1:
        return Reading(plain, much, {possible[0]: 0.0}, borrowed, why)
    if not possible:
        possible = _in_latin(tuple(languages))
        if much < 2:  # a single Latin letter is a list mark or a slip
            return _NOTHING
    first, second, listed = models.py3langid(plain), models.fasttext(plain), words.weigh(plain)
    logs = {}
    for code in possible:
        other = second.get(code, _FLOOR)
        by_models = _PY3LANGID * _log(first.get(code, other)) + _FASTTEXT * _log(other)
        logs[code] = by_models + _WORDS * listed.get(code, 0.0)
    why = (*why, "words", "models") if listed else (*why, "models")
    return Reading(plain, much, _relative(logs), borrowed, why)


@lru_cache(maxsize=256)
def _in_latin(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The common languages and ``languages``, without those that are always written in another script."""
    return tuple(code for code in dict.fromkeys((*SHARES, *languages)) if code not in _NEVER_LATIN)


def ask_langdetect(reading: Reading) -> Reading:
    """The reading with langdetect's voice added: slow, for texts that are still unsure."""
    if len(reading.logs) < 2:
        return reading
    voice = models.langdetect(reading.text)
    if not voice:
        return reading
    logs = {
        code: log + _LANGDETECT * math.log(max(voice.get(code, 0.0), _LANGDETECT_FLOOR))
        for code, log in reading.logs.items()
    }
    return Reading(reading.text, reading.size, _relative(logs), reading.borrowed, (*reading.why, "langdetect"))


def _log(probability: float) -> float:
    return math.log(probability if probability > _FLOOR else _FLOOR)


def _relative(logs: dict[str, float]) -> dict[str, float]:
    best = max(logs.values())
    return {code: log - best for code, log in logs.items()}

"""How a translation is to begin for a missed term to stand in it, after which the model goes on freely. Pure.

The free translation up to where the term belongs: the word that is aligned to it, though it cannot be replaced, or
what follows the word that stands before it in the message. Articles and contractions before it are made to agree.
"""

from __future__ import annotations

from conversation.receipt import TermUse
from glossary.align import Alignment
from glossary.borders import UNSPACED, char_class
from glossary.edits import apply, settle
from glossary.inflect import gender, number
from glossary.noun import Change, Noun
from glossary.repair import Neighbourhood
from glossary.words import like, starts_sentence, words_of
from translation.engines.base import Hypothesis
from translation.prepare import Prepared

_BACK = 3  # words of the message before a term, one of which has to stand in the translation


def beginning(prepared: Prepared, hypothesis: Hypothesis, use: TermUse, source: str, target: str) -> str | None:
    """Ends with the term. None where the translation doesn't tell where it belongs. ``source``, ``target``:
    languages."""
    at = _place(prepared, hypothesis, use, source, target)
    if at is None:
        return None
    before = hypothesis.text[:at].rstrip()
    term = use.target
    if use.source_span and use.source_span[0] == 0 and starts_sentence(before, len(before)):
        term = like(hypothesis.text[:1], term) if len(term) > 1 else term
    space = " " if before and char_class(before[-1]) != UNSPACED else ""
    text = before + space + term
    words = words_of(text, target)
    first = next((index for index, word in enumerate(words) if word.start >= len(before)), None)
    if first is None:
        return None
    neighbourhood = Neighbourhood(text, words, target)
    old = neighbourhood.old_noun(first, len(words) - 1)
    new = Noun(gender(term, target) or old.gender, number(term, target) or old.number)
    edits = neighbourhood.agree(first, len(words) - 1, term, Change(old, new), lambda index: index < first)
    return apply(text, settle([], edits))


def _place(prepared: Prepared, hypothesis: Hypothesis, use: TermUse, source: str, target: str) -> int | None:
    """The offset in the hypothesis where the term is to stand."""
    if use.source_span is None or not hypothesis.links:
        return None
    start, end = prepared.edited.start(use.source_span[0]), prepared.edited.end(use.source_span[1])
    words = words_of(hypothesis.text, target)
    alignment = Alignment(hypothesis.text, words, hypothesis.links)
    if members := alignment.members(start, end):
        return words[members[0]].start
    before = [word for word in words_of(prepared.text, source) if word.end <= start]
    if not before:
        return 0
    for word in reversed(before[-_BACK:]):
        if members := alignment.members(word.start, word.end):
            return words[members[-1]].end
    return None

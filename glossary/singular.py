"""A message with its plurals taken back, so that regular plurals are found under their singulars."""

from __future__ import annotations

from glossary.folding import Folded, fold
from glossary.inflect import singulars
from glossary.rules import rules_for

_VARIANTS = 2


def singular_texts(text: str, language: str) -> list[Folded]:
    """The folded text with every plural word as its singular; a second one where a word has two candidates."""
    rules = rules_for(language)
    if not rules.plural_endings:
        return []
    words = [(item.start(), item.end(), singulars(item.group(), language)) for item in rules.plural.finditer(text)]
    most = max((len(candidates) for _, _, candidates in words), default=0)
    variants: list[Folded] = []
    for choice in range(min(most, _VARIANTS)):
        pieces: list[str] = []
        starts: list[int] = []
        done = 0
        for start, end, candidates in words:
            if not candidates:
                continue
            pieces.append(text[done:start])
            starts.extend(range(done, start))
            singular = candidates[min(choice, len(candidates) - 1)]
            pieces.append(singular)
            starts.extend(min(start + index, end - 1) for index in range(len(singular)))
            done = end
        pieces.append(text[done:])
        starts.extend(range(done, len(text)))
        variants.append(_through(fold("".join(pieces)), starts, len(text)))
    return variants


def _through(folded: Folded, starts: list[int], length: int) -> Folded:
    """``folded`` with offsets into the text that ``starts`` leads to."""
    inner = folded.starts
    return Folded(folded.text, starts if inner is None else [starts[index] for index in inner], length)

"""Candidates for terms out of corrections: what people put in the place of what the model says. Pure.

A correction that swaps a few words for a few others may speak of a term; one that says the sentence anew does not, nor
one that mends an ending, a comma or a capital.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from glossary.folding import fold_key
from glossary.inflect import singulars
from glossary.rules import rules_for
from glossary.term import base_language
from glossary.words import Word, only_space, words_of

LONGEST = 4  # words of a term
_ANEW = 0.5  # share of the words of content that a correction may touch and still be about words
_STEM = 0.6  # share of the shorter word that two forms of one word begin with


@dataclass(frozen=True, slots=True)
class Swap:
    """``old``, in a translation, became ``new``. As they stand in the texts."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A swap with the words of the message that it is about, and where: conversation and number of the message."""

    source_language: str
    target_language: str
    source: str
    swap: Swap
    place: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """``source`` should be said as ``target``; ``instead``: what was said before. ``places``: the messages."""

    source_language: str
    target_language: str
    source: str
    target: str
    instead: tuple[str, ...]
    places: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """What tells this candidate from others, whoever finds it again."""
        parts = (self.source_language, self.target_language, fold_key(self.source), fold_key(self.target))
        return "\n".join(parts)


def swaps(before: str, corrected: str, language: str) -> list[Swap]:
    """Words of a translation in ``language`` that a correction has others for; none where it says all anew."""
    rules = rules_for(language)
    old, new = words_of(before, language), words_of(corrected, language)
    matcher = SequenceMatcher(None, [word.lower for word in old], [word.lower for word in new], autojunk=False)
    changes = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    content = [word.lower not in rules.function_words for word in old]
    if sum(sum(content[a:b]) for _, a, b, _, _ in changes) > max(_ANEW * sum(content), 1):
        return []
    found: list[Swap] = []
    for what, a, b, c, d in changes:
        if what != "replace":
            continue
        was, now = (_trimmed(words, rules.function_words) for words in (old[a:b], new[c:d]))
        texts = _text(before, was), _text(corrected, now)
        if texts[0] and texts[1] and not _same_word(*texts, language):
            found.append(Swap(*texts))
    return found


def candidates(seen: Iterable[Seen]) -> list[Candidate]:
    """The same swaps together, the most frequent first; singulars and plurals of one word count as one."""
    groups: dict[tuple[str, str, str, str], list[tuple[str, str, Seen]]] = {}
    for each in seen:
        source_language, target_language = base_language(each.source_language), base_language(each.target_language)
        source, target = _singular(each.source, source_language), _singular(each.swap.new, target_language)
        key = (source_language, target_language, fold_key(source), fold_key(target))
        groups.setdefault(key, []).append((source, target, each))
    found = [
        Candidate(
            *key[:2],
            source=group[0][0],
            target=group[0][1],
            instead=tuple(dict.fromkeys(_singular(each.swap.old, key[1]) for _, _, each in group)),
            places=tuple(dict.fromkeys(each.place for _, _, each in group)),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda each: (-len(each.places), each.source, each.target))


def _trimmed(words: Sequence[Word], function_words: frozenset[str]) -> Sequence[Word]:
    """Without the words of the sentence at both ends: articles change with the nouns behind them."""
    inner = [index for index, word in enumerate(words) if word.lower not in function_words]
    return words[inner[0] : inner[-1] + 1] if inner else ()


def _text(text: str, words: Sequence[Word]) -> str:
    """The words as they stand there; "" for none, too many, numbers, or words with marks between them."""
    if not 0 < len(words) <= LONGEST or any(any(char.isdigit() for char in word.text) for word in words):
        return ""
    if not all(only_space(text, one.end, other.start) for one, other in pairwise(words)):
        return ""
    return text[words[0].start : words[-1].end]


def _same_word(old: str, new: str, language: str) -> bool:
    """Whether only the form differs: number, gender, tense, capitals, accents."""
    one, other = fold_key(old), fold_key(new)
    if one == other or " " in one or " " in other:
        return one == other
    if {one, *map(fold_key, singulars(old, language))} & {other, *map(fold_key, singulars(new, language))}:
        return True
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= 4 and shared >= _STEM * min(len(one), len(other))


def _singular(text: str, language: str) -> str:
    """A term's dictionary form: a single word as its singular, small unless it is a name all in capitals."""
    plain = text if text.isupper() or language == "de" else text[:1].lower() + text[1:]
    return next(iter(singulars(plain, language)), plain) if " " not in plain else plain

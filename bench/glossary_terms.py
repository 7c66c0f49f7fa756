"""Makes a glossary to measure with out of chats, a model's translations of them and references.

A term pairs a noun of the messages with the word that references use for it. "forced" where the model says another
word by itself in most messages, "natural" where it mostly says that one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from glossary.align import Alignment, Link
from glossary.inflect import singulars
from glossary.rules import rules_for
from glossary.term import Term, Wording
from glossary.words import Word, words_of

FEWEST = 2  # times that messages must show a pair
LONGEST = 4  # words of a phrase that stands for one
NOUN = 0.15  # share of a word's uses with an article, possessive or the like before it
MODIFIER = 0.7  # share of an English word's uses with a word of content right behind it, as adjectives have
RARELY, MOSTLY = 0.5, 0.6  # share of a word's messages in which the model says the wanted word by itself
TOGETHER = 0.05  # how well a source word and a word of the references predict each other, 0 to 1


@dataclass(frozen=True)
class Chat:
    """One message, what the model made of it by itself, and what it should be."""

    source: str
    free: str
    links: Sequence[Link]
    reference: str


@dataclass(frozen=True)
class Chosen:
    term: Term
    forced: bool
    seen: int


_ENGLISH_LEADS = frozenset({"the", "a", "an", "my", "your", "our", "their", "his", "her", "its", "this", "these"})


def choose(
    chats: Sequence[Chat],
    source: str,
    target: str,
    count: int,
    *,
    agreement: Callable[[Term], float] | None = None,
) -> list[Chosen]:
    """Up to ``count`` terms, half of them forced, the most frequent first.

    With ``agreement``, how large a share of a term's cases references say it in, the forced ones are those that
    references agree on most; one case is enough there.
    """
    fewest = FEWEST if agreement is None else 1
    nouns = (_Nouns(source), _Nouns(target))
    messages: Counter[str] = Counter()  # messages with a source word
    said: dict[str, Counter[str]] = defaultdict(Counter)  # source word to what the model says for it
    agreed: dict[str, Counter[str]] = defaultdict(Counter)  # ... where the reference has that too
    instead: dict[str, Counter[str]] = defaultdict(Counter)  # ... to words that only the reference has
    swapped: dict[str, Counter[str]] = defaultdict(Counter)  # ... in the very place of the model's word
    loose: Counter[str] = Counter()  # words that only references have
    for chat in chats:
        source_words, free_words = words_of(chat.source, source), words_of(chat.free, target)
        reference_words = words_of(chat.reference, target)
        nouns[0].count(source_words)
        nouns[1].count(reference_words)
        reference = {_dictionary_form(word.lower, target) for word in reference_words if _fits(word, target)}
        free = {_dictionary_form(word.lower, target) for word in free_words}
        loose.update(reference - free)
        alignment = Alignment(chat.free, free_words, chat.links)
        pairs: dict[str, set[str]] = defaultdict(set)
        for index, word in enumerate(free_words):
            origin = _source_of(alignment, index, source_words)
            if origin is not None and _fits(origin, source) and _fits(word, target):
                pairs[_dictionary_form(origin.lower, source)].add(_dictionary_form(word.lower, target))
        for name, made in pairs.items():
            messages[name] += 1
            said[name].update(made)
            agreed[name].update(made & reference)
            if not made & reference:
                instead[name].update(reference - free)
        for index, other in _swaps(free_words, reference_words, target):
            origin = _source_of(alignment, index, source_words)
            if origin is not None and _fits(origin, source):
                swapped[_dictionary_form(origin.lower, source)][other] += 1
    forced: list[Chosen] = []
    natural: list[Chosen] = []
    for name, total in messages.items():
        if not nouns[0].is_noun(name):
            continue
        for wanted, times in Counter({**swapped[name], **instead[name], **agreed[name]}).items():
            head = wanted.split()[0 if rules_for(target).plural_first else -1]
            if not nouns[1].is_noun(head):
                continue
            by_itself = said[name][wanted] / total
            if by_itself <= RARELY and (wanted in instead[name] or wanted in swapped[name]):
                # Chance puts frequent words together too: the pair must stand out for both words.
                together = 2 * times / (total + loose[wanted])
                if swapped[name][wanted] or (times >= fewest and together >= TOGETHER):
                    forced.append(Chosen(_term(name, wanted, source, target), True, times + swapped[name][wanted]))
            elif by_itself >= MOSTLY and times >= FEWEST:
                natural.append(Chosen(_term(name, wanted, source, target), False, times))
    forced.sort(key=lambda item: (-(agreement(item.term) if agreement else 0), -item.seen))
    natural.sort(key=lambda item: -item.seen)
    return _first((forced, natural), (count + 1) // 2)


def _first(sorts: Iterable[Sequence[Chosen]], most: int) -> list[Chosen]:
    """The first of each sort, up to ``most``, no source word twice."""
    taken: dict[str, Chosen] = {}
    for number, sort in enumerate(sorts, 1):
        for item in sort:
            if len(taken) < number * most:
                taken.setdefault(item.term.id, item)
    return list(taken.values())


class _Nouns:
    """How often words stand behind an article or the like."""

    def __init__(self, language: str) -> None:
        self._leads = _ENGLISH_LEADS if language == "en" else frozenset(rules_for(language).words)
        self._language = language
        self._function_words = rules_for(language).function_words
        self._led: Counter[str] = Counter()
        self._leads_on: Counter[str] = Counter()  # another word of content follows, as after adjectives in English
        self._all: Counter[str] = Counter()

    def count(self, words: Sequence[Word]) -> None:
        for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
            name = _dictionary_form(word.lower, self._language)
            self._all[name] += 1
            self._led[name] += before is not None and before.lower in self._leads
            self._leads_on[name] += (
                after is not None and after.start == word.end + 1 and after.lower not in self._function_words
            )

    def is_noun(self, name: str) -> bool:
        if self._language == "en" and self._leads_on[name] > MODIFIER * self._all[name]:
            return False
        return self._all[name] > 0 and self._led[name] >= NOUN * self._all[name]


def _swaps(free: Sequence[Word], reference: Sequence[Word], language: str) -> list[tuple[int, str]]:
    """Words of the model's translation that the reference has another word or short phrase for."""
    matcher = SequenceMatcher(None, [word.lower for word in free], [word.lower for word in reference], autojunk=False)
    swaps: list[tuple[int, str]] = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "replace":
            ours = [index for index in range(a, b) if _fits(free[index], language)]  # articles change with their nouns
            theirs = [index for index in range(c, d) if _fits(reference[index], language)]
            odd = [index for index in range(c, d) if not reference[index].lower.isalpha()]
            if len(ours) == 1 and theirs and theirs[-1] - theirs[0] < LONGEST and not odd:
                phrase = [word.lower for word in reference[theirs[0] : theirs[-1] + 1]]
                head = 0 if rules_for(language).plural_first else -1
                phrase[head] = _dictionary_form(phrase[head], language)
                swaps.append((ours[0], " ".join(phrase)))
    return swaps


def _source_of(alignment: Alignment, index: int, source: Sequence[Word]) -> Word | None:
    shares = [(alignment.share(index, word.start, word.end) or 0.0, place) for place, word in enumerate(source)]
    best = max(shares, default=(0.0, 0))
    return source[best[1]] if best[0] > 0.6 else None


def _fits(word: Word, language: str) -> bool:
    return (
        len(word.lower) >= 3
        and word.lower.replace("-", "").isalpha()
        and not word.text.isupper()
        and word.lower not in rules_for(language).function_words
    )


def _dictionary_form(word: str, language: str) -> str:
    return next(iter(singulars(word, language)), word)


def _term(name: str, wanted: str, source: str, target: str) -> Term:
    return Term(name.encode("ascii", "ignore").decode() or "t", {source: Wording(name), target: Wording(wanted)})

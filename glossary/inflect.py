"""Regular plurals and likely genders, from each language's data. A term's own forms and genders always go first."""

from __future__ import annotations

from functools import lru_cache

from glossary.folding import fold_key
from glossary.rules import LanguageRules, rules_for


def plural(text: str, language: str) -> str | None:
    """The regular plural of a noun phrase, or None where the rules know none. Capitals are kept."""
    rules = rules_for(language)
    if not rules.plural_endings or not text[-1:].isalpha():
        return None
    if " " not in text:
        result = _plural_word(text, rules)
    elif rules.plural_first:
        words = text.split(" ")
        for index, word in enumerate(words):
            if word.lower() in rules.function_words:
                break
            words[index] = _plural_word(word, rules)
        result = " ".join(words)
    else:
        head, last = text.rsplit(" ", 1)
        result = f"{head} {_plural_word(last, rules)}"
    return None if result == text else result


@lru_cache(maxsize=32768)
def singulars(word: str, language: str) -> tuple[str, ...]:
    """What ``word`` may be the regular plural of, likeliest first; empty where it looks like no plural.

    The word may lack its accents: "cartoes".
    """
    rules = rules_for(language)
    lower = word.lower()
    if rules.not_plural and lower.endswith(rules.not_plural):
        return ()
    key = fold_key(lower)
    found = []
    if rules.plural_marks and not lower.endswith(rules.plural_marks) and key not in rules.singular_words:
        return ()
    if key in rules.singular_words:
        found.append(rules.singular_words[key])
    if len(key) != len(lower):
        return tuple(one for one in found if one != lower)
    for length in range(min(rules.longest_plural, len(key) - 2), 0, -1):
        for ending in rules.singular_endings.get(key[-length:], ()):
            singular = lower[:-length] + ending
            if singular not in found and fold_key(_plural_word(singular, rules)) == key:
                found.append(singular)
    return tuple(one for one in found if one != lower)


def gender(text: str, language: str) -> str:
    """The likely gender of a noun phrase: "m", "f", "n", or "" where nothing tells it."""
    rules = rules_for(language)
    words = text.split()
    if not words:
        return ""
    head = words[0 if rules.plural_first else -1].lower()
    if head in rules.gender_words:
        return rules.gender_words[head]
    singular = head.removesuffix("s")
    if singular in rules.gender_words:
        return rules.gender_words[singular]
    for ending, value in rules.gender_endings:
        if head.endswith(ending):
            return value
    return ""


def _plural_word(word: str, rules: LanguageRules) -> str:
    lower = word.lower()
    if lower in rules.plural_words:
        return _with_case_of(word, rules.plural_words[lower])
    if word.isupper() and len(word) > 1:
        return word + "s" if len(word) <= 5 else word
    change = rules.plural_change(lower[-4:])
    return word if change is None else word[: len(word) - change[0]] + change[1]


def _with_case_of(model: str, word: str) -> str:
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def number(text: str, language: str) -> str:
    """Whether a noun phrase looks like a plural: "s", "p", or "" for languages where its ending does not tell."""
    rules = rules_for(language)
    words = text.split()
    if not rules.plural_marks or not words:
        return ""
    head = words[0 if rules.plural_first else -1]
    return "p" if head.lower().endswith(rules.plural_marks) and singulars(head, language) else "s"

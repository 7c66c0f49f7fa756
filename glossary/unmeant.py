"""Where the words of a term do not mean it: inside addresses and fixed phrases. Offsets in code points."""

from __future__ import annotations

from glossary.borders import whole_word
from glossary.rules import rules_for


def addresses(text: str) -> list[tuple[int, int]]:
    """Addresses, in which a term's letters are no words."""
    if "@" not in text and "://" not in text and "www." not in text:
        return []
    spans: list[tuple[int, int]] = []
    start = 0
    for chunk in text.split(" "):
        if "@" in chunk[1:-1] or "://" in chunk or chunk.startswith("www."):
            spans.append((start, start + len(chunk)))
        start += len(chunk) + 1
    return spans


def idioms(text: str, language: str) -> list[tuple[int, int]]:
    """Phrases in which single words mean nothing of their own."""
    fixed = rules_for(language).idioms
    if not fixed:
        return []
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    spans = []
    for idiom in fixed:
        start = lowered.find(idiom)
        while start >= 0:
            if whole_word(text, start, start + len(idiom), language):
                spans.append((start, start + len(idiom)))
            start = lowered.find(idiom, start + 1)
    return spans

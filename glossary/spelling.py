"""Wordings that a translation model cannot say by itself, for it has no piece for one of their characters. Pure.

Such a wording is still put in the place of what the model said. But forced decoding and stand-ins do not help where
that fails, and what the model would never write may be a slip of the keyboard: a Cyrillic "а" looks like a Latin one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from glossary.clashes import Clash
from glossary.term import Term, base_language

# Asked with source language, target language (base codes) and a text: those of its characters that the installed
# model of that direction cannot write; "" where it can write all, or there is no model.
Unwritable = Callable[[str, str, str], str]


def misspelt(term: Term, unwritable: Unwritable) -> Iterator[Clash]:
    """One remark for each wording, or form, that a model from another of the term's languages cannot write."""
    if term.do_not_translate or term.status == "retired":
        return
    for code, wording in term.wordings.items():
        target = base_language(code)
        sources = dict.fromkeys(base for other in term.wordings if (base := base_language(other)) != target)
        texts = (wording.text, *(form.text for form in wording.forms))
        found = ((text, unwritable(source, target, text)) for text in texts for source in sources)
        text, chars = next((each for each in found if each[1]), ("", ""))
        if chars:
            named = " ".join(f"“{char}” (U+{ord(char):04X})" for char in dict.fromkeys(chars))
            message = f"the translation model cannot write {named} in “{text}” by itself: is it spelt as it should be?"
            yield Clash("spelling", message, code, text, "")

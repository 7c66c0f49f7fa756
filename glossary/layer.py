"""What is searched for in messages: every wording and form of very many terms, by language and folded text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from glossary.folding import fold_key
from glossary.search import Index
from glossary.term import Term, Wording, base_language

ANY = ""  # the language of names that are not translated: they are looked for in every message

_PAUSE_EVERY = 64  # terms: about a millisecond of work


class Pattern(msgspec.Struct, frozen=True, gc=False):
    """One wording or form, as it is searched. An exception: the term is not meant where this stands."""

    term: Term
    language: str
    text: str
    plural: bool = False
    exception: bool = False


Layer = dict[str, Index[tuple[Pattern, ...]]]  # by base language; values are the patterns that share a folded key


class Builder:
    """Takes terms as they come; ``layer`` makes of them what is searched. For one thread at a time."""

    def __init__(self, *, drafts: bool = False, pause: Callable[[], None] | None = None) -> None:
        """Retired terms are left out, drafts too unless ``drafts``. ``pause`` is called every few terms."""
        self._statuses = ("approved", "draft") if drafts else ("approved",)
        self._pause = pause
        self._keys: dict[str, dict[str, tuple[Pattern, ...]]] = {}

    def add(self, terms: Iterable[Term]) -> None:
        """Terms that were not added before."""
        keys, pause = self._keys, self._pause
        for number, term in enumerate(terms):
            if pause is not None and number % _PAUSE_EVERY == 0:
                pause()
            if term.status not in self._statuses:
                continue
            for language, wording in term.wordings.items():
                name = ANY if term.do_not_translate else base_language(language)
                known = keys.get(name)
                if known is None:
                    known = keys[name] = {}
                for pattern in _patterns(term, language, wording):
                    value = (pattern,)
                    key = fold_key(pattern.text)
                    earlier = known.setdefault(key, value)
                    if earlier is not value:
                        known[key] = (*earlier, pattern)

    def layer(self) -> Layer:
        """One index a base language. Nothing is added afterwards."""
        for known in self._keys.values():
            known.pop("", None)
        return {name: Index(known, self._pause) for name, known in self._keys.items() if known}


def _patterns(term: Term, language: str, wording: Wording) -> list[Pattern]:
    if not wording.forms and not wording.exceptions:
        return [Pattern(term, language, wording.text)]
    patterns = {wording.text: Pattern(term, language, wording.text)}
    for form in wording.forms:
        plural_form = form.number == "p" and wording.number != "p"
        patterns.setdefault(form.text, Pattern(term, language, form.text, plural_form))
    return [*patterns.values(), *(Pattern(term, language, item, False, True) for item in wording.exceptions)]

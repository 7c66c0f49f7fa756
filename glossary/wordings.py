"""The forms of a wording: as it lists them, else as its language makes them."""

from __future__ import annotations

from glossary.inflect import number, plural
from glossary.term import Form, Wording


def say(wording: Wording, language: str, *, plural_wanted: bool) -> str:
    """The form of ``wording`` in the number that is wanted; its own text where there is no other."""
    if not plural_wanted or number_of(wording, language) == "p":
        return wording.text
    for form in wording.forms:
        if form.number == "p":
            return form.text
    return plural(wording.text, language) or wording.text


def number_of(wording: Wording, language: str) -> str:
    """The number of the wording itself: as it says, else as it looks."""
    return wording.number or number(wording.text, language)


def all_forms(wording: Wording, language: str) -> list[Form]:
    """Every form that counts as having said the term, the wording itself first."""
    forms = [Form(wording.text, wording.number, wording.gender), *wording.forms]
    if number_of(wording, language) != "p" and not any(form.number == "p" for form in wording.forms):
        regular = plural(wording.text, language)
        if regular is not None:
            forms.append(Form(regular, "p", wording.gender))
    return forms

"""Which scripts a language is written in, by their Unicode names."""

from __future__ import annotations

from functools import cache

_SCRIPTS = {
    "Cyrillic": "be bg kk ky mk mn ru sr tg uk",
    "Greek": "el",
    "Arabic": "ar fa ps ur ug sd ckb",
    "Hebrew": "he yi",
    "Devanagari": "hi mr ne sa",
    "Bengali": "as bn",
    "Gurmukhi": "pa",
    "Gujarati": "gu",
    "Oriya": "or",
    "Tamil": "ta",
    "Telugu": "te",
    "Kannada": "kn",
    "Malayalam": "ml",
    "Sinhala": "si",
    "Thai": "th",
    "Lao": "lo",
    "Myanmar": "my",
    "Khmer": "km",
    "Georgian": "ka",
    "Armenian": "hy",
    "Ethiopic": "am ti",
    "Hangul Han": "ko",
    "Han Hiragana Katakana": "ja",
    "Han": "zh yue",
}
_OF = {language: scripts for scripts, languages in _SCRIPTS.items() for language in languages.split()}


@cache
def scripts(*languages: str) -> str:
    """Names of all scripts that any of ``languages`` (tags such as ``pt-BR``) is written in; Latin always is."""
    names = {"Latin"}
    for language in languages:
        names.update(_OF.get(language.partition("-")[0].lower(), "Latin").split())
        if language.startswith(("sr", "uz", "az")):
            names.add("Cyrillic")
    return " ".join(sorted(names))

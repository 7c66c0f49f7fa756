"""How common languages are where nothing else is known: the general prior."""

from __future__ import annotations

# Rough shares of the web's pages in per cent, from public surveys, rounded. Only the order of magnitude matters:
# the square root is taken before use, so that a rare language needs a little more evidence, not fifty times more.
SHARES: dict[str, float] = {
    "en": 49.0, "es": 6.0, "de": 6.0, "ja": 5.0, "fr": 4.5, "pt": 4.0, "ru": 4.0, "it": 2.8, "nl": 2.2, "pl": 1.9,
    "tr": 1.8, "zh": 1.5, "fa": 1.2, "vi": 1.1, "id": 1.1, "cs": 1.0, "ko": 0.9, "ar": 0.6, "uk": 0.6, "hu": 0.6,
    "sv": 0.5, "ro": 0.5, "el": 0.5, "da": 0.4, "fi": 0.4, "he": 0.4, "sk": 0.4, "th": 0.4, "bg": 0.3, "hr": 0.3,
    "hi": 0.3, "sr": 0.2, "no": 0.2, "lt": 0.2, "sl": 0.1, "ca": 0.1, "et": 0.1, "lv": 0.1, "bn": 0.1, "ms": 0.1,
    "bs": 0.05, "ur": 0.05, "ta": 0.05, "te": 0.05, "mr": 0.05, "ka": 0.05, "hy": 0.05, "az": 0.05, "kk": 0.05,
    "sq": 0.05, "mk": 0.05, "be": 0.05, "is": 0.05, "tl": 0.05, "sw": 0.05, "gl": 0.03, "eu": 0.03, "af": 0.03,
    "cy": 0.02, "ga": 0.02, "mt": 0.02, "eo": 0.01, "km": 0.02, "my": 0.02, "si": 0.02, "ne": 0.02, "pa": 0.02,
    "gu": 0.02, "kn": 0.02, "ml": 0.02, "mn": 0.02, "am": 0.02, "lo": 0.02, "uz": 0.02,
}  # fmt: skip

# What a tool or a locale may call a language that goes by another code here.
ALIASES: dict[str, str] = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "yue": "zh", "cmn": "zh", "wuu": "zh",
    "sh": "sr", "jp": "ja", "kr": "ko", "cz": "cs", "dk": "da", "gr": "el", "ua": "uk",
}  # fmt: skip


def canonical(code: str) -> str:
    """The code that this package uses for a plain language code: lower case, one code a language."""
    code = code.lower()
    return ALIASES.get(code, code)

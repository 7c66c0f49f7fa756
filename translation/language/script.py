"""What the script of a text says by itself: Hangul is Korean, whatever Latin product names stand beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

# Start and end (inclusive) of the blocks that matter, in order. Latin is everything before U+0250 and its extensions.
_BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0530, 0x058F, "Armenian"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x077F, "Arabic"),
    (0x08A0, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0C80, 0x0CFF, "Kannada"),
    (0x0D00, 0x0D7F, "Malayalam"),
    (0x0D80, 0x0DFF, "Sinhala"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Lao"),
    (0x1000, 0x109F, "Myanmar"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1100, 0x11FF, "Hangul"),
    (0x1200, 0x137F, "Ethiopic"),
    (0x1780, 0x17FF, "Khmer"),
    (0x1E00, 0x1EFF, "Latin"),
    (0x1F00, 0x1FFF, "Greek"),
    (0x3040, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hangul"),
    (0x31F0, 0x31FF, "Kana"),
    (0x3400, 0x4DBF, "Han"),
    (0x4E00, 0x9FFF, "Han"),
    (0xAC00, 0xD7AF, "Hangul"),
    (0xF900, 0xFAFF, "Han"),
    (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFF, "Arabic"),
    (0xFF66, 0xFF9D, "Kana"),
    (0x20000, 0x323AF, "Han"),
)
_STARTS = [start for start, _, _ in _BLOCKS]

# The languages a script leaves possible; a script that is missing here leaves all.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "Hangul": ("ko",),
    "Kana": ("ja",),
    "Han": ("zh", "ja"),
    "Greek": ("el",),
    "Hebrew": ("he",),
    "Thai": ("th",),
    "Lao": ("lo",),
    "Khmer": ("km",),
    "Myanmar": ("my",),
    "Armenian": ("hy",),
    "Georgian": ("ka",),
    "Ethiopic": ("am",),
    "Bengali": ("bn",),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Kannada": ("kn",),
    "Malayalam": ("ml",),
    "Sinhala": ("si",),
    "Devanagari": ("hi", "mr", "ne"),
    "Arabic": ("ar", "fa", "ur"),
    "Cyrillic": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "mn"),
}
# A syllable or a character of these scripts says as much as two or three Latin letters.
_WEIGHT = {"Hangul": 2.5, "Kana": 2.0, "Han": 3.0}
# Latin names and loan words stand in texts of every script, hardly ever the other way round.
_ENOUGH = 0.3


def script_of(char: str) -> str:
    """The script of one character, empty for digits, marks and scripts that no language here needs."""
    point = ord(char)
    at = bisect_right(_STARTS, point) - 1
    if at < 0 or point > _BLOCKS[at][1] or not char.isalpha():
        return ""
    return _BLOCKS[at][2]


def size(text: str) -> int:
    """How much a text can tell, in Latin letters: a Hangul syllable or a Han character counts for two or three."""
    if text.isascii():
        return sum(map(str.isalpha, text))
    return round(sum(_WEIGHT.get(script, 1.0) for char in text if (script := script_of(char))))


def main_script(text: str) -> str:
    """The script that decides: a non-Latin one that carries 30 % of the text, else Latin; empty: no letters."""
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text)) else ""
    weights: Counter[str] = Counter()
    for char, times in Counter(text).items():
        script = script_of(char)
        if script:
            weights[script] += times * _WEIGHT.get(script, 1.0)  # type: ignore[assignment]
    if not weights:
        return ""
    if weights["Kana"] and weights["Kana"] + weights["Han"] > weights["Hangul"]:
        weights["Kana"] += weights.pop("Han", 0)  # Han characters among kana are Japanese
    total = sum(weights.values())
    foreign = [(weight, script) for script, weight in weights.items() if script != "Latin"]
    if foreign:
        weight, script = max(foreign)
        if weight >= _ENOUGH * total:
            return script
    return "Latin"

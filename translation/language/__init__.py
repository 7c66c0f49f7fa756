"""Which language a person writes: ``detect(Evidence(...), state)``."""

from translation.language.detect import UNSURE, detect
from translation.language.evidence import Evidence
from translation.language.mixed import mixed
from translation.language.models import load, loaded
from translation.language.question import question
from translation.language.segments import BEYOND_DOUBT, Part, parts, written_in
from translation.language.state import State, base, candidates, choose, decode, encode
from translation.language.variants import exact

__all__ = [
    "BEYOND_DOUBT",
    "UNSURE",
    "Evidence",
    "Part",
    "State",
    "base",
    "candidates",
    "choose",
    "decode",
    "detect",
    "encode",
    "exact",
    "load",
    "loaded",
    "mixed",
    "parts",
    "question",
    "written_in",
]

"""Which language a person writes: ``detect(Evidence(...), state)``."""

from translation.language.detect import UNSURE, detect
from translation.language.evidence import Evidence
from translation.language.models import load
from translation.language.segments import Part, parts, written_in
from translation.language.state import State, base, candidates, choose, decode, encode

__all__ = [
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
    "load",
    "parts",
    "written_in",
]

"""Which language a person writes: ``detect(Evidence(...), state)``."""

from translation.language.detect import base, detect
from translation.language.evidence import Evidence
from translation.language.state import State, candidates, choose, decode, encode

__all__ = ["Evidence", "State", "base", "candidates", "choose", "decode", "detect", "encode"]

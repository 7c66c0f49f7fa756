"""What an agent made of a translation. Pure."""

from __future__ import annotations

import msgspec


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One correction. ``seq``: that of its event in the conversation, ``of``: that of the message."""

    source_language: str
    target_language: str
    source: str
    before: str  # the translation that the agent had before him: a model's, the memory's, or an earlier correction
    corrected: str
    by: str  # the agent's login
    time: int  # ms since 1970
    conversation: str
    seq: int
    of: int

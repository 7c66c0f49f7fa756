"""What goes over the line for candidates of terms, and for words of a message and their counterpart."""

from __future__ import annotations

import msgspec

from glossary.clashes import Clash


class Words(msgspec.Struct):
    """Words that stand in a message, or (``of_translation``) in the translation of it that holds."""

    conversation: str
    seq: int
    words: str
    of_translation: bool = False


class Counterpart(msgspec.Struct):
    """What stands for the words on the other side; empty where nothing does."""

    text: str


class Place(msgspec.Struct):
    conversation: str
    seq: int


class CandidateView(msgspec.Struct):
    """``texts``: the term as it would be. ``instead``: what was said in its place. ``count``: messages."""

    key: str
    texts: dict[str, str]
    source: str
    target: str
    instead: list[str]
    count: int
    messages: list[Place]
    warnings: list[Clash]


class Candidates(msgspec.Struct):
    """``waiting``: corrections that have not been looked at yet: ask again."""

    candidates: list[CandidateView]
    waiting: int


class Refused(msgspec.Struct):
    key: str

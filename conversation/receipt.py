"""The receipt of a translation: where it came from, what was checked, how far to trust it.

Written by the translation worker, or by the gateway where an agent corrects a translation; stored with the translation,
shown at the desk (never to the shopper).
Spans are offsets in code points, end exclusive, into the original text and the translated text as people see them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Span = tuple[int, int]


class TermUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """One glossary term found in a message, and what became of it."""

    term: str  # the term's id in the glossary
    source: str  # as it stands in the message
    target: str  # as the glossary wants it
    status: Literal["applied", "already", "missed"]  # "already": the free translation said it by itself
    how: str = ""  # "kept", "aligned", "stand-in", "given", "forced"...; for "missed" the cause, e.g. "no-alignment"
    source_span: Span | None = None
    target_span: Span | None = None


class Detected(msgspec.Struct, frozen=True, omit_defaults=True):
    """The language the author was taken to write, and why."""

    language: str
    confidence: float  # 0 to 1
    why: tuple[str, ...] = ()  # codes with an optional value, e.g. "page-locale:pt-BR", "text", "earlier-messages:3"


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a translation came about. Fields that do not apply keep their defaults and are left out on the wire."""

    origin: Literal["engine", "memory", "edited"] = "engine"  # edited: a person's words, of this message or one like it
    edited_by: str = ""  # the agent who corrected the translation of this very message
    models: tuple[str, ...] = ()  # one name a leg: two for a pivot
    languages: tuple[str, ...] = ()  # of a message in several languages: those translated, in order of appearance
    score: float | None = None  # mean log-probability a token of the weakest segment; natural log, at most 0
    detected: Detected | None = None
    terms: tuple[TermUse, ...] = ()
    protected: int = 0  # spans that had to come out untouched, and did
    repairs: tuple[str, ...] = ()  # codes of what was mended, e.g. "spacing", "emoji", "retried-with-stand-ins"
    warnings: tuple[str, ...] = ()  # codes of what could not be mended, e.g. "number-changed", "length"
    glossary_version: int = 0
    ms: float = 0.0  # from claim to outcome, in milliseconds

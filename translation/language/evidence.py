"""What is known about a message's language before and beside its text, and the reading of locales."""

from __future__ import annotations

import re

import msgspec

from translation.language.shares import canonical


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that is known when a message comes in. Every field but the text may be missing.

    Locales are as browsers and pages write them ("pt-BR", "zh_TW", "de"); what cannot be read counts as missing.
    """

    text: str
    page_locale: str | None = None  # the language of the page that the widget stands on
    accept_language: str | None = None  # the HTTP header, with its q values
    country: str | None = None  # of the shop page: ISO 3166 code, e.g. "BR"
    shop_languages: tuple[str, ...] = ()  # those that the shop serves; empty: unknown
    earlier_languages: tuple[str, ...] = ()  # of the person's earlier conversations, latest first
    names: tuple[str, ...] = ()  # product names and terms that say nothing about the language


class Locale(msgspec.Struct, frozen=True):
    """A language code with what was said beside it, e.g. ("zh", "Hant", "TW"); empty strings where nothing was."""

    language: str
    script: str = ""
    region: str = ""

    @property
    def tag(self) -> str:
        """The locale as a BCP 47 tag."""
        return "-".join(filter(None, (self.language, self.script, self.region)))


_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_][a-z]{3}(?![a-z0-9]))*(?:[-_](?P<script>[a-z]{4})(?![a-z0-9]))?"
    r"(?:[-_](?P<region>[a-z]{2}|[0-9]{3})(?![a-z0-9]))?(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_QUALITY = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*$", re.IGNORECASE | re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "any"})
_MOST_ACCEPTED = 8  # a header names three or four languages; what comes after these weighs nothing


def parse_locale(text: str | None) -> Locale | None:
    """Reads a BCP 47 tag or a POSIX locale ("pt_BR.UTF-8"). None for what is no locale."""
    found = _TAG.match(text.strip()) if text else None
    if found is None:
        return None
    language = canonical(found["language"])
    if language in _NO_LANGUAGE:
        return None
    return Locale(language, (found["script"] or "").capitalize(), (found["region"] or "").upper())


def accepted(header: str | None) -> list[tuple[Locale, float]]:
    """The languages of an Accept-Language header with their weights from 0 to 1, most wanted first, each once."""
    found: dict[str, tuple[Locale, float]] = {}
    for entry in (header or "")[:500].split(","):
        tag, _, options = entry.partition(";")
        locale = parse_locale(tag)
        quality = _QUALITY.match(options.strip())
        weight = min(float(quality[1]), 1.0) if quality else 1.0
        if locale and weight > 0 and (locale.language not in found or weight > found[locale.language][1]):
            found[locale.language] = (locale, weight)
    return sorted(found.values(), key=lambda pair: -pair[1])[:_MOST_ACCEPTED]

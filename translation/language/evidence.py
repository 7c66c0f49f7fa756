"""What is known about a message's language before and beside its text, and the reading of locales."""

from __future__ import annotations

import re

import msgspec


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


_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_][a-z]{3}(?![a-z]))*(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)


def parse_locale(text: str | None) -> Locale | None:
    """Reads a BCP 47 tag or a POSIX locale ("pt_BR.UTF-8"). None for what is no locale."""
    if not text:
        return None
    found = _TAG.match(text.strip())
    if found is None:
        return None
    return Locale(
        found["language"].lower(), (found["script"] or "").capitalize(), (found["region"] or "").upper()
    )

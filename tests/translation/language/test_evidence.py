"""Locales and Accept-Language headers as browsers, pages and systems write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.language.evidence import Locale, accepted, parse_locale


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("pt-BR", Locale("pt", "", "BR")),
        ("pt_BR.UTF-8", Locale("pt", "", "BR")),
        ("zh-hant-tw", Locale("zh", "Hant", "TW")),
        ("ZH", Locale("zh")),
        ("es-419", Locale("es", "", "419")),
        ("nb-NO", Locale("no", "", "NO")),
        ("iw", Locale("he")),
        ("zh-yue-HK", Locale("zh", "", "HK")),
        ("de-DE-1996", Locale("de", "", "DE")),
        ("ca@valencia", Locale("ca")),
        (" fr ", Locale("fr")),
        ("", None),
        (None, None),
        ("C", None),
        ("*", None),
        ("english", None),
        ("und", None),
        ("1234", None),
    ],
)
def test_parse_locale(text: str | None, locale: Locale | None) -> None:
    assert parse_locale(text) == locale


@given(st.text(max_size=40))
def test_any_text_is_a_locale_or_none(text: str) -> None:
    locale = parse_locale(text)
    assert locale is None or parse_locale(locale.tag) == locale


def test_accepted_in_order_of_wish_each_language_once() -> None:
    found = accepted("en;q=0.5, pt-BR, pt;q=0.9, de;q=0, *;q=0.1")
    assert [(locale.tag, quality) for locale, quality in found] == [("pt-BR", 1.0), ("en", 0.5)]


@given(st.text(max_size=80))
def test_any_header_is_read(header: str) -> None:
    assert all(0 < quality <= 1 for _, quality in accepted(header))


def test_an_endless_header_is_cut() -> None:
    assert len(accepted(",".join(["en", "de", "fr", "es", "pt", "nl", "ko", "it", "ja", "zh"] * 500))) == 8

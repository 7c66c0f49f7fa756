"""What is believed before a person wrote anything: the page, the browser, the country, the shop, the past."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache

from translation.language.evidence import Evidence, accepted, parse_locale
from translation.language.shares import SHARES

# Natural logs of how many times likelier each piece makes a language. A page's locale is right for most of its
# visitors, but a clear sentence (worth 10 and more) must outweigh all of them together.
_PAGE = 5.0
_PAGE_ENGLISH = 3.0  # what a shop is in that has no other page for its visitors
_ACCEPT_FIRST = 3.0
_ACCEPT_OTHER = 1.5
_ACCEPT_ENGLISH = 0.3  # browsers add English by themselves
_COUNTRY = 2.0
_SHOP = 2.0
_EARLIER_LAST = 6.0  # the same person, most likely: more than the page
_EARLIER_OTHER = 1.5
_BESIDE_EARLIER = 0.5  # page and browser where her last conversation is known: most likely they were the same then
_TOGETHER = 6.0  # what page, browser, country and past may count at most: one clear sentence outweighs them still
_UNKNOWN_SHARE = 0.01


def prior(evidence: Evidence) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """Language > probability before any text, and language > the codes of what speaks for it."""
    return _prior(
        evidence.page_locale,
        evidence.accept_language,
        evidence.country,
        evidence.shop_languages,
        evidence.earlier_languages,
    )


@lru_cache(maxsize=512)
def _prior(
    page: str | None, accept: str | None, country: str | None, shop: tuple[str, ...], earlier: tuple[str, ...]
) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    logs = {code: 0.5 * math.log(share) for code, share in SHARES.items()}
    about_her: defaultdict[str, float] = defaultdict(float)
    served_here: dict[str, float] = {}
    why: dict[str, tuple[str, ...]] = {}

    def raise_(code: str, by: float, reason: str) -> None:
        about_her[code] += by
        why[code] = (*why.get(code, ()), reason)

    still = _BESIDE_EARLIER if any(map(parse_locale, earlier)) else 1.0
    if locale := parse_locale(page):
        by = _PAGE_ENGLISH if locale.language == "en" else _PAGE
        raise_(locale.language, by * still, f"page-locale:{locale.tag}")
    for rank, (wanted, quality) in enumerate(accepted(accept)):
        by = _ACCEPT_FIRST if rank == 0 else _ACCEPT_ENGLISH if wanted.language == "en" else _ACCEPT_OTHER
        raise_(wanted.language, by * quality * still, f"accept-language:{wanted.tag}")
    for code in COUNTRY_LANGUAGES.get((country or "").upper(), ()):
        raise_(code, _COUNTRY, f"country:{(country or '').upper()}")
    for tag in dict.fromkeys(shop):
        if served := parse_locale(tag):
            served_here[served.language] = _SHOP
            raise_(served.language, 0.0, "shop-language")
    for rank, tag in enumerate(dict.fromkeys(earlier)):
        if past := parse_locale(tag):
            raise_(past.language, _EARLIER_LAST if rank == 0 else _EARLIER_OTHER, "earlier-conversation")

    for code, by in about_her.items():
        own = logs.get(code, 0.5 * math.log(_UNKNOWN_SHARE))
        logs[code] = own + min(by, _TOGETHER) + served_here.get(code, 0.0)
    best = max(logs.values())
    weights = {code: math.exp(log - best) for code, log in logs.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}, why


# Languages that a country's shops are read in; only those that one would expect a chat to open with.
COUNTRY_LANGUAGES: dict[str, tuple[str, ...]] = {
    "AR": ("es",), "AT": ("de",), "AU": ("en",), "BE": ("nl", "fr"), "BG": ("bg",), "BR": ("pt",), "CA": ("en", "fr"),
    "CH": ("de", "fr", "it"), "CL": ("es",), "CN": ("zh",), "CO": ("es",), "CZ": ("cs",), "DE": ("de",), "DK": ("da",),
    "EE": ("et",), "EG": ("ar",), "ES": ("es", "ca"), "FI": ("fi",), "FR": ("fr",), "GB": ("en",), "GR": ("el",),
    "HK": ("zh",), "HR": ("hr",), "HU": ("hu",), "ID": ("id",), "IE": ("en",), "IL": ("he",), "IN": ("en", "hi"),
    "IR": ("fa",), "IS": ("is",), "IT": ("it",), "JP": ("ja",), "KR": ("ko",), "LT": ("lt",), "LU": ("fr", "de"),
    "LV": ("lv",), "MA": ("ar", "fr"), "MX": ("es",), "MY": ("ms", "en"), "NL": ("nl",), "NO": ("no",), "NZ": ("en",),
    "PE": ("es",), "PH": ("tl", "en"), "PK": ("ur",), "PL": ("pl",), "PT": ("pt",), "RO": ("ro",), "RS": ("sr",),
    "RU": ("ru",), "SA": ("ar",), "SE": ("sv",), "SG": ("en", "zh"), "SI": ("sl",), "SK": ("sk",), "TH": ("th",),
    "TR": ("tr",), "TW": ("zh",), "UA": ("uk",), "US": ("en", "es"), "VN": ("vi",), "ZA": ("en", "af"),
}  # fmt: skip

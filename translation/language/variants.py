"""Variants of a language where they matter to a reader: pt-BR and pt-PT, zh-Hans and zh-Hant, sr-Cyrl and sr-Latn."""

from __future__ import annotations

import re
from collections import Counter

from translation.language.evidence import Evidence, Locale, accepted, parse_locale
from translation.language.script import main_script
from translation.language.words import listed_words

# Characters that only one of the two sets has, among the commonest of each.
_HANS = frozenset(
    "们这个说时对会过发现还没开关点种样经动长问题见电话车东门马鸟鱼贝风飞云买卖钱银货订单账号码错误请谢谁让给从来达"
)
_HANT = frozenset(
    "們這個說時對會過發現還沒開關點種樣經動長問題見電話車東門馬鳥魚貝風飛雲買賣錢銀貨訂單賬號碼錯誤請謝誰讓給從來達"
)

_WORD = re.compile(r"\w+(?:-\w+)*")


VARIANTS = frozenset({"pt-BR", "pt-PT", "zh-Hans", "zh-Hant", "sr-Cyrl", "sr-Latn"})


def exact(language: str, known: str | None) -> str:
    """``language`` with the variant that a person is ``known`` to write, where that is one of its variants."""
    return known if known in VARIANTS and known.partition("-")[0] == language else language


def variant(language: str, evidence: Evidence, before: str | None) -> str:
    """The language with its variant as far as text, context and the variant held ``before`` tell; else as it came.

    The text comes first, then what was held before, then page, browser and country.
    """
    if language == "zh":
        return _first(language, _chinese(evidence.text), before, *map(_chinese_place, _places(language, evidence)))
    if language == "sr":
        script = {"Cyrillic": "Cyrl", "Latin": "Latn"}.get(main_script(evidence.text[:1000]))
        return _first(language, script, before, *(place.script for place in _places(language, evidence)))
    if language == "pt":
        places = (place.region for place in _places(language, evidence) if place.region in ("BR", "PT"))
        return _first(language, _portuguese(evidence.text), before, *places)
    return language


def _first(language: str, told: str | None, before: str | None, *others: str | None) -> str:
    if told:
        return f"{language}-{told}"
    if before and before.startswith(f"{language}-"):
        return before
    return next((f"{language}-{other}" for other in others if other), language)


def _places(language: str, evidence: Evidence) -> list[Locale]:
    found = [parse_locale(evidence.page_locale), *(locale for locale, _ in accepted(evidence.accept_language))]
    country = Locale(language, "", (evidence.country or "").upper())
    return [locale for locale in (*found, country) if locale and locale.language == language]


def _chinese(text: str) -> str | None:
    simple = sum(char in _HANS and char not in _HANT for char in text[:1000])
    full = sum(char in _HANT and char not in _HANS for char in text[:1000])
    return None if simple == full else "Hans" if simple > full else "Hant"


def _chinese_place(place: Locale) -> str | None:
    if place.script in ("Hans", "Hant"):
        return place.script
    return {"CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}.get(place.region)


def _portuguese(text: str) -> str | None:
    listed = listed_words("variants.txt")
    told = Counter(code for word in set(_WORD.findall(text[:1000].lower())) for code in listed.get(word, ()))
    brazil, portugal = told["pt-BR"], told["pt-PT"]
    return None if brazil == portugal else "BR" if brazil > portugal else "PT"

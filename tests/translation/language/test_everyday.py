"""Short everyday messages in thirty languages: the first word is mostly enough, the page or a second message always."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest

from translation.language import Evidence, State, detect

MESSAGES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("everyday.toml").read_text(encoding="utf-8"))
EACH = [(language, text) for language, texts in MESSAGES.items() for text in texts]
# Said alike in both, so that only the page or more words can tell: Danish and Norwegian, "moi", "hej", "no funciona".
TWINS = {
    ("da", "det virker ikke"), ("no", "hvor er pakken min?"), ("fi", "moi"), ("sv", "hej hej"),
    ("ca", "no funciona bé"),
}  # fmt: skip


def mistaken(page: str | None) -> set[tuple[str, str]]:
    return {(code, text) for code, text in EACH if detect(Evidence(text, page_locale=page))[1].language != code}


def test_there_are_enough() -> None:
    assert len(MESSAGES) >= 30
    assert len(EACH) == len(set(EACH)) > 170


def test_text_alone() -> None:
    assert mistaken(None) <= TWINS


@pytest.mark.parametrize("language", list(MESSAGES))
def test_on_a_page_in_her_language(language: str) -> None:
    for text in MESSAGES[language]:
        found = detect(Evidence(text, page_locale=language))[1]
        assert (found.language, found.confidence >= 0.6) == (language, True), text


def test_on_an_english_page_which_says_little() -> None:
    """It may be the only one that the shop has."""
    assert mistaken("en-US") <= TWINS | {("de", "hallo"), ("nl", "hoi")}


@pytest.mark.parametrize("page", [None, "en", "ko-KR", "pt-BR"])
@pytest.mark.parametrize("language", list(MESSAGES))
def test_a_conversation_is_known_by_its_third_message(language: str, page: str | None) -> None:
    state: State | None = None
    found = []
    for text in MESSAGES[language]:
        state, detected = detect(Evidence(text, page_locale=page), state)
        found.append(detected.language)
    assert found[2:] == [language] * len(found[2:])


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_be_characters_of_their_own(form: str) -> None:
    for language in ("fr", "vi", "cs", "ko", "hi"):
        for text in MESSAGES[language]:
            assert detect(Evidence(unicodedata.normalize(form, text)))[1].language == language, text

"""When two messages say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.memory.forms import Reading, digests, final_marks, level, plain, read, spans_of, wide
from translation.protect import find

TEXTS = st.text(st.characters(codec=None), max_size=60) | st.text("aA eé.,!?'’“😊:)1 2#-\n", max_size=40)
WORDS = st.lists(st.sampled_from(["where", "is", "my", "order", "olá", "você", "não", "está"]), min_size=1, max_size=6)


def reading(text: str, source: str = "en", target: str = "pt") -> Reading:
    found = read(text, source, target)
    assert found is not None
    return found


def same(one: str, other: str, source: str = "en", target: str = "pt") -> bool:
    places = [digests(reading(text, source, target), source) for text in (one, other)]
    return bool(set(places[0]) & set(places[1]))


@given(TEXTS)
def test_any_text_can_be_read_and_put_together_again(text: str) -> None:
    found = read(text, "pt", "en")
    if found is not None:
        assert (found.head + found.core + found.tail).strip() == text.strip()
        assert found.core == found.core.strip() != ""
        assert all(found.core[slot.start : slot.end].strip() for slot in found.slots)
        digests(found, "pt")


@given(TEXTS)
def test_each_form_is_stable(text: str) -> None:
    assert level(level(text)) == level(text)
    assert plain(plain(level(text))) == plain(level(text))
    assert wide(wide(plain(level(text)), "pt"), "pt") == wide(plain(level(text)), "pt")


@given(WORDS, st.sampled_from(["", ".", "!", "...", " .", "…", ","]), st.booleans(), st.sampled_from([" ", "  ", "\n"]))
def test_case_space_and_final_marks_do_not_matter(words: list[str], final: str, capitals: bool, space: str) -> None:
    other = space.join(words).upper() if capitals else space.join(words).capitalize()
    assert same(" ".join(words), f" {other}{final} ")


@given(WORDS, WORDS)
def test_other_words_do(one: list[str], other: list[str]) -> None:
    assert same(" ".join(one), " ".join(other)) == (one == other)


@given(st.text("abcéxD ,!?'.\n", max_size=40))
def test_a_quick_look_misses_no_span_but_a_laugh(text: str) -> None:
    if not spans_of(text, "en", "pt"):
        assert {span.kind for span in find(text, "Latin")} <= {"emoji"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You’re “welcome”", 'you\'re "welcome"!'),
        ("Hi, how are you?", "Hi how are you?"),
        ("Thanks! 😊", "thanks"),
        ("😊 🙏 Thanks", "Thanks."),
        ("Order 4711 is here", "Order 998-AB1 is here"),
        ("Write to a.b@c.com", "Write to me+2@shop.org"),
        ("It costs 19,90 €", "It costs 5,00 €"),
        ("Wait 3 days", "Wait 5 days"),
        ("¿Dónde está?", "donde esta?"),
    ],
)
def test_says_the_same(one: str, other: str) -> None:
    language = "es" if "¿" in one else "en"
    assert same(one, other, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You can cancel", "You can cancel?"),
        ("Wait 1 day", "Wait 5 days"),
        ("C++", "C#"),
        ("5%", "5"),
        ("were", "we're"),
        ("Order 4711 is here", "Order me@shop.org is here"),
    ],
)
def test_does_not(one: str, other: str) -> None:
    assert not same(one, other)


def test_accents_count_where_nobody_leaves_them_out() -> None:
    assert same("você", "voce", "pt")
    assert not same("schön", "schon", "de")
    assert not same("สวัสดี", "สวสด", "th")


def test_numbers_that_nouns_depend_on_stay_in_languages_with_many_plurals() -> None:
    assert same("Wait 3 days", "Wait 5 days", "en", "de")
    assert not same("Wait 3 days", "Wait 5 days", "en", "pl")
    assert same("Order 10023", "Order 10099", "en", "pl")


@pytest.mark.parametrize("text", ["", "  \n", "😊", ":)", "x" * 1001, "a \ufdd0 b"])
def test_what_is_not_worth_remembering_is_not_read(text: str) -> None:
    assert read(text, "en", "pt") is None


def test_a_text_of_nothing_but_marks_keeps_them() -> None:
    assert not same("...", "?")
    assert final_marks("Well…") == ("Well", "…")

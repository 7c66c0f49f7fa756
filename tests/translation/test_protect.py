"""Protected spans: what is found, what is left alone, and how long it takes."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translation.protect import find


def spans(text: str, scripts: str = "Latin") -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find(text, scripts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail ana@loja.com.br, please", [("ana@loja.com.br", "email")]),
        ("maria_s@shop.org.", [("maria_s@shop.org", "email")]),
        ("see https://x.org/a_(b)?q=1&r=2.", [("https://x.org/a_(b)?q=1&r=2", "url")]),
        ("(www.loja.com.br/x)", [("www.loja.com.br/x", "url")]),
        ("on loja.com today", [("loja.com", "url")]),
        ("code LP00123456789CN now", [("LP00123456789CN", "sku")]),
        ("AB-1234 and 2026-INV-7", [("AB-1234", "sku"), ("2026-INV-7", "sku")]),
        ("order #12345 or # 77", [("#12345", "hashtag"), ("# 77", "hashtag")]),
        ("@maria #promo", [("@maria", "mention"), ("#promo", "hashtag")]),
        ("paid 19,90 €", [("19,90 €", "price")]),
        ("R$ 1.234,56 or USD 50", [("R$ 1.234,56", "price"), ("USD 50", "price")]),
        ("$5.99, 1 000 €, 30 EUR", [("$5.99", "price"), ("1 000 €", "price"), ("30 EUR", "price")]),
        ("on 12/05/2026 at 14h30", [("12/05/2026", "date"), ("14h30", "time")]),
        ("2026-01-02T10:00:00Z", [("2026-01-02T10:00:00Z", "date")]),
        ("at 3:30 pm or 10am", [("3:30 pm", "time"), ("10am", "time")]),
        ("call +55 11 91234-5678", [("+55 11 91234-5678", "phone")]),
        ("(11) 3456-7890", [("(11) 3456-7890", "phone")]),
        ("+351 912 864 447 04/02/2026", [("+351 912 864 447", "phone"), ("04/02/2026", "date")]),
        ("IBAN PT50 0002 0123 1234 5678 9015 4.", [("PT50 0002 0123 1234 5678 9015 4", "iban")]),
        ("hi {order_id} and %s", [("{order_id}", "placeholder"), ("%s", "placeholder")]),
        ("{{name}} ${total}", [("{{name}}", "placeholder"), ("${total}", "placeholder")]),
        ("<b>new</b> &amp; old", [("<b>", "tag"), ("</b>", "tag"), ("&amp;", "tag")]),
        ("run `git push -f` now", [("`git push -f`", "code")]),
        ("open report.pdf", [("report.pdf", "code")]),
        ("👍🏽 🇧🇷 👨\u200d👩\u200d👧 ❤\ufe0f", [(x, "emoji") for x in ("👍🏽", "🇧🇷", "👨\u200d👩\u200d👧", "❤\ufe0f")]),
        ("fine :) or :-( <3", [(":)", "emoji"), (":-(", "emoji"), ("<3", "emoji")]),
        ("5kg, 2ª, 10th and 24h", [("5", "number"), ("2", "number"), ("10", "number"), ("24", "number")]),
        ("1,234.56 and 10,5%", [("1,234.56", "number"), ("10,5", "number")]),
        ("a **bold** word", [("**", "mark"), ("**", "mark")]),
        ("hi \x00there\u202e", [("\x00", "hidden"), ("\u202e", "hidden")]),
        ("oi 我的订单 ok", [("我的订单", "foreign")]),
    ],
)
def test_finds(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order? I've waited (too long)...",
        "obrigado.me ajuda por favor",
        "e/ou, sim; não - talvez",
        "PRS-ORG and NAME",
        "It's “fine” — really",
        "100% sure"[4:],
        "",
    ],
)
def test_leaves_plain_words_alone(text: str) -> None:
    assert spans(text) == []


def test_letters_of_the_languages_own_script_are_no_span() -> None:
    assert spans("привет мир") == [("привет мир", "foreign")]
    assert spans("привет мир", "Cyrillic Latin") == []


PIECES = st.sampled_from(
    [
        "a@b.co",
        "#1",
        "R$ 5",
        "19,90 €",
        "😭",
        "👍🏽",
        "{x}",
        "`",
        "<",
        ">",
        "%s",
        "12/05",
        "LP1",
        "+55 11",
        "**",
        "é",
        "word",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map("".join))
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    at = 0
    for span in find(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@settings(deadline=None)
@given(st.integers(0, 5))
def test_finds_the_same_in_the_middle_of_a_text(words: int) -> None:
    lead = "some word " * words
    found = find(lead + "LP00123456789CN for R$ 1.234,56 to ana@loja.com.br 😭")
    assert [(span.start - len(lead), span.kind) for span in found] == [
        (0, "sku"), (20, "price"), (35, "email"), (51, "emoji"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "a1",
        "a@",
        "😀",
        "a.b",
        "_",
        "<",
        "{",
        "1 ",
        "+1 ",
        "`",
        "*",
        "\u200d",
        "AB12",
        "1.",
        "我 ",
        "/a",
        ":",
        "(1",
    ],
)
def test_takes_time_linear_in_the_length(unit: str) -> None:
    find("warm 1 @x up 😀")
    begun = perf_counter()
    find(unit * (20_000 // len(unit)))
    assert perf_counter() - begun < 5

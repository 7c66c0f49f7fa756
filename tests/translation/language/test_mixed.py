"""Messages in several languages are seen as such; the others, nearly all, are not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translation.language import mixed


def split(text: str, author: str, *expected: str) -> list[tuple[str, str]]:
    return [(part.language, text[part.start : part.end]) for part in mixed(text, author, expected)]


@pytest.mark.parametrize("author", ["en", "pt"])
def test_each_sentence_has_its_language_whatever_the_whole_was_taken_for(author: str) -> None:
    assert split("Oi, my order LP123 hasn't arrived. Pode me ajudar?", author, "en", "pt") == [
        ("en", "Oi, my order LP123 hasn't arrived. "),
        ("pt", "Pode me ajudar?"),
    ]


def test_lines_and_quotations_are_stretches_too() -> None:
    text = (
        'Ihr Kollege schrieb "please send the lamp back to us" und das war letzte Woche.\n\n내 주문은 어디에 있습니까?'
    )
    assert split(text, "de", "en", "ko") == [
        ("de", "Ihr Kollege schrieb "),
        ("en", '"please send the lamp back to us" '),
        ("de", "und das war letzte Woche.\n\n"),
        ("ko", "내 주문은 어디에 있습니까?"),
    ]


def test_what_is_short_goes_with_its_language_or_with_what_stands_before() -> None:
    text = "Wo ist meine Bestellung geblieben? LP123. It should be here by now. Danke!"
    assert split(text, "de", "en") == [
        ("de", "Wo ist meine Bestellung geblieben? LP123. "),
        ("en", "It should be here by now. "),
        ("de", "Danke!"),
    ]


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Thank you very much for your help. Muito obrigado!", "en"),
        ("The lamp is broken again. C'est la vie!", "en"),
        ("Bonjour, ma commande n'est pas là. LOL. Merci d'avance.", "fr"),
        ("Olá! O relógio não carrega.\nOk.\n\nJá tentei com outro cabo.", "pt"),
        ("Ik heb de Good Night Lamp besteld. Wanneer komt die aan?", "nl"),
        ("Hej, jag har en fråga om min beställning. Kan ni hjälpa mig med den?", "sv"),
        ("Dobrý deň, kde je moja objednávka? Ďakujem za rýchlu odpoveď.", "sk"),
        ("Pode me ajudar?", "en"),
        ("ok ok ok ok ok ok. hm hm hm hm hm hm. 12345 6789 12345", "en"),
        ("", "en"),
    ],
)
def test_one_language_with_a_borrowed_phrase_is_no_mixture(text: str, author: str) -> None:
    assert split(text, author, "en", "de", "fr", "es", "pt", "nl") == []


def test_a_language_that_nothing_hints_at_takes_a_long_clear_sentence() -> None:
    short = "The parcel has not arrived. Gdzie jest paczka?"
    long = "The parcel has not arrived. Dzień dobry, chciałbym wiedzieć, gdzie jest moja paczka i kiedy dojdzie."
    assert [code for code, _ in split(short, "en", "pl")] == ["en", "pl"]
    assert split(short, "en") == []
    assert [code for code, _ in split(long, "en")] == ["en", "pl"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "Wo ist meine Bestellung? ",
                "Where is my order now?\n",
                '"onde está o meu pedido" ',
                "...",
                "\n\n",
                "。",
                '"',
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_stretches_cover_the_text(text: str) -> None:
    found = mixed(text, "de", ("en", "pt"))
    assert not found or "".join(text[part.start : part.end] for part in found) == text
    assert all(a.end == b.start and a.language != b.language for a, b in itertools.pairwise(found))
    assert len(found) != 1

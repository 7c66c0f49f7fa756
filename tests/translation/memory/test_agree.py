"""What a translation lacks of its original, or adds to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translation.memory.agree import agree, missing, sides


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("Hello", "Olá", ()),
        ("Order LP123456 is here", "O pedido LP123456 chegou", ()),
        ("Order LP123456 is here", "O pedido LP 123456 chegou", ()),
        ("Order LP123456 is here", "O pedido chegou", ("LP123456",)),
        ("Write to me@shop.com or call 555 123 456", "Escreva ou ligue 555 123 456", ("me@shop.com",)),
        ("It costs $1,000.50", "Custa US$ 1.000,50", ()),
        ("It costs $1,000.50", "Custa US$ 1.000,05", ("$1,000.50",)),
        ("2 days", "dois dias", ()),
        ("2 days", "três dias", ("2",)),
        ("Use {name} twice: {name}", "Use {name}", ("{name}",)),
        ("Thanks 😊", "Obrigado", ()),
    ],
)
def test_tells_what_is_missing_as_it_stood(text: str, other: str, expected: tuple[str, ...]) -> None:
    assert missing(*sides(text, "en", other, "pt")) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_texts_agree_just_where_neither_lacks_anything(text: str, other: str) -> None:
    one, two = sides(text, "en", other, "pt")
    assert agree(one, two) == (not missing(one, two) and not missing(two, one))


@given(st.text(max_size=80))
def test_a_text_lacks_nothing_of_itself(text: str) -> None:
    assert missing(*sides(text, "en", text, "pt")) == ()

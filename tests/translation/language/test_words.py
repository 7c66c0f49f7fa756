"""Everyday words that settle a language without any model."""

from __future__ import annotations

import pytest

from translation.language import Evidence, State, detect, models
from translation.language.words import plainly

SETTLED = State(weights={"pt": 0.995}, language="pt-BR", messages=3)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order? I have been waiting for a week.", "en"),
        ("Ainda não recebi a minha encomenda, pode verificar?", "pt"),
        ("não", "pt"),
        ("I don’t know which of these it was", "en"),
        ("Ainda não recebi nada e não sei onde está, você pode ver? Thanks", "pt"),  # one foreign word among many
    ],
)
def test_plain(text: str, language: str) -> None:
    assert plainly(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order? I have been waiting for a week.", "pt"),
        ("¿Dónde está mi pedido? No lo he recibido todavía.", "pt"),  # kin: much of it is read as either
        ("Oi, my order has not arrived yet, where is it?", "pt"),
        ("ok", "pt"),
        ("LP00123456789CN", "pt"),
        ("", "pt"),
    ],
)
def test_not_plain(text: str, language: str) -> None:
    assert not plainly(text, language)


def test_what_plainly_goes_on_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(text: str) -> dict[str, float]:
        raise AssertionError("a model was asked")

    monkeypatch.setattr(models, "fasttext", never)
    monkeypatch.setattr(models, "py3langid", never)
    state, found = detect(Evidence("Ainda não recebi a minha encomenda", page_locale="pt-BR"), SETTLED)
    assert (found.language, state.language, state.messages) == ("pt", "pt-BR", 4)
    assert set(found.why) >= {"words", "earlier-messages:3", "page-locale:pt-BR", "variant:pt-BR"}
    with pytest.raises(AssertionError, match="asked"):
        detect(Evidence("Where is my order? I have been waiting for a week."), SETTLED)

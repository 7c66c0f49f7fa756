"""What the model is shown instead of hurried chat."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from translation.edits import Edited
from translation.normalise import Normaliser, Steps
from translation.phrases import Phrases, Rule, Rules, phrases
from translation.protect import Span
from translation.tables import language

KNOWN = {"good", "hello", "so", "please", "muito", "no", "see"}


def count(text: str) -> int:
    return 1 if text in KNOWN else len(text)


def normalised(text: str, tag: str = "en", known: str = "") -> str:
    steps = Steps(dot=False)
    normaliser = Normaliser(lambda char: char.isascii() or char in known, language(tag), Phrases({}), steps, count)
    return Edited(text, normaliser.normalise(text, ()).edits).text


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        ("en", "heeello thx for the gooood service sooo much", "hello thanks for the good service so much"),
        ("en", "pleeease see chapter III of the manual at www", "please see chapter III of the manual at www"),
        ("pt", "muuuuito obg,nao chegou.Quero meu dinheiro", "muito obrigado, não chegou. Quero meu dinheiro"),
        ("pt", "obrigado.me ajuda por favor", "obrigado. me ajuda por favor"),
        ("pt", "Naaao recebi o cartao nem a devolucao", "Não recebi o cartão nem a devolução"),
        ("es", "xq no llego el telefono? tb quiero informacion de la garantia", None),
        ("fr", "bjr cest deja le deuxieme probleme avec mon numero", None),
        ("de", "koennten Sie mir bitte fuer die Groesse der Tuer helfen, zurueck geht nich", None),
        ("de", "waren Sie schon da? das hatte ich lange", "waren Sie schon da? das hatte ich lange"),
        ("en", "version 3.14,15 and 10.000,50", "version 3.14,15 and 10.000,50"),
    ],
)
def test_reads_as_if_it_had_been_typed_with_care(tag: str, text: str, wanted: str | None) -> None:
    by_language = {
        "es": "porque no llego el teléfono? también quiero información de la garantía",
        "fr": "bonjour c'est déjà le deuxieme problème avec mon numéro",
        "de": "könnten Sie mir bitte für die Größe der Tür helfen, zurück geht nicht",
    }
    assert normalised(text, tag, "áéíóúãçñäöüßàèê") == (wanted or by_language[tag])


@given(st.text(alphabet="abo é.,!?AB1", max_size=40), st.sampled_from(["en", "pt", "es", "fr", "de"]))
def test_letters_are_only_taken_away_where_they_are_stretched(text: str, tag: str) -> None:
    normaliser = Normaliser(lambda char: True, language(tag), Phrases({}), Steps(dot=False, capitals=False), count)
    edits = normaliser.normalise(text, ()).edits
    for edit in edits:
        assert 0 <= edit.start <= edit.end <= len(text)
    assert [edit.start for edit in edits] == sorted(edit.start for edit in edits)


def test_a_shop_adds_tables_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "pt.toml").write_text('[short]\nblz = "tudo certo"\nxptoo = "produto"\n', encoding="utf-8")
    (tmp_path / "en-pt.toml").write_text(
        '[phrases]\n"hello" = "Saudações"\n[wording]\n\'\\bequipa\\b\' = "equipe"\n\'(\' = "x"\n', encoding="utf-8"
    )
    own = language("pt", tmp_path)
    assert (own.short["blz"], own.short["xptoo"], own.short["vc"]) == ("tudo certo", "produto", "você")
    assert language("pt").short["blz"] == "beleza"
    found = phrases("en", "pt-BR", tmp_path)
    assert found.whole("Hello!") == "Saudações!"
    assert found.whole("Thanks") == "Obrigado"
    assert [edit.text for edit in found.wording.edits("a equipa", 0, 8)] == ["equipe"]
    [problem] = found.problems
    assert "en-pt.toml, rule '('" in problem


def test_a_table_that_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "pt.toml").write_text("[short\n", encoding="utf-8")
    own = language("pt", tmp_path)
    assert own.short == language("pt").short
    assert str(tmp_path / "pt.toml") in own.problems[0]


def test_rules_read_over_what_stands_beside_the_sentence() -> None:
    rules = Rules([Rule(regex.compile("can you indicate"), "tell me")])
    normaliser = Normaliser(lambda char: True, language("xx"), Phrases({}, rules), Steps(dot=False), count)
    text = "please can you 😊 indicate your name"
    edits = normaliser.normalise(text, [Span(15, 16, "emoji")]).edits
    assert Edited(text, edits).text == "please tell me 😊 your name"
    number = "please can you 5 indicate your name"
    assert normaliser.normalise(number, [Span(15, 16, "number")]).edits == ()

"""Terms: what is allowed, and the way through JSON."""

from __future__ import annotations

import msgspec
import pytest

from glossary.term import MAX_TEXT, Form, Rules, Term, TermError, UnknownVersion, Wording, decode, encode, validate


def term(**fields: object) -> Term:
    base: dict[str, object] = {"id": "order", "wordings": {"en": Wording("order"), "pt": Wording("encomenda")}}
    return Term(**{**base, **fields})  # type: ignore[arg-type]


def test_a_full_term_survives_json() -> None:
    full = term(
        wordings={
            "en": Wording("order", forms=(Form("orders", "p"),), exceptions=("in order to",)),
            "pt-BR": Wording("encomenda", gender="f", number="s", avoid=("pedido",)),
        },
        kind="forbidden",
        status="draft",
        rules=Rules(case=True, accents=True, whole_word=False, inflected=False, after_determiner=True),
        part_of_speech="noun",
        scope=("line:garden",),
        note="as agreed",
        author="ana",
        created=1,
        changed=2,
    )
    assert decode(encode(validate(full))) == full


def test_a_later_version_is_refused_and_nonsense_too() -> None:
    with pytest.raises(UnknownVersion):
        decode(encode(term(v=99)))
    with pytest.raises(msgspec.DecodeError):
        decode(b'{"id": 5}')


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "a b"}, "id"),
        ({"id": 'x"y'}, "id"),
        ({"wordings": {}}, "wordings"),
        ({"wordings": {"en": Wording("only one")}}, "wordings"),
        ({"wordings": {"english": Wording("a"), "pt": Wording("b")}}, "english"),
        ({"wordings": {"en": Wording(" order"), "pt": Wording("b")}}, "en"),
        ({"wordings": {"en": Wording("order"), "pt": Wording("")}}, "pt"),
        ({"wordings": {"en": Wording("order"), "pt": Wording("...")}}, "pt"),
        ({"wordings": {"en": Wording("or\nder"), "pt": Wording("b")}}, "en"),
        ({"wordings": {"en": Wording("x" * (MAX_TEXT + 1)), "pt": Wording("b")}}, "en"),
        ({"wordings": {"en": Wording("a", forms=(Form(""),)), "pt": Wording("b")}}, "en"),
        ({"wordings": {"en": Wording("a", exceptions=("",)), "pt": Wording("b")}}, "en"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "half a \ud800 pair"}, "note"),
    ],
)
def test_what_cannot_be_names_its_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(TermError) as caught:
        validate(term(**fields))
    assert caught.value.field == field


def test_a_name_needs_one_language_only() -> None:
    validate(Term("acme", {"en": Wording("Acme")}, kind="do-not-translate"))


def test_languages_are_found_by_code_base_and_sister() -> None:
    one = term(wordings={"en": Wording("a"), "pt-BR": Wording("b"), "pt": Wording("c")})
    assert [one.key_for(code) for code in ("pt-BR", "pt", "pt-PT", "en-GB", "de")] == ["pt-BR", "pt", "pt", "en", None]
    assert term(wordings={"en": Wording("a"), "pt-BR": Wording("b")}).key_for("pt") == "pt-BR"

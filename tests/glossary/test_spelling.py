"""What a model cannot write is told for the wordings that it would have to write, once each."""

from __future__ import annotations

import pytest

from glossary.spelling import misspelt
from glossary.term import Form, Term, Wording


def unwritable(source: str, target: str, text: str) -> str:
    if (source, target) == ("en", "pt"):
        return "".join(char for char in text if char in "şх")
    return ""


@pytest.mark.parametrize(
    ("wordings", "kind", "expected"),
    [
        ({"en": Wording("order"), "pt": Wording("pedido")}, "preferred", []),
        ({"en": Wording("order"), "pt-BR": Wording("peşşdido")}, "preferred", [("pt-BR", "peşşdido")]),
        ({"en": Wording("ş"), "pt": Wording("pedido")}, "preferred", []),  # English is only read
        ({"de": Wording("x"), "pt": Wording("ş")}, "preferred", []),  # no model from there
        ({"de": Wording("x"), "en": Wording("x"), "pt": Wording("ş")}, "preferred", [("pt", "ş")]),
        ({"en": Wording("x"), "pt": Wording("a", forms=(Form("aх"),))}, "forbidden", [("pt", "aх")]),
        ({"en": Wording("ş"), "pt": Wording("ş")}, "do-not-translate", []),
    ],
)
def test_told(wordings: dict[str, Wording], kind: str, expected: list[tuple[str, str]]) -> None:
    found = list(misspelt(Term("t", wordings, kind=kind), unwritable))  # type: ignore[arg-type]
    assert [(each.language, each.text) for each in found] == expected
    assert all(each.code == "spelling" and not each.other for each in found)
    assert all(each.message.count("U+") == 1 for each in found)

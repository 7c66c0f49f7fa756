"""The preview of an import: adds, changes, unchanged, conflicts; nothing else is touched."""

from __future__ import annotations

from msgspec.structs import replace

from glossary.exchange import read, write
from glossary.merge import preview
from glossary.term import Form, Term, Wording

ORDER = Term(
    "order", {"en": Wording("order", forms=(Form("orders", "p"),)), "pt": Wording("pedido"), "de": Wording("Auftrag")},
    note="old note", author="ana", created=5,
)  # fmt: skip
BOX = Term("box", {"en": Wording("box"), "pt": Wording("caixa")})


def test_adds_changes_and_unchanged() -> None:
    plan = preview(read(b"en,pt\norder,encomenda\nBox,caixa\nbox,caixa\nmail,correio\n"), [ORDER, BOX])
    assert [term.wordings["en"].text for term in plan.adds] == ["mail"]
    (change,) = plan.changes[:1]
    assert (change.before, change.row) == (ORDER, 2)
    assert change.after == replace(ORDER, wordings={**ORDER.wordings, "pt": Wording("encomenda")})
    assert plan.terms() == [*plan.adds, *(one.after for one in plan.changes)]


def test_columns_that_are_not_there_change_nothing() -> None:
    plan = preview(read(b"en,pt\norder,pedido\n"), [ORDER])
    assert (plan.unchanged, plan.adds, plan.changes) == (1, (), ())


def test_a_row_with_an_id_empties_what_its_cells_leave_empty() -> None:
    (change,) = preview(read(b"id,en,pt,de,note\norder,purchase,compra,,\n"), [ORDER]).changes
    assert change.after.wordings == {"en": Wording("purchase", forms=(Form("orders", "p"),)), "pt": Wording("compra")}
    assert change.after.note == ""


def test_the_own_export_changes_nothing() -> None:
    plan = preview(read(write([ORDER, BOX])), [ORDER, BOX])
    assert (plan.unchanged, plan.adds, plan.changes, plan.conflicts) == (2, (), (), ())


def test_two_wordings_for_one_text_are_a_conflict() -> None:
    plan = preview(read(b"en,pt\nmail,correio\nmail,e-mail\nmail,correio\n"), [])
    assert [(conflict.row, conflict.language, conflict.text) for conflict in plan.conflicts] == [(3, "en", "mail")]
    assert "row 2" in plan.conflicts[0].message
    assert [term.wordings["pt"].text for term in plan.adds] == ["correio"]
    plan = preview(read(b"id,en,pt\nnew,box,caixote\n"), [BOX])
    assert [conflict.row for conflict in plan.conflicts] == [2]


def test_another_scope_is_another_term() -> None:
    plan = preview(read(b"en,pt,scope\nbox,caixote,line:garden\n"), [BOX])
    assert [term.scope for term in plan.adds] == [("line:garden",)]


def test_a_taken_id_is_not_taken_twice() -> None:
    (term,) = preview(read(b"en,pt\na,b\n"), []).adds
    renamed = replace(term, wordings={"en": Wording("x"), "pt": Wording("y")})
    (again,) = preview(read(b"en,pt\na,b\n"), [renamed]).adds
    assert again.id == f"{term.id}-2"

"""XLSX, TBX and the layouts of other services: what is written comes back, what others write is understood."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from glossary import xlsx
from glossary.exchange import ExchangeError, LayoutError, read, write
from glossary.term import Form, Rules, Term, Wording, validate

ORDER = Term(
    "order-1",
    {
        "en": Wording("order", forms=(Form("orders", "p"), Form("a | b [p]")), exceptions=("in order to", "x\\y")),
        "pt-BR": Wording("encomenda", gender="f", number="s", avoid=("pedido", "ordem|")),
    },
    kind="forbidden",
    status="draft",
    rules=Rules(case=True, accents=True, whole_word=False, inflected=False, after_determiner=True),
    part_of_speech="noun",
    scope=("line:garden", "a|b"),
    note='says "never",\r\nreally; ever\t. =1+1 _x000D_ <b>&amp;',
    author="ana",
    created=1_700_000_000_123,
    changed=1_800_000_000_001,
)
NAME = Term("acme", {"en": Wording("=Acme, Inc."), "pt-BR": Wording("1234")}, kind="do-not-translate")
FORMATS = ["csv", "tsv", "xlsx", "tbx"]


def terms_of(data: bytes, **options: str) -> list[Term]:
    return [row.term for row in read(data, **options).rows]


def texts_of(data: bytes, **options: str) -> list[dict[str, str]]:
    return [{code: each.text for code, each in term.wordings.items()} for term in terms_of(data, **options)]


@pytest.mark.parametrize("format", FORMATS)
def test_there_and_back(format: str) -> None:
    data = write([ORDER, NAME], format=format)
    assert terms_of(data) == [ORDER, NAME]
    assert read(data).format == format
    assert terms_of(data, format=format) == [ORDER, NAME]


plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
word = plain.map(str.strip).filter(lambda text: any(c.isalnum() for c in text) and not set(text) & {"\ufffe", "\uffff"})
form_lists = st.lists(st.builds(Form, word, st.sampled_from(["", "s", "p"]), st.sampled_from(["", "m"])), max_size=2)
wordings = st.builds(
    Wording, word, form_lists.map(tuple), st.sampled_from(["", "m", "f", "n"]), st.sampled_from(["", "s", "p"]),
    st.lists(word, max_size=2).map(tuple), st.lists(word, max_size=2).map(tuple),
)  # fmt: skip
some_terms = st.builds(
    Term,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True),
    wordings=st.dictionaries(st.sampled_from(["en", "pt", "pt-BR", "zh"]), wordings, min_size=2, max_size=3),
    kind=st.sampled_from(["preferred", "do-not-translate", "forbidden"]),
    status=st.sampled_from(["draft", "approved", "retired"]),
    rules=st.builds(Rules, *[st.booleans()] * 5),
    part_of_speech=st.sampled_from(["", "noun", "name", "phrase"]),
    scope=st.lists(word, max_size=2).map(tuple),
    note=st.text(st.sampled_from(' \n\r\t,;"<>&=_x000D_é漢😀]'), max_size=20),
    author=word,
    created=st.integers(0, 4_000_000_000_000),
    changed=st.integers(0, 4_000_000_000_000),
)


@given(st.lists(some_terms, min_size=1, max_size=3, unique_by=lambda term: term.id), st.sampled_from(["xlsx", "tbx"]))
def test_any_terms_there_and_back(terms: list[Term], format: str) -> None:
    assert terms_of(write(terms, format=format)) == terms


@given(st.binary(max_size=60), st.sampled_from(["", "xlsx", "tbx", "csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, format: str) -> None:
    for start in (b"", b"PK\x03\x04", b"<?xml version='1.0'?><tbx>"):
        try:
            sheet = read(start + data, format=format)
        except ExchangeError:
            continue
        for row in sheet.rows:
            validate(row.term)


# --- workbooks -------------------------------------------------------------------------------------------------------


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_as_people_make_them() -> None:
    data = workbook((None, None), ("en", "pt", "do_not_translate"), ("order", "encomenda", None), (1234, None, True))
    sheet = read(data)
    assert [(row.number, row.term.wordings["en"].text) for row in sheet.rows] == [(3, "order"), (4, "1234")]
    assert sheet.rows[1].term.do_not_translate


def test_problems_of_a_workbook_name_row_and_column() -> None:
    with pytest.raises(ExchangeError) as caught:
        read(workbook(("en", "pt", "case"), ("order", "encomenda", "perhaps"), ("alone", None, None)))
    assert [(each.row, each.column) for each in caught.value.problems] == [(2, "case"), (3, "")]


def test_a_workbook_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glossary.xlsx.MAX_UNPACKED", 1000)
    with pytest.raises(ExchangeError, match="too large"):
        read(workbook(("en", "pt"), ("a", "b")))


# --- TBX -------------------------------------------------------------------------------------------------------------

MARTIF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en-US"><text><body>
<termEntry id="c1"><descrip type="definition">A wish to buy.</descrip>
 <langSet xml:lang="en"><tig><term>order</term><termNote type="partOfSpeech">noun</termNote></tig></langSet>
 <langSet xml:lang="pt"><ntig><termGrp><term>encomenda</term>
   <termNote type="grammaticalGender">feminine</termNote></termGrp></ntig>
   <tig><term>pedido</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
   <tig><term>encomendas</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig></langSet>
</termEntry></body></text></martif>"""


def test_the_old_dialect_of_tbx() -> None:
    [term] = terms_of(MARTIF.encode())
    assert (term.id, term.note, term.part_of_speech) == ("c1", "A wish to buy.", "noun")
    assert term.wordings["en"] == Wording("order")
    assert term.wordings["pt"] == Wording("encomenda", (Form("encomendas"),), gender="f", avoid=("pedido",))


def test_the_new_dialect_of_tbx_with_modules() -> None:
    data = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
      xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
      <conceptEntry><langSec xml:lang="en"><termSec><term>box</term>
        <min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec>
      <langSec xml:lang="pt"><termSec><term>caixa</term>
        <basic:grammaticalGender>feminine</basic:grammaticalGender></termSec></langSec></conceptEntry>
      </body></text></tbx>"""
    [term] = terms_of(data.encode())
    assert (term.part_of_speech, term.wordings["pt"]) == ("noun", Wording("caixa", gender="f"))


def test_problems_of_tbx_name_the_entry() -> None:
    broken = MARTIF.replace("<term>order</term>", "<term></term>")
    with pytest.raises(ExchangeError) as caught:
        read(broken.encode())
    assert (caught.value.problems[0].row, caught.value.problems[0].message) == (1, "a term without text")
    with pytest.raises(ExchangeError, match="no XML"):
        read(MARTIF[:-30].encode())


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/hostname">', '<!ENTITY % b "c">'],
)
def test_tbx_with_entities_is_refused(declared: str) -> None:
    bomb = f"<!DOCTYPE x [{declared}]>" + MARTIF[MARTIF.index("<martif") :].replace("<term>order", "<term>order &b;")
    with pytest.raises(ExchangeError, match="EntitiesForbidden"):
        read(b"<?xml version='1.0'?>" + bomb.encode())


def test_tbx_can_be_read_by_others() -> None:
    text = write([ORDER], format="tbx").decode()
    assert '<langSec xml:lang="pt-BR">' in text
    assert "<term>encomenda</term>" in text
    assert "deprecatedTerm-admn-sts" in text
    assert '<termNote type="grammaticalGender">feminine</termNote>' in text


# --- other services --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "options", "layout"),
    [
        ("order,encomenda\nbox,caixa\n", {"source": "en", "target": "pt"}, "deepl"),
        ("order\tencomenda\nbox\tcaixa\n", {"source": "en", "target": "pt"}, "deepl"),
        ("order,encomenda,en,pt\nbox,caixa,en,pt\n", {}, "deepl"),
        ("source,target,source_lang,target_lang\norder,encomenda,EN,PT\nbox,caixa,EN,PT\n", {}, "deepl"),
        ("en,pt\norder,encomenda\nbox,caixa\n", {}, "own"),
        ("en,pt\norder,encomenda\nbox,caixa\n", {"source": "en", "target": "pt"}, "own"),
        ("en,pt,pos,description\norder,encomenda,noun,\nbox,caixa,,x\n", {}, "google"),
    ],
)
def test_files_of_other_services(data: str, options: dict[str, str], layout: str) -> None:
    assert texts_of(data.encode(), **options) == [{"en": "order", "pt": "encomenda"}, {"en": "box", "pt": "caixa"}]
    assert read(data.encode(), **options).layout == layout


def test_googles_columns() -> None:
    term, name = terms_of(b"en,pt,pos,description\norder,encomenda,noun,a wish\nAcme,Acme,proper noun,\n")
    assert (term.part_of_speech, term.note, name.part_of_speech) == ("noun", "a wish", "name")


def test_rows_in_several_directions_are_put_in_columns() -> None:
    assert texts_of(b"order,encomenda,en,pt\nHallo,hello,de,en\n") == [
        {"en": "order", "pt": "encomenda"}, {"en": "hello", "de": "Hallo"},
    ]  # fmt: skip


def test_a_wrong_code_is_told_with_its_row() -> None:
    with pytest.raises(ExchangeError) as caught:
        read(b"order,encomenda,en,pt\nbox,caixa,en,portuguese\n")
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (2, "target language")


@pytest.mark.parametrize("layout", ["deepl", "google", "amazon"])
def test_files_for_other_services_hold_what_counts(layout: str) -> None:
    terms = [
        Term("a", {"en": Wording("order"), "pt": Wording("encomenda")}),
        Term("b", {"en": Wording("Acme")}, kind="do-not-translate"),
        Term("c", {"en": Wording("x"), "pt": Wording("y")}, status="draft"),
    ]
    data = write(terms, layout=layout, source="en", target="pt")
    assert texts_of(data, source="en", target="pt") == [
        {"en": "order", "pt": "encomenda"},
        {"en": "Acme", "pt": "Acme"},
    ]
    assert data.startswith(b"en,pt") == (layout == "amazon")


def test_google_takes_many_languages() -> None:
    terms = [Term("a", {"en": Wording("order"), "pt": Wording("encomenda"), "de": Wording("Bestellung")})]
    assert write(terms, layout="google").splitlines() == [b"de,en,pt,pos,description", b"Bestellung,order,encomenda,,"]


@pytest.mark.parametrize(
    "options", [{"layout": "deepl"}, {"layout": "other"}, {"format": "doc"}, {"layout": "amazon", "source": "en"}]
)
def test_options_that_do_not_go_together(options: dict[str, str]) -> None:
    with pytest.raises(LayoutError):
        write([], **options)


def test_a_file_without_a_heading_needs_two_languages() -> None:
    for source, target in (("en", ""), ("en", "en"), ("english", "pt")):
        with pytest.raises(LayoutError):
            read(b"order,encomenda\n", source=source, target=target)


def test_other_programs_read_our_workbooks() -> None:
    book = load_workbook(io.BytesIO(write([ORDER, NAME], format="xlsx")))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    heading = list(rows[0])
    assert rows[1][heading.index("pt-BR")] == "encomenda"
    assert rows[2][heading.index("en")] == "=Acme, Inc."
    assert book.worksheets[0].freeze_panes == "A2"


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r_x0DA"), max_size=8
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})


@given(st.lists(st.lists(cells, max_size=30), max_size=5))
def test_any_cells_there_and_back(rows: list[list[str]]) -> None:
    expected = [(number, row) for number, row in enumerate(map(without_end, rows), 1)]
    while expected and not expected[0][1]:
        del expected[0]
    while expected and not expected[-1][1]:
        del expected[-1]
    assert list(xlsx.records(xlsx.write(rows))) == expected


def without_end(row: list[str]) -> list[str]:
    return row[: max((at for at, cell in enumerate(row, 1) if cell), default=0)]

"""CSV and TSV: nothing is lost on the way out and back, errors name row and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.exchange import ExchangeError, read, write
from glossary.term import Form, Rules, Term, TermError, Wording, validate

FULL = Term(
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
    note='says "never",\nreally; ever\t.',
    author="ana",
    created=1_700_000_000_123,
    changed=1_800_000_000_001,
)
NAME = Term("acme", {"en": Wording("Acme, Inc."), "pt-BR": Wording("Acme")}, kind="do-not-translate")


def terms_of(data: bytes) -> list[Term]:
    return [row.term for row in read(data).rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [False, True])
def test_there_and_back(delimiter: str, bom: bool) -> None:
    assert terms_of(write([FULL, NAME], delimiter=delimiter, bom=bom)) == [FULL, NAME]


def test_the_simple_file() -> None:
    sheet = read(b'en,pt,do_not_translate,note\norder,encomenda,,"never\nthis"\n\nAcme,,yes,\n')
    assert [(row.number, row.identified) for row in sheet.rows] == [(2, False), (4, False)]
    first, second = (row.term for row in sheet.rows)
    assert first.wordings == {"en": Wording("order"), "pt": Wording("encomenda")}
    assert first.note == "never\nthis"
    assert second.do_not_translate
    assert sheet.languages == ["en", "pt"]


def test_ids_are_made_from_what_a_row_says() -> None:
    one, two = terms_of(b"en,pt\na,b\nc,d\n")
    assert terms_of(b"en;pt\nc;d\n") == [two]
    assert one.id != two.id


@pytest.mark.parametrize("data", ["en;pt\na;b,c\n", "en\tpt\na\tb,c\n", "pt_br;EN\nb,c;a\n"])
def test_the_delimiter_is_found_out(data: str) -> None:
    assert sorted(wording.text for wording in terms_of(data.encode())[0].wordings.values()) == ["a", "b,c"]


def test_utf_16_as_spreadsheets_save_it() -> None:
    assert terms_of("en\tpt\ncafé\tçã\n".encode("utf-16"))[0].wordings["pt"].text == "çã"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", [(1, "")]),
        (b"en,pt\n\xff\xfe\xfa,b\n", [(2, "")]),
        (b"a word,another\nx,y\n", [(1, "a word"), (1, "another")]),
        (b"note,id\nx,y\n", [(1, "")]),
        (b"en,pt,en\n", [(1, "en")]),
        (b"en,pt\norder,\nfine,bom\n,\n x ,y\n...,b\n", [(2, ""), (6, "en")]),
        (b"en,pt,do_not_translate\na,b,perhaps\n", [(2, "do_not_translate")]),
        (b"en,pt\na,b,c\n", [(2, "")]),
        (b"en,pt,pt:forms\na,b,x [q]\n", [(2, "pt:forms")]),
        (b"en,pt,de,de:forms\na,b,,x\n", [(2, "de:forms")]),
        (b"en,pt,status\na,b,done\n", [(2, "status")]),
        (b"en,pt,created\na,b,yesterday\n", [(2, "created")]),
        (b"en,pt,id\na,b,x\nc,d,x\n", [(3, "id")]),
        (b'en,pt\na,b\nc,"d\n', [(3, "")]),
        (b"\0\r\0", [(1, "1")]),
        (b'"', [(1, "")]),
    ],
)
def test_problems_name_row_and_column(data: bytes, problems: list[tuple[int, str]]) -> None:
    with pytest.raises(ExchangeError) as caught:
        read(data)
    assert [(problem.row, problem.column) for problem in caught.value.problems] == problems
    assert caught.value.total == len(problems)
    assert all(str(problem).startswith("row ") for problem in caught.value.problems)


def test_an_empty_glossary_goes_out_too() -> None:
    assert write([]) == b"id\r\n"


plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
)
word = plain.map(str.strip).filter(lambda text: any(c.isalnum() for c in text))
forms = st.lists(st.builds(Form, word, st.sampled_from(["", "s", "p"]), st.sampled_from(["", "m", "f"])), max_size=3)
wordings = st.builds(
    Wording,
    word,
    forms.map(tuple),
    st.sampled_from(["", "m", "f", "n"]),
    st.sampled_from(["", "s", "p"]),
    st.lists(word, max_size=2).map(tuple),
    st.lists(word, max_size=2).map(tuple),
)
notes = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc"),
        exclude_characters="\ufffe\uffff",
        include_characters='\n\r\t,;"',
    ),
    max_size=30,
)
some_terms = st.builds(
    Term,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True),
    wordings=st.dictionaries(st.sampled_from(["en", "pt", "pt-BR", "de", "zh"]), wordings, min_size=2, max_size=4),
    kind=st.sampled_from(["preferred", "do-not-translate", "forbidden"]),
    status=st.sampled_from(["draft", "approved", "retired"]),
    rules=st.builds(Rules, *[st.booleans()] * 5),
    part_of_speech=st.sampled_from(["", "noun", "name"]),
    scope=st.lists(word, max_size=2).map(tuple),
    note=notes,
    author=word,
    created=st.integers(0, 4_000_000_000_000),
    changed=st.integers(0, 4_000_000_000_000),
)


@given(st.lists(some_terms, max_size=4, unique_by=lambda term: term.id), st.sampled_from([",", ";", "\t"]))
def test_any_terms_there_and_back(terms: list[Term], delimiter: str) -> None:
    assert terms_of_or_none(write(terms, delimiter=delimiter)) == [
        Term(**{name: getattr(term, name) for name in term.__struct_fields__}) for term in terms
    ]


def terms_of_or_none(data: bytes) -> list[Term]:
    return [] if data == b"id\r\n" else terms_of(data)


@given(st.binary(max_size=60) | st.text('en,pt;\t\r\n\0"ab', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        sheet = read(data)
    except ExchangeError:
        return
    for row in sheet.rows:
        validate(row.term)


def test_what_is_read_is_valid() -> None:
    with pytest.raises(TermError):
        validate(Term("x", {"en": Wording("\x07")}))
    with pytest.raises(ExchangeError):
        read(b"en,pt\na\x07,b\n")

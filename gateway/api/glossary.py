"""The glossary over HTTP: list, add, change, delete, import, export. For maintainers; agents may read it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from gateway.api.errors import ApiError
from glossary.term import Term, TermError, Wording, validate

READERS = ("agent", "supervisor", "maintainer")


class TermView(msgspec.Struct, omit_defaults=False):
    """A term as the page shows it: one text a language."""

    id: str
    texts: dict[str, str]
    do_not_translate: bool
    note: str


class TermForm(msgspec.Struct):
    """What a maintainer fills in."""

    texts: dict[str, str]
    do_not_translate: bool = False
    note: str = ""


class TermList(msgspec.Struct):
    version: int
    terms: list[TermView]


def routes() -> list[web.AbstractRouteDef]:
    base = "/api/v1/glossary"
    return [
        web.get(f"{base}/terms", list_terms),
        web.post(f"{base}/terms", add_term),
        web.put(f"{base}/terms/{{id}}", change_term),
        web.delete(f"{base}/terms/{{id}}", delete_term),
        web.post(f"{base}/import", import_csv),
        web.get(f"{base}/export.csv", export_csv),
    ]


def view(term: Term) -> TermView:
    texts = {language: wording.text for language, wording in term.wordings.items()}
    return TermView(term.id, texts, term.do_not_translate, term.note)


def from_form(form: TermForm, term: Term | None, new_id: str) -> Term:
    """The term that the form describes; what the form does not show stays as it was. Raises ApiError 400."""
    wordings: dict[str, Wording] = {}
    for language, text in form.texts.items():
        if text := text.strip():
            old = term.wordings.get(language) if term else None
            # Forms belong to the text they were listed for: another text loses them.
            wordings[language] = old if old and old.text == text else Wording(text)
    kind = "do-not-translate" if form.do_not_translate else "preferred"
    try:
        if term is None:
            return validate(Term(new_id, wordings, kind=kind, note=form.note))  # type: ignore[arg-type]
        kept = term.kind if not form.do_not_translate and term.kind == "forbidden" else kind
        return validate(
            msgspec.structs.replace(term, wordings=wordings, kind=kept, note=form.note)
        )  # fmt: skip
    except TermError as error:
        raise ApiError(400, "bad_term", str(error), field=error.field) from None

"""The glossary over HTTP: list, add, change, delete, import, export. For maintainers; agents may read it."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web
from msgspec.structs import replace

from gateway import keys
from gateway.api.errors import ApiError, answer, read_json
from gateway.api.login import require
from glossary import exchange, merge
from glossary.repository import GlossaryMoved, TermExists, TermMissing
from glossary.term import Kind, Term, TermError, Wording, validate

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


def from_form(form: TermForm, term: Term | None) -> Term:
    """The term that the form describes; what the form does not show stays as it was. Raises ApiError 400."""
    wordings: dict[str, Wording] = {}
    for language, text in form.texts.items():
        if text := text.strip():
            old = term.wordings.get(language) if term else None
            # Forms belong to the text they were listed for: another text loses them.
            wordings[language] = old if old and old.text == text else Wording(text)
    kind: Kind = "do-not-translate" if form.do_not_translate else "preferred"
    try:
        if term is None:
            made = Term("new", wordings, kind=kind, note=form.note)
            return validate(replace(made, id=exchange.new_id(made)))
        if term.kind == "forbidden" and not form.do_not_translate:
            kind = "forbidden"
        return validate(replace(term, wordings=wordings, kind=kind, note=form.note))
    except TermError as error:
        raise ApiError(400, "bad_term", str(error), field=error.field) from None


class Imported(msgspec.Struct):
    added: int
    changed: int
    unchanged: int


async def list_terms(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    repository = request.app[keys.GLOSSARY]
    version = await repository.version()  # read first: what changes meanwhile shows as a newer version next time
    terms = await repository.list()
    return answer(TermList(version, [view(term) for term in terms]))


async def add_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    term = from_form(await read_json(request, TermForm), None)
    try:
        return answer(view(await request.app[keys.GLOSSARY].add(term, user.login)), 201)
    except TermExists:
        raise ApiError(409, "term_exists", "there is such a term already: change that one") from None


async def change_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    repository = request.app[keys.GLOSSARY]
    form = await read_json(request, TermForm)
    term = await repository.get(request.match_info["id"])
    if term is None:
        raise _missing()
    try:
        return answer(view(await repository.change(from_form(form, term), user.login)))
    except TermMissing:
        raise _missing() from None


async def delete_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    try:
        await request.app[keys.GLOSSARY].delete(request.match_info["id"], user.login)
    except TermMissing:
        raise _missing() from None
    return answer({})


async def import_csv(request: web.Request) -> web.StreamResponse:
    """All or nothing: a file with one bad row changes nothing, and every bad row is told."""
    user = await require(request, "maintainer")
    repository = request.app[keys.GLOSSARY]
    data = await request.read()
    try:
        sheet = await asyncio.to_thread(exchange.read, data)
    except exchange.ExchangeError as error:
        details = [{"row": each.row, "column": each.column, "message": each.message} for each in error.problems]
        words = f"nothing was imported: the file has {error.total} problem{'s' if error.total != 1 else ''}"
        raise ApiError(400, "bad_file", words, details=details) from None
    version = await repository.version()
    preview = await asyncio.to_thread(merge.preview, sheet, await repository.list())
    if preview.conflicts:
        details = [{"row": each.row, "column": each.language, "message": each.message} for each in preview.conflicts]
        words = f"nothing was imported: {len(details)} rows contradict the glossary"
        raise ApiError(400, "conflicts", words, details=details[:100])
    try:
        await repository.put_many(preview.terms(), user.login, seen=version)
    except GlossaryMoved:
        raise ApiError(409, "moved", "somebody changed the glossary meanwhile: import again") from None
    return answer(Imported(len(preview.adds), len(preview.changes), preview.unchanged))


async def export_csv(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    terms = await request.app[keys.GLOSSARY].list()
    return web.Response(
        body=await asyncio.to_thread(exchange.write, terms),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="glossary.csv"'},
    )


def _missing() -> ApiError:
    return ApiError(404, "no_such_term", "there is no such term (any more)")

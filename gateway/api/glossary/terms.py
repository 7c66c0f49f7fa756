"""Terms one by one: list, show, check, add, change, delete. Agents may read; maintainers may change."""

from __future__ import annotations

from aiohttp import web
from msgspec.structs import replace

from gateway.api.errors import ApiError, answer, read_json
from gateway.api.glossary.parts import READERS, Parts, flag, from_form, made_of, missing, moved, number, parts
from gateway.api.glossary.shapes import Batch, BatchDone, Check, Checked, Language, TermForm, TermList, TermView, view
from gateway.api.login import require
from glossary.clashes import Clash
from glossary.inflect import gender
from glossary.listing import Listing, Query, QueryError
from glossary.repository import GlossaryMoved, TermExists, TermMissing
from glossary.spelling import misspelt
from glossary.term import Form, Term, TermError
from glossary.wordings import all_forms

MOST = 1000  # terms of one page, and of one batch


async def list_terms(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    glossary, asked = parts(request), request.query
    query = Query(
        q=asked.get("q", ""),
        languages=tuple(code for code in asked.getall("language", []) if code),
        kind=asked.get("kind", ""),
        status=asked.get("status", ""),
        part_of_speech=asked.get("part_of_speech", ""),
        author=asked.get("author", ""),
        scope=asked.get("scope", ""),
        used=asked.get("used", ""),
        conflicts=flag(asked, "conflicts"),
        sort=asked.get("sort") or "text",
    )
    offset = number(asked, "offset", 0, 0, 1_000_000_000)
    limit = number(asked, "limit", 100, 0, MOST)
    if "If-None-Match" in request.headers:
        tag = f'W/"{await glossary.repository.version()}"'
        if request.headers["If-None-Match"] == tag:
            return web.Response(status=304, headers={"ETag": tag})
    uses = await glossary.directory.counts() if query.used or query.sort.lstrip("-") in Listing.BY_USE else {}

    def look(listing: Listing) -> TermList:
        found = listing.find(query, uses)
        return TermList(
            version=listing.version,
            total=len(found),
            all=len(listing.terms),
            offset=offset,
            languages=[Language(*item) for item in listing.facts.languages],
            scopes=list(listing.facts.scopes),
            authors=list(listing.facts.authors),
            terms=[view(term) for term in found[offset : offset + limit]],
        )

    try:
        page = await glossary.directory.look(look)
    except QueryError as error:
        raise ApiError(400, "bad_request", str(error)) from None
    for each, use in zip(page.terms, await glossary.uses.of([each.id for each in page.terms]), strict=True):
        each.use = use
    return answer(page, headers={"ETag": f'W/"{page.version}"'})


async def show_term(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    glossary = parts(request)
    term = await glossary.repository.get(request.match_info["id"])
    if term is None:
        raise missing()
    return answer(await _full(glossary, term))


async def check_term(request: web.Request) -> web.StreamResponse:
    """What saving would say, without saving."""
    await require(request, *READERS)
    glossary = parts(request)
    asked = await read_json(request, Check)
    stored = await glossary.repository.get(asked.id) if asked.id else None
    term = from_form(asked.term, stored)
    return answer(Checked(await _clashes(glossary, term), {code: _forms(term, code) for code in term.wordings}))


async def add_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    glossary = parts(request)
    term = from_form(await read_json(request, TermForm), None)
    try:
        term = await glossary.repository.add(term, user.login)
    except TermExists:
        raise ApiError(409, "term_exists", "there is such a term already: change that one", other=term.id) from None
    return answer(await _full(glossary, term), 201)


async def change_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    glossary = parts(request)
    form = await read_json(request, TermForm)
    term = await glossary.repository.get(request.match_info["id"])
    if term is None:
        raise missing()
    expected = request.headers.get("If-Match", "").strip('"')
    if expected and expected != str(term.changed):
        raise ApiError(409, "moved", "somebody else has changed this term meanwhile", term=view(term))
    try:
        term = await glossary.repository.change(from_form(form, term), user.login)
    except TermMissing:
        raise missing() from None
    return answer(await _full(glossary, term))


async def delete_term(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    try:
        await parts(request).repository.delete(request.match_info["id"], user.login)
    except TermMissing:
        raise missing() from None
    return answer({})


async def change_many(request: web.Request) -> web.StreamResponse:
    """All or nothing: one bad term and nothing is changed, and every bad one is told."""
    user = await require(request, "maintainer")
    glossary = parts(request)
    batch = await read_json(request, Batch)
    if len(batch.changes) > MOST:
        raise ApiError(400, "bad_request", f"at most {MOST} terms at once; import a file instead")
    seen = await glossary.repository.version()
    if batch.seen is not None and batch.seen != seen:
        raise moved()
    stored = await glossary.repository.many([change.id for change in batch.changes if change.id])
    terms: dict[str, Term] = {}
    deleted: list[str] = []
    problems: list[dict[str, object]] = []
    for index, change in enumerate(batch.changes):
        try:
            if change.id and change.id not in stored:
                raise TermError("id", "there is no such term (any more)")
            if change.term is None:
                deleted.append(change.id or "")
                continue
            term = made_of(change.term, stored[change.id] if change.id else None)
            if term.id in terms or (not change.id and await glossary.repository.get(term.id)):
                raise TermError("texts", "there is such a term already")
            terms[term.id] = term
        except TermError as error:
            problems.append({"index": index, "field": error.field, "message": str(error)})
    if problems:
        words = f"nothing was changed: {len(problems)} of {len(batch.changes)} can't be taken"
        raise ApiError(400, "bad_terms", words, details=problems)
    try:
        version = await glossary.repository.put_many(terms.values(), user.login, delete=deleted, seen=seen)
    except GlossaryMoved:
        raise moved() from None
    now = await glossary.repository.many(list(terms))
    return answer(BatchDone(version, [view(now[term_id]) for term_id in terms if term_id in now], deleted))


async def _full(glossary: Parts, term: Term) -> TermView:
    """With its use and its clashes."""
    [use] = await glossary.uses.of([term.id])
    return view(term, use, await _clashes(glossary, term))


async def _clashes(glossary: Parts, term: Term) -> list[Clash]:
    return await glossary.directory.look(
        lambda listing: [*misspelt(term, glossary.unwritable), *listing.clashes.of(term)]
    )


def _forms(term: Term, code: str) -> list[Form]:
    wording = term.wordings[code]
    return [
        form if form.gender else replace(form, gender=wording.gender or gender(form.text, code))
        for form in all_forms(wording, code)[1:]
    ]

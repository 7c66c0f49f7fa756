"""Trying terms before they are stored: one sentence, or the messages of the last days. Workers translate."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from gateway import keys
from gateway.api.errors import ApiError, answer, read_json
from gateway.api.glossary.dry_run import dry_run
from gateway.api.glossary.parts import Parts, from_form, needs_worker, parts, reads_conversations
from gateway.api.glossary.shapes import DryRun, TermForm, Tried, Try
from gateway.api.glossary.stream import stream
from gateway.api.login import require
from glossary.term import Term, is_language
from glossary.trial import NoAnswer, Text

MOST_TEXT = 500  # characters: a try goes between messages, which wait for it
MOST_DRAFTS = 100
MOST_MESSAGES = 2000


async def try_out(request: web.Request) -> web.StreamResponse:
    await require(request, "maintainer")
    glossary = parts(request)
    form = await read_json(request, Try)
    if not form.text.strip() or len(form.text) > MOST_TEXT:
        raise ApiError(400, "bad_request", f"a text to try has 1 to {MOST_TEXT} characters")
    for code in (form.source, form.target):
        if not is_language(code):
            raise ApiError(400, "bad_request", f"{code!r} is no language code such as 'en' or 'pt-BR'")
    drafts = await _drafts(glossary, form.drafts)
    needs_worker(request)
    began = time.monotonic()
    try:
        told = await glossary.trials.ask(
            [Text(form.text, form.source, form.target)], drafts=drafts, all_drafts=not drafts, scope=form.scope
        )
    except NoAnswer as error:
        raise ApiError(504, "no_answer", str(error)) from None
    [(plain, without, with_)] = told.said
    return answer(Tried(plain, without, with_, round((time.monotonic() - began) * 1000, 1)))


async def try_on_messages(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    glossary = parts(request)
    form = await read_json(request, DryRun)
    if not form.drafts:
        raise ApiError(400, "bad_request", "give at least one draft")
    drafts = await _drafts(glossary, form.drafts)
    stored = await glossary.repository.many([draft.id for draft in drafts])
    needs_worker(request)
    lines = dry_run(
        request.app[keys.STORE], glossary.trials, drafts, list(stored.values()),
        most=max(1, min(MOST_MESSAGES, form.messages)), reads=reads_conversations(user),
    )  # fmt: skip
    return await stream(request, _told(lines))


async def _told(lines: AsyncIterator[object]) -> AsyncIterator[object]:
    try:
        async for line in lines:
            yield line
    except NoAnswer as error:
        raise ApiError(504, "no_answer", str(error)) from None


async def _drafts(glossary: Parts, forms: Sequence[TermForm]) -> list[Term]:
    """The terms that the forms describe; one with the id of a stored term stands in its place."""
    if len(forms) > MOST_DRAFTS:
        raise ApiError(400, "bad_request", f"at most {MOST_DRAFTS} drafts at once")
    ids = [form.id for form in forms if isinstance(form.id, str) and form.id]
    stored = await glossary.repository.many(ids) if ids else {}
    return [from_form(form, stored.get(form.id) if isinstance(form.id, str) else None) for form in forms]

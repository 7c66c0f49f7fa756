"""Who changed what when, taking it back, and what became of terms in messages."""

from __future__ import annotations

from aiohttp import web

from gateway.api.errors import ApiError, answer, read_json
from gateway.api.glossary.parts import READERS, missing, moved, number, parts, reads_conversations
from gateway.api.glossary.shapes import (
    ChangeView,
    EntryView,
    History,
    Restore,
    Restored,
    Stats,
    TermUsed,
    Undo,
    Undone,
    view,
)
from gateway.api.login import require
from glossary import revert
from glossary.history import Entry
from glossary.repository import GlossaryMoved
from glossary.use import Use

SHOWN, ALL = 20, 1000  # terms of a change in the list, and of one that is asked for
MOST = 200


async def history(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    repository = parts(request).repository
    limit = number(request.query, "limit", 50, 1, MOST)
    before = number(request.query, "before", 0, 0, 2**53) or None
    version = await repository.version()
    if term := request.query.get("term"):
        entries = await repository.log.of_term(term, before=before, most=limit + 1)
    else:
        entries = await repository.log.history(before=before, most=limit + 1, shown=SHOWN)
    return answer(History(version, [_entry(each) for each in entries[:limit]], more=len(entries) > limit))


async def change(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    found = await parts(request).repository.log.of_version(_version(request), shown=ALL)
    if found is None:
        raise _no_version()
    return answer(_entry(found))


async def undo(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    form = await read_json(request, Undo)
    try:
        done = await revert.undo(
            parts(request).repository, _version(request), user.login, only=form.terms, force=form.force
        )
    except revert.NoSuchVersion:
        raise _no_version() from None
    except revert.ChangedSince as error:
        words = "some of it was changed again since then: undo that first, or force it"
        raise ApiError(409, "changed_since", words, details=error.ids[:100]) from None
    except GlossaryMoved:
        raise moved() from None
    return answer(Undone(done.version, done.total))


async def restore(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    form = await read_json(request, Restore)
    try:
        done = await revert.restore(parts(request).repository, form.version, user.login, preview=form.preview)
    except revert.NoSuchVersion:
        raise _no_version() from None
    except GlossaryMoved:
        raise moved() from None
    return answer(Restored(done.version, done.adds, done.changes, done.deletes))


async def term_use(request: web.Request) -> web.StreamResponse:
    user = await require(request, *READERS)
    glossary, term_id = parts(request), request.match_info["id"]
    if await glossary.repository.get(term_id) is None:
        raise missing()
    [use] = await glossary.uses.of([term_id])
    return answer(TermUsed(use, await glossary.uses.messages(term_id) if reads_conversations(user) else []))


async def stats(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    glossary = parts(request)
    uses = (await glossary.directory.counts()).values()
    total = Use(
        sum(use.used for use in uses),
        sum(use.applied for use in uses),
        sum(use.already for use in uses),
        sum(use.missed for use in uses),
        max((use.last_seen for use in uses), default=0),
    )
    statuses = await glossary.directory.look(lambda listing: listing.facts.statuses)
    return answer(
        Stats(
            terms=sum(statuses.values()),
            approved=statuses.get("approved", 0),
            drafts=statuses.get("draft", 0),
            retired=statuses.get("retired", 0),
            use=total,
            proposals=await glossary.proposals.open(),
        )
    )


def _entry(entry: Entry) -> EntryView:
    changes = [
        ChangeView(each.id, view(each.before) if each.before else None, view(each.after) if each.after else None)
        for each in entry.changes
    ]
    return EntryView(entry.version, entry.when, entry.who, entry.about, entry.count, changes)


def _version(request: web.Request) -> int:
    try:
        return int(request.match_info["version"])
    except ValueError:
        raise _no_version() from None


def _no_version() -> ApiError:
    return ApiError(404, "no_such_version", "the glossary never was at that version")

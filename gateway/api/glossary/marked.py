"""Words of a message and their counterpart in the other language: for proposals, and for candidates of terms."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from aiohttp import web

from conversation import events
from conversation.events import Message, Translation
from gateway import keys
from gateway.api.errors import ApiError, answer, read_json
from gateway.api.glossary.candidate_shapes import Candidates, CandidateView, Counterpart, Place, Refused, Words
from gateway.api.glossary.parts import CONVERSATIONS, Parts, missing, needs_worker, parts
from gateway.api.glossary.shapes import view
from gateway.api.login import require
from glossary.candidates import Found
from glossary.listing import Listing
from glossary.mining import Candidate, Seen, Swap, candidates, swaps
from glossary.term import Term, Wording
from glossary.trial import Marked, NoAnswer
from store import streams
from store.connect import Store
from translation.memory.correction import Correction
from translation.memory.correction_log import CorrectionLog

MOST_WORDS = 200  # characters
_LOOKED_AT = 200  # events after a message, among which its translations are
_CORRECTIONS = 2000  # the last ones
_AT_ONCE = 8  # words that one question asks for: it goes between messages, which wait for it
_A_LOOK = 40  # corrections that one request mines; the rest comes with the next


async def counterpart(request: web.Request) -> web.StreamResponse:
    """Only of what stands in a message: this is no way to have anything else translated."""
    await require(request, *CONVERSATIONS)
    glossary = parts(request)
    form = await read_json(request, Words)
    words = form.words.strip()
    if not words or len(words) > MOST_WORDS:
        raise ApiError(400, "bad_request", f"words to look for have 1 to {MOST_WORDS} characters")
    found = await streams.read_events(request.app[keys.STORE], form.conversation, after=form.seq - 1, limit=_LOOKED_AT)
    known = [(each.seq, event) for each in found if (event := _event(each.payload)) is not None]
    message = next((event for seq, event in known if seq == form.seq and isinstance(event, Message)), None)
    made = [event for _, event in known if isinstance(event, Translation) and event.of == form.seq and event.text]
    if message is None or not made:
        raise missing()
    latest = made[-1]
    if " ".join(words.split()) not in " ".join(
        (message.text if not form.of_translation else latest.text or "").split()
    ):
        raise ApiError(400, "bad_request", "these words do not stand there")
    needs_worker(request)
    marked = Marked(message.text, latest.source, latest.target, words, form.of_translation, latest.text or "")
    try:
        told = await glossary.trials.ask([], ways=(), marked=[marked])
    except NoAnswer as error:
        raise ApiError(504, "no_answer", str(error)) from None
    return answer(Counterpart(next(iter(told.counterparts), "")))


async def list_candidates(request: web.Request) -> web.StreamResponse:
    """What agents' corrections speak for. Each correction is looked at once, a few with each request."""
    user = await require(request, "maintainer")
    found = await offered(parts(request), request.app[keys.STORE])
    if not user.may(*CONVERSATIONS):
        for each in found.candidates:
            each.messages = []
    return answer(found)


async def offered(glossary: Parts, store: Store) -> Candidates:
    """What the corrections give that were looked at, after a look at some more."""
    corrections = await CorrectionLog(store).last(_CORRECTIONS)
    named = {f"{each.conversation}:{each.seq}": each for each in corrections}
    known = await glossary.mined.of(list(named))
    fresh = [(name, each) for name, each in named.items() if name not in known]
    mined = await _mine(glossary, fresh[:_A_LOOK])
    await glossary.mined.keep(mined)
    if not fresh:
        await glossary.mined.forget(named)
    known.update(mined)
    seen = [
        Seen(each.source_language, each.target_language, found.source, Swap(found.old, found.new),
             (each.conversation, each.of))
        for name, each in named.items() for found in known.get(name, ())
    ]  # fmt: skip
    refused = await glossary.mined.refused()
    wanted = [each for each in candidates(seen) if each.key not in refused]
    views = await glossary.directory.look(lambda listing: [*_views(wanted, listing)])
    return Candidates(views, waiting=len(fresh) - len(mined))


async def refuse_candidate(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    form = await read_json(request, Refused)
    await parts(request).mined.refuse(form.key[:1000], user.login)
    return answer({})


async def _mine(glossary: Parts, fresh: Sequence[tuple[str, Correction]]) -> dict[str, tuple[Found, ...]]:
    """What the corrections give; those that no worker has answered for are left for the next time."""
    done: dict[str, tuple[Found, ...]] = {}
    for name, each in fresh:
        swapped = await asyncio.to_thread(swaps, each.before, each.corrected, each.target_language)
        found: list[Found] = []
        for start in range(0, len(swapped), _AT_ONCE):
            part = swapped[start : start + _AT_ONCE]
            marked = [
                Marked(each.source, each.source_language, each.target_language, swap.old, True, each.before)
                for swap in part
            ]
            try:
                told = await glossary.trials.ask([], ways=(), marked=marked)
            except NoAnswer:
                return done
            found += [
                Found(source, swap.old, swap.new)
                for source, swap in zip(told.counterparts, part, strict=False) if source
            ]  # fmt: skip
        done[name] = tuple(found)
    return done


def _views(wanted: Sequence[Candidate], listing: Listing) -> list[CandidateView]:
    """Those that say something new, with what the glossary says against them."""
    views: list[CandidateView] = []
    for each in wanted:
        wordings = {each.source_language: Wording(each.source), each.target_language: Wording(each.target)}
        term = Term("new", wordings)
        clashes = listing.clashes.of(term, around=False)
        if any(clash.code == "duplicate" for clash in clashes):
            continue
        views.append(
            CandidateView(
                key=each.key,
                texts=view(term).texts,
                source=each.source_language,
                target=each.target_language,
                instead=list(each.instead),
                count=len(each.places),
                messages=[Place(name, seq) for name, seq in each.places[:5]],
                warnings=[clash for clash in clashes if clash.code == "two-targets"],
            )
        )
    return views


def _event(payload: bytes) -> events.Event | None:
    try:
        event: events.Event = events.decode_event(payload)
    except msgspec.DecodeError:
        return None
    return event

"""Agents propose terms from messages; maintainers accept, change or refuse them."""

from __future__ import annotations

from aiohttp import web

from gateway.api.errors import ApiError, answer, read_json
from gateway.api.glossary.parts import READERS, Parts, from_form, made_of, missing, number, parts, reads_conversations
from gateway.api.glossary.shapes import Decision, NewProposal, ProposalList, ProposalView, TermForm
from gateway.api.login import require
from gateway.users import User
from glossary.proposals import Decided, NoSuchProposal, Proposal, TooManyProposals
from glossary.repository import TermExists, TermMissing
from glossary.term import Term, TermError

COMMENT = 2000  # characters
STATES = ("open", "accepted", "refused", "all")


async def propose(request: web.Request) -> web.StreamResponse:
    user = await require(request, *READERS)
    glossary = parts(request)
    form = await read_json(request, NewProposal)
    if len(form.comment) > COMMENT or len(form.conversation or "") > 100:
        raise ApiError(400, "bad_request", f"a comment has at most {COMMENT} characters")
    from_form(form.term, await meant_by(glossary, form.term))
    try:
        made = await glossary.proposals.add(
            form.term, user.login, comment=form.comment, conversation=form.conversation, seq=form.seq
        )
    except TooManyProposals as error:
        raise ApiError(429, "too_many", str(error)) from None
    return answer(_view(made, user), 201)


async def list_proposals(request: web.Request) -> web.StreamResponse:
    """Maintainers see all of them, others their own."""
    user = await require(request, *READERS)
    state = request.query.get("state") or "open"
    if state not in STATES:
        raise ApiError(400, "bad_request", f"state is one of {', '.join(STATES)}")
    all_of_them = await parts(request).proposals.list()
    seen = [each for each in all_of_them if user.may("maintainer") or each.by == user.login]
    shown = [each for each in seen if state in ("all", each.state)]
    limit = number(request.query, "limit", 100, 1, 1000)
    waiting = sum(each.state == "open" for each in seen)
    return answer(ProposalList(waiting, [_view(each, user) for each in shown[:limit]]))


async def accept(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    glossary = parts(request)
    decision = await read_json(request, Decision)
    proposal = await _waiting(glossary, request)
    try:
        done = await take(glossary, proposal, decision, user.login)
    except TermError as error:
        raise ApiError(400, "bad_term", str(error), field=error.field) from None
    except TermExists as error:
        words = "there is such a term already: change that one"
        raise ApiError(409, "term_exists", words, other=error.term_id) from None
    except TermMissing:
        raise missing() from None
    except Decided as error:
        raise ApiError(409, "decided", str(error)) from None
    return answer(_view(done, user))


async def take(glossary: Parts, proposal: Proposal[TermForm], decision: Decision, who: str) -> Proposal[TermForm]:
    """Accepts a proposal: its term is stored. Raises TermError, TermExists, TermMissing, Decided."""
    meant = await meant_by(glossary, proposal.term)
    term = made_of(decision.term or proposal.term, meant)
    # The term first: a decision without its term would be worse than a term without its decision.
    store = glossary.repository.add if meant is None else glossary.repository.change
    stored = await store(term, who, about=f"proposal {proposal.id}")
    return await glossary.proposals.decide(
        proposal, "accepted", who, answer=decision.answer[:COMMENT], term_id=stored.id
    )


async def refuse(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    decision = await read_json(request, Decision)
    proposal = await _waiting(parts(request), request)
    try:
        done = await parts(request).proposals.decide(proposal, "refused", user.login, answer=decision.answer[:COMMENT])
    except Decided as error:
        raise ApiError(409, "decided", str(error)) from None
    return answer(_view(done, user))


async def meant_by(glossary: Parts, form: TermForm) -> Term | None:
    """The stored term that a proposal would change."""
    return await glossary.repository.get(form.id) if isinstance(form.id, str) and form.id else None


async def _waiting(glossary: Parts, request: web.Request) -> Proposal[TermForm]:
    try:
        return await glossary.proposals.waiting(request.match_info["id"])
    except NoSuchProposal as error:
        raise ApiError(404, "no_such_proposal", str(error)) from None
    except Decided as error:
        raise ApiError(409, "decided", str(error)) from None


def _view(proposal: Proposal[TermForm], user: User) -> ProposalView:
    decision = proposal.decision
    reads = reads_conversations(user)
    return ProposalView(
        id=proposal.id,
        term=proposal.term,
        texts=texts_of(proposal.term),
        comment=proposal.comment,
        conversation=proposal.conversation if reads else None,
        seq=proposal.seq if reads else None,
        by=proposal.by,
        when=proposal.when,
        state=proposal.state,
        decided_by=decision.by if decision else "",
        decided_when=decision.when if decision else 0,
        answer=decision.answer if decision else "",
        term_id=decision.term_id if decision else "",
    )


def texts_of(form: TermForm) -> dict[str, str]:
    if isinstance(form.wordings, dict):
        return {code: wording.text for code, wording in form.wordings.items()}
    return form.texts if isinstance(form.texts, dict) else {}

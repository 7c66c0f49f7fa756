"""Counting terms in messages, and proposals; on a real store."""

from __future__ import annotations

import pytest

from glossary.proposals import Decided, NoSuchProposal, Proposals, TooManyProposals
from glossary.use import LAST, Message, Met, Use, Uses, UseStatus
from store.connect import Store


def met(term: str, seq: int, status: UseStatus = "applied", when: int = 0) -> Met:
    return Met(term, Message("c", seq, when or seq, status, "aligned"))


async def test_counts_add_up_and_the_last_messages_are_kept(store: Store, prefix: str) -> None:
    uses = Uses(store.client, prefix)
    assert await uses.of(["a"]) == [Use()]
    await uses.count([met("a", 1), met("a", 1, "missed"), met("b", 2, "already")])
    await uses.count([met("a", 3, "missed"), *(met("b", seq) for seq in range(10, 40))])
    await uses.count([])
    assert await uses.of(["a", "none", "b"]) == [Use(3, 1, 0, 2, 3), Use(), Use(31, 30, 1, 0, 39)]
    assert await uses.all() == {"a": Use(3, 1, 0, 2, 3), "b": Use(31, 30, 1, 0, 39)}
    assert [message.seq for message in await uses.messages("a")] == [3, 1]
    assert [message.seq for message in await uses.messages("b")] == list(range(39, 39 - LAST, -1))


async def test_a_proposal_is_decided_once(store: Store, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    proposals = Proposals(store.client, prefix, dict)
    first = await proposals.add({"x": 1}, "alex", conversation="c", seq=4)
    assert (await proposals.open(), await proposals.list()) == (1, [first])
    waiting = await proposals.waiting(first.id)
    decided = await proposals.decide(waiting, "accepted", "mia", answer="yes", term_id="t1")
    assert (decided.state, await proposals.open(), await proposals.get(first.id)) == ("accepted", 0, decided)
    with pytest.raises(Decided):
        await proposals.decide(waiting, "refused", "mo", answer="")
    with pytest.raises(Decided):
        await proposals.waiting(first.id)
    with pytest.raises(NoSuchProposal):
        await proposals.get("none")
    monkeypatch.setattr("glossary.proposals.MOST_OPEN", 0)
    with pytest.raises(TooManyProposals):
        await proposals.add({}, "alex")

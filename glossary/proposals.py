"""Terms that agents propose and maintainers decide on. A proposal is never changed; the decision stands beside it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar

import msgspec
from redis.asyncio import Redis

from glossary.keys import GlossaryKeys
from glossary.repository import GlossaryError
from store.errors import translated

MOST_OPEN = 1000

State = Literal["open", "accepted", "refused"]
F = TypeVar("F")


class TooManyProposals(GlossaryError):
    """So many wait for a decision that nobody would see one more."""


class NoSuchProposal(GlossaryError):
    """There is no proposal with this id."""


class Decided(GlossaryError):
    """Somebody has decided on it already."""


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """``term_id``: the term that came of it, "" where it was refused."""

    state: Literal["accepted", "refused"]
    by: str
    when: int
    answer: str = ""
    term_id: str = ""


class Proposal(msgspec.Struct, Generic[F], frozen=True, omit_defaults=True):
    """``term``: what was filled in, as the gateway has it. ``conversation``, ``seq``: the message it came from."""

    id: str
    term: F
    by: str
    when: int
    comment: str = ""
    conversation: str | None = None
    seq: int | None = None
    decision: Decision | None = None  # kept apart in the store

    @property
    def state(self) -> State:
        return self.decision.state if self.decision else "open"


class Proposals(Generic[F]):
    """All proposals of one installation. ``form`` is the type of their terms. Raises the errors of ``store.errors``."""

    def __init__(
        self,
        client: Redis,
        prefix: str,
        form: type[F],
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._client: Any = client
        self._keys = GlossaryKeys(prefix)
        self._clock = clock
        self._decode = msgspec.json.Decoder(Proposal[form]).decode  # type: ignore[valid-type]
        self._decode_decision = msgspec.json.Decoder(Decision).decode

    async def add(
        self, term: F, by: str, *, comment: str = "", conversation: str | None = None, seq: int | None = None
    ) -> Proposal[F]:
        """Raises TooManyProposals."""
        if await self.open() >= MOST_OPEN:
            raise TooManyProposals(f"{MOST_OPEN} proposals wait already: a maintainer has to decide on some first")
        made = Proposal("p" + secrets.token_hex(6), term, by, self._clock(), comment, conversation, seq)
        with translated():
            await self._client.hset(self._keys.proposals, made.id, msgspec.json.encode(made))
        return made

    async def open(self) -> int:
        """How many wait for a decision."""
        with translated():
            made = await self._client.hlen(self._keys.proposals)
            decided = await self._client.hlen(self._keys.decisions)
        return int(made) - int(decided)

    async def list(self) -> list[Proposal[F]]:
        """All of them, newest first."""
        with translated():
            made = await self._client.hgetall(self._keys.proposals)
            decided = await self._client.hgetall(self._keys.decisions)
        found = [self._read(raw, decided.get(key)) for key, raw in made.items()]
        return sorted(found, key=lambda each: (each.when, each.id), reverse=True)

    async def get(self, proposal_id: str) -> Proposal[F]:
        """Raises NoSuchProposal."""
        with translated():
            raw = await self._client.hget(self._keys.proposals, proposal_id)
            decided = await self._client.hget(self._keys.decisions, proposal_id)
        if raw is None:
            raise NoSuchProposal(f"there is no proposal {proposal_id!r}")
        return self._read(raw, decided)

    async def waiting(self, proposal_id: str) -> Proposal[F]:
        """One that is open. Raises NoSuchProposal, Decided."""
        found = await self.get(proposal_id)
        if found.decision is not None:
            raise Decided(f"{found.decision.by} has decided on it already")
        return found

    async def decide(
        self, proposal: Proposal[F], state: Literal["accepted", "refused"], by: str, *, answer: str, term_id: str = ""
    ) -> Proposal[F]:
        """Writes the decision down; the first one counts. Raises Decided."""
        made = Decision(state, by, self._clock(), answer, term_id)
        with translated():
            first = await self._client.hsetnx(self._keys.decisions, proposal.id, msgspec.json.encode(made))
        if not first:
            raise Decided("somebody else has just decided on it")
        return msgspec.structs.replace(proposal, decision=made)

    def _read(self, raw: bytes, decided: bytes | None) -> Proposal[F]:
        found: Proposal[F] = self._decode(raw)
        return found if decided is None else msgspec.structs.replace(found, decision=self._decode_decision(decided))

"""Counts what became of glossary terms in messages: noted as outcomes are written, stored once a second."""

from __future__ import annotations

import asyncio
from collections import deque

from glossary.use import Message, Met, Uses
from store.errors import StoreError
from translation.outcome import Task
from translation.request import Done, Outcome

EVERY_SECONDS = 1.0
_MOST = 20_000  # noted uses that wait for a store that is away; older ones are forgotten


class Usage:
    """``note`` costs no trip to the store; ``run`` makes one a second where there is something to count."""

    def __init__(self, uses: Uses) -> None:
        self._uses = uses
        self._met: deque[Met] = deque(maxlen=_MOST)

    def note(self, task: Task, outcome: Outcome) -> None:
        """The terms of an outcome that is being written. Further translations of a message do not count."""
        if not isinstance(outcome, Done) or task.job is None or task.job.revision:
            return
        claim = task.claim
        for use in outcome.receipt.terms:
            self._met.append(Met(use.term, Message(claim.conversation, claim.seq, claim.ts, use.status, use.how)))

    async def flush(self) -> None:
        """Stores what was noted. What cannot be stored now is kept for the next time."""
        if not self._met:
            return
        met = list(self._met)
        self._met.clear()
        try:
            await self._uses.count(met)
        except StoreError:
            self._met.extendleft(reversed(met))

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.flush()

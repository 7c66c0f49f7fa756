"""Agents' corrections: stored in the conversation, remembered for the next message, written down to learn from."""

from __future__ import annotations

import msgspec

from conversation import events
from conversation.events import Event, Message, Translation
from gateway import frames, room
from gateway.metrics import Metrics
from gateway.relay import Appends
from store import streams
from store.connect import Store
from store.errors import StoreError
from translation.memory.correction_log import CorrectionLog
from translation.memory.repository import Repository


class Corrector:
    """Performs corrections."""

    def __init__(self, store: Store, writer: Appends, metrics: Metrics) -> None:
        self._store = store
        self._writer = writer
        self._memory = Repository(store)
        self._log = CorrectionLog(store)
        self._metrics = metrics
        self._latest = 0  # ms since 1970, of the last correction

    async def take(self, party: room.Party, frame: frames.Correct, rules: room.Rules) -> frames.Ack | frames.Error:
        """What is told to the agent. Never raises for a store that is away."""
        if refusal := room.may_correct(party, frame, rules):
            return refusal
        try:
            return await self._take(party, frame)
        except StoreError:
            words = "the store can't take it now: keep it and send it again with the same id"
            return frames.Error("unavailable", words, id=frame.id, retry_after=1.0)

    async def _take(self, party: room.Party, frame: frames.Correct) -> frames.Ack | frames.Error:
        translation = await self._event(frame.conversation, frame.translation)
        message = (
            await self._event(frame.conversation, translation.of) if isinstance(translation, Translation) else None
        )
        if not isinstance(translation, Translation) or not isinstance(message, Message):
            return frames.Error("bad_frame", f"event {frame.translation} is no translation", id=frame.id)
        effect = room.correct(party, frame, message, translation)
        if isinstance(effect, room.Refuse):
            return effect.error
        # The conversation first: its clock then tells the memory which of two corrections is the newer one. Who gets no
        # acknowledgement sends again, and only what is still missing is done.
        stored = await self._writer.submit(effect.append)
        time = stored.ts
        if not stored.repeated:  # two in one millisecond: the later one is to be the newer one too
            self._latest = time = max(stored.ts, self._latest + 1)
        done = msgspec.structs.replace(effect.correction, seq=stored.seq, time=time)
        if pair := room.worth_remembering(done):
            await self._memory.put([pair])
        await self._log.add(done)
        if not stored.repeated:
            self._metrics.corrections.inc()
        return frames.Ack(frame.id, frame.conversation, stored.seq, stored.ts)

    async def _event(self, conversation: str, seq: int) -> Event | None:
        found = await streams.read_events(self._store, conversation, after=seq - 1, limit=1)
        try:
            return events.decode_event(found[0].payload) if found and found[0].seq == seq else None
        except msgspec.DecodeError:
            return None

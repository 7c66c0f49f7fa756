"""Keeps the agents' lists up to date: cards follow the feed in memory and go out a few times a second."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec.structs import replace

from conversation.events import Event, Mark
from gateway import cards, frames
from gateway.hub import Hub
from store.errors import StoreUnavailable

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.25
PER_FLUSH = 200  # cards that go out at once; under more load the rest waits for the next round
REMEMBERED = 20_000  # cards

Summaries = Callable[[Sequence[str]], Awaitable[Sequence[Mapping[str, str]]]]


class Board:
    """Cards of the conversations that changed while an agent was here. Bounded work however busy the feed is."""

    def __init__(self, hub: Hub, summaries: Summaries) -> None:
        self._hub = hub
        self._summaries = summaries
        self._cards: OrderedDict[str, frames.Card] = OrderedDict()
        self._changed: dict[str, None] = {}  # as an ordered set: who changed first goes out first
        self._wake = asyncio.Event()

    def on_event(self, conversation: str, seq: int, ts: int, event: Event) -> None:
        if card := self._cards.get(conversation):
            self._cards[conversation] = cards.after_event(card, seq, ts, event)
        self._touch(conversation)

    def on_mark(self, conversation: str, mark: Mark) -> None:
        if card := self._cards.get(conversation):
            changed = cards.after_mark(card, mark)
            if changed is card:
                return
            self._cards[conversation] = changed
            self._touch(conversation)

    def on_presence(self, conversation: str) -> None:
        """The visitor came or went on this gateway."""
        if self._hub.agents:
            self._touch(conversation)

    def _touch(self, conversation: str) -> None:
        self._changed[conversation] = None
        self._wake.set()

    async def load(self, conversations: Sequence[str]) -> list[frames.Card]:
        """The cards of these conversations as the store has them. Raises StoreUnavailable."""
        found = []
        for conversation, summary in zip(conversations, await self._summaries(conversations), strict=True):
            card = cards.from_summary(conversation, summary, self._hub.visitor_online(conversation))
            if card is not None:
                found.append(card)
        return found

    async def run(self) -> None:
        """Send changed cards to the agents, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(FLUSH_SECONDS)  # so that a burst of events is one card
            try:
                await self._flush()
            except StoreUnavailable:
                await asyncio.sleep(1)  # what changed is still marked so

    async def _flush(self) -> None:
        if not self._hub.agents:
            self._cards.clear()  # nobody watches, so they would go stale
            self._changed.clear()
        batch = list(self._changed)[:PER_FLUSH]
        missing = [conversation for conversation in batch if conversation not in self._cards]
        for conversation in batch:
            del self._changed[conversation]
        try:
            loaded = await self.load(missing) if missing else []
        except StoreUnavailable:
            self._changed = dict.fromkeys([*batch, *self._changed])
            raise
        for card in loaded:
            if card.conversation not in self._changed:  # else it changed while it was read: once more next time
                self._cards[card.conversation] = card
        changed = []
        for conversation in batch:
            if conversation not in self._cards:
                continue
            card = self._cards[conversation]
            self._cards.move_to_end(conversation)
            online = self._hub.visitor_online(conversation)
            changed.append(replace(card, visitor_online=online))
        if changed:
            data = frames.encode(frames.Cards(changed))
            for agent in tuple(self._hub.agents):
                agent.write(data)
        while len(self._cards) > REMEMBERED:
            self._cards.popitem(last=False)
        if not self._changed:
            self._wake.clear()

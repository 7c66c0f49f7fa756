"""Performs what the rules decide, and follows the feed: everything that happens, from here or another gateway."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Protocol

import msgspec

from conversation import events
from conversation.events import Ask, Event, Mark, Message, Role, Signal, Translation, Typing
from gateway import frames, room
from gateway.board import Board
from gateway.connection import Connection
from gateway.hub import Hub
from gateway.metrics import Metrics
from store.append import Append, Appended
from store.errors import StoreUnavailable
from store.feed import FeedItem

log = logging.getLogger(__name__)

_TIMED_MESSAGES = 10_000  # messages whose translation is awaited for the delay figure: a bound, not a limit


class Appends(Protocol):
    def submit(self, append: Append) -> asyncio.Future[Appended]: ...


class Relay:
    """Between the sockets of this gateway and the store."""

    def __init__(self, writer: Appends, hub: Hub, board: Board, metrics: Metrics) -> None:
        self._writer = writer
        self._hub = hub
        self._board = board
        self._metrics = metrics
        self._awaited: OrderedDict[tuple[str, int], int] = OrderedDict()
        self._stored = {role: metrics.messages.labels(role) for role in ("visitor", "agent")}

    async def perform(self, effect: room.Store | room.Refuse, sender: Connection) -> None:
        """Do what a frame of ``sender`` led to, and tell him how it went. Never raises for a store that is away."""
        if isinstance(effect, room.Refuse):
            self.refuse(sender, effect.error)
            return
        if effect.id is None:
            await self._pass_on(effect.append, sender)
            return
        started = time.perf_counter()
        sender.own.add(effect.id)
        try:
            stored = await self._writer.submit(effect.append)
        except StoreUnavailable:
            sender.own.discard(effect.id)
            words = "the store can't take it now: keep it and send it again with the same id"
            self.refuse(sender, frames.Error("unavailable", words, id=effect.id, retry_after=1.0))
            return
        if stored.repeated:
            sender.own.discard(effect.id)
        else:
            self._stored[sender.party.role].inc()
        sender.send(frames.Ack(effect.id, effect.append.conversation, stored.seq, stored.ts))
        self._metrics.append_seconds.observe(time.perf_counter() - started)

    def refuse(self, sender: Connection, error: frames.Error) -> None:
        self._metrics.refused.labels(error.code).inc()
        sender.send(error)

    async def _pass_on(self, append: Append, sender: Connection) -> None:
        try:
            await self._writer.submit(append)
        except StoreUnavailable:
            if append.event is not None:
                self.refuse(sender, frames.Error("unavailable", "the store can't take it now: try again"))
            # else a passing signal: typing is over by then, and marks are told again after a reconnect

    def on_entry(self, entry: FeedItem) -> None:
        """One entry of the feed: to everyone here whom it concerns. Never waits, never raises for odd payloads."""
        followed = self._hub.followed(entry.conversation)
        if not followed and not self._hub.agents:
            return
        try:
            what = events.decode_feed(entry.payload)
        except msgspec.DecodeError:
            log.error("feed entry of conversation %s, event %d is not understood", entry.conversation, entry.seq)
            return
        if isinstance(what, Typing | Mark | Ask):
            self._signal(entry.conversation, what)
            return
        self._time(entry, what)
        if followed:
            self._publish(entry, what)
        if self._hub.agents:
            self._board.on_event(entry.conversation, entry.seq, entry.ts, what)

    def _publish(self, entry: FeedItem, event: Event) -> None:
        encoded: dict[Role, bytes] = {}
        for connection in self._hub.followers(entry.conversation):
            if isinstance(event, Message) and event.id in connection.own and event.role == connection.party.role:
                connection.own.discard(event.id)  # its acknowledgement stands for it
                continue
            role = connection.party.role
            if role not in encoded:
                view = frames.view(entry.seq, entry.ts, event, role)
                encoded[role] = frames.encode(frames.EventFrame(entry.conversation, view))
            connection.write(encoded[role])

    def _signal(self, conversation: str, signal: Signal) -> None:
        frame: frames.ServerFrame
        match signal:
            case Typing(role=role, on=on, name=name):
                frame = frames.TypingFrame(conversation, role, on, name)
            case Mark(role=role, delivered=delivered, read=read):
                frame = frames.MarkFrame(conversation, role, delivered, read)
                if self._hub.agents:
                    self._board.on_mark(conversation, signal)
            case Ask(languages=languages):
                frame = frames.AskFrame(conversation, languages)
        data = frames.encode(frame)
        for connection in self._hub.followers(conversation):
            if _concerns(signal, connection.party.role):
                connection.write(data)

    def _time(self, entry: FeedItem, event: Event) -> None:
        match event:
            case Message(translate=True):
                self._awaited[entry.conversation, entry.seq] = entry.ts
                if len(self._awaited) > _TIMED_MESSAGES:
                    self._awaited.popitem(last=False)
            case Translation(receipt=receipt) if receipt is not None and receipt.edited_by:
                pass  # a correction is no outcome of a job
            case Translation(of=of, status=status, target=target):
                self._metrics.outcomes.labels(status, target.partition("-")[0][:3]).inc()
                since = self._awaited.pop((entry.conversation, of), None)
                if since is not None:
                    self._metrics.translation_seconds.observe(max(0, entry.ts - since) / 1000)


def _concerns(signal: Signal, role: Role) -> bool:
    """Marks are for both sides, typing is for the other side, a question is for the visitor."""
    return isinstance(signal, Mark) or role == ("visitor" if isinstance(signal, Ask) else _OTHER[signal.role])


_OTHER: dict[Role, Role] = {"visitor": "agent", "agent": "visitor"}

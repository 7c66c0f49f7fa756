"""What one person does on one socket, from the welcome to the last frame."""

from __future__ import annotations

import math
import time

import msgspec

from gateway import auth, frames, room, transcript
from gateway.connection import Connection
from gateway.door import Door
from gateway.limits import Bucket
from store import streams
from store.errors import StoreUnavailable

AGENT_RATE, AGENT_BURST = 20.0, 100.0  # messages a second from one desk: far above any hand
SIGNAL_RATE, SIGNAL_BURST = 10.0, 100.0  # typing, marks and the rest, a second from one socket
LIST_PAGE = 100  # cards in one frame


class Session:
    """What one person does on one socket."""

    def __init__(self, door: Door, connection: Connection) -> None:
        self._door = door
        self._connection = connection
        now = time.monotonic()
        rate, burst = AGENT_RATE, AGENT_BURST
        if connection.party.role == "visitor":
            rate, burst = door.settings.visitor_rate, float(door.settings.visitor_burst)
        self._messages = Bucket(rate, burst, now)
        self._signals = Bucket(SIGNAL_RATE, SIGNAL_BURST, now)

    async def begin(self, hello: frames.Hello) -> None:
        """Welcome, status, and what was missed."""
        door, party = self._door, self._connection.party
        token = None
        if party.conversation:
            token = auth.sign(auth.Visit(party.conversation, int(time.time())), door.secret)
        self._connection.send(
            frames.Welcome(
                frames.VERSION,
                frames.Person(party.role, party.name, party.language),
                frames.Limits(door.settings.max_text, door.settings.visitor_rate),
                token,
                party.conversation,
            )
        )
        self._connection.send(door.status.now)
        if party.conversation:
            door.board.on_presence(party.conversation)
            await self._replay(party.conversation, hello.after)
        else:
            await self._list(None)

    async def receive(self, data: bytes) -> None:
        try:
            frame = frames.decode(data)
        except msgspec.DecodeError as error:
            self._refuse(frames.Error("bad_frame", str(error)))
            return
        # A language that is set may have a whole conversation translated again: as rare as messages.
        bucket = (
            self._messages if isinstance(frame, frames.Send | frames.SetLanguage | frames.Correct) else self._signals
        )
        if wait := bucket.take(time.monotonic()):
            message_id = frame.id if isinstance(frame, frames.Send | frames.Correct) else None
            # Rounded up: who waits as long as he is told gets through.
            after = math.ceil(wait * 100) / 100
            self._refuse(frames.Error("too_fast", f"wait {after} s", id=message_id, retry_after=after))
            return
        await self._dispatch(frame)

    async def _dispatch(self, frame: frames.ClientFrame) -> None:
        door, connection, party = self._door, self._connection, self._connection.party
        match frame:
            case frames.Send():
                if self._reaches(frame.conversation, frame.id):
                    await door.relay.perform(room.send(party, frame, door.rules), connection)
            case frames.SetTyping():
                if self._reaches(frame.conversation):
                    await door.relay.perform(room.typing(party, frame), connection)
            case frames.SetMark():
                if self._reaches(frame.conversation) and self._is_news(frame):
                    await door.relay.perform(room.mark(party, frame), connection)
            case frames.SetLanguage():
                if self._reaches(frame.conversation):
                    await door.relay.perform(room.set_language(party, frame, door.rules), connection)
            case frames.Correct():
                await self._correct(frame)
            case frames.Open():
                await self._open(frame)
            case frames.Leave():
                if party.role == "agent":
                    door.hub.unfollow(connection, frame.conversation)
            case frames.More():
                await self._list(frame.before)
            case frames.Ping():
                connection.send(frames.Pong())
            case frames.Hello():
                self._refuse(frames.Error("bad_frame", "hello comes once, as the first frame"))

    def _refuse(self, error: frames.Error) -> None:
        self._door.relay.refuse(self._connection, error)

    def _reaches(self, conversation: str | None, message_id: str | None = None) -> bool:
        """Whether this person may write there: a visitor in her own, an agent in one that he has open."""
        party = self._connection.party
        if party.role == "visitor":
            if conversation is None or conversation == party.conversation:
                return True
            self._refuse(frames.Error("not_allowed", "a visitor has one conversation", id=message_id))
            return False
        if conversation is not None and conversation in self._connection.following:
            return True
        self._refuse(frames.Error("no_such_conversation", "open the conversation first", id=message_id))
        return False

    async def _correct(self, frame: frames.Correct) -> None:
        if not self._reaches(frame.conversation, frame.id):
            return
        answer = await self._door.corrector.take(self._connection.party, frame, self._door.rules)
        if isinstance(answer, frames.Error):
            self._refuse(answer)
        else:
            self._connection.send(answer)

    def _is_news(self, frame: frames.SetMark) -> bool:
        """Whether a mark says more than the last one did: repeats need no trip to the store."""
        conversation = self._connection.party.conversation or frame.conversation or ""
        delivered, read = self._connection.marked.get(conversation, (0, 0))
        if frame.delivered <= delivered and frame.read <= read:
            return False
        self._connection.marked[conversation] = (max(delivered, frame.delivered), max(read, frame.read))
        return True

    async def _open(self, frame: frames.Open) -> None:
        if self._connection.party.role != "agent":
            self._refuse(frames.Error("not_allowed", "a visitor has one conversation"))
            return
        known = frame.conversation in self._connection.following
        self._door.hub.follow(self._connection, frame.conversation)  # before the history, so that nothing falls between
        if not await self._replay(frame.conversation, frame.after) and not known:
            self._door.hub.unfollow(self._connection, frame.conversation)

    async def _replay(self, conversation: str, after: int) -> bool:
        """Send what was stored after event ``after``. False where it can't be: the client is told."""
        role = self._connection.party.role
        try:
            async for frame in transcript.history(self._door.store, conversation, after, role):
                self._connection.send(frame)
        except transcript.NoSuchConversation:
            self._refuse(frames.Error("no_such_conversation", "there is no such conversation"))
            return False
        except StoreUnavailable:
            self._door.status.resync(self._connection)
            return False
        return True

    async def _list(self, before: int | None) -> None:
        if self._connection.party.role != "agent":
            self._refuse(frames.Error("not_allowed", "the list is for agents"))
            return
        try:
            ids = await streams.recent(self._door.store, before, LIST_PAGE)
            cards = await self._door.board.load(ids)
        except StoreUnavailable:
            self._door.status.resync(self._connection)
            return
        self._connection.send(frames.Cards(cards, more=len(ids) == LIST_PAGE))

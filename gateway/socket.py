"""One WebSocket: the hello, then frame after frame until the line ends."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from aiohttp import WSMsgType, web

from gateway import auth, frames, keys, room, transcript
from gateway.api.login import COOKIE
from gateway.board import Board
from gateway.connection import Connection
from gateway.hub import Hub
from gateway.limits import Bucket
from gateway.metrics import Metrics
from gateway.relay import Relay
from gateway.room import Party, Rules
from gateway.settings import Settings
from gateway.status import StatusWatch
from gateway.users import Users
from store import streams
from store.connect import Store
from store.errors import StoreUnavailable

log = logging.getLogger(__name__)

CLOSE_BAD_HELLO = 4400
CLOSE_NOT_ALLOWED = 4401
HELLO_SECONDS = 10.0
HEARTBEAT_SECONDS = 20.0
AGENT_RATE, AGENT_BURST = 20.0, 100.0  # messages a second from one desk: far above any hand
SIGNAL_RATE, SIGNAL_BURST = 10.0, 100.0  # typing, marks and the rest, a second from one socket
LIST_PAGE = 100  # cards in one frame


@dataclass(frozen=True)
class Door:
    """All that a socket's session needs, wired once."""

    settings: Settings
    rules: Rules
    secret: bytes
    hub: Hub
    relay: Relay
    board: Board
    store: Store
    users: Users
    status: StatusWatch
    metrics: Metrics


class _Wire:
    """The aiohttp side of a connection.

    Text frames are put together here and written to the transport in one go: one system call for all that is due,
    where aiohttp makes one a frame, which took a quarter of the gateway's time.
    """

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self._ws, self._request = ws, request

    def ready(self) -> bool:
        return not self._request.protocol.writing_paused

    def write(self, texts: Iterable[bytes]) -> None:
        transport = self._request.transport
        if transport is None or transport.is_closing() or self._ws.closed:
            return
        parts: list[bytes] = []
        for text in texts:
            parts += (text_head(len(text)), text)
        transport.write(b"".join(parts))

    async def drained(self) -> None:
        await self._request.writer.drain()

    async def close(self, code: int, reason: bytes) -> None:
        await self._ws.close(code=code, message=reason)

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


def text_head(size: int) -> bytes:
    """The head of an unmasked, unfragmented text frame (RFC 6455, 5.2) with ``size`` bytes of payload."""
    if size < 126:
        return bytes((0x81, size))
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


async def handle(request: web.Request) -> web.StreamResponse:
    """GET /ws."""
    door = request.app[keys.DOOR]
    allowed = frozenset(door.settings.origins)
    if not auth.origin_allowed(request.headers.get("Origin"), request.host, allowed):
        raise web.HTTPForbidden(text="this page's origin is not allowed: add it to DRAGOMAN_ORIGINS")
    ws = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, compress=False, max_msg_size=door.settings.max_frame, timeout=5.0,
        decode_text=False,
    )  # fmt: skip
    await ws.prepare(request)
    party, hello = await _greet(door, request, ws)
    if party is None or hello is None:
        return ws
    wire = _Wire(ws, request)
    connection = Connection(party, wire, door.settings.socket_queue, door.metrics.cut_off.inc)
    session = Session(door, connection)
    door.metrics.sockets.labels(party.role).inc()
    door.hub.add(connection)
    try:
        await session.begin(hello)
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                door.relay.refuse(connection, frames.Error("bad_frame", "frames are JSON text"))
                continue
            await session.receive(message.data)
    finally:
        door.hub.remove(connection)
        door.metrics.sockets.labels(party.role).dec()
        if party.conversation:
            door.board.on_presence(party.conversation)
        await connection.wait_closed()
    return ws


async def _greet(
    door: Door, request: web.Request, ws: web.WebSocketResponse
) -> tuple[Party, frames.Hello] | tuple[None, None]:
    """Wait for the hello and find out who it is; closes the socket and answers None where that fails."""

    async def refuse(code: int, error: frames.Error) -> tuple[None, None]:
        door.metrics.refused.labels(error.code).inc()
        await ws.send_frame(frames.encode(error), WSMsgType.TEXT)
        await ws.close(code=code, message=error.code.encode())
        return None, None

    try:
        first = await ws.receive(HELLO_SECONDS)
        if ws.closed:
            return None, None
        hello = frames.decode(first.data if first.type is WSMsgType.TEXT else b"")
    except TimeoutError:
        return await refuse(CLOSE_BAD_HELLO, frames.Error("bad_frame", "say hello first"))
    except msgspec.DecodeError as error:
        return await refuse(CLOSE_BAD_HELLO, frames.Error("bad_frame", f"the first frame must be a hello: {error}"))
    if not isinstance(hello, frames.Hello):
        return await refuse(CLOSE_BAD_HELLO, frames.Error("bad_frame", "the first frame must be a hello"))
    if hello.v != frames.VERSION:
        words = f"this gateway speaks version {frames.VERSION}, the client {hello.v}"
        return await refuse(CLOSE_BAD_HELLO, frames.Error("bad_version", words))
    try:
        if hello.role == "agent":
            return await _agent(door, request), hello
        return _visitor(door, request, hello), hello
    except auth.BadToken as error:
        return await refuse(CLOSE_NOT_ALLOWED, frames.Error("not_allowed", f"the token is not valid: {error}"))
    except PermissionError as error:
        return await refuse(CLOSE_NOT_ALLOWED, frames.Error("not_allowed", str(error)))
    except StoreUnavailable:
        return await refuse(1013, frames.Error("unavailable", "the store is away: try again", retry_after=1.0))


async def _agent(door: Door, request: web.Request) -> Party:
    user = await door.users.session_user(request.cookies.get(COOKIE))
    if user is None:
        raise PermissionError("log in first: POST /api/v1/login")
    if not user.may("agent", "supervisor"):
        raise PermissionError("this takes the role agent or supervisor")
    return Party("agent", user.login, name=user.name, language=user.language)


def _visitor(door: Door, request: web.Request, hello: frames.Hello) -> Party:
    conversation = auth.new_conversation_id()
    if hello.token is not None:
        conversation = auth.verify(hello.token, door.secret, time.time()).conversation
    locale = hello.page_locale if hello.page_locale and room.LANGUAGE_TAG.fullmatch(hello.page_locale) else None
    accept = request.headers.get("Accept-Language", "")[:200] or None
    return Party("visitor", "", conversation, hello.name[:100], page_locale=locale, accept_language=accept)


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
        bucket = self._messages if isinstance(frame, frames.Send) else self._signals
        if wait := bucket.take(time.monotonic()):
            message_id = frame.id if isinstance(frame, frames.Send) else None
            self._refuse(frames.Error("too_fast", f"wait {wait:.1f} s", id=message_id, retry_after=round(wait, 2)))
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
                    await door.relay.perform(room.set_language(party, frame), connection)
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

"""One WebSocket: the hello, then frame after frame until the line ends."""

from __future__ import annotations

import logging
import time

import msgspec
from aiohttp import WSMsgType, web

from conversation import scope
from gateway import auth, frames, keys, room
from gateway.api.login import COOKIE
from gateway.connection import Connection
from gateway.door import Door
from gateway.room import Party
from gateway.session import Session
from gateway.wire import Wire
from store.errors import StoreUnavailable

log = logging.getLogger(__name__)

CLOSE_BAD_HELLO = 4400
CLOSE_NOT_ALLOWED = 4401
HELLO_SECONDS = 10.0
HEARTBEAT_SECONDS = 20.0
LONGEST_TAG = 35  # characters; RFC 5646 asks for room for so many


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
    wire = Wire(ws, request)
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
    accept = request.headers.get("Accept-Language", "")[:200] or None
    about = scope.names_of(hello.scope)
    return Party(
        "visitor", "", conversation, hello.name[:100], None, _tag(hello.page_locale), accept, about,
        _tag(hello.earlier_language),
    )  # fmt: skip


def _tag(text: str | None) -> str | None:
    """A language tag; what is none counts as not said."""
    return text if text and len(text) <= LONGEST_TAG and room.LANGUAGE_TAG.fullmatch(text) else None

"""A gateway of its own in the test's process, on a real store and a real port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import pytest

from gateway.app import serving
from gateway.settings import Settings
from gateway.users import Users
from store.connect import Store

PASSWORD = "correct horse"


@dataclass
class Running:
    """A gateway, and how to talk to it."""

    base: str
    store: Store
    users: Users
    session: aiohttp.ClientSession

    async def socket(self, **options: Any) -> Socket:
        return Socket(await self.session.ws_connect(self.base + "/ws", **options))

    async def visitor(self, **hello: Any) -> tuple[Socket, dict[str, Any]]:
        """A visitor's socket after its greeting, and the welcome frame."""
        socket = await self.socket()
        await socket.send(type="hello", v=1, role="visitor", **hello)
        welcome = await socket.next("welcome")
        await socket.next("history")
        return socket, welcome

    async def agent(self, login: str = "alex", language: str = "en") -> Socket:
        """An agent's socket after its greeting. Logs in over HTTP, as a browser does."""
        if await self.users.get(login) is None:
            await self.users.add(login, login.title(), PASSWORD, ["agent"], language)
        async with self.session.post(
            self.base + "/api/v1/login", json={"login": login, "password": PASSWORD}
        ) as answer:  # fmt: skip
            assert answer.status == 200
            cookie = answer.cookies["dragoman_session"].value
        socket = await self.socket(headers={"Cookie": f"dragoman_session={cookie}"})
        await socket.send(type="hello", v=1, role="agent")
        await socket.next("cards")
        return socket


class Socket:
    """A client's socket; frames are plain dicts."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def send(self, **frame: Any) -> None:
        await self.ws.send_json(frame)

    async def next(self, kind: str, **expected: Any) -> dict[str, Any]:
        """The next frame of this type with these values; others before it are passed over."""
        while True:
            frame = await self.any()
            if frame["type"] == kind and all(frame.get(name) == value for name, value in expected.items()):
                return frame

    async def any(self) -> dict[str, Any]:
        message = await self.ws.receive(timeout=10)
        assert message.type is aiohttp.WSMsgType.TEXT, f"{message.type}: closed with {self.ws.close_code}"
        frame: dict[str, Any] = msgspec.json.decode(message.data)
        return frame

    async def close_code(self) -> int | None:
        """The code with which the gateway closes; frames before it are passed over."""
        while True:
            message = await self.ws.receive(timeout=10)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return self.ws.close_code

    async def say(self, message_id: str, text: str, **more: Any) -> dict[str, Any]:
        """Send a message; the acknowledgement."""
        await self.send(type="send", id=message_id, text=text, **more)
        return await self.next("ack", id=message_id)


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(store_url: str, store: Store, prefix: str) -> AsyncIterator[Start]:
    """Starts gateways on one store, each with settings of its own."""
    async with AsyncExitStack() as stack:

        async def begin(**settings: Any) -> Running:
            held = Settings(redis_url=store_url, key_prefix=prefix, port=0, **settings)
            gateway = await stack.enter_async_context(serving(held))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return Running(f"http://127.0.0.1:{gateway.port}", store, Users(store.client, prefix), session)

        yield begin

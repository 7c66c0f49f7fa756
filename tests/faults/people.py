"""People who chat as docs/protocol.md tells clients to: outbox, sending again, reconnecting, resuming."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

Event = dict[str, Any]


class Person:
    """One person on one socket at a time. Subclasses say hello and look at frames."""

    def __init__(self, url: Callable[[], str], cookie: str | None = None) -> None:
        self._url = url
        self._headers = {"Cookie": cookie} if cookie else {}
        self.outbox: deque[dict[str, Any]] = deque()
        self.acked: list[tuple[str, str]] = []  # conversation and text, in the order of sending
        self.refusals: list[str] = []
        self.connections = 0
        self.statuses: list[dict[str, str]] = []
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._live())

    def say(self, message_id: str, text: str, conversation: str | None = None) -> None:
        frame = {"type": "send", "id": message_id, "text": text}
        self.outbox.append(frame | ({"conversation": conversation} if conversation else {}))
        self._wake.set()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    # --- for subclasses ------------------------------------------------------------------------------------------

    def hello(self) -> dict[str, Any]:
        raise NotImplementedError

    async def arrived(self, frame: dict[str, Any], ws: aiohttp.ClientWebSocketResponse) -> None:
        raise NotImplementedError

    def may_send(self) -> bool:
        return True

    # --- the line ------------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.ws_connect(self._url(), headers=self._headers, heartbeat=5) as ws:
                        self.connections += 1
                        await ws.send_str(json.dumps(self.hello()))
                        sending = asyncio.create_task(self._send(ws))
                        try:
                            async for message in ws:
                                await self._receive(json.loads(message.data), ws)
                        finally:
                            sending.cancel()
                            await asyncio.gather(sending, return_exceptions=True)
                except (aiohttp.ClientError, OSError, TimeoutError):
                    pass
                await asyncio.sleep(0.1)

    async def _send(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """One message at a time, so that their order holds; again after a refusal or a second's silence."""
        while True:
            self._wake.clear()
            if self.outbox and self.may_send():
                await ws.send_str(json.dumps(self.outbox[0]))
                first = self.outbox[0]
                try:
                    async with asyncio.timeout(5):
                        while self.outbox and self.outbox[0] is first and not self._wake.is_set():
                            await self._wake.wait()
                except TimeoutError:
                    continue
                if self.outbox and self.outbox[0] is first:
                    await asyncio.sleep(0.05)  # refused, or something else happened: once more
            else:
                await self._wake.wait()

    async def _receive(self, frame: dict[str, Any], ws: aiohttp.ClientWebSocketResponse) -> None:
        if frame["type"] == "ack":
            if self.outbox and self.outbox[0]["id"] == frame["id"]:
                self.acked.append((frame["conversation"], self.outbox.popleft()["text"]))
            self._wake.set()
        elif frame["type"] == "error":
            self.refusals.append(frame["code"])
            self._wake.set()
        elif frame["type"] == "status":
            self.statuses.append(frame)
        await self.arrived(frame, ws)


class Log:
    """A conversation's events as one client holds them."""

    def __init__(self) -> None:
        self.events: dict[int, Event] = {}

    def take(self, event: Event) -> None:
        known = self.events.setdefault(event["seq"], event)
        assert known == event, f"event {event['seq']} came twice and differs"

    @property
    def complete_to(self) -> int:
        """The highest number up to which nothing is missing."""
        number = 0
        while number + 1 in self.events:
            number += 1
        return number


class Visitor(Person):
    def __init__(self, url: Callable[[], str], page_locale: str = "pt-BR") -> None:
        self.token: str | None = None
        self.conversation: str | None = None
        self.page_locale = page_locale
        self.log = Log()
        super().__init__(url)

    def hello(self) -> dict[str, Any]:
        frame = {"type": "hello", "v": 1, "role": "visitor", "page_locale": self.page_locale}
        return frame | {"token": self.token, "after": self.log.complete_to}

    async def arrived(self, frame: dict[str, Any], ws: aiohttp.ClientWebSocketResponse) -> None:
        if frame["type"] == "welcome":
            self.token, self.conversation = frame["token"], frame["conversation"]
            self._wake.set()
        elif frame["type"] == "history":
            for event in frame["events"]:
                self.log.take(event)
        elif frame["type"] == "event":
            self.log.take(frame["event"])


class Agent(Person):
    def __init__(self, url: Callable[[], str], cookie: str) -> None:
        self.logs: dict[str, Log] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        super().__init__(url, cookie)

    def hello(self) -> dict[str, Any]:
        return {"type": "hello", "v": 1, "role": "agent"}

    async def arrived(self, frame: dict[str, Any], ws: aiohttp.ClientWebSocketResponse) -> None:
        if frame["type"] == "welcome":
            for conversation, log in self.logs.items():
                await ws.send_str(json.dumps({"type": "open", "conversation": conversation, "after": log.complete_to}))
        elif frame["type"] == "cards":
            for card in frame["cards"]:
                self.cards[card["conversation"]] = card
        elif frame["type"] == "history":
            for event in frame["events"]:
                self.logs[frame["conversation"]].take(event)
            self._wake.set()
        elif frame["type"] == "event":
            self.logs[frame["conversation"]].take(frame["event"])

    def follow(self, conversation: str) -> None:
        """From the next connection on."""
        self.logs.setdefault(conversation, Log())

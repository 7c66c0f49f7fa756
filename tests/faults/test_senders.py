"""Repeats, readers that stop reading, processes that outlive nobody."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import aiohttp
import pytest

from bench.wsclient import Client
from tests.faults.installation import Installation, alive, installation, until
from tests.faults.people import Agent, Visitor

pytestmark = pytest.mark.timeout(180)


async def hello(session: aiohttp.ClientSession, running: Installation, token: str | None = None) -> tuple[
    aiohttp.ClientWebSocketResponse, dict[str, str]
]:  # fmt: skip
    ws = await session.ws_connect(running.url())
    await ws.send_json({"type": "hello", "v": 1, "role": "visitor", "token": token, "page_locale": "pt"})
    return ws, await ws.receive_json()


async def test_a_repeated_message_id_is_one_message(tmp_path: Path) -> None:
    async with installation(tmp_path) as running, aiohttp.ClientSession() as session:
        ws, welcome = await hello(session, running)
        frame = {"type": "send", "id": "same", "text": "Olá!"}
        for _ in range(3):
            await ws.send_json(frame)
        other, _ = await hello(session, running, welcome["token"])
        await other.send_json(frame | {"text": "something else under the same id"})
        acks = []
        for socket, count in ((ws, 3), (other, 1)):
            while len(acks) < 3 + (socket is other) and count:
                message = await socket.receive_json(timeout=10)
                if message["type"] == "ack":
                    acks.append((message["seq"], message["ts"]))
        assert len(set(acks)) == 1
        reader = Visitor(running.url)
        reader.token = welcome["token"]
        await until(lambda: any(e["kind"] == "translation" for e in reader.log.events.values()), 30, "the translation")
        messages = [event for event in reader.log.events.values() if event["kind"] == "message"]
        assert [message["text"] for message in messages] == ["Olá!"]
        await reader.close()


async def test_a_reader_that_stops_reading_is_cut_off_and_slows_nobody(tmp_path: Path) -> None:
    limits = {"DRAGOMAN_SOCKET_QUEUE": "32", "DRAGOMAN_VISITOR_RATE": "1000", "DRAGOMAN_VISITOR_BURST": "10000"}
    async with installation(tmp_path, DRAGOMAN_TRANSLATE="0", **limits) as running:
        visitor = Visitor(running.url)
        visitor.say("first", "Olá!")
        await until(lambda: visitor.acked, 20, "the conversation has begun")
        assert visitor.conversation is not None
        cookie = await running.cookie()
        reading = Agent(running.url, cookie)
        reading.follow(visitor.conversation)
        stuck = await Client.connect("127.0.0.1", running.port, lambda data: None, {"Cookie": cookie})
        stuck.send(b'{"type":"hello","v":1,"role":"agent"}')
        stuck.send(json.dumps({"type": "open", "conversation": visitor.conversation}).encode())
        await asyncio.sleep(0.5)
        stuck.pause()
        text = "x" * 5000
        count = 1500  # about 7 MB: more than the kernel's buffers and the queue take
        for number in range(count):
            visitor.say(f"m{number}", text)
        await until(lambda: len(visitor.acked) == count + 1, 60, "all messages are stored")
        log = reading.logs[visitor.conversation]
        await until(lambda: log.complete_to == count + 1, 30, "the agent who reads has them all")

        async def cut_off() -> float:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{running.port}/metrics") as page,
            ):
                lines = (await page.text()).splitlines()
            return next(float(line.split()[1]) for line in lines if line.startswith("dragoman_slow_readers_cut_total"))

        assert await cut_off() == 1
        assert reading.connections == 1
        assert visitor.connections == 1
        stuck.abort()
        await visitor.close()
        await reading.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_no_process_is_left_when_the_parent_ends(tmp_path: Path, number: signal.Signals) -> None:
    async with installation(tmp_path) as running:
        pids = [pid for name, pid in running.pids().items() if not (name == "store" and running.redis)]
        assert len(pids) >= 3
        assert all(alive(pid) for pid in pids)
        assert running.process is not None
        os.kill(running.pid, number)
        await asyncio.to_thread(running.process.wait, 20)
        await until(lambda: not any(alive(pid) for pid in pids), 10, "every process is gone")

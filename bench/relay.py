"""Messages between sockets through the store, translation off: `python -m bench.relay`.

Everything runs on this machine's cores: store, gateway, and the clients. The peer is a bare aiohttp server that hands
frames from socket to socket in memory, without store, order, acknowledgement or resuming: what can't be beaten.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import msgspec
import uvloop

from bench.system import System, cpu_seconds, free_port, memory, system
from bench.wsclient import Client

PER_AGENT = 10  # conversations that one agent has open
PEER = """
import asyncio, sys, uvloop
from aiohttp import web, WSMsgType
rooms = {}
async def ws(request):
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    room = rooms.setdefault(request.headers["X-Room"], [])
    room.append(socket)
    async for message in socket:
        for other in room:
            if other is not socket:
                await other.send_frame(message.data.encode(), WSMsgType.TEXT)
    return socket
app = web.Application()
app.add_routes([web.get("/ws", ws)])
async def main():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()
uvloop.run(main())
"""


class Pair:
    """A visitor who writes, on a socket of her own; agents read ten such conversations each."""

    def __init__(self, number: int, arrived: Callable[[float], None]) -> None:
        self.number = number
        self.sent: dict[str, float] = {}
        self._arrived = arrived
        self._count = 0
        self.conversation = ""
        self.ready = asyncio.Event()
        self.visitor: Client

    def write(self) -> None:
        self._count += 1
        key = f"{self.number}-{self._count}"
        self.sent[key] = time.perf_counter()
        self.visitor.send(b'{"type":"send","id":"%s","text":"Where is my order %s?"}' % (key.encode(), key.encode()))

    def on_visitor(self, data: bytes) -> None:
        if not self.conversation and data.startswith(b'{"type":"welcome"'):
            self.conversation = msgspec.json.decode(data)["conversation"]
            self.ready.set()
        elif data.startswith(b'{"type":"error"'):
            raise RuntimeError(data.decode())

    def on_message(self, key: str) -> None:
        self._arrived(time.perf_counter() - self.sent.pop(key))


class Load:
    """Pairs that write, and what arrived."""

    def __init__(self, pairs: int) -> None:
        self.delays: list[float] = []
        self.pairs = [Pair(number, self._arrived) for number in range(pairs)]
        self.opened = 0
        self._refill: Callable[[], None] | None = None

    def on_reader(self, data: bytes) -> None:
        """A frame that reached whoever reads: an agent, or the peer's other socket."""
        if data.startswith((b'{"type":"event"', b'{"type":"send"')):
            key = data.split(b'"id":"', 1)[1].split(b'"', 1)[0].decode()
            self.pairs[int(key.split("-")[0])].on_message(key)
        elif data.startswith(b'{"type":"history"'):
            self.opened += 1
            for event in msgspec.json.decode(data)["events"]:
                key = event["id"]
                self.pairs[int(key.split("-")[0])].on_message(key)

    def _arrived(self, delay: float) -> None:
        self.delays.append(delay)
        if self._refill is not None:
            self._refill()

    async def flood(self, seconds: float, window: int) -> float:
        """Messages a second that arrive while ``window`` are always on the way."""
        turn = 0

        def refill() -> None:
            nonlocal turn
            turn += 1
            self.pairs[turn % len(self.pairs)].write()

        self.delays.clear()
        self._refill = refill
        start = time.perf_counter()
        for _ in range(window):
            refill()
        await asyncio.sleep(seconds)
        arrived, elapsed = len(self.delays), time.perf_counter() - start
        self._refill = None
        await self.drained()
        return arrived / elapsed

    async def steady(self, seconds: float, rate: int) -> list[float]:
        """The delays of messages sent at ``rate`` a second, in seconds, sorted."""
        self.delays.clear()
        start, count = time.perf_counter(), 0
        while (now := time.perf_counter() - start) < seconds:
            while count < now * rate:
                count += 1
                self.pairs[count % len(self.pairs)].write()
            await asyncio.sleep(0.001)
        await self.drained()
        return sorted(self.delays)

    async def drained(self) -> None:
        async with asyncio.timeout(30):
            while any(pair.sent for pair in self.pairs):
                await asyncio.sleep(0.01)


async def connect_gateway(load: Load, running: System, port: int) -> None:
    cookie = await running.agent_cookie(port)
    for pair in load.pairs:
        pair.visitor = await Client.connect("127.0.0.1", port, pair.on_visitor)
        pair.visitor.send(b'{"type":"hello","v":1,"role":"visitor"}')
        await pair.ready.wait()
        pair.write()
    await asyncio.sleep(0.5)  # a conversation can be opened once its first message is stored
    for start in range(0, len(load.pairs), PER_AGENT):
        agent = await Client.connect("127.0.0.1", port, load.on_reader, {"Cookie": cookie})
        agent.send(b'{"type":"hello","v":1,"role":"agent"}')
        for pair in load.pairs[start : start + PER_AGENT]:
            agent.send(b'{"type":"open","conversation":"%s"}' % pair.conversation.encode())
    async with asyncio.timeout(30):
        while load.opened < len(load.pairs):
            await asyncio.sleep(0.01)


async def connect_peer(load: Load, port: int) -> None:
    for pair in load.pairs:
        headers = {"X-Room": str(pair.number)}
        pair.visitor = await Client.connect("127.0.0.1", port, load.on_reader, headers)
        await Client.connect("127.0.0.1", port, load.on_reader, headers)


def at(delays: list[float], share: float) -> float:
    """A percentile, in milliseconds."""
    return 1000 * delays[min(len(delays) - 1, int(share * len(delays)))]


async def idle(port: int, pid: int, sockets: int) -> float:
    """Bytes of the gateway's memory that one idle visitor takes."""
    welcomes = 0

    def on_text(data: bytes) -> None:
        nonlocal welcomes
        welcomes += data.startswith(b'{"type":"history"')

    before = memory(pid)
    clients = []
    for _ in range(sockets):
        client = await Client.connect("127.0.0.1", port, on_text)
        client.send(b'{"type":"hello","v":1,"role":"visitor"}')
        clients.append(client)
    async with asyncio.timeout(60):
        while welcomes < sockets:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    taken = (memory(pid) - before) / sockets
    for client in clients:
        client.abort()
    return taken


async def main(options: argparse.Namespace) -> None:
    environ = {"DRAGOMAN_TRANSLATE": "0", "DRAGOMAN_VISITOR_RATE": "10000", "DRAGOMAN_VISITOR_BURST": "100000"}
    async with system(**environ) as running:
        port, process = await running.gateway()
        peer_port = free_port()
        peer = subprocess.Popen([sys.executable, "-c", PEER, str(peer_port)])
        try:
            load, other = Load(options.pairs), Load(options.pairs)
            await connect_gateway(load, running, port)
            await asyncio.sleep(1)
            await connect_peer(other, peer_port)
            ours, theirs = [], []
            pids = {"gateway": process.pid, "store": running.store_pid, "clients": os.getpid()}
            used = dict.fromkeys(pids, 0.0)
            for number in range(options.rounds):
                before = {name: cpu_seconds(pid) for name, pid in pids.items()}
                ours.append(await load.flood(options.seconds, options.window))
                for name, pid in pids.items():
                    used[name] += (cpu_seconds(pid) - before[name]) / (ours[-1] * options.seconds)
                theirs.append(await other.flood(options.seconds, options.window))
                print(f"round {number + 1}: {ours[-1]:,.0f}/s through the store, bare {theirs[-1]:,.0f}/s", flush=True)
            rate, bare = statistics.median(ours), statistics.median(theirs)
            print(f"throughput: {rate:,.0f} messages/s; bare aiohttp in memory {bare:,.0f}/s; share {rate / bare:.2f}")
            shares = ", ".join(f"{name} {1e6 * seconds / options.rounds:.0f} us" for name, seconds in used.items())
            print(f"processor time of a message: {shares}")
            for number in range(options.rounds):
                mine = await load.steady(options.seconds, options.rate)
                bare_delays = await other.steady(options.seconds, options.rate)
                shown = [f"p50 {at(d, 0.5):.1f} ms, p99 {at(d, 0.99):.1f} ms" for d in (mine, bare_delays)]
                print(f"delay at {options.rate}/s, round {number + 1}: {shown[0]}; bare {shown[1]}", flush=True)
        finally:
            peer.terminate()
            peer.wait()
        idle_port, idle_process = await running.gateway()
        taken = await idle(idle_port, idle_process.pid, options.idle)
        print(f"idle: {taken / 1000:.1f} kB of memory for each of {options.idle} sockets")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--window", type=int, default=400, help="messages on the way while measuring throughput")
    parser.add_argument("--rate", type=int, default=1500, help="messages a second while measuring delay")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=5000)
    uvloop.run(main(parser.parse_args()))

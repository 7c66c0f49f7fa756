"""The whole way, both directions: `python -m bench.chat [--eval FOLDER]`.

Two hundred conversations, in each a visitor (Portuguese) and an agent (English), both writing: either sends the next
message when the translation of the last one has reached the other. With `--in-turn` they answer one another instead, so
that only one of them has a message on the way. Store, gateway, workers and clients share this machine's cores. The peer
is the bare engine on the same texts with nothing around it: one process a core, full batches.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec
import uvloop

from bench.relay import at
from bench.system import System, cpu_seconds, system
from bench.texts import chat
from bench.wsclient import Client
from models.installed import find
from translation.engines.base import Engine
from translation.engines.load import load

PER_AGENT = 10
BATCH = 64


class Talk:
    """One conversation. While the bench is ``going``, what was translated is followed by the next message."""

    def __init__(self, bench: Bench, number: int) -> None:
        self._bench = bench
        self._number = number
        self._count = 0
        self._sent: dict[str, float] = {}
        self._ids: dict[int, str] = {}
        self.conversation = ""
        self.visitor: Client
        self.agent: Client

    def speak(self, role: str) -> None:
        self._count += 1
        key = f"{self._number}-{self._count}"
        text = next(self._bench.texts[role])
        frame = {"type": "send", "id": key, "text": text}
        if role == "agent":
            frame["conversation"] = self.conversation
        self._sent[key] = time.perf_counter()
        (self.visitor if role == "visitor" else self.agent).send(json.dumps(frame).encode())

    def on_event(self, event: dict[str, object], reader: str) -> None:
        """An event that reached ``reader``: the other one's message, or a translation."""
        seq = int(str(event["seq"]))
        if event["kind"] == "message" and event["role"] != reader:
            self._ids[seq] = str(event["id"])
        elif event["kind"] == "translation" and (key := self._ids.pop(int(str(event["of"])), None)):
            self._bench.arrived(time.perf_counter() - self._sent.pop(key), event)
            if self._bench.going:
                writer = "agent" if reader == "visitor" else "visitor"
                self.speak(reader if self._bench.in_turn else writer)

    @property
    def open(self) -> int:
        return len(self._sent)


class Bench:
    def __init__(self, conversations: int, eval_folder: Path | None, *, in_turn: bool = False) -> None:
        self.in_turn = in_turn
        visitor, agent = chat(eval_folder)
        self.texts: dict[str, Iterator[str]] = {"visitor": visitor, "agent": agent}
        self.talks = [Talk(self, number) for number in range(conversations)]
        self.by_conversation: dict[str, Talk] = {}
        self.going = False
        self.delays: list[float] = []
        self.statuses: dict[str, int] = {}
        self._opened = 0

    def arrived(self, delay: float, event: dict[str, object]) -> None:
        self.delays.append(delay)
        status = str(event["status"])
        self.statuses[status] = self.statuses.get(status, 0) + 1

    async def connect(self, running: System, port: int) -> None:
        cookie = await running.agent_cookie(port)
        for talk in self.talks:
            talk.visitor = await Client.connect("127.0.0.1", port, lambda data, talk=talk: self._on_visitor(talk, data))
            talk.visitor.send(b'{"type":"hello","v":1,"role":"visitor","page_locale":"pt-BR"}')
        await self._until(lambda: all(talk.conversation for talk in self.talks))
        for talk in self.talks:
            self.by_conversation[talk.conversation] = talk
            talk.speak("visitor")
        await asyncio.sleep(2)
        for start in range(0, len(self.talks), PER_AGENT):
            agent = await Client.connect("127.0.0.1", port, self._on_agent, {"Cookie": cookie})
            agent.send(b'{"type":"hello","v":1,"role":"agent"}')
            for talk in self.talks[start : start + PER_AGENT]:
                talk.agent = agent
                agent.send(json.dumps({"type": "open", "conversation": talk.conversation}).encode())
        await self._until(lambda: self._opened == len(self.talks) and not any(talk.open for talk in self.talks))

    async def saturate(self, seconds: float) -> float:
        """Translated messages a second while every writer always has one on the way.

        Counts from when each could have had its first answer: what is in work at the end was so at the beginning.
        """
        self.delays.clear()
        self.going = True
        roles = ("visitor",) if self.in_turn else ("visitor", "agent")
        for talk in self.talks:
            for role in roles:
                talk.speak(role)
        await self._until(lambda: len(self.delays) >= len(roles) * len(self.talks))
        start, before = time.perf_counter(), len(self.delays)
        await asyncio.sleep(seconds)
        rate = (len(self.delays) - before) / (time.perf_counter() - start)
        self.going = False
        await self._until(lambda: not any(talk.open for talk in self.talks))
        return rate

    async def steady(self, seconds: float, rate: float) -> list[float]:
        """Delays from sending to the translation on the other side, at ``rate`` messages a second; sorted, seconds."""
        self.delays.clear()
        start, count = time.perf_counter(), 0
        while (now := time.perf_counter() - start) < seconds:
            while count < now * rate:
                self.talks[count % len(self.talks)].speak("visitor" if count // len(self.talks) % 2 else "agent")
                count += 1
            await asyncio.sleep(0.002)
        await self._until(lambda: not any(talk.open for talk in self.talks))
        return sorted(self.delays)

    def _on_visitor(self, talk: Talk, data: bytes) -> None:
        if data.startswith(b'{"type":"event"'):
            talk.on_event(msgspec.json.decode(data)["event"], "visitor")
        elif data.startswith(b'{"type":"welcome"'):
            talk.conversation = msgspec.json.decode(data)["conversation"]
        elif data.startswith(b'{"type":"error"'):
            raise RuntimeError(data.decode())

    def _on_agent(self, data: bytes) -> None:
        if data.startswith(b'{"type":"event"'):
            frame = msgspec.json.decode(data)
            self.by_conversation[frame["conversation"]].on_event(frame["event"], "agent")
        elif data.startswith(b'{"type":"history"'):
            frame = msgspec.json.decode(data)
            self._opened += not frame["more"]
            for event in frame["events"]:
                self.by_conversation[frame["conversation"]].on_event(event, "agent")
        elif data.startswith(b'{"type":"error"'):
            raise RuntimeError(data.decode())

    @staticmethod
    async def _until(condition: object, seconds: float = 120) -> None:
        assert callable(condition)
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.01)


class Bare:
    """The engines alone: one process a core, large batches of each direction in turn."""

    def __init__(self, eval_folder: Path | None) -> None:
        self._cores = os.cpu_count() or 1
        self._pool = ProcessPoolExecutor(self._cores, multiprocessing.get_context("spawn"))
        self._folder = eval_folder
        self.cpu_seconds = 0.0  # of a message, summed over rounds
        self.rate(0.5)  # loads the engines
        self.cpu_seconds = 0.0

    def rate(self, seconds: float) -> float:
        """Messages a second. Blocks for ``seconds``."""
        found = list(self._pool.map(translate_for, [seconds] * self._cores, [self._folder] * self._cores))
        self.cpu_seconds += sum(used for _, _, used in found) / sum(done for done, _, _ in found)
        return sum(done / elapsed for done, elapsed, _ in found)


@cache
def engines() -> tuple[Engine, Engine]:
    installed = {(each.source, each.target): each for each in find(None)}
    return load(installed["pt", "en"]), load(installed["en", "pt"])


def translate_for(seconds: float, eval_folder: Path | None) -> tuple[int, float, float]:
    """In a process of its own: messages translated, seconds on the clock, seconds of the processor."""
    both, texts, done = engines(), chat(eval_folder), 0
    start, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        for engine, own in zip(both, texts, strict=True):
            batch = list(islice(own, BATCH))
            engine.translate(batch)
            done += len(batch)
    return done, time.perf_counter() - start, time.process_time() - used


def cpu(parts: dict[str, list[int]]) -> dict[str, float]:
    """Processor time used so far by each part, in seconds."""
    return {name: sum(cpu_seconds(pid) for pid in pids) for name, pids in parts.items()}


async def main(options: argparse.Namespace) -> None:
    # The same texts come again and again here, and each is to be translated.
    environ = {"DRAGOMAN_VISITOR_RATE": "1000", "DRAGOMAN_VISITOR_BURST": "10000", "DRAGOMAN_RECENT": "0"}
    bare = Bare(options.eval)
    async with system(**environ) as running:
        workers = [running.start("worker") for _ in range(os.cpu_count() or 1)]
        port, gateway = await running.gateway()
        parts = {"workers": [each.pid for each in workers], "gateway": [gateway.pid], "store": [running.store_pid]}
        parts["clients"] = [os.getpid()]
        bench = Bench(options.conversations, options.eval, in_turn=options.in_turn)
        await bench.connect(running, port)
        ours, theirs = [], []
        used: dict[str, float] = {}
        for number in range(options.rounds):
            theirs.append(await asyncio.to_thread(bare.rate, options.seconds))
            before = cpu(parts)
            ours.append(await bench.saturate(options.seconds))
            for name, seconds in cpu(parts).items():
                used[name] = used.get(name, 0.0) + (seconds - before[name]) / len(bench.delays)
            delays = sorted(bench.delays)
            print(
                f"round {number + 1}: {ours[-1]:.0f} translated messages/s, p50 {at(delays, 0.5):.0f} ms, "
                f"p95 {at(delays, 0.95):.0f} ms; bare engine {theirs[-1]:.0f}/s; share {ours[-1] / theirs[-1]:.2f}",
                flush=True,
            )
        rate, peer = statistics.median(ours), statistics.median(theirs)
        share = statistics.median(mine / bare_rate for mine, bare_rate in zip(ours, theirs, strict=True))
        print(f"whole way: {rate:.0f}/s; bare engine {peer:.0f}/s; share {share:.2f}; outcomes {bench.statuses}")
        shares = ", ".join(f"{name} {1e3 * seconds / options.rounds:.2f} ms" for name, seconds in used.items())
        print(
            f"processor time of a translated message: {shares}; bare engine {1e3 * (os.cpu_count() or 1) / peer:.2f} ms"
        )
        for part in (0.1, 0.5):
            delays = await bench.steady(options.seconds, rate * part)
            print(f"at {rate * part:.0f}/s: p50 {at(delays, 0.5):.0f} ms, p95 {at(delays, 0.95):.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, help="folder with chat.en-pt.jsonl; else texts of our own")
    parser.add_argument("--in-turn", action="store_true", help="visitor and agent write by turns")
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=7)
    uvloop.run(main(parser.parse_args()))

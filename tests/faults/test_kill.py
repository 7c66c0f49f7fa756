"""kill -9 in the middle of 50 conversations: whatever was acknowledged is there once, in order, and translated."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.installation import Installation, installation, until
from tests.faults.people import Agent, Event, Visitor

CONVERSATIONS = 50
EACH = 6  # messages of each side in a conversation
PER_AGENT = 10

pytestmark = pytest.mark.timeout(240)


class Crowd:
    """Fifty visitors, and agents who answer them."""

    def __init__(self, visitors: list[Visitor], agents: list[Agent]) -> None:
        self.visitors, self.agents = visitors, agents

    async def chat(self, at_half: Callable[[], None] | None = None) -> None:
        """Everyone says all that they have to say; ``at_half`` happens in the middle of it."""
        for number in range(EACH):
            for index, visitor in enumerate(self.visitors):
                visitor.say(f"v{number}", f"Olá, onde está o meu pedido {index}-{number}?")
                agent = self.agents[index // PER_AGENT]
                assert visitor.conversation is not None
                agent.say(f"a{index}-{number}", f"Your order {index}-{number} is on its way.", visitor.conversation)
            if number == EACH // 2 and at_half is not None:
                await until(lambda: self.acked() > CONVERSATIONS, 60, "the chat is in full swing")
                at_half()
        await until(lambda: not self.waiting(), 120, "every message is acknowledged")

    def acked(self) -> int:
        return sum(len(person.acked) for person in (*self.visitors, *self.agents))

    def waiting(self) -> int:
        return sum(len(person.outbox) for person in (*self.visitors, *self.agents))


@asynccontextmanager
async def crowd(running: Installation) -> AsyncIterator[Crowd]:
    cookie = await running.cookie()
    visitors = [Visitor(running.url) for _ in range(CONVERSATIONS)]
    agents: list[Agent] = []
    try:
        for visitor in visitors:
            visitor.say("first", "Olá!")
        await until(lambda: all(visitor.acked for visitor in visitors), 60, "every visitor's first message is stored")
        for start in range(0, CONVERSATIONS, PER_AGENT):
            agent = Agent(running.url, cookie)
            for visitor in visitors[start : start + PER_AGENT]:
                assert visitor.conversation is not None
                agent.follow(visitor.conversation)
            agents.append(agent)
        await until(lambda: all(agent.connections for agent in agents), 30, "every agent is connected")
        yield Crowd(visitors, agents)
    finally:
        for person in (*visitors, *agents):
            await person.close()


async def whole(running: Installation, visitor: Visitor) -> list[Event]:
    """A conversation as a newcomer reads it from its beginning, once all its messages have an outcome."""
    reader = Visitor(running.url)
    reader.token = visitor.token
    try:

        def done() -> bool:
            events = reader.log.events.values()
            messages = [event["seq"] for event in events if event["kind"] == "message"]
            outcomes = {event["of"] for event in events if event["kind"] == "translation"}
            return len(messages) == 1 + 2 * EACH and outcomes.issuperset(messages)

        await until(done, 60, f"all of {1 + 2 * EACH} messages have an outcome: {summary(reader)}")
        assert reader.log.complete_to == len(reader.log.events)
        return [reader.log.events[number] for number in sorted(reader.log.events)]
    finally:
        await reader.close()


def summary(visitor: Visitor) -> dict[str, int]:
    kinds = [event["kind"] for event in visitor.log.events.values()]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


async def check(running: Installation, people: Crowd) -> None:
    """Every acknowledged message exactly once, in its author's order, with exactly one translation."""
    logs = await asyncio.gather(*(whole(running, visitor) for visitor in people.visitors))
    for visitor, events in zip(people.visitors, logs, strict=True):
        messages = [event for event in events if event["kind"] == "message"]
        spoken = [event["text"] for event in messages if event["role"] == "visitor"]
        assert spoken == [text for _, text in visitor.acked]
        agent = next(agent for agent in people.agents if visitor.conversation in agent.logs)
        answers = [event["text"] for event in messages if event["role"] == "agent"]
        assert answers == [text for conversation, text in agent.acked if conversation == visitor.conversation]
        translations = [event for event in events if event["kind"] == "translation"]
        assert sorted(event["of"] for event in translations) == sorted(event["seq"] for event in messages)
        assert {event["status"] for event in translations} == {"done"}, translations


@pytest.mark.parametrize("victims", [("gateway",), ("worker-1",), ("worker-1", "worker-2"), ("store",)])
async def test_killed_parts_come_back_and_nothing_is_lost(tmp_path: Path, victims: tuple[str, ...]) -> None:
    async with installation(tmp_path) as running, crowd(running) as people:
        before = running.pids()

        def strike() -> None:
            running.kill(*victims)
            if running.redis is not None and "store" in victims:
                running.redis.stop()
                running.redis.start()

        await people.chat(strike)
        await check(running, people)
        after = running.pids()
        assert all(before[name] != after[name] for name in victims), "the fault did not happen"


async def test_everything_killed_at_once_and_started_again(tmp_path: Path) -> None:
    async with installation(tmp_path) as running, crowd(running) as people:
        chatting = asyncio.create_task(people.chat())
        await until(lambda: people.acked() > 3 * CONVERSATIONS, 60, "the chat is in full swing")
        await running.kill_all()
        assert not chatting.done()
        await running.start()
        cookie = await running.cookie()  # the demo login is made anew at every start
        for agent in people.agents:
            agent._headers = {"Cookie": cookie}
        await chatting
        await check(running, people)


async def test_the_store_is_away_for_ten_seconds(tmp_path: Path) -> None:
    """Silent, not gone: the harder case. Senders are told; all goes on by itself afterwards."""
    async with installation(tmp_path) as running, crowd(running) as people:
        store = running.pids()["store"]

        async def freeze() -> None:
            os.kill(store, signal.SIGSTOP)
            await asyncio.sleep(10)
            os.kill(store, signal.SIGCONT)

        frozen: list[asyncio.Task[None]] = []
        await people.chat(lambda: frozen.append(asyncio.create_task(freeze())))
        await frozen[0]
        everyone = [*people.visitors, *people.agents]
        assert any("unavailable" in person.refusals for person in everyone)
        assert any(status["store"] == "down" for person in everyone for status in person.statuses)
        await check(running, people)

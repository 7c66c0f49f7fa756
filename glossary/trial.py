"""Texts translated on trial, with terms that are not stored: asked by gateways, answered by whichever worker is free.

A list in the store and an answer of its own for each question: a question is taken once, waits a few seconds at most,
and is forgotten with the worker that took it. Nothing of it goes into a conversation.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from redis.asyncio import Redis

from conversation.receipt import TermUse
from glossary.keys import GlossaryKeys
from glossary.repository import GlossaryError
from glossary.term import Term
from store.errors import translated

PATIENCE = 5.0  # seconds that a question waits for its answer
MOST_WAITING = 50
_LOOK = 1.0  # seconds of one blocking read

Glossary = Literal["none", "stored", "drafts"]


class NoAnswer(GlossaryError):
    """No worker has answered in time, or too many questions wait already."""


class Text(msgspec.Struct, frozen=True):
    text: str
    source: str
    target: str


class Marked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of a message whose counterpart is asked for; ``of_translation``: they stand in its translation.

    ``translation``: the one that is shown, where it may not be what the model says now.
    """

    text: str  # the message
    source: str
    target: str
    words: str
    of_translation: bool = False
    translation: str = ""


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """``drafts`` stand in the place of the stored terms with their ids, as if approved. Each text is said once with
    each of ``ways``: without a glossary, with the stored one, with the drafts too.

    ``all_drafts``: the stored terms of status draft count as drafts. ``until``: milliseconds since 1970; nobody
    waits for the answer after that.
    """

    token: str
    texts: tuple[Text, ...]
    drafts: tuple[Term, ...] = ()
    ways: tuple[Glossary, ...] = ("none", "stored", "drafts")
    all_drafts: bool = False
    scope: tuple[str, ...] = ()
    until: int = 0
    marked: tuple[Marked, ...] = ()


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    status: Literal["done", "same", "unavailable", "failed"]
    text: str | None = None
    reason: str | None = None
    terms: tuple[TermUse, ...] = ()
    warnings: tuple[str, ...] = ()
    score: float | None = None


class Answer(msgspec.Struct, frozen=True):
    """``said``: for each text, one for each way, in the question's order. ``counterparts``: of what was marked; ""
    where there is none. Workers of before they were asked for give none at all."""

    said: tuple[tuple[Said, ...], ...]
    counterparts: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_question = msgspec.json.Decoder(Question).decode
_decode_answer = msgspec.json.Decoder(Answer).decode


class Trials:
    """Both ends of the way. Raises the errors of ``store.errors``."""

    def __init__(self, client: Redis, prefix: str = "dragoman") -> None:
        self._client: Any = client
        self._keys = GlossaryKeys(prefix)

    async def ask(
        self,
        texts: Sequence[Text],
        *,
        drafts: Sequence[Term] = (),
        ways: Sequence[Glossary] = ("none", "stored", "drafts"),
        all_drafts: bool = False,
        scope: Sequence[str] = (),
        marked: Sequence[Marked] = (),
        patience: float | None = None,
    ) -> Answer:
        """``patience``: seconds, PATIENCE if left out. Raises NoAnswer."""
        patience = PATIENCE if patience is None else patience
        until = time.time() + patience
        question = Question(
            secrets.token_hex(8), tuple(texts), tuple(drafts), tuple(ways), all_drafts, tuple(scope),
            int(until * 1000), tuple(marked),
        )  # fmt: skip
        payload = _encode(question)
        with translated():
            waiting = await self._client.rpush(self._keys.tries, payload)
        try:
            if waiting > MOST_WAITING:
                raise NoAnswer("too many texts are tried at once: try again in a moment")
            while (left := until - time.time()) > 0:
                with translated():
                    found = await self._client.blpop(self._keys.tried(question.token), timeout=min(_LOOK, left + 0.01))
                if found is not None:
                    return _decode_answer(found[1])
            raise NoAnswer(f"no worker has answered in {patience:g} s")
        except BaseException:
            await asyncio.shield(self._withdraw(payload))
            raise

    async def _withdraw(self, payload: bytes) -> None:
        try:
            await self._client.lrem(self._keys.tries, 1, payload)
        except Exception:  # whoever takes it sees that its time is over
            return

    async def next(self) -> Question | None:
        """A question that somebody still waits for; None after a second without one."""
        with translated():
            found = await self._client.blpop(self._keys.tries, timeout=_LOOK)
        if found is None:
            return None
        try:
            question = _decode_question(found[1])
        except msgspec.DecodeError:  # of a later version: its gateway gives up by itself
            return None
        return question if question.until > time.time() * 1000 else None

    async def answer(self, question: Question, answer: Answer) -> None:
        key = self._keys.tried(question.token)
        with translated():
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.rpush(key, _encode(answer))
                pipe.pexpire(key, 10_000)
                await pipe.execute()

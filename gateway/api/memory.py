"""The translation memory over HTTP: what was said before, for agents who write something like it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from gateway import keys
from gateway.api.errors import ApiError, answer, read_json
from gateway.api.login import require
from gateway.api.operation import Operation
from gateway.room import LANGUAGE_TAG

BASE = "/api/v1/memory"
MOST = 3  # suggestions
LONGEST = 1000  # characters; nothing longer is remembered


class Ask(msgspec.Struct):
    """``source``: the language of ``text``; ``target``: that of the translations."""

    text: str
    source: str
    target: str


class Used(msgspec.Struct):
    """What was said before, with the numbers and addresses of the asked text, and its translation."""

    source: str
    text: str
    likeness: float  # 0.9 to 1
    edited: bool  # a person corrected the translation
    count: int  # how often it was said


class Near(msgspec.Struct):
    """``ready``: False while the memory is still being read: ask again in a moment."""

    near: list[Used]
    ready: bool = True


async def near(request: web.Request) -> web.StreamResponse:
    await require(request, "agent", "supervisor")
    ask = await read_json(request, Ask)
    if not LANGUAGE_TAG.fullmatch(ask.source) or not LANGUAGE_TAG.fullmatch(ask.target):
        raise ApiError(400, "bad_request", "source and target are language tags such as pt or pt-BR")
    if not ask.text.strip() or len(ask.text) > LONGEST:
        return answer(Near([]))
    found = await request.app[keys.SUGGESTIONS].near(ask.text, ask.source, ask.target, MOST + 1)
    used = [Used(each.source, each.text, each.likeness, each.edited, each.count) for each in found or ()]
    # His very words need not be offered to him.
    said = " ".join(ask.text.split())
    return answer(Near([each for each in used if each.source != said][:MOST], ready=found is not None))


def routes() -> list[web.AbstractRouteDef]:
    return [web.post(f"{BASE}/near", near)]


OPERATIONS = (
    Operation("post", f"{BASE}/near", "What was said before that is almost this text. For agents and supervisors.",
              Ask, Near),
)  # fmt: skip

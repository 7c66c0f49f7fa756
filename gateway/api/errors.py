"""How HTTP endpoints say no: one JSON shape for every error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from aiohttp import web

JSON = "application/json"
T = TypeVar("T")


class ApiError(Exception):
    """Answered with ``status`` and ``{"error": {"code", "message", ...}}``."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message, **more}}


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type=JSON, headers=headers)


async def read_json(request: web.Request, kind: type[T]) -> T:
    """The request's body as ``kind``. Raises ApiError 400 that says what is wrong with it."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise ApiError(400, "bad_request", f"the body does not fit: {error}") from None


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

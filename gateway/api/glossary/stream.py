"""Answers that tell how far a long work is: JSON lines, the last one the result or the error."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import msgspec
from aiohttp import web

from gateway.api.errors import ApiError
from store.errors import StoreError

NDJSON = "application/x-ndjson"


async def stream(request: web.Request, lines: AsyncIterator[object]) -> web.StreamResponse:
    """Sends each of ``lines`` at once. The status is 200 before anything is known: errors are a line too."""
    response = web.StreamResponse(headers={"Content-Type": NDJSON, "Cache-Control": "no-store"})
    await response.prepare(request)
    async with aclosing(lines) as source:  # type: ignore[type-var]
        try:
            async for line in source:
                await response.write(msgspec.json.encode(line) + b"\n")
        except ApiError as error:
            await response.write(msgspec.json.encode(error.body) + b"\n")
        except StoreError:
            body = {"error": {"code": "unavailable", "message": "the store is away: try again in a moment"}}
            await response.write(msgspec.json.encode(body) + b"\n")
    await response.write_eof()
    return response

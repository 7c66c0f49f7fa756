"""Liveness, readiness and metrics, for whoever runs the gateway."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from gateway import keys
from gateway.api.errors import answer
from store.errors import StoreError


async def live(request: web.Request) -> web.StreamResponse:
    """The process answers."""
    return answer({"status": "ok"})


async def ready(request: web.Request) -> web.StreamResponse:
    """Messages can be taken: the store answers. Translation is told of, but chat does not wait for it."""
    status = request.app[keys.DOOR].status.now
    try:
        await request.app[keys.STORE].ping()
    except StoreError as error:
        return answer({"status": "not ready", "store": str(error)}, 503)
    return answer({"status": "ok", "store": "ok", "translation": status.translation})


async def metrics(request: web.Request) -> web.StreamResponse:
    return web.Response(
        body=request.app[keys.METRICS].page(), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )  # fmt: skip

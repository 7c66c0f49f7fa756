"""The web pages: static files with strict headers. The widget's files may be loaded from any shop's page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from gateway.api.errors import Handler

WEB = Path(__file__).parent / "web"

# What a page of ours may load: its own files and its own socket, nothing else.
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",  # modules that a page of another origin imports need it
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",  # asked for again each time, answered by 304: an upgrade reaches everyone at once
}


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", _home),
        *(web.get(f"/{name}", _add_slash) for name in ("shop", "desk", "glossary")),
        *(web.get(f"/{name}/", _page(name)) for name in ("shop", "desk", "glossary")),
        web.get("/widget.js", _widget),
        web.get("/web/{path:.+}", _file),
    ]


async def _home(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/shop/")


async def _add_slash(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path + "/")


def _page(name: str) -> Handler:
    path = WEB / name / "index.html"

    async def page(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=PAGE_HEADERS)

    return page


async def _widget(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(WEB / "widget" / "widget.js", headers=FILE_HEADERS)


async def _file(request: web.Request) -> web.StreamResponse:
    path = (WEB / request.match_info["path"]).resolve()
    if not path.is_relative_to(WEB) or not path.is_file():
        raise web.HTTPNotFound(text="there is no such file")
    return web.FileResponse(path, headers=FILE_HEADERS)

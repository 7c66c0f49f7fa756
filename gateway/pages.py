"""The web pages: files with strict headers. The widget's script may be loaded from any shop's page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from gateway.api.errors import Handler
from gateway.files import Files

WEB = (Path(__file__).parent / "web").resolve()
PAGES = ("shop", "desk", "glossary")
WIDGET = "widget/widget.js"
# Sent with all that they import, as one file each; True: loaded as modules.
SCRIPTS = {WIDGET: False, "shop/shop.js": True, "desk/main.js": True, "glossary/main.js": True}

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
    files = Files(WEB, SCRIPTS)
    return [
        web.get("/", _home),
        *(web.get(f"/{name}", _add_slash) for name in PAGES),
        *(web.get(f"/{name}/", _sender(files, f"{name}/index.html", PAGE_HEADERS)) for name in PAGES),
        web.get("/widget.js", _sender(files, WIDGET, FILE_HEADERS)),
        web.get("/web/{path:.+}", _sender(files, None, FILE_HEADERS)),
    ]


async def _home(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/shop/")


async def _add_slash(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path + "/")


def _sender(files: Files, path: str | None, headers: dict[str, str]) -> Handler:
    """Sends this file, or for None the one that the address names."""

    async def send(request: web.Request) -> web.StreamResponse:
        return files.answer(request, path or request.match_info["path"], headers)

    return send

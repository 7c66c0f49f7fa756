"""How files of the pages are sent: compressed to who takes it, again only when they have changed."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.files import Files, takes_gzip
from tests.gateway.conftest import Start

GZIP = {"Accept-Encoding": "br, gzip;q=0.8"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    (tmp_path / "main.js").write_text('import { x } from "./x.js";\nalert(x);\n' + "// \n" * 200)
    (tmp_path / "x.js").write_text("export const x = 'é';\n" + "x;\n" * 100)
    (tmp_path / "dot.png").write_bytes(b"png" * 100)
    files = Files(tmp_path, {"main.js": True})

    async def send(request: web.Request) -> web.StreamResponse:
        return files.answer(request, request.match_info["path"], {"Cache-Control": "no-cache"})

    app = web.Application()
    app.router.add_get("/{path:.+}", send)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True), ("gzip, deflate, br, zstd", True), ("GZIP;q=0.5", True), ("*", True), ("br;q=1, *;q=0.1", True),
        ("", False), ("identity", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.000", False),
        ("*;q=1, gzip;q=0", False), ("gzipped", False),
    ],
)  # fmt: skip
def test_only_who_takes_gzip_gets_it(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


async def test_both_forms_are_the_same_text_under_marks_of_their_own(
    client: TestClient[web.Request, web.Application],
) -> None:
    async with client.get("/main.js", headers=GZIP) as packed, client.get("/main.js", headers=PLAIN) as plain:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        text = await plain.read()
        assert gzip.decompress(await packed.read()) == text
        assert "é" in text.decode()  # its import is in it
        assert packed.headers["ETag"] != plain.headers["ETag"]
        for answer in (packed, plain):
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert answer.headers["Cache-Control"] == "no-cache"
    async with client.get("/dot.png", headers=GZIP) as picture:
        assert "Content-Encoding" not in picture.headers
        assert picture.content_type == "image/png"


@pytest.mark.parametrize("accepted", [GZIP, PLAIN])
async def test_who_has_it_is_told_so_and_head_says_what_get_would(
    client: TestClient[web.Request, web.Application], accepted: dict[str, str]
) -> None:
    async with client.get("/main.js", headers=accepted) as first:
        tag, changed, length = (first.headers[name] for name in ("ETag", "Last-Modified", "Content-Length"))
    async with client.head("/main.js", headers=accepted) as head:
        assert (head.status, head.headers["ETag"], head.headers["Content-Length"]) == (200, tag, length)
        assert await head.read() == b""
    for known in ({"If-None-Match": tag}, {"If-None-Match": f'"other", W/{tag}'}, {"If-Modified-Since": changed}):
        async with client.get("/main.js", headers=accepted | known) as again:
            assert (again.status, again.headers["ETag"]) == (304, tag)
            assert again.headers["Vary"] == "Accept-Encoding"
            assert await again.read() == b""
    # The mark counts where both are told.
    async with client.get(
        "/main.js", headers=accepted | {"If-None-Match": '"other"', "If-Modified-Since": changed}
    ) as new:  # fmt: skip
        assert new.status == 200


async def test_a_change_of_an_imported_file_is_seen_at_once(
    client: TestClient[web.Request, web.Application], tmp_path: Path
) -> None:
    async with client.get("/main.js", headers=GZIP) as first:
        tag = first.headers["ETag"]
    (tmp_path / "x.js").write_text("export const x = 'new';\n")
    os.utime(tmp_path / "x.js", (2_000_000_000, 2_000_000_000))
    async with client.get("/main.js", headers=GZIP | {"If-None-Match": tag}) as second:
        assert second.status == 200
        assert b"'new'" in gzip.decompress(await second.read())
    (tmp_path / "x.js").unlink()
    async with client.get("/x.js") as gone:
        assert gone.status == 404


async def test_nothing_that_people_wrote_is_compressed(start: Start) -> None:
    gateway = await start()
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        public, other = ("/widget.js", "/desk/"), ("/api/v1/openapi.json", "/metrics")
        for path in (*public, *other):
            async with session.get(gateway.base + path, headers=GZIP) as answer:
                assert answer.status == 200
                assert ("Content-Encoding" in answer.headers) is (path in public), path

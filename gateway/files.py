"""The files of the pages as a browser takes them: scripts put together, texts compressed, each by its content.

All of it is public and the same for everybody, so compressing gives nothing away. Answers of the API and frames of the
socket, which carry what people wrote, don't pass here.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from gateway.scripts import join

TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".txt": "text/plain",
}
PICTURES = {".svg": "image/svg+xml"}  # texts, too, though they name their charset themselves
_OFFER = re.compile(r"\s*(?P<coding>[\w*-]+)\s*(?:;\s*q=(?P<weight>[\d.]+)\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it is sent. ``packed`` is None where compressing doesn't make it smaller."""

    stamp: tuple[tuple[str, int, int], ...]  # path, time and size of what it was made from
    media: str
    body: bytes
    packed: bytes | None
    mark: str  # of the content: the same on every machine
    changed: datetime


class Files:
    """Holds what was asked for in memory, made anew once a file it was made from has changed.

    ``scripts``: entries that are sent with all their imports; True where they are loaded as modules.
    """

    def __init__(self, root: Path, scripts: Mapping[str, bool]) -> None:
        self._root, self._scripts = root, scripts
        self._held: dict[str, Held] = {}

    def answer(self, request: web.Request, path: str, headers: Mapping[str, str]) -> web.Response:
        """The answer to a GET or HEAD of ``path``, relative to the root. Raises HTTPNotFound."""
        held = self._get(path)
        offered = request.headers.get("Accept-Encoding", "")
        packed = held.packed if takes_gzip(offered) else None
        tag = f"{held.mark}-gzip" if packed is not None else held.mark
        common = dict(headers) | {"ETag": f'"{tag}"'}
        if held.packed is not None:
            common["Vary"] = "Accept-Encoding"
        if _has_it(request, held):
            return web.Response(status=304, headers=common)
        if packed is not None:
            common["Content-Encoding"] = "gzip"
        answer = web.Response(
            body=held.body if packed is None else packed, headers=common | {"Content-Type": held.media}
        )
        answer.last_modified = held.changed
        return answer

    def _get(self, path: str) -> Held:
        try:
            place = (self._root / path).resolve()  # a file is held once, however its path is written
            if not place.is_relative_to(self._root) or not place.is_file():
                raise FileNotFoundError
            path = place.relative_to(self._root).as_posix()
            held = self._held.get(path)
            if held is None or held.stamp != _stamp(self._root, [name for name, _, _ in held.stamp]):
                held = self._held[path] = self._make(path, place)
        except (FileNotFoundError, ValueError):  # ValueError: no path at all, as with a zero byte
            raise web.HTTPNotFound(text="there is no such file") from None
        return held

    def _make(self, path: str, place: Path) -> Held:
        sources = [path]
        if path in self._scripts:
            sources = []

            def read(source: str) -> str:
                sources.append(source)
                return (self._root / source).read_text("utf-8")

            body = join(path, read, module=self._scripts[path]).encode()
        else:
            body = place.read_bytes()
        stamp = _stamp(self._root, sources)
        packed = gzip.compress(body, 9, mtime=0) if place.suffix in TEXTS | PICTURES else None
        return Held(
            stamp, _media(place), body, packed if packed and len(packed) < len(body) else None,
            hashlib.blake2b(body, digest_size=12).hexdigest(),
            datetime.fromtimestamp(max(time for _, time, _ in stamp) // 10**9, UTC),
        )  # fmt: skip


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes gzip (RFC 9110, 12.5.3)."""
    weights = {
        offer["coding"].lower(): offer["weight"] or "1" for each in accepted.split(",") if (offer := _OFFER.match(each))
    }
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.strip("0.") != ""


def _has_it(request: web.Request, held: Held) -> bool:
    if (tags := request.if_none_match) is not None:
        return any(tag.value in ("*", held.mark, f"{held.mark}-gzip") for tag in tags)
    since = request.if_modified_since
    return since is not None and held.changed <= since


def _stamp(root: Path, sources: list[str]) -> tuple[tuple[str, int, int], ...]:
    stats = [(source, (root / source).stat()) for source in sources]
    return tuple((source, stat.st_mtime_ns, stat.st_size) for source, stat in stats)


def _media(path: Path) -> str:
    if path.suffix in TEXTS:
        return f"{TEXTS[path.suffix]}; charset=utf-8"  # else a script is read in the charset of the shop's page
    return PICTURES.get(path.suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"

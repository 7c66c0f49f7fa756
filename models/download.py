"""Downloads one file: resumed where it broke off, checked, and in its place only when it is whole.

While it grows it is called ``NAME.part``; a later call goes on where that ends.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from models.errors import FetchError

TIMEOUT = 30.0  # seconds without a byte
_CHUNK = 256 * 1024
_TRIES = 5  # in a row without a single byte
_BUSY = (408, 429, 500, 502, 503, 504)
HELP = (
    "Without a way out, set DRAGOMAN_MODEL_MIRROR to the address of a mirror, or copy the model here and use --from "
    "FOLDER: see docs/models.md"
)


class Progress(Protocol):
    """Is told how far a file has come."""

    def begin(self, name: str, size: int | None, have: int) -> None: ...
    def more(self, count: int) -> None: ...
    def end(self) -> None: ...


class Silent:
    """Says nothing."""

    def begin(self, name: str, size: int | None, have: int) -> None: ...
    def more(self, count: int) -> None: ...
    def end(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file has to be. ``hash``: SHA-256, or git's name for the content (SHA-1), as 64 or 40 hex digits."""

    hash: str
    size: int | None = None


class Broken(Exception):
    """The connection ended early: go on."""


class _TooLong(Exception):
    """The part is at least as long as the file."""


def download(url: str, path: Path, expected: Expected, progress: Progress, *, pause: float = 1.0) -> None:
    """To ``path``. ``pause``: seconds before the second try, doubled each time.

    Raises FetchError: no network, no such file, another content than expected, no space left.
    """
    part = path.with_name(path.name + ".part")
    for fresh in (False, True):
        if fresh:
            part.unlink(missing_ok=True)
        resumed = _complete(url, part, expected, progress, pause)
        found = _hash(part, expected.hash)
        if found == expected.hash:
            part.replace(path)
            return
        size = part.stat().st_size
        part.unlink()
        if not resumed:
            break
        # The part was perhaps of another version of the file: once more from the start.
    raise FetchError(f"{url} is not what it should be: its hash is {found} ({size} bytes), not {expected.hash}")


def _complete(url: str, part: Path, expected: Expected, progress: Progress, pause: float) -> bool:
    """Whether there was something to go on from."""
    start = _size(part)
    progress.begin(part.name.removesuffix(".part"), expected.size, start)
    tries = 0
    try:
        while True:
            have = _size(part)
            if expected.size is not None and have > expected.size:
                part.unlink()
                have = 0
            if have and have == expected.size:
                return bool(start)
            try:
                _read_on(url, part, have, progress)
                return bool(start)
            except _TooLong:
                return bool(start)  # whole, or of another file: the hash tells
            except Broken as error:
                tries = tries + 1 if _size(part) <= have else 1
                if tries >= _TRIES:
                    raise FetchError(f"{url} cannot be fetched: {error}. {HELP}") from error
                time.sleep(pause * 2 ** (tries - 1))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            part.unlink(missing_ok=True)  # a full disk stops everything else too
            raise FetchError(f"no space left on the disk of {part.parent}") from error
        raise FetchError(f"{part} cannot be written ({error.strerror or error})") from error
    finally:
        progress.end()


def _read_on(url: str, part: Path, have: int, progress: Progress) -> None:
    headers = {"Range": f"bytes={have}-"} if have else {}
    with get(url, headers) as response:
        if have and response.status != 206:
            progress.more(-have)
            have = 0  # the server sends the whole file again
        left = int(response.headers.get("Content-Length") or -1)
        with part.open("ab" if have else "wb") as file:
            while chunk := _chunk(response):
                file.write(chunk)
                left -= len(chunk)
                progress.more(len(chunk))
            file.flush()
            os.fsync(file.fileno())
        if left > 0:
            raise Broken("the connection broke off")


def _chunk(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise Broken(str(error) or type(error).__name__) from error


def get(
    url: str, headers: dict[str, str], method: str = "GET", opener: urllib.request.OpenerDirector | None = None
) -> http.client.HTTPResponse:
    """An open answer. Raises Broken where trying again may help, else FetchError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchError(f"{url} is no address of a web server")
    request = urllib.request.Request(url, headers={"User-Agent": "dragoman", **headers}, method=method)
    try:
        opened = opener.open(request, timeout=TIMEOUT) if opener else urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in _BUSY:
            raise Broken(f"the server answers {error.code}") from error
        if error.code == 416:
            raise _TooLong from error
        raise FetchError(f"{url}: the server answers {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise FetchError(f"{urlsplit(url).hostname} cannot be reached ({error.reason}). {HELP}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Broken(str(error) or type(error).__name__) from error
    assert isinstance(opened, http.client.HTTPResponse)
    return opened


def read(url: str, most: int, *, pause: float = 1.0) -> bytes:
    """A small file, whole, of at most so many bytes. Raises FetchError."""
    for attempt in range(_TRIES):
        try:
            with get(url, {}) as response:
                content = response.read(most + 1)
                if len(content) > most:
                    raise FetchError(f"{url} is too long")
                return content
        except (Broken, OSError, http.client.HTTPException) as error:
            last = error
            time.sleep(pause * 2**attempt if attempt < _TRIES - 1 else 0)
    raise FetchError(f"{url} cannot be fetched: {last}. {HELP}")


def _hash(path: Path, expected: str) -> str:
    if len(expected) == 64:
        digest = hashlib.sha256()
    else:  # git puts the kind and the length before the content
        digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

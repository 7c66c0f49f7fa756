"""Who may come in: visitor tokens, origins, session ids. Pure functions; the clock and the secret are arguments."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

import msgspec

TOKEN_DAYS = 30
_PREFIX = "v1"


class BadToken(ValueError):
    """A visitor token that is forged, damaged or too old. Its text never goes into a log."""


class Visit(msgspec.Struct, frozen=True, array_like=True):
    """What a visitor token says: whose it is, which conversation it opens, since when (seconds since 1970)."""

    conversation: str
    issued: int


def new_conversation_id() -> str:
    """128 random bits: an id can't be guessed, and no counter has to be asked for."""
    return "c" + secrets.token_urlsafe(16)


def sign(visit: Visit, secret: bytes) -> str:
    body = _PREFIX + "." + _b64(msgspec.json.encode(visit))
    return body + "." + _b64(_mac(body, secret))


def verify(token: str, secret: bytes, now: float) -> Visit:
    """The visit that ``token`` proves. Raises BadToken."""
    body, _, mac = token.rpartition(".")
    prefix, _, payload = body.partition(".")
    try:
        if prefix != _PREFIX or not hmac.compare_digest(_unb64(mac), _mac(body, secret)):
            raise BadToken("the signature does not match")
        visit = msgspec.json.decode(_unb64(payload), type=Visit)
    except (ValueError, msgspec.DecodeError) as error:
        raise BadToken("not a visitor token") from error
    if now - visit.issued > TOKEN_DAYS * 86_400:
        raise BadToken("too old")
    return visit


def session_key(token: str) -> str:
    """What the store keeps of a session cookie: its hash, so that a copy of the store opens no session."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def origin_allowed(origin: str | None, host: str | None, allowed: frozenset[str]) -> bool:
    """Whether a browser page of ``origin`` may talk to us: our own host's pages, and those that the settings list.

    Programs send no Origin and are let in: the check protects a person's browser, not the gateway.
    """
    if origin is None:
        return True
    if origin in allowed:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc.lower() == str(host).lower()


def _mac(body: str, secret: bytes) -> bytes:
    return hmac.digest(secret, body.encode("ascii", "backslashreplace"), "sha256")


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)

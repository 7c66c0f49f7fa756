"""What a setting may hold: from the text of a variable to its value.

Each raises ValueError with words that go on "… must be".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
LOG_LEVELS = ("debug", "info", "warning", "error")


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        wanted = f"a whole number from {low} to {high}"
        try:
            value = int(text)
        except ValueError:
            raise ValueError(wanted) from None
        if not low <= value <= high:
            raise ValueError(wanted)
        return value

    return parse


def number(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        wanted = f"a number from {low:g} to {high:g}, with a dot for decimals"
        try:
            value = float(text)
        except ValueError:
            raise ValueError(wanted) from None
        if not low <= value <= high:  # also false for nan
            raise ValueError(wanted)
        return value

    return parse


def switch(text: str) -> bool:
    lowered = text.lower()
    if lowered in _TRUE | _FALSE:
        return lowered in _TRUE
    raise ValueError("1 or 0")


def host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError("an address or host name such as 127.0.0.1, 0.0.0.0 or ::")
    return text


def language_code(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("a language code such as en, pt or pt-BR")
    head, *rest = text.split("-")
    return "-".join([head.lower(), *rest])


def listed(parse: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(parse(part.strip()) for part in text.split(",") if part.strip())


def origin(text: str) -> str:
    wanted = "origins such as https://shop.example.com, separated by commas, without a path"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(wanted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(wanted)
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError(wanted)
    # As browsers write it: lower case, without a default port or a final slash.
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default_port) else "")


def redis_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme in ("redis", "rediss") and parts.hostname:
        return text
    if parts.scheme == "unix" and parts.path:
        return text
    raise ValueError("a URL such as redis://localhost:6379/0, rediss://:password@host:6379/0 or unix:///run/redis.sock")


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.hostname:
        return text
    raise ValueError("an address such as https://models.example.com/dragoman")


def prefix(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise ValueError("1 to 40 letters, digits, _ or -")
    return text


def secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("at least 32 random characters, for instance from `openssl rand -hex 32`")
    return text


def log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)}")
    return text.lower()

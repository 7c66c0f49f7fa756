"""Logging in and out: a session cookie for agents, supervisors and maintainers."""

from __future__ import annotations

import time

import msgspec
from aiohttp import web

from gateway import keys
from gateway.api.errors import ApiError, answer, read_json
from gateway.limits import Bucket
from gateway.users import SESSION_SECONDS, User

COOKIE = "dragoman_session"
_TRIES, _TRIES_A_SECOND = 10, 0.2  # guesses at one login: ten at once, then one every five seconds


class Login(msgspec.Struct):
    login: str
    password: str


class Me(msgspec.Struct):
    login: str
    name: str
    roles: tuple[str, ...]
    language: str


def me(user: User) -> Me:
    return Me(user.login, user.name, user.roles, user.language)


class Guesses:
    """Slows down who guesses passwords, by login. Remembers a bounded number of logins."""

    def __init__(self, remembered: int = 10_000) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._remembered = remembered

    def wait(self, login: str, now: float) -> float:
        """0.0 when the next try may go ahead; else seconds to wait."""
        bucket = self._buckets.pop(login, None) or Bucket(_TRIES_A_SECOND, _TRIES, now)
        if len(self._buckets) >= self._remembered:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[login] = bucket
        return bucket.take(now)


async def log_in(request: web.Request) -> web.StreamResponse:
    form = await read_json(request, Login)
    if wait := request.app[keys.GUESSES].wait(form.login, time.monotonic()):
        raise ApiError(429, "too_fast", f"too many tries: wait {wait:.0f} s", retry_after=round(wait, 1))
    users = request.app[keys.USERS]
    user = await users.check(form.login, form.password)
    if user is None:
        raise ApiError(401, "not_allowed", "login or password is wrong")
    response = answer(me(user))
    response.set_cookie(
        COOKIE,
        await users.begin_session(user),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=request.app[keys.SETTINGS].secure_cookies,
    )
    return response


async def log_out(request: web.Request) -> web.StreamResponse:
    if token := request.cookies.get(COOKIE):
        await request.app[keys.USERS].end_session(token)
    response = answer({})
    response.del_cookie(COOKIE)
    return response


async def who(request: web.Request) -> web.StreamResponse:
    return answer(me(await require(request)))


async def require(request: web.Request, *roles: str) -> User:
    """The user of the request's session, with one of ``roles`` if any are named. Raises ApiError 401 or 403."""
    user = await request.app[keys.USERS].session_user(request.cookies.get(COOKIE))
    if user is None:
        raise ApiError(401, "not_allowed", "log in first: POST /api/v1/login")
    if roles and not user.may(*roles):
        raise ApiError(403, "not_allowed", f"this takes one of the roles {', '.join(roles)}")
    return user

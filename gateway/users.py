"""Agents, supervisors and maintainers: their accounts and sessions in the store."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

import argon2
import msgspec
from redis.asyncio import Redis

from gateway import auth
from store.errors import translated

ROLES = ("agent", "supervisor", "maintainer", "admin")
SESSION_SECONDS = 12 * 3600
MIN_PASSWORD = 8

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice: 19 MiB
# What a login of an unknown name is compared with, so that it takes as long as a wrong password.
_DECOY = "$argon2id$v=19$m=19456,t=2,p=1$z4mKbCQmmp4mgU54Rlr0Sg$phktTXAPckqZUtQZAX1MzGezHxYoLK7zURpNzE3PuQc"


class UserError(ValueError):
    """What was asked of an account can't be done; the message says what to do instead."""


class User(msgspec.Struct, frozen=True):
    login: str
    name: str
    roles: tuple[str, ...]
    language: str  # the working language, a BCP 47 tag
    password: str  # argon2 hash

    def may(self, *roles: str) -> bool:
        """Whether one of ``roles`` is among the user's; an admin may everything."""
        return "admin" in self.roles or any(role in self.roles for role in roles)


class Users:
    """Accounts in one hash, sessions in keys of their own that expire. Everything here may raise StoreUnavailable."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis = redis
        self._users = f"{prefix}:users"
        self._session = f"{prefix}:session:"
        self._secret = f"{prefix}:secret"

    async def add(self, login: str, name: str, password: str, roles: Iterable[str], language: str) -> User:
        """A new account. Raises UserError for a taken login, an unknown role or a short password."""
        user = User(login, name or login, tuple(roles), language, await _hash(password))
        unknown = [role for role in user.roles if role not in ROLES]
        if unknown or not user.roles:
            raise UserError(f"give at least one role of {', '.join(ROLES)}; unknown: {', '.join(unknown) or 'none'}")
        if not login or len(login) > 200 or any(c.isspace() for c in login):
            raise UserError("a login has 1 to 200 characters and no spaces")
        with translated():
            added = await self._redis.hsetnx(self._users, login, msgspec.json.encode(user))
        if not added:
            raise UserError(f"the login {login!r} is taken: choose another, or remove it first")
        return user

    async def remove(self, login: str) -> bool:
        with translated():
            return bool(await self._redis.hdel(self._users, login))

    async def set_password(self, login: str, password: str) -> None:
        """Raises UserError for an unknown login or a short password."""
        user = await self.get(login)
        if user is None:
            raise UserError(f"there is no user {login!r}: see `dragoman users list`")
        changed = msgspec.structs.replace(user, password=await _hash(password))
        with translated():
            await self._redis.hset(self._users, login, msgspec.json.encode(changed))

    async def get(self, login: str) -> User | None:
        with translated():
            raw = await self._redis.hget(self._users, login)
        return None if raw is None else msgspec.json.decode(raw, type=User)

    async def list(self) -> list[User]:
        with translated():
            rows = await self._redis.hgetall(self._users)
        return sorted((msgspec.json.decode(raw, type=User) for raw in rows.values()), key=lambda user: user.login)

    async def check(self, login: str, password: str) -> User | None:
        """The user whose password this is, or None. Takes as long either way."""
        user = await self.get(login)
        right = await asyncio.to_thread(_matches, user.password if user else _DECOY, password)
        return user if user and right else None

    async def begin_session(self, user: User) -> str:
        """A new session's cookie value."""
        token = secrets.token_urlsafe(32)
        with translated():
            await self._redis.set(self._session + auth.session_key(token), user.login, ex=SESSION_SECONDS)
        return token

    async def session_user(self, token: str | None) -> User | None:
        """The user behind a session cookie; each use prolongs the session."""
        if not token:
            return None
        with translated():
            login = await self._redis.getex(self._session + auth.session_key(token), ex=SESSION_SECONDS)
        return None if login is None else await self.get(login.decode() if isinstance(login, bytes) else login)

    async def end_session(self, token: str) -> None:
        with translated():
            await self._redis.delete(self._session + auth.session_key(token))

    async def secret(self) -> bytes:
        """The key that signs visitor tokens: made once, shared by all gateways of one store."""
        with translated():
            await self._redis.set(self._secret, secrets.token_bytes(32), nx=True)
            value = await self._redis.get(self._secret)
        if not isinstance(value, bytes):
            raise UserError("the store gave no signing key: it must answer in bytes (decode_responses off)")
        return value


async def _hash(password: str) -> str:
    if len(password) < MIN_PASSWORD:
        raise UserError(f"a password has at least {MIN_PASSWORD} characters")
    return await asyncio.to_thread(_hasher.hash, password)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False

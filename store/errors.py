"""What can go wrong with the store.

StoreError
+-- StoreUnavailable    it cannot be reached, does not answer in time, or takes no writes now: try again later
+-- StoreConflict       it was set up with other settings, refuses our login, or is too old: a person must decide
+-- StoreInUse          the data folder belongs to another running server
+-- StoreStartFailed    the embedded server did not come up; the text quotes the end of its log
+-- StoreCorrupt        it refused an operation that is right in itself, e.g. because a key has another type
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

# First words of error replies that pass by themselves or with an operator's help, the data being whole.
_PASSING = {"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK"} | {
    "OOM", "MISCONF", "BUSY", "UNKILLABLE", "NOREPLICAS",
}  # fmt: skip
_LOGIN = {"NOAUTH", "WRONGPASS", "NOPERM", "DENIED"}


class StoreError(Exception):
    """Base of everything below."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or takes no writes now.

    For an append the outcome is unknown: it may have been written. Repeat it with the same ``once`` id.
    """


class StoreConflict(StoreError):
    """The store's settings, rights or version do not fit; waiting will not help."""


class StoreInUse(StoreError):
    """Another server runs on this data folder."""


class StoreStartFailed(StoreError):
    """The embedded server did not start, or stopped before it was ready."""


class StoreCorrupt(StoreError):
    """The store refused an operation that is right in itself. ``code``: the reply's first word, e.g. WRONGTYPE."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.code = text.partition(" ")[0]


def from_reply(text: str) -> StoreError:
    """The error that an error reply stands for."""
    code = text.partition(" ")[0].lstrip("-")
    if code in _PASSING:
        return StoreUnavailable(f"the store takes no commands now: {text}")
    if code in _LOGIN:
        return StoreConflict(f"the store refuses our login or lacks a right for us: {text}")
    return StoreCorrupt(text)


@contextmanager
def translated() -> Iterator[None]:
    """Turns the exceptions of ``Store.client`` into ours."""
    try:
        yield
    except AuthenticationError as error:
        raise StoreConflict(f"the store refuses our login: {error}") from error
    except (RedisConnectionError, RedisTimeoutError, OSError) as error:
        raise StoreUnavailable(str(error)) from error
    except ResponseError as error:
        raise from_reply(str(error)) from error
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error

"""Which part of the shop a conversation is about, such as ``line:garden`` or ``channel:app``. Pure.

The page that the chat stands on says so. A glossary term with a scope is used where one of its names is among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_NAMES = 8
LONGEST_NAME = 64  # characters
FIELD = "scope"  # of the conversation's summary: as of the visitor's last message

_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def names_of(given: Iterable[str]) -> tuple[str, ...]:
    """The names among ``given`` that can be used, each once; the rest is left out: a chat goes on without it."""
    names = dict.fromkeys(name.strip() for name in given)
    return tuple(name for name in names if name and len(name) <= LONGEST_NAME and not _NO_NAME.search(name))[
        :MOST_NAMES
    ]


def encode(names: Iterable[str]) -> str:
    """As the summary holds them: one a line."""
    return "\n".join(names)


def decode(text: str | None) -> frozenset[str]:
    """The names that a summary holds; none where it holds none."""
    return frozenset(text.split("\n")) if text else frozenset()

"""One entry of the OpenAPI document: an endpoint as a stranger needs to know it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Operation(NamedTuple):
    method: str
    path: str
    about: str
    body: Any = None  # a type, or a media type for a body that is no JSON
    answer: Any = None  # a type, or a media type for an answer that is no JSON
    status: int = 200
    session: bool = True  # needs a logged-in user
    query: tuple[str, ...] = ()  # names of the parameters, all optional

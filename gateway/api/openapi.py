"""The OpenAPI document of the HTTP endpoints, made from the types that they read and answer with."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from gateway.api import glossary, login
from gateway.api.errors import answer


class ErrorBody(msgspec.Struct):
    code: str
    message: str


class ErrorAnswer(msgspec.Struct):
    error: ErrorBody


class Operation(NamedTuple):
    method: str
    path: str
    about: str
    body: Any = None  # a type, or a media type for a text body
    answer: Any = None  # a type, or a media type for a text answer
    status: int = 200
    session: bool = True  # needs a logged-in user


_TERMS = "/api/v1/glossary/terms"
OPERATIONS = (
    Operation("post", "/api/v1/login", "Log in; sets the session cookie.", login.Login, login.Me, session=False),
    Operation("post", "/api/v1/logout", "End the session.", session=False),
    Operation("get", "/api/v1/me", "Who is logged in.", answer=login.Me),
    Operation("get", _TERMS, "All terms. For agents, supervisors, maintainers.", answer=glossary.TermList),
    Operation("post", _TERMS, "Add a term. For maintainers.", glossary.TermForm, glossary.TermView, 201),
    Operation("put", _TERMS + "/{id}", "Change a term. For maintainers.", glossary.TermForm, glossary.TermView),
    Operation("delete", _TERMS + "/{id}", "Delete a term. For maintainers.", answer=None),
    Operation(
        "post",
        "/api/v1/glossary/import",
        "Add and change terms from a CSV file, all or nothing. For maintainers.",
        "text/csv",
        glossary.Imported,
    ),
    Operation("get", "/api/v1/glossary/export.csv", "All terms as CSV.", answer="text/csv"),
    Operation("get", "/health/live", "The process answers.", session=False),
    Operation("get", "/health/ready", "Messages can be taken (200) or not (503).", session=False),
    Operation("get", "/metrics", "Prometheus metrics.", answer="text/plain", session=False),
)


async def document(request: web.Request) -> web.StreamResponse:
    return answer(build())


@cache
def build() -> dict[str, Any]:
    """The document as a plain mapping."""
    types = {t for o in OPERATIONS for t in (o.body, o.answer) if isinstance(t, type)} | {ErrorAnswer}
    ordered = sorted(types, key=lambda each: each.__name__)
    _, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dragoman", "version": "1", "description": "The socket protocol is in docs/protocol.md."},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": login.COOKIE}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {str(operation.status): {"description": "Done.", **_content(operation.answer)}}
    responses["default"] = {"description": "What went wrong.", **_content(ErrorAnswer)}
    described: dict[str, Any] = {"summary": operation.about, "responses": responses}
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_content(operation.body)}
    if "{id}" in operation.path:
        described["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    if operation.session:
        described["security"] = [{"session": []}]
    return described


def _content(kind: Any) -> dict[str, Any]:
    if kind is None:
        return {}
    if isinstance(kind, str):
        return {"content": {kind: {"schema": {"type": "string"}}}}
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}}

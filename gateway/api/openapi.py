"""The OpenAPI document of the HTTP endpoints, made from the types that they read and answer with."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from gateway.api import glossary, login, memory
from gateway.api.errors import answer
from gateway.api.operation import Operation


class ErrorBody(msgspec.Struct):
    code: str
    message: str


class ErrorAnswer(msgspec.Struct):
    error: ErrorBody


OPERATIONS = (
    Operation("post", "/api/v1/login", "Log in; sets the session cookie.", login.Login, login.Me, session=False),
    Operation("post", "/api/v1/logout", "End the session.", session=False),
    Operation("get", "/api/v1/me", "Who is logged in.", answer=login.Me),
    *glossary.OPERATIONS,
    *memory.OPERATIONS,
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
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Dragoman", "version": "1", "description": "The socket protocol is in docs/protocol.md."},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": login.COOKIE}},
        },
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))  # as readers get it: lists, no tuples
    return plain


def _operation(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {str(operation.status): {"description": "Done.", **_content(operation.answer)}}
    responses["default"] = {"description": "What went wrong.", **_content(ErrorAnswer)}
    described: dict[str, Any] = {"summary": operation.about, "responses": responses}
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_content(operation.body)}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in operation.query]
    if parameters:
        described["parameters"] = parameters
    if operation.session:
        described["security"] = [{"session": []}]
    return described


def _content(kind: Any) -> dict[str, Any]:
    if kind is None:
        return {}
    if isinstance(kind, str):
        return {"content": {kind: {"schema": {"type": "string"}}}}
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}}

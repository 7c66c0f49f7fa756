"""The HTTP endpoints on a real gateway: accounts, glossary, health, pages."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from gateway.api.openapi import build
from tests.gateway.conftest import PASSWORD, Running, Start
from translation.memory.pair import Pair
from translation.memory.repository import Repository as Memory


async def log_in(gateway: Running, login: str, *roles: str) -> None:
    """From now on the gateway's HTTP session is this user's."""
    await gateway.users.add(login, login.title(), PASSWORD, roles, "en")
    answer = await gateway.session.post(
        gateway.base + "/api/v1/login", json={"login": login, "password": PASSWORD}
    )  # fmt: skip
    assert answer.status == 200
    cookie = answer.cookies["dragoman_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    # aiohttp keeps no cookies of bare addresses
    gateway.session.headers["Cookie"] = f"dragoman_session={cookie.value}"


async def call(gateway: Running, method: str, path: str, **options: Any) -> tuple[int, Any]:
    async with gateway.session.request(method, gateway.base + path, **options) as answer:
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())


async def test_login_says_who_one_is_and_logout_ends_it(start: Start) -> None:
    gateway = await start()
    assert (await call(gateway, "GET", "/api/v1/me"))[0] == 401
    await log_in(gateway, "alex", "agent")
    assert await call(gateway, "GET", "/api/v1/me") == (
        200,
        {"login": "alex", "name": "Alex", "roles": ["agent"], "language": "en"},
    )
    assert (await call(gateway, "POST", "/api/v1/logout"))[0] == 200
    assert (await call(gateway, "GET", "/api/v1/me"))[0] == 401


@pytest.mark.parametrize(
    "form",
    [{"login": "alex", "password": "wrong password"}, {"login": "nobody", "password": PASSWORD}],
)
async def test_a_wrong_login_is_refused_without_saying_what_was_wrong(start: Start, form: dict[str, str]) -> None:
    gateway = await start()
    await gateway.users.add("alex", "Alex", PASSWORD, ["agent"], "en")
    status, body = await call(gateway, "POST", "/api/v1/login", json=form)
    assert (status, body["error"]["message"]) == (401, "login or password is wrong")


async def test_guessing_passwords_is_slowed_down(start: Start) -> None:
    gateway = await start()
    form = {"login": "alex", "password": "wrong password"}
    statuses = [(await call(gateway, "POST", "/api/v1/login", json=form))[0] for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_a_removed_user_is_out_at_once(start: Start) -> None:
    gateway = await start()
    await log_in(gateway, "alex", "agent")
    await gateway.users.remove("alex")
    assert (await call(gateway, "GET", "/api/v1/me"))[0] == 401


async def test_other_pages_cannot_change_anything(start: Start) -> None:
    gateway = await start(origins=("https://shop.example",))
    await log_in(gateway, "mia", "maintainer")
    for origin, expected in (("https://shop.example", 403), ("null", 403), (gateway.base, 201)):
        status, _ = await call(
            gateway, "POST", "/api/v1/glossary/terms", json={"texts": {"en": origin, "pt": "x"}},
            headers={"Origin": origin},
        )  # fmt: skip
        assert status == expected, origin


async def test_a_maintainer_lists_adds_changes_and_deletes_terms(start: Start) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    form = {"texts": {"en": "order", "pt": "encomenda", "de": " "}, "note": "never pedido"}
    status, term = await call(gateway, "POST", "/api/v1/glossary/terms", json=form)
    assert status == 201
    assert term["texts"] == {"en": "order", "pt": "encomenda"}
    assert (await call(gateway, "POST", "/api/v1/glossary/terms", json=form))[0] == 409
    status, listed = await call(gateway, "GET", "/api/v1/glossary/terms")
    assert (status, listed["version"], listed["terms"]) == (200, 1, [term])
    status, changed = await call(
        gateway, "PUT", f"/api/v1/glossary/terms/{term['id']}", json={"texts": {"en": "order", "pt": "pedido"}}
    )  # fmt: skip
    assert (status, changed["texts"]["pt"], changed["note"]) == (200, "pedido", "never pedido")
    assert (await call(gateway, "DELETE", f"/api/v1/glossary/terms/{term['id']}"))[0] == 200
    assert (await call(gateway, "DELETE", f"/api/v1/glossary/terms/{term['id']}"))[0] == 404
    assert (await call(gateway, "PUT", "/api/v1/glossary/terms/x", json={"texts": {}}))[0] == 404
    listed = (await call(gateway, "GET", "/api/v1/glossary/terms"))[1]
    assert (listed["version"], listed["total"], listed["terms"]) == (3, 0, [])


@pytest.mark.parametrize(
    "form", [{"texts": {}}, {"texts": {"en": "order"}}, {"texts": {"english": "a", "pt": "b"}}, {"note": "x"}, []]
)
async def test_a_bad_term_is_refused_with_a_reason(start: Start, form: Any) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    status, body = await call(gateway, "POST", "/api/v1/glossary/terms", json=form)
    assert status == 400
    assert body["error"]["message"]


async def test_a_csv_file_comes_in_whole_or_not_at_all(start: Start) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    path = "/api/v1/glossary/import"
    good = b"en,pt,do_not_translate,note\norder,encomenda,,\nAcme,,yes,brand\n"
    for added, unchanged in ((2, 0), (0, 2)):
        status, done = await call(gateway, "POST", path, data=good)
        assert (status, done["added"], done["changed"], done["unchanged"]) == (200, added, 0, unchanged)
    bad = b"en,pt\nparcel,pacote\nalone,\n"
    status, body = await call(gateway, "POST", path, data=bad)
    assert status == 400
    assert body["error"]["details"][0]["row"] == 3
    status, exported = await call(gateway, "GET", "/api/v1/glossary/export.csv")
    assert status == 200
    assert "encomenda" in exported
    assert "pacote" not in exported


async def test_agents_read_the_glossary_and_only_maintainers_change_it(start: Start) -> None:
    gateway = await start()
    assert (await call(gateway, "GET", "/api/v1/glossary/terms"))[0] == 401
    await log_in(gateway, "alex", "agent")
    assert (await call(gateway, "GET", "/api/v1/glossary/terms"))[0] == 200
    term = {"texts": {"en": "a", "pt": "b"}}
    for method, path in (("POST", "/terms"), ("PUT", "/terms/x"), ("DELETE", "/terms/x"), ("POST", "/import")):
        assert (await call(gateway, method, "/api/v1/glossary" + path, json=term))[0] == 403


async def test_health_and_metrics(start: Start) -> None:
    gateway = await start(translate=False)
    assert await call(gateway, "GET", "/health/live") == (200, {"status": "ok"})
    assert await call(gateway, "GET", "/health/ready") == (
        200, {"status": "ok", "store": "ok", "translation": "ok"},
    )  # fmt: skip
    visitor, _ = await gateway.visitor()
    await visitor.say("m1", "a text that nobody may read here")
    status, page = await call(gateway, "GET", "/metrics")
    assert status == 200
    assert 'dragoman_messages_total{role="visitor"} 1.0' in page
    assert 'dragoman_sockets{role="visitor"} 1.0' in page
    assert "nobody may read" not in page


async def test_every_api_route_is_documented_and_nothing_else(start: Start) -> None:
    gateway = await start()
    status, document = await call(gateway, "GET", "/api/v1/openapi.json")
    assert (status, document) == (200, build())
    for path, operations in document["paths"].items():
        for method in operations:
            status, _ = await call(gateway, method.upper(), re.sub(r"{\w+}", "1", path))
            assert status not in (404, 405) or "{" in path, (method, path)


@pytest.mark.parametrize(
    "path", ["/web/../app.py", "/web/..%2fapp.py", "/web/%2e%2e/app.py", "/web//etc/passwd", "/web/none.js", "/web/"]
)
async def test_nothing_outside_the_web_folder_is_served(start: Start, path: str) -> None:
    gateway = await start()
    from yarl import URL

    async with gateway.session.get(URL(gateway.base + path, encoded=True)) as answer:
        assert answer.status == 404


async def test_pages_come_with_strict_headers(start: Start) -> None:
    gateway = await start()
    async with gateway.session.get(gateway.base + "/") as answer:
        assert answer.url.path == "/shop/"
    for page in ("/shop/", "/desk/", "/glossary/"):
        async with gateway.session.get(gateway.base + page) as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    async with gateway.session.get(gateway.base + "/widget.js") as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_an_api_error_is_json_even_where_there_is_no_such_path(start: Start) -> None:
    gateway = await start()
    for method, path, expected in (("GET", "/api/v1/none", 404), ("PATCH", "/api/v1/login", 405)):
        status, body = await call(gateway, method, path)
        assert status == expected
        assert body["error"]["code"]


async def test_too_large_a_body_is_refused(start: Start) -> None:
    gateway = await start()
    await log_in(gateway, "mia", "maintainer")
    try:
        status, body = await call(gateway, "POST", "/api/v1/glossary/try", data=io.BytesIO(b"x" * 34_000_000))
    except aiohttp.ClientError:
        return  # the gateway may hang up while the client still sends
    assert status == 413
    assert body["error"]["code"]


async def test_agents_are_told_what_was_said_before_that_is_almost_the_same(
    start: Start, wait_until: Callable[..., Awaitable[Any]]
) -> None:
    gateway = await start()
    pair = Pair(
        source_language="en", target_language="pt", source="It is on its way.", target="Está a caminho.", count=3
    )
    await Memory(gateway.store).put([pair])
    form = {"text": "it is on the way", "source": "en", "target": "pt-BR"}
    assert (await call(gateway, "POST", "/api/v1/memory/near", json=form))[0] == 401
    await log_in(gateway, "mai", "maintainer")
    assert (await call(gateway, "POST", "/api/v1/memory/near", json=form))[0] == 403
    await log_in(gateway, "alex", "agent")

    async def ready() -> Any:
        status, body = await call(gateway, "POST", "/api/v1/memory/near", json={**form, "text": "it is on is way"})
        assert status == 200
        return body["near"] if body["ready"] else None

    [near] = await wait_until(ready)
    assert (near["source"], near["text"], near["count"], near["edited"]) == (pair.source, pair.target, 3, False)
    for text in ("", "x" * 1001, "something else", " It is on its  way."):
        assert await call(gateway, "POST", "/api/v1/memory/near", json={**form, "text": text}) == (
            200, {"near": [], "ready": True},
        )  # fmt: skip
    assert (await call(gateway, "POST", "/api/v1/memory/near", json={**form, "source": "?"}))[0] == 400

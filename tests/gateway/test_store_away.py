"""The store goes away under a running gateway, and comes back."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import pytest

from gateway.app import serving
from gateway.settings import Settings
from gateway.users import Users
from store.connect import Store
from store.embedded import Embedded
from tests.gateway.conftest import Running


async def test_senders_are_told_and_all_goes_on_by_itself(own_server: Embedded) -> None:
    await own_server.ready()
    settings = Settings(redis_url=own_server.url, port=0)
    store = await Store.open(own_server.url)
    async with serving(settings) as served, aiohttp.ClientSession() as session:
        gateway = Running(f"http://127.0.0.1:{served.port}", store, Users(store.client, "dragoman"), session)
        visitor, welcome = await gateway.visitor()
        await visitor.say("m1", "before")
        await own_server.stop()
        assert (await visitor.next("status", store="down"))["store"] == "down"
        await visitor.send(type="send", id="m2", text="meanwhile")
        error = await visitor.next("error")
        assert (error["code"], error["id"]) == ("unavailable", "m2")
        async with session.get(gateway.base + "/health/ready") as answer:
            assert answer.status == 503
        async with session.get(gateway.base + "/health/live") as answer:
            assert answer.status == 200
        async with session.post(gateway.base + "/api/v1/login", json={"login": "a", "password": "b"}) as answer:
            assert answer.status == 503
            assert (await answer.json())["error"]["code"] == "unavailable"
        # Who comes now is welcomed; what was said before follows once the store is back.
        late = await gateway.socket()
        await late.send(type="hello", v=1, role="visitor", token=welcome["token"])
        await late.next("welcome")
        assert (await late.next("status"))["store"] == "down"
        own_server.start()
        await own_server.ready()
        await visitor.next("status", store="ok")
        ack = await visitor.say("m2", "meanwhile")
        assert ack["seq"] == 2
        assert await late.close_code() == 1012
        _, again = await gateway.visitor(token=welcome["token"])
        assert again["conversation"] == welcome["conversation"]
    await store.close()


async def test_a_gateway_whose_work_fails_ends_instead_of_going_on_half(
    store_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway import app

    class Broken(Exception):
        pass

    async def fail(*_: object) -> None:
        raise Broken

    monkeypatch.setattr(app, "follow", fail)
    started: list[int] = []
    note: Callable[[str, int], None] = lambda host, port: started.append(port)  # noqa: E731
    with pytest.raises(Broken):
        await app.run(Settings(redis_url=store_url, key_prefix=prefix, port=0), note)
    assert started

"""A gateway in memory that speaks docs/protocol.md and obeys a test: slow, missing and wrong translations, lines that
break, a store that is away. Only for what the real gateway cannot be made to do on demand.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from gateway import pages

ORDER = "Olá, minha encomenda ainda não chegou 😭 o código é LP00123456789CN, meu e-mail é ana@loja.com.br"
ORDER_IN_ENGLISH = "Hello, my order hasn't arrived yet 😭 the code is LP00123456789CN, my email is ana@loja.com.br"

TRANSLATIONS = {
    ("pt", "en", ORDER): ORDER_IN_ENGLISH,
    ("en", "pt", "It is on its way."): "Está a caminho.",
}

Frame = dict[str, Any]


@dataclass
class Talk:
    """One conversation: its events, and what is known of the visitor."""

    name: str = ""
    language: str | None = None
    page_language: str = "en"
    events: list[Frame] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    ids: dict[str, Frame] = field(default_factory=dict)
    waiting_since: int | None = None
    ask: list[str] = field(default_factory=list)


class FakeGateway:
    """Serves the pages and one socket. The attributes are switches that a test may turn."""

    def __init__(self) -> None:
        self.delay: float | None = 0.03  # seconds until a translation comes; None: it never does
        self.no_model: set[str] = {"de"}
        self.store = "ok"
        self.translation = "ok"
        self.warnings: tuple[str, ...] = ()
        self.receipts: dict[str, Frame] = {}  # by original text
        self.translations = dict(TRANSLATIONS)
        self.used: list[Frame] = []  # what was said before, for whatever an agent writes
        self.reading = 0  # how many times the memory is said to be still being read
        self.must_keep: tuple[str, ...] = ()  # words that a correction should have
        self.refuse_lines = False
        self.lose_acks = 0
        self.limit = 5000
        self.talks: dict[str, Talk] = {}
        self.sockets: dict[web.WebSocketResponse, Frame] = {}
        self.received: list[Frame] = []
        self.terms = 0  # how many the glossary has; they are made up as they are asked for
        self.logged_in = False
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(pages.routes())
        app.router.add_get("/ws", self._socket)
        app.router.add_post("/api/v1/login", self._login)
        app.router.add_post("/api/v1/logout", self._logout)
        app.router.add_get("/api/v1/me", self._me)
        app.router.add_post("/api/v1/memory/near", self._near)
        app.router.add_get("/api/v1/glossary/terms", self._list_terms)
        app.router.add_get("/api/v1/glossary/terms/{id}", self._show_term)
        app.router.add_get("/api/v1/glossary/stats", self._stats)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for ws in list(self.sockets):
            await ws.close(code=1001)
        if self._runner:
            await self._runner.cleanup()

    # --- what tests do ---

    async def drop_lines(self, role: str = "visitor") -> None:
        for ws, who in list(self.sockets.items()):
            if who["role"] == role and ws._req is not None and ws._req.transport is not None:
                ws._req.transport.abort()

    async def set_status(self, *, store: str = "ok", translation: str = "ok") -> None:
        self.store, self.translation = store, translation
        for ws in list(self.sockets):
            await ws.send_json(self._status())

    async def say(self, conversation: str, text: str, *, role: str = "agent", name: str = "Alex") -> Frame:
        """A message of ``role`` as if another socket had sent it."""
        return await self._store_message(conversation, (role, name), f"x-{time.monotonic_ns()}", text)

    async def signal(self, conversation: str, frame: Frame, *, to: str) -> None:
        await self._tell(conversation, {**frame, "conversation": conversation}, only=to)

    async def begin(self, name: str, language: str, *texts: str, waiting_ms: int = 0) -> str:
        """A conversation that a visitor began, with her messages."""
        key = f"c{len(self.talks) + 1:04d}"
        self.talks[key] = Talk(name=name, language=language, page_language=language)
        for text in texts:
            await self._store_message(key, ("visitor", name), f"v-{time.monotonic_ns()}", text)
        if waiting_ms:
            self.talks[key].waiting_since = _now() - waiting_ms
        return key

    async def ask(self, conversation: str, *languages: str) -> None:
        """She is to be asked which of these languages she writes in; none: no longer."""
        self.talks[conversation].ask = list(languages)
        await self.signal(conversation, {"type": "ask", "languages": languages}, to="visitor")

    def only_talk(self) -> str:
        assert len(self.talks) == 1, list(self.talks)
        return next(iter(self.talks))

    # --- the socket ---

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_lines:
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        try:
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    frame = message.json()
                    self.received.append(frame)
                    await self._take(ws, frame)
        finally:
            self.sockets.pop(ws, None)
        return ws

    async def _take(self, ws: web.WebSocketResponse, frame: Frame) -> None:
        who = self.sockets.get(ws)
        match frame["type"]:
            case "hello":
                await self._hello(ws, frame)
            case "ping":
                await ws.send_json({"type": "pong"})
            case "send" if who:
                await self._send(ws, who, frame)
            case "typing" if who:
                key = frame.get("conversation") or who["conversation"]
                other = "agent" if who["role"] == "visitor" else "visitor"
                typing = {"type": "typing", "role": who["role"], "on": frame["on"], "name": who["name"]}
                await self.signal(key, typing, to=other)
            case "mark" if who:
                key = frame.get("conversation") or who["conversation"]
                marks = self.talks[key].marks
                for part in ("delivered", "read"):
                    name = f"{who['role']}_{part}"
                    marks[name] = max(marks.get(name, 0), frame.get(part, 0))
                await self._tell(
                    key,
                    {
                        "type": "mark", "conversation": key, "role": who["role"],
                        "delivered": marks[f"{who['role']}_delivered"], "read": marks[f"{who['role']}_read"],
                    },
                )  # fmt: skip
                if who["role"] == "agent":
                    await self._tell_agents({"type": "card", "card": self._card(key)})
            case "open" if who:
                who["open"].add(frame["conversation"])
                await ws.send_json(self._history(frame["conversation"], frame.get("after", 0), "agent"))
            case "leave" if who:
                who["open"].discard(frame["conversation"])
            case "correct" if who:
                await self._correct(ws, frame)
            case "language" if who:
                key = frame.get("conversation") or who["conversation"]
                talk = self.talks[key]
                talk.language, talk.ask = frame["language"], []
                await self.append(key, {"kind": "language", "language": frame["language"], "by": who["role"]})
                for event in [event for event in talk.events if event["kind"] == "message"]:
                    await self._translate(key, event)

    async def _hello(self, ws: web.WebSocketResponse, frame: Frame) -> None:
        limits = {"text": self.limit, "rate": 2.0}
        if frame["role"] == "agent":
            if not self.logged_in:
                await ws.close(code=4401)
                return
            you = {"role": "agent", "name": "Alex", "language": "en"}
            self.sockets[ws] = {"role": "agent", "name": "Alex", "conversation": None, "open": set()}
            await ws.send_json({"type": "welcome", "v": 1, "you": you, "limits": limits})
            await ws.send_json(self._status())
            cards = [self._card(key) for key in self.talks]
            cards.sort(key=lambda card: -card["ts"])
            await ws.send_json({"type": "cards", "cards": cards, "more": False})
            return
        token = frame.get("token")
        if token and token.removeprefix("t-") not in self.talks:
            await ws.send_json({"type": "error", "code": "not_allowed", "message": "unknown token"})
            await ws.close(code=4401)
            return
        key = token.removeprefix("t-") if token else f"c{len(self.talks) + 1:04d}"
        talk = self.talks.setdefault(key, Talk(name=frame.get("name", "")))
        talk.page_language = (frame.get("page_locale") or "en").split("-")[0]
        self.sockets[ws] = {"role": "visitor", "name": talk.name, "conversation": key, "open": {key}}
        await ws.send_json(
            {
                "type": "welcome", "v": 1, "you": {"role": "visitor"}, "limits": limits,
                "token": f"t-{key}", "conversation": key,
            }
        )  # fmt: skip
        await ws.send_json(self._status())
        await ws.send_json(self._history(key, frame.get("after", 0), "visitor"))

    async def _correct(self, ws: web.WebSocketResponse, frame: Frame) -> None:
        key = frame["conversation"]
        of = self.talks[key].events[frame["translation"] - 1]
        lost = [word for word in self.must_keep if word not in frame["text"]]
        if self.store != "ok" or (lost and not frame["anyway"]):
            error = {"code": "unsure", "missing": lost} if self.store == "ok" else {"code": "unavailable"}
            await ws.send_json({"type": "error", "message": "no", "id": frame["id"], **error})
            return
        receipt = {"origin": "edited", "edited_by": "Alex"}
        correction = {**_pick(of, "kind", "of", "source", "target", "status"), "text": frame["text"], "edited": True}
        event = await self.append(key, {**correction, "receipt": receipt})
        await ws.send_json({"type": "ack", "id": frame["id"], "conversation": key, **_pick(event, "seq", "ts")})

    async def _send(self, ws: web.WebSocketResponse, who: Frame, frame: Frame) -> None:
        if self.store != "ok":
            await ws.send_json({"type": "error", "code": "unavailable", "message": "store", "id": frame["id"]})
            return
        if len(frame["text"]) > self.limit:
            await ws.send_json({"type": "error", "code": "too_long", "message": "long", "id": frame["id"]})
            return
        key = frame.get("conversation") or who["conversation"]
        event = await self._store_message(key, (who["role"], who["name"]), frame["id"], frame["text"], ws)
        if self.lose_acks:
            self.lose_acks -= 1
            assert ws._req is not None
            assert ws._req.transport is not None
            ws._req.transport.abort()
            return
        await ws.send_json({"type": "ack", "id": frame["id"], "conversation": key, **_pick(event, "seq", "ts")})

    async def _store_message(
        self, key: str, who: tuple[str, str], ident: str, text: str, sender: web.WebSocketResponse | None = None
    ) -> Frame:
        """``who``: role and name of the author."""
        (role, name), talk = who, self.talks[key]
        if ident in talk.ids:
            return talk.ids[ident]
        talk.language = talk.language or talk.page_language
        if role == "visitor":
            talk.waiting_since = talk.waiting_since or _now()
        else:
            talk.waiting_since = None
        event = await self.append(
            key, {"kind": "message", "id": ident, "role": role, "text": text, "name": name}, besides=sender
        )
        talk.ids[ident] = event
        task = asyncio.create_task(self._translate(key, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return event

    async def _translate(self, key: str, event: Frame) -> None:
        talk = self.talks[key]
        visitors = talk.language or "en"
        source, target = (visitors, "en") if event["role"] == "visitor" else ("en", visitors)
        if self.delay is None:
            return
        await asyncio.sleep(self.delay)
        outcome: Frame = {"kind": "translation", "of": event["seq"], "source": source, "target": target}
        text = event["text"]
        if source == target:
            outcome["status"] = "same"
        elif {source, target} & self.no_model:
            outcome |= {"status": "unavailable", "reason": "no-model"}
        else:
            translated = self.translations.get((source, target, text), f"[{target}] {text}")
            receipt = {"origin": "engine", **self.receipts.get(text, {})}
            warnings = receipt.get("warnings") or list(self.warnings)
            outcome |= {"status": "done", "text": translated, "receipt": receipt}
            if warnings:
                outcome["warnings"] = warnings
        await self.append(key, outcome)

    async def append(self, key: str, event: Frame, besides: web.WebSocketResponse | None = None) -> Frame:
        talk = self.talks[key]
        event = {"seq": len(talk.events) + 1, "ts": _now(), **event}
        talk.events.append(event)
        await self._tell(key, event, besides=besides, event=True)
        await self._tell_agents({"type": "card", "card": self._card(key)})
        return event

    async def _tell(
        self,
        key: str,
        frame: Frame,
        *,
        only: str | None = None,
        besides: web.WebSocketResponse | None = None,
        event: bool = False,
    ) -> None:
        for ws, who in list(self.sockets.items()):
            if key not in who["open"] or (only and who["role"] != only) or ws is besides or ws.closed:
                continue
            shown = {"type": "event", "conversation": key, "event": _for(frame, who["role"])} if event else frame
            await ws.send_json(shown)

    async def _tell_agents(self, frame: Frame) -> None:
        for ws, who in list(self.sockets.items()):
            if who["role"] == "agent" and not ws.closed:
                await ws.send_json(frame)

    def _history(self, key: str, after: int, role: str) -> Frame:
        talk = self.talks[key]
        events = [_for(event, role) for event in talk.events if event["seq"] > after]
        return {
            "type": "history", "conversation": key, "events": events, "more": False,
            "marks": talk.marks, "language": talk.language, "ask": talk.ask if role == "visitor" else [],
        }  # fmt: skip

    def _status(self) -> Frame:
        return {"type": "status", "store": self.store, "translation": self.translation}

    def _card(self, key: str) -> Frame:
        talk = self.talks[key]
        card: Frame = {"conversation": key, "seq": len(talk.events), "ts": talk.events[-1]["ts"] if talk.events else 1}
        said = [event for event in talk.events if event["kind"] == "message"]
        if said:
            last = said[-1]
            card |= {"last_seq": last["seq"], "last_role": last["role"], "last_text": last["text"][:120]}
            for event in talk.events:
                if event.get("of") == last["seq"] and event.get("text") and last["role"] == "visitor":
                    card["last_translation"] = event["text"][:120]
        return card | {
            "name": talk.name, "language": talk.language, "waiting_since": talk.waiting_since,
            "agent_read": talk.marks.get("agent_read", 0),
            "visitor_online": any(key == who["conversation"] for who in self.sockets.values()),
        }  # fmt: skip

    # --- HTTP ---

    async def _login(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("password") != "demo":
            return _error(401, "wrong_login", "Login or password is wrong.")
        self.logged_in = True
        return await self._me(request)

    async def _logout(self, request: web.Request) -> web.Response:
        self.logged_in = False
        return web.json_response({})

    async def _me(self, request: web.Request) -> web.Response:
        if not self.logged_in:
            return _error(401, "not_logged_in", "Log in first.")
        return web.json_response({"login": "alex", "name": "Alex", "roles": ["agent", "maintainer"], "language": "en"})

    async def _near(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.received.append({"type": "near", **asked})
        self.reading -= 1
        near = [] if self.reading >= 0 else [each for each in self.used if each["source"] != asked["text"]]
        return web.json_response({"near": near, "ready": self.reading < 0})

    async def _list_terms(self, request: web.Request) -> web.Response:
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        words = request.query.get("q", "")
        found = [n for n in range(self.terms) if words in f"{n:06d}"] if words else range(self.terms)
        terms = [_term(n) for n in found[offset : offset + limit]]
        languages = [{"code": code, "terms": self.terms} for code in ("en", "pt")]
        counts = {"version": 1, "total": len(found), "all": self.terms, "offset": offset}
        return web.json_response({**counts, "languages": languages, "scopes": [], "authors": [], "terms": terms})

    async def _show_term(self, request: web.Request) -> web.Response:
        return web.json_response(_term(int(request.match_info["id"])))

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response({"proposals": 0})


def _term(number: int) -> Frame:
    texts = {"en": f"term {number:06d}", "pt": f"termo {number:06d}"}
    use = {"used": 0, "applied": 0, "already": 0, "missed": 0, "last_seen": 0}
    return {
        "id": str(number), "texts": texts, "wordings": {code: {"text": text} for code, text in texts.items()},
        "kind": "preferred", "status": "approved", "rules": {}, "part_of_speech": "", "scope": [], "note": "our words",
        "author": "", "created": 1, "changed": 1, "use": use, "warnings": [],
    }  # fmt: skip


def _for(event: Frame, role: str) -> Frame:
    return event if role == "agent" else {name: value for name, value in event.items() if name != "receipt"}


def _pick(frame: Frame, *names: str) -> Frame:
    return {name: frame[name] for name in names}


def _now() -> int:
    return int(time.time() * 1000)


def _error(status: int, code: str, message: str, details: list[Frame] | None = None) -> web.Response:
    error: Frame = {"code": code, "message": message}
    if details:
        error["details"] = details
    return web.json_response({"error": error}, status=status)

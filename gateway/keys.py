"""What handlers find in the aiohttp application, by typed keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from gateway.api.glossary.parts import Parts
    from gateway.api.login import Guesses
    from gateway.door import Door
    from gateway.metrics import Metrics
    from gateway.settings import Settings
    from gateway.users import Users
    from store.connect import Store
    from translation.memory.suggest import Suggestions

SETTINGS: web.AppKey[Settings] = web.AppKey("settings")
STORE: web.AppKey[Store] = web.AppKey("store")
USERS: web.AppKey[Users] = web.AppKey("users")
GUESSES: web.AppKey[Guesses] = web.AppKey("guesses")
GLOSSARY: web.AppKey[Parts] = web.AppKey("glossary")
METRICS: web.AppKey[Metrics] = web.AppKey("metrics")
SUGGESTIONS: web.AppKey[Suggestions] = web.AppKey("suggestions")
DOOR: web.AppKey[Door] = web.AppKey("door")

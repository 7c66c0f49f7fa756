"""How the system is, and telling everyone when it changes."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

from gateway.connection import Connection
from gateway.frames import Status
from gateway.hub import Hub
from gateway.metrics import Metrics
from store import jobs
from store.connect import Store
from store.errors import StoreUnavailable
from store.jobs import Health

log = logging.getLogger(__name__)

CLOSE_RESUME = 1012  # "service restart": reconnect and resume
SLOW_MS = 3000  # the oldest open job waits longer than anybody would call normal
EVERY_SECONDS, EVERY_SECONDS_DOWN = 1.0, 0.1


def judge(health: Health, translate: bool) -> Literal["ok", "slow", "down"]:
    """How translation is. ``translate`` False: nobody asks for any, so nothing is amiss."""
    if not translate:
        return "ok"
    if not health.workers:
        return "down"
    return "slow" if health.oldest_ms > SLOW_MS else "ok"


class StatusWatch:
    """The present status; every change goes to every socket."""

    def __init__(self, store: Store, hub: Hub, metrics: Metrics, translate: bool) -> None:
        self.now = Status("ok", "ok")
        self._store = store
        self._hub = hub
        self._metrics = metrics
        self._translate = translate
        self._stale: set[Connection] = set()

    def on_store(self, up: bool) -> None:
        """The writer lost the store, or found it again."""
        log.log(logging.INFO if up else logging.ERROR, "the store is %s", "back" if up else "away")
        self._metrics.store_up.set(up)
        self._set(Status("ok" if up else "down", self.now.translation))
        if up:
            self._resync(self._stale)
            self._stale = set()

    def resync(self, connection: Connection) -> None:
        """This socket could not be given what it asked for: once the store is back, it begins anew."""
        if self.now.store == "ok":  # away for a moment only, nobody else noticed
            connection.close(CLOSE_RESUME, "resume")
        else:
            self._stale.add(connection)

    def resync_all(self) -> None:
        """Something was missed on the feed: every socket reads again from the log."""
        self._metrics.feed_gaps.inc()
        log.warning("fell behind the feed: all sockets resume from the log")
        self._resync(self._hub.connections)

    async def run(self) -> None:
        """Look at the workers every second, until cancelled."""
        while True:
            try:
                health = await jobs.health(self._store)
            except StoreUnavailable:
                pass  # the writer tells of the store itself
            else:
                self._metrics.workers.set(health.workers)
                self._metrics.oldest_job_seconds.set(health.oldest_ms / 1000)
                self._set(Status(self.now.store, judge(health, self._translate)))
            down = self.now.translation == "down"
            await asyncio.sleep(EVERY_SECONDS_DOWN if down else EVERY_SECONDS)  # good news travels fast

    def _set(self, status: Status) -> None:
        if status != self.now:
            self.now = status
            self._hub.tell_all(status)

    @staticmethod
    def _resync(connections: set[Connection]) -> None:
        for connection in tuple(connections):
            connection.close(CLOSE_RESUME, "resume")

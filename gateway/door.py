"""All that a socket's session needs, wired once."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.board import Board
from gateway.corrections import Corrector
from gateway.hub import Hub
from gateway.metrics import Metrics
from gateway.relay import Relay
from gateway.room import Rules
from gateway.settings import Settings
from gateway.status import StatusWatch
from gateway.users import Users
from store.connect import Store


@dataclass(frozen=True)
class Door:
    settings: Settings
    rules: Rules
    secret: bytes
    hub: Hub
    relay: Relay
    board: Board
    corrector: Corrector
    store: Store
    users: Users
    status: StatusWatch
    metrics: Metrics

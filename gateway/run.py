"""Handlers of the commands that stay: serve, gateway, worker."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from typing import Any

from gateway import lifetime, logs
from gateway.cli import WRONG, complain
from gateway.settings import Settings
from store.errors import StoreConflict, StoreError

log = logging.getLogger(__name__)

_NO_STORE = "needs a store: set REDIS_URL, for instance to redis://localhost:6379/0, or run `dragoman serve`"


def serve(options: argparse.Namespace, held: Settings) -> int:
    if options.with_parent:
        lifetime.end_with_parent(os.getppid(), signal.SIGTERM)
    logs.configure(held.log_level, "serve")
    from gateway.address import AddressError
    from gateway.children import GaveUp
    from gateway.supervisor import serve as supervise

    try:
        asyncio.run(supervise(held, os.environ, demo=not options.no_demo, ready_file=options.ready_file))
    except (AddressError, GaveUp, StoreError, OSError) as error:
        return complain(str(error))
    return 0


def gateway(options: argparse.Namespace, held: Settings) -> int:
    _begin(options, held, "gateway")
    if held.redis_url is None:
        return complain(f"a gateway {_NO_STORE}", WRONG)
    import uvloop

    from gateway import app

    return _stay(uvloop.run, app.run(held, _listening))


def worker(options: argparse.Namespace, held: Settings) -> int:
    name = options.name or "worker"
    _begin(options, held, name)
    if held.redis_url is None:
        return complain(f"a worker {_NO_STORE}", WRONG)
    import uvloop

    from translation.worker import run as work

    return _stay(uvloop.run, work(held))


def _begin(options: argparse.Namespace, held: Settings, name: str) -> None:
    if options.parent is not None:
        lifetime.end_with_parent(options.parent)
    logs.configure(held.log_level, name)


def _listening(host: str, port: int) -> None:
    log.info("listening on %s, port %d", host, port)


def _stay(run: Any, work: Coroutine[Any, Any, None]) -> int:
    """0 when it was asked to end; what can't be mended by starting anew is told by the code WRONG."""
    try:
        run(work)
    except StoreConflict as error:
        return complain(str(error), WRONG)
    except (StoreError, OSError) as error:
        return complain(str(error))
    return 0

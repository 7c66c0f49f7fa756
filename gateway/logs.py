"""How log lines look: one form for every process of Dragoman, on standard error."""

from __future__ import annotations

import logging
import sys
import time


def configure(level: str, process: str) -> None:
    """Log from ``level`` on (a word of LOG_LEVELS). ``process`` tells lines of several processes apart."""
    formatter = logging.Formatter(
        f"%(asctime)s.%(msecs)03dZ %(levelname)s {process} %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # What libraries say of their everyday work would bury our own lines.
    for noisy in ("asyncio", "aiohttp", "redis"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))

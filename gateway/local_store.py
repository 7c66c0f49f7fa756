"""The store that a `dragoman` command works on: the one at REDIS_URL, or the embedded one of the data folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.settings import Settings
from store.connect import Store
from store.embedded import Embedded
from store.errors import StoreUnavailable

_NOTE = "store-url"


def folder(settings: Settings) -> Path:
    """Where the embedded store keeps its files."""
    return settings.data_dir / "store"


def note_url(settings: Settings, url: str | None) -> None:
    """Leave word for other commands where the embedded store is reached; None: it ends."""
    note = settings.data_dir / _NOTE
    if url is None:
        note.unlink(missing_ok=True)
    else:
        note.write_text(url, encoding="utf-8")


def noted_url(settings: Settings) -> str | None:
    """Where an embedded store is reached that another process runs, or ran until it was killed."""
    try:
        return (settings.data_dir / _NOTE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


async def open_at(url: str, settings: Settings, wait: float = 0.0) -> Store:
    """Raises what Store.open raises."""
    return await Store.open(
        url,
        prefix=settings.key_prefix,
        partitions=settings.partitions,
        feed_length=settings.feed_length,
        wait=wait,
    )


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store for one command. Call it in the main thread.

    Without REDIS_URL that is the embedded store which a `dragoman serve` on the same data folder runs; where none
    runs, it is started and ended again. Raises StoreError.
    """
    if settings.redis_url:
        async with _closing(await open_at(settings.redis_url, settings)) as store:
            yield store
        return
    url = noted_url(settings)
    if url is not None:
        try:
            store = await open_at(url, settings)
        except StoreUnavailable:
            url = None
    if url is None:
        embedded = Embedded(folder(settings))
        try:
            embedded.start()
            await embedded.ready()
            async with _closing(await open_at(embedded.url, settings)) as store:
                yield store
        finally:
            await embedded.stop()
    else:
        async with _closing(store):
            yield store


@asynccontextmanager
async def _closing(store: Store) -> AsyncIterator[Store]:
    try:
        yield store
    finally:
        await store.close()

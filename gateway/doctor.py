"""`dragoman doctor`: what is missing on this machine, and how to get it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TextIO

from gateway import address, local_store
from gateway.settings import Settings
from store.embedded import Embedded
from store.errors import StoreError, StoreUnavailable

# Packages with a compiled core: installed does not mean that they load on this machine.
_COMPILED = (
    "aiohttp", "msgspec", "hiredis", "numpy", "onnxruntime", "ctranslate2", "sentencepiece", "argon2", "ahocorasick",
    "regex",
)  # fmt: skip
_INSTALL = "make install (or: pip install --require-hashes --no-deps -r requirements/serve.txt)"


@dataclass(frozen=True)
class Finding:
    """What was found about one thing. ``missing`` keeps Dragoman from working, ``note`` is worth knowing."""

    state: Literal["ok", "note", "missing"]
    about: str
    remedy: str = ""


def examine(settings: Settings, *, tests: bool) -> Iterator[Finding]:
    """Look at everything in turn. ``tests``: what only the tests need counts as needed. Call it in the main thread."""
    yield _python(sys.version_info[:3], platform.python_implementation())
    yield from _packages()
    yield _folder(settings.data_dir)
    yield from asyncio.run(_store(settings))
    yield from _models(settings)
    yield _port(settings)
    yield _processor(Path("/proc/cpuinfo"), platform.machine())
    for command, package in (("chromium", "chromium"), ("redis-server", "redis-server")):
        yield _command(command, package, needed=tests)


def report(findings: Iterator[Finding], out: TextIO) -> int:
    """Write one or two lines for each finding. Returns the exit code: 1 if something needed is missing."""
    missing = 0
    for each in findings:
        missing += each.state == "missing"
        out.write(f"{each.state:8} {each.about}\n")
        if each.remedy:
            out.write(f"{'':8} > {each.remedy}\n")
        out.flush()
    out.write(f"\n{missing} missing\n" if missing else "\nDragoman can run here: dragoman serve\n")
    return 1 if missing else 0


def _python(version: Sequence[int], implementation: str) -> Finding:
    shown = f"{implementation} {'.'.join(map(str, version))}"
    if tuple(version) >= (3, 11) and implementation == "CPython":
        return Finding("ok", shown)
    return Finding("missing", f"{shown}; Dragoman needs CPython 3.11 or newer", "sudo apt-get install python3")


def _packages() -> Iterator[Finding]:
    try:
        requirements = metadata.requires("dragoman") or []
    except metadata.PackageNotFoundError:
        yield Finding("missing", "dragoman itself is not installed in this environment", _INSTALL)
        return
    needed = [line for line in requirements if "extra ==" not in line]
    names = [re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0] for line in needed]
    absent = [name for name in names if not _installed(name)]
    broken = [why for name in _COMPILED if not absent and (why := _import_fault(name))]
    if absent:
        yield Finding("missing", f"packages that are not installed: {', '.join(absent)}", _INSTALL)
    for why in broken:
        yield Finding("missing", f"a package does not load: {why}", _INSTALL)
    if not absent and not broken:
        yield Finding("ok", f"all {len(names)} packages that it is made of")


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _import_fault(module: str) -> str | None:
    try:
        importlib.import_module(module)
    except Exception as error:  # a library may fail in any way when it is loaded
        return f"{module}: {error}"
    return None


def _folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            "missing",
            f"data folder {folder.absolute()}: {error.strerror}",
            "set DRAGOMAN_DATA_DIR to a folder of yours",
        )
    free = shutil.disk_usage(folder).free
    shown = f"data folder {folder.absolute()}, {free / 1e9:.1f} GB free"
    if free < 1e9:
        return Finding("note", shown, "a million events take about 0.2 GB; the store stops taking messages when full")
    return Finding("ok", shown)


async def _store(settings: Settings) -> list[Finding]:
    if settings.redis_url:
        return await _look_into(settings.redis_url, settings, "the store at REDIS_URL answers")
    url = local_store.noted_url(settings)
    if url is not None:
        with contextlib.suppress(StoreUnavailable):
            return await _look_into(url, settings, "the embedded store is running")
    with tempfile.TemporaryDirectory(prefix="dragoman-doctor-") as folder:
        embedded = Embedded(Path(folder))
        try:
            embedded.start()
            await embedded.ready(10.0)
        except (StoreError, OSError) as error:
            remedy = "set REDIS_URL to a Redis 7 or Valkey server of your own"
            return [Finding("missing", f"the embedded store does not start: {error}", remedy)]
        finally:
            await embedded.stop()
    return [Finding("ok", "the embedded store starts")]


async def _look_into(url: str, settings: Settings, praise: str) -> list[Finding]:
    """Raises StoreUnavailable only where the embedded store isn't running."""
    try:
        store = await local_store.open_at(url, settings)
    except StoreError as error:
        if settings.redis_url is None and isinstance(error, StoreUnavailable):
            raise
        return [Finding("missing", str(error), "set REDIS_URL to a running Redis 7 or Valkey; unset: embedded store")]
    try:
        concerns = await store.concerns()
    finally:
        await store.close()
    manual = 'see "A Redis of your own" in docs/operations.md'
    return [Finding("ok", praise), *(Finding("note", each, manual) for each in concerns)]


def _models(settings: Settings) -> Iterator[Finding]:
    from models.installed import find

    served = sorted({f"{each.source}-{each.target}" for each in find(settings.models_path)})
    if served:
        yield Finding("ok", f"models for {', '.join(served)}")
    else:
        yield Finding("missing", f"no model in the packages nor in {settings.models_path.absolute()}", _INSTALL)
    ours = settings.working_language.split("-")[0]
    for language in settings.shop_languages:
        theirs = language.split("-")[0]
        for direction in (f"{theirs}-{ours}", f"{ours}-{theirs}"):
            if theirs != ours and direction not in served:
                yield Finding(
                    "note", f"{direction}: no model, messages stay as written", f"dragoman models fetch {direction}"
                )


def _port(settings: Settings) -> Finding:
    try:
        address.free_port(settings.host, settings.port)
    except address.AddressError as error:
        if address.answers(settings.host, settings.port, "/health/live"):
            return Finding("ok", f"a gateway answers on port {settings.port}")
        return Finding("missing", str(error))
    return Finding("ok", f"port {settings.port} of {settings.host} is free" if settings.port else "any free port")


def _processor(cpuinfo: Path, machine: str) -> Finding:
    cores = f"{os.cpu_count()} x {machine}"
    if machine not in ("x86_64", "AMD64"):
        return Finding("ok", cores)
    try:
        flags = set(re.findall(r"\w+", cpuinfo.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return Finding("note", f"{cores}; what the processor can do is not told here")
    if flags & {"avx512_vnni", "avx_vnni"}:
        return Finding("ok", f"{cores} with VNNI, which int8 models gain most from")
    if "avx2" in flags:
        return Finding("note", f"{cores} without VNNI: translation works, more slowly")
    return Finding("note", f"{cores} without AVX2: translation will be slow")


def _command(command: str, package: str, *, needed: bool) -> Finding:
    if shutil.which(command):
        return Finding("ok", f"{command}, for the tests")
    return Finding(
        "missing" if needed else "note", f"no {command}; only the tests need it", f"sudo apt-get install {package}"
    )

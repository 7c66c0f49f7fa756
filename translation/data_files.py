"""Reads the word lists and phrase tables: ours, and those that a shop lays beside them."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any


def load(name: str, own: Path | None = None) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The tables called ``name`` ("pt", "en-pt"): ours first, then the shop's from the folder ``own``, if any.

    And what is wrong with the shop's: a file that cannot be read is left out.
    """
    if not name.replace("-", "").isalpha():
        return [], ()
    found: list[dict[str, Any]] = []
    ours = resources.files("translation").joinpath("data", f"{name}.toml")
    if ours.is_file():
        found.append(tomllib.loads(ours.read_text(encoding="utf-8")))
    if own is not None and (file := own / f"{name}.toml").is_file():
        try:
            found.append(tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            return found, (f"{file}: {error}",)
    return found, ()


def section(table: dict[str, Any], name: str) -> dict[str, str]:
    """A part of a table, without what is no text."""
    part = table.get(name, {})
    return {key: said for key, said in part.items() if isinstance(said, str)} if isinstance(part, dict) else {}

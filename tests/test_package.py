"""What is packed into wheel and image: every file that is needed, and settings that exist."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from gateway import settings

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [each.rstrip("*") for each in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]]


def test_every_data_file_goes_into_the_wheel() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    left_out = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and not any(fnmatch(path.name, p) for p in patterns)
    ]
    assert not left_out, "add their kind to package-data in pyproject.toml"


def test_the_image_holds_every_package() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == set(PACKAGES)
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert all(f"!{package}" in let_in for package in PACKAGES)


def test_container_files_name_only_settings_that_exist() -> None:
    for name in ("Dockerfile", "compose.yaml"):
        used = set(re.findall(r"\bDRAGOMAN_[A-Z_]+\b", (ROOT / name).read_text(encoding="utf-8")))
        assert used - settings.variable_names() <= {"DRAGOMAN_STORE_PASSWORD"}, name


def test_the_lock_files_hold_what_the_project_asks_for() -> None:
    def names(lines: list[str]) -> set[str]:
        found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
        return {re.sub(r"[-_.]+", "-", each[0]).lower() for each in found if each}

    serve = names((ROOT / "requirements/serve.txt").read_text(encoding="utf-8").splitlines())
    dev = names((ROOT / "requirements/dev.txt").read_text(encoding="utf-8").splitlines())
    assert names(PROJECT["project"]["dependencies"]) <= serve
    assert names(PROJECT["dependency-groups"]["dev"]) <= dev
    assert serve <= dev
    assert not {"torch", "transformers"} & serve, "hundreds of megabytes that serving doesn't need"
    # The tests compare with transformers; torch comes by a line of its own in the Makefile, as a build for the CPU.
    assert "torch" not in dev, "gigabytes for graphics cards"

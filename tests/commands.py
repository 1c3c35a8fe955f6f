"""Runs `threefold` as a user does: in processes of its own, told by the environment where the servers are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graph.local.servers import Addresses

THREEFOLD = [sys.executable, "-m", "graph"]


@dataclass(slots=True)
class Shell:
    """An environment for commands. `answer` gives the JSON and the exit code of one."""

    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: object, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        command = [*THREEFOLD, *map(str, words)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | self.env, timeout=timeout
        )

    def answer(self, *words: object) -> tuple[Any, int]:
        done = self.run(*words, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout), done.returncode

    def ok(self, *words: object) -> Any:
        answer, code = self.answer(*words)
        assert code == 0, answer
        return answer

    def start(self, *words: object, **popen: Any) -> subprocess.Popen[str]:
        command = [*THREEFOLD, *map(str, words)]
        return subprocess.Popen(command, env=os.environ | self.env, text=True, **popen)


def shell_at(addresses: Addresses, home: Path, **more: str) -> Shell:
    """Commands over servers at these addresses, with short leases."""
    return Shell(
        {
            "THREEFOLD_HOME": str(home),
            "THREEFOLD_NEO4J_URI": addresses.neo4j_uri,
            "THREEFOLD_NEO4J_USER": addresses.neo4j_user,
            "THREEFOLD_NEO4J_PASSWORD": addresses.neo4j_password,
            "THREEFOLD_REDIS_URL": addresses.redis_url,
            "THREEFOLD_LEASE_MS": "1000",
            "THREEFOLD_WORKER_IDLE_MS": "2000",
            "THREEFOLD_SWEEP_S": "2",
        }
        | more
    )


def wait_until(holds: Callable[[], Any], timeout: float = 60) -> Any:
    """What the condition gives once it holds; fails after the timeout."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {timeout} s")

"""The product as its benches drive it: its own commands, as processes, on fresh local servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.local.servers import LocalServers
from graph.settings import Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

THREEFOLD = [sys.executable, "-m", "graph"]
PAUSE_S = 5


def add_arguments(parser: argparse.ArgumentParser, members: int, orders: int) -> None:
    """How large the network is, and what it is filled with."""
    parser.add_argument("--members", type=int, default=members)
    parser.add_argument("--orders", type=int, default=orders)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--heap-mb", type=int, default=1024)


@contextmanager
def fresh_servers(heap_mb: int = 1024) -> Iterator[Path]:
    """A folder of its own with servers that this process and its commands find by their environment."""
    with tempfile.TemporaryDirectory(prefix="threefold-bench-") as folder:
        home = Path(folder) / "home"
        with LocalServers(home, Settings().cache, heap_mb=heap_mb) as servers:
            os.environ |= {
                "THREEFOLD_HOME": str(home),
                "THREEFOLD_NEO4J_URI": servers.addresses.neo4j_uri,
                "THREEFOLD_NEO4J_USER": servers.addresses.neo4j_user,
                "THREEFOLD_NEO4J_PASSWORD": servers.addresses.neo4j_password,
                "THREEFOLD_REDIS_URL": servers.addresses.redis_url,
            }
            yield Path(folder)


def cli(*words: object) -> dict[str, Any]:
    done = subprocess.run([*THREEFOLD, *map(str, words), "--json"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def measured(*words: object) -> tuple[dict[str, Any], int]:
    """A command's answer and its peak memory in MiB."""
    child = subprocess.Popen([*THREEFOLD, *map(str, words), "--json"], stdout=subprocess.PIPE, text=True)
    peak = 0
    while child.poll() is None:
        peak = max(peak, peak_mib(child.pid))
        time.sleep(0.1)
    if child.returncode:
        raise SystemExit(f"threefold {words[0]} failed with {child.returncode}")
    return json.load(child.stdout), peak


def status() -> dict[str, Any]:
    return cli("status")


def until(reached: Callable[[], bool]) -> float:
    """Seconds until the condition holds, asked now and then: asking costs the machine a second of its own."""
    began = time.monotonic()
    while not reached():
        time.sleep(PAUSE_S)
    return time.monotonic() - began


@contextmanager
def role(peaks: dict[str, int], *names: str) -> Iterator[None]:
    """Processes of these roles while the block runs; their peak memory afterwards."""
    children = [subprocess.Popen([*THREEFOLD, name], stderr=subprocess.DEVNULL) for name in names]
    try:
        yield
        for number, (name, child) in enumerate(zip(names, children, strict=True), start=1):
            peaks[f"{name} {number}"] = peak_mib(child.pid)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def peak_mib(pid: int) -> int:
    """VmHWM of a process, in MiB; 0 once it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), 0)


def show(stage: str, count: int, seconds: float) -> None:
    print(f"{stage:15} {count:8} in {seconds:6.1f} s  {count / seconds:8.0f} a second", flush=True)

"""The servers themselves: what they keep, whom they let in, and what is left when something is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j
import pytest
import redis
from platformdirs import user_cache_path

from graph.errors import LocalServerFailed
from graph.local import child
from graph.local.home import Home
from graph.local.neo4j_launch import Neo4jLaunch
from graph.local.servers import LocalServers, RunningServers, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.local.servers import Addresses

CACHE = Path(os.environ.get("THREEFOLD_CACHE") or user_cache_path("threefold"))
HOLDER = """
import signal, sys, time
from pathlib import Path
from graph.local.servers import LocalServers
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background hands down that it is ignored
with LocalServers(Path(sys.argv[1]), Path(sys.argv[2]), neo4j=sys.argv[3] == "both", heap_mb=512) as servers:
    servers.announce(api="http://127.0.0.1:8000")
    print(*servers.pids.values(), flush=True)
    time.sleep(600)
"""


def holder(home: Path, which: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that runs servers on the home, and the pids of those servers."""
    command = [sys.executable, "-c", HOLDER, str(home), str(CACHE), which]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, [int(pid) for pid in process.stdout.readline().split()]


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGKILL) -> None:
    process.send_signal(number)
    process.communicate(timeout=30)


def is_gone(pid: int, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


def names(addresses: Addresses) -> list[str]:
    """What Neo4j keeps of the writes, in order of name."""
    auth = (addresses.neo4j_user, addresses.neo4j_password)
    with neo4j.GraphDatabase.driver(addresses.neo4j_uri, auth=auth) as driver:
        records, _, _ = driver.execute_query("MATCH (p:Probe) RETURN p.name AS name ORDER BY name")
        return [record["name"] for record in records]


def write(addresses: Addresses, name: str) -> None:
    """One fact into each server."""
    auth = (addresses.neo4j_user, addresses.neo4j_password)
    with neo4j.GraphDatabase.driver(addresses.neo4j_uri, auth=auth) as driver:
        driver.execute_query("CREATE (:Probe {name: $name})", name=name)
    with redis.Redis.from_url(addresses.redis_url) as client:
        client.rpush("probes", name)


def probes(addresses: Addresses) -> list[bytes]:
    with redis.Redis.from_url(addresses.redis_url) as client:
        return list(client.lrange("probes", 0, -1))


def listening(pid: int) -> set[str]:
    """The addresses that a process listens on (state 0A of the kernel's tables, IPv4 in IPv4 or in IPv6)."""
    inodes = {str(link.readlink())[8:-1] for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    local = [row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]
    return {socket.inet_ntoa(bytes.fromhex(address[-8:])[::-1]) for address in local}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path that is awkward on purpose."""
    return tmp_path_factory.mktemp("örtlich") / "a home"


@pytest.fixture(scope="module")
def killed(home: Path) -> list[int]:
    """A holder wrote to both servers and was killed; the pids that its servers had."""
    process, pids = holder(home, "both")
    found = running(home)
    assert isinstance(found, RunningServers)
    assert (found.pid, found.api) == (process.pid, "http://127.0.0.1:8000")
    second = LocalServers(home, CACHE)
    with pytest.raises(LocalServerFailed, match=f"held by process {process.pid} since"), second:
        pass
    write(found.addresses, "before the kill")
    end(process)
    return pids


@pytest.fixture(scope="module")
def servers(home: Path, killed: list[int]) -> Iterator[LocalServers]:
    with LocalServers(home, CACHE, heap_mb=512) as servers:
        yield servers


def test_a_killed_holder_leaves_no_server(killed: list[int]) -> None:
    assert len(killed) == 2
    assert all(is_gone(pid) for pid in killed)


def test_what_was_written_survives_the_kill(servers: LocalServers) -> None:
    assert names(servers.addresses) == ["before the kill"]
    assert probes(servers.addresses) == [b"before the kill"]


def test_passwords_and_addresses_are_private(home: Path, servers: LocalServers) -> None:
    private = ("secrets.json", "running.json", "redis/redis.conf", "neo4j/conf/neo4j.conf")
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in private} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert not (home / "neo4j" / "conf" / "first-password").exists()


def test_no_password_stands_in_a_command_line(home: Path, servers: LocalServers) -> None:
    secrets = Home(home).secrets()
    for pid in servers.pids.values():
        for text in (Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/environ").read_bytes()):
            assert secrets.neo4j_password.encode() not in text
            assert secrets.redis_password.encode() not in text


def test_both_ask_for_the_password(servers: LocalServers) -> None:
    uri = servers.addresses.neo4j_uri
    with (
        neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver,
        pytest.raises(neo4j.exceptions.AuthError),
    ):
        driver.verify_connectivity()
    port = int(servers.addresses.redis_url.rpartition(":")[2].partition("/")[0])
    with redis.Redis(port=port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_nothing_listens_beyond_the_loopback(servers: LocalServers) -> None:
    assert {address for pid in servers.pids.values() for address in listening(pid)} == {"127.0.0.1"}


def test_a_server_comes_back_on_its_port_with_its_data(servers: LocalServers) -> None:
    before = servers.addresses
    pids = dict(servers.pids)
    write(before, "in order")
    for stop, start in (
        (servers.stop_redis, servers.start_redis),
        (servers.stop_neo4j, servers.start_neo4j),
    ):
        stop()
        assert servers.dead() is None
        start()
    assert not set(pids.values()) & set(servers.pids.values())
    assert names(before) == ["before the kill", "in order"]
    assert probes(before) == [b"before the kill", b"in order"]


def test_a_server_that_dies_is_named(servers: LocalServers) -> None:
    os.kill(servers.pids["redis"], signal.SIGKILL)
    assert is_gone(servers.pids["redis"])
    deadline = time.monotonic() + 5
    while servers.dead() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert servers.dead() == "redis"
    servers.start_redis()
    assert servers.dead() is None
    assert probes(servers.addresses)[-1] == b"in order"


def test_a_redis_alone_needs_no_jar(tmp_path: Path) -> None:
    with LocalServers(tmp_path / "home", tmp_path / "cache", neo4j=False) as servers:
        assert servers.addresses.neo4j_uri == servers.addresses.neo4j_user == ""
        assert probes(servers.addresses) == []
        assert list(servers.pids) == ["redis"]
    assert not (tmp_path / "cache").exists()
    assert running(tmp_path / "home") is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_home_is_free_as_soon_as_its_holder_is_dead(tmp_path: Path, number: signal.Signals) -> None:
    process, (server,) = holder(tmp_path, "redis")
    end(process, number)
    with LocalServers(tmp_path, CACHE, neo4j=False) as servers:
        assert probes(servers.addresses) == []
        assert is_gone(server, 0)


def test_a_server_of_an_earlier_start_that_still_runs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PREDECESSOR_SECONDS", 0.2)
    (tmp_path / "redis").mkdir()
    lock = tmp_path / "redis" / "lock"
    lock.write_text("4242\n")
    blocked = LocalServers(tmp_path, CACHE, neo4j=False)
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LocalServerFailed, match=r"redis of an earlier start .* process 4242"), blocked:
            pass


def test_a_port_that_is_taken_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1], *(child.free_port() for _ in range(9))])
        monkeypatch.setattr(child, "free_port", lambda: next(ports))
        with LocalServers(tmp_path, CACHE, neo4j=False) as servers:
            assert probes(servers.addresses) == []
            assert str(taken.getsockname()[1]) not in servers.addresses.redis_url


def test_a_server_that_fails_says_why_and_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Neo4jLaunch.settings
    monkeypatch.setattr(Neo4jLaunch, "settings", lambda *a: settings(*a).replace("=10m", "=soon"))
    broken = LocalServers(tmp_path, CACHE, redis=False)
    with pytest.raises(LocalServerFailed, match=r"neo4j did not start: .*db\.transaction\.timeout") as failed, broken:
        pass
    assert "logs/neo4j.log" in failed.value.remedy
    assert Home(tmp_path).holder() is None

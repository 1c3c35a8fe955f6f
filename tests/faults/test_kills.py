"""The real orders come in while processes are killed and Redis is away; the exports are the same, byte for byte."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Self

import pytest
from commands import Shell, shell_at, wait_until
from conftest import empty

from graph.local.servers import LocalServers
from graph.settings import Settings
from graph.wiring import open_services

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

REAL = Path(__file__).parents[2] / "seeds" / "real"
ROLES = ("relay", "worker", "worker")
SEED = 20261123


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServers]:
    with LocalServers(tmp_path_factory.mktemp("home"), Settings().cache) as running:
        yield running


@pytest.fixture
def shell(servers: LocalServers, tmp_path: Path) -> Shell:
    """Commands over an emptied database with the real members in it."""
    made = shell_at(servers.addresses, tmp_path)
    made.ok("migrate")

    async def clean() -> None:
        async with open_services(Settings(), servers.addresses) as services:
            await empty(services)

    asyncio.run(clean())
    made.ok("import", "--members", REAL / "members.csv")
    return made


@pytest.fixture(scope="module")
def calm(servers: LocalServers, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rewards of a run in which nothing goes wrong."""
    folder = tmp_path_factory.mktemp("calm")
    made = shell_at(servers.addresses, folder)
    made.ok("migrate")
    made.ok("import", "--members", REAL / "members.csv", "--orders", REAL / "orders.csv")
    with Crew(made):
        return drained(made, folder)


class Crew:
    """A relay and two workers, in processes that may be killed."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.kills = dict.fromkeys(ROLES, 0)
        self.members: list[tuple[str, subprocess.Popen[str]]] = []

    def __enter__(self) -> Self:
        self.members = [(role, self._hire(role)) for role in ROLES]
        return self

    def __exit__(self, *_: object) -> None:
        for _, process in self.members:
            process.send_signal(signal.SIGTERM)
        for _, process in self.members:
            process.wait(30)

    def kill_one(self, random: Random) -> None:
        """SIGKILLs one at random; another takes its place at once."""
        place = random.randrange(len(self.members))
        role, process = self.members[place]
        process.kill()
        process.wait()
        self.kills[role] += 1
        self.members[place] = (role, self._hire(role))

    def _hire(self, role: str) -> subprocess.Popen[str]:
        with (Path(self.shell.env["THREEFOLD_HOME"]) / f"{role}.log").open("a") as log:
            return self.shell.start(role, stderr=log)


def drained(shell: Shell, folder: Path) -> bytes:
    shell.ok("drain")
    shell.ok("export", "rewards", "-o", folder / "rewards.csv")
    return (folder / "rewards.csv").read_bytes()


def test_kills_at_random_moments_change_no_byte(calm: bytes, shell: Shell, tmp_path: Path) -> None:
    random = Random(SEED)
    with Crew(shell) as crew:
        importing = shell.start("import", "--orders", REAL / "orders.csv")
        while importing.poll() is None or sum(crew.kills.values()) < 12:
            with pytest.raises(AssertionError):
                wait_until(lambda: False, random.uniform(0.5, 3.0))
            crew.kill_one(random)
        assert importing.returncode == 0
        assert drained(shell, tmp_path) == calm
    assert all(crew.kills.values()), crew.kills
    print(f"killed: {crew.kills}")


def test_an_import_killed_half_way_is_run_again(calm: bytes, shell: Shell, tmp_path: Path) -> None:
    with Crew(shell):
        for _ in range(2):
            importing = shell.start("import", "--orders", REAL / "orders.csv")
            accepted = shell.ok("status")["numbered"]
            wait_until(lambda: shell.ok("status")["numbered"] > accepted or importing.poll() is not None)  # noqa: B023
            importing.kill()
            importing.wait()
        shell.ok("import", "--orders", REAL / "orders.csv")
        assert drained(shell, tmp_path) == calm


def test_orders_are_accepted_while_redis_is_away(
    calm: bytes, servers: LocalServers, shell: Shell, tmp_path: Path
) -> None:
    with Crew(shell):
        servers.stop_redis()
        try:
            answer = shell.ok("import", "--orders", REAL / "orders.csv")
            assert answer["accepted"] == {"orders": 18532}
            wait_until(lambda: shell.ok("status")["waiting"] == 0)
            assert shell.ok("status")["applied"] < 18532
        finally:
            servers.start_redis()
        assert drained(shell, tmp_path) == calm

"""The hostile inputs, each against a real server: never a 5xx, alive afterwards, and what must come of it came of it.

The CPU time of what each cost the server is printed (`-s`); its bounds are held by bench/guard.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from access import token
from attacks.everything import ATTACKS, MISSING
from attacks.inside import Inside
from attacks.target import Attack, Target
from conftest import empty

from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.local.servers import Addresses
    from graph.settings import Settings

TESTS = Path(__file__).parents[1]
VIEWER = "vic"
"""The member whose token is attacked with; enrolled by the attack that needs them."""


def test_all_28_are_here() -> None:
    assert [attack.number for attack in ATTACKS] == list(range(1, 29))
    assert MISSING == {}


class Server:
    """A process of `attacks.server`, and what it has used and logged."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.log = log
        path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "attacks.server"],
                env=os.environ | env | {"PYTHONPATH": path},
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        assert self.url, log.read_text()

    def cpu_ms(self) -> float:
        """What its threads have used so far."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6

    def stop(self) -> None:
        with self.process as process:  # which closes its pipe
            process.terminate()
            process.wait(30)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inside(settings: Settings, migrated: Addresses) -> AsyncIterator[Inside]:
    """The same installation, emptied."""
    async with open_services(settings, migrated) as services:
        await empty(services)
        yield Inside(services)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(
    settings: Settings, migrated: Addresses, inside: Inside, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    env = {
        "THREEFOLD_HOME": str(settings.home),
        "THREEFOLD_NEO4J_URI": migrated.neo4j_uri,
        "THREEFOLD_NEO4J_USER": migrated.neo4j_user,
        "THREEFOLD_NEO4J_PASSWORD": migrated.neo4j_password,
        "THREEFOLD_REDIS_URL": migrated.redis_url,
        "THREEFOLD_BODY_WITHIN_S": "2",
        "THREEFOLD_BUDGET_POINTS": "1000000",
        "THREEFOLD_PARTITIONS": str(settings.partitions),
        "THREEFOLD_LEASE_MS": str(settings.lease_ms),
    }
    running = Server(env, tmp_path_factory.mktemp("attacked") / "server.log")
    yield running
    running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def target(server: Server, settings: Settings, inside: Inside) -> AsyncIterator[Target]:
    found = Target(server.url, token(settings), token(settings, member_id=VIEWER), inside=inside)
    found.log = server.log.read_text
    yield found
    await found.http.aclose()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.number}")
async def test_attack(server: Server, target: Target, attack: Attack) -> None:
    before = server.cpu_ms()
    await attack.run(target)
    used = (server.cpu_ms() - before) / max(len(target.answers), 1)
    print(f"{attack.number:3} {used:6.1f} ms CPU a request, {len(target.answers)} requests: {attack.what}")
    assert [answer.status for answer in target.answers if answer.status >= 500] == []
    assert target.left_out == []
    assert (await target.http.get(f"{server.url}/livez")).status_code == 200
    assert (await target.ask("{ plans { id } }")).status == 200

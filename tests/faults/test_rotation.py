"""The process that rotates the master key is killed at random moments, while others read, write and enrol."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest
from commands import shell_at
from people import id_number_of, person, phone_of

from graph.identity import IdentityField
from graph.local.servers import LocalServers
from graph.privacy_errors import DecryptionFailed
from graph.settings import Settings
from graph.store.acceptance import Accepted
from graph.store.person_keys import NO_TIME
from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graph.wiring import Services

KILLS, SEED, AT_FIRST = 20, 20261123, 600
ROTATES = """
import asyncio, sys
from graph.settings import Settings
from graph.wiring import open_services

async def main():
    async with open_services(Settings()) as services:
        await services.database.ping()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await services.person_keys.rotate("a test", lambda *_: None, at_once=20)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServers]:
    with LocalServers(tmp_path_factory.mktemp("home"), Settings().cache) as running:
        yield running


class Load:
    """Readers who know what every value must be, and a writer who enrols more people."""

    def __init__(self, services: Services) -> None:
        self.services, self.people, self.reads, self.stop = services, 0, 0, asyncio.Event()

    async def enrol(self, count: int) -> None:
        numbers = range(self.people, self.people + count)
        wishes = [(number, person(f"m{number}", number)) for number in numbers]
        outcomes = await self.services.members.enrol(wishes, await self.services.clock().stamp())
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        self.people += count

    async def read(self, services: Services, numbers: range | list[int]) -> None:
        """Every value as it was written; no opened key is remembered."""
        services.people.keyring.forget()
        found = await services.people.of_members([f"m{number}" for number in numbers])
        for number in numbers:
            one = found[f"m{number}"]
            values = [services.people.shown(one, name) for name in IdentityField]
            assert values == [f"Name of m{number}", phone_of(number), id_number_of(number)]
            self.reads += 1

    async def keep_reading(self) -> None:
        random = Random(SEED)
        while not self.stop.is_set():
            await self.read(self.services, random.sample(range(self.people), 20))

    async def keep_enrolling(self) -> None:
        while not self.stop.is_set():
            await self.enrol(3)
            await asyncio.sleep(0.02)


async def a_rotator(env: dict[str, str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ROTATES, env=os.environ | env, stdin=pipe, stdout=pipe
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def kill_rotations(env: dict[str, str]) -> int:
    """Begins a rotation, or goes on with one, and kills it a moment later; how often it was killed in its work."""
    random, killed = Random(SEED), 0
    upcoming = asyncio.create_task(a_rotator(env))
    while killed < KILLS:
        rotator = await upcoming
        upcoming = asyncio.create_task(a_rotator(env))
        assert rotator.stdin
        rotator.stdin.write(b"go\n")
        await asyncio.sleep(random.uniform(0.0, 0.4))
        if rotator.returncode is None:
            rotator.kill()
            killed += 1
        await rotator.wait()
    last = await upcoming
    last.kill()
    await last.wait()
    return killed


async def test_every_value_is_readable_however_often_a_rotation_is_killed(
    servers: LocalServers, tmp_path: Path
) -> None:
    env = shell_at(servers.addresses, tmp_path).env
    async with open_services(Settings(home=tmp_path), servers.addresses) as services:
        await services.migrate()
        load = Load(services)
        await load.enrol(AT_FIRST)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(load.keep_reading())
            tasks.create_task(load.keep_enrolling())
            killed = await kill_rotations(env)
            under_old = await services.person_keys.kids()
            last = await services.person_keys.rotate("a test", lambda *_: None)
            load.stop.set()
        await services.person_keys.rotate("a test", lambda *_: None)
        keyring = services.people.keyring
        assert await services.person_keys.kids() == {keyring.masters.active: load.people}
        old = sorted(keyring.files.keys().masters.keys() - {keyring.masters.active})
        for kid in old:
            await services.person_keys.retire(kid, "a test", NO_TIME)
        assert set(keyring.files.keys().masters) == {keyring.masters.active}
    async with open_services(Settings(home=tmp_path), servers.addresses) as services:
        await load.read(services, range(load.people))
        assert await services.erasure.checked() == 0
    print(
        f"{killed} kills, {len(old)} retired keys, kids at the last kill {under_old}, {last}, "
        f"{load.people} people, {load.reads} reads"
    )
    assert load.people > AT_FIRST
    await without_the_key_nothing_is_readable(servers, load, tmp_path)


async def without_the_key_nothing_is_readable(servers: LocalServers, load: Load, home: Path) -> None:
    """The control: the reader above would have noticed a key that went too early."""
    shutil.copytree(home / "privacy", home / "other" / "privacy")
    file = home / "other" / "privacy" / "keys.json"
    row = json.loads(file.read_text())
    (kid,) = row["masters"]
    row["masters"] = {"another": row["masters"][kid]}
    row["active"] = "another"
    file.write_text(json.dumps(row))
    async with open_services(Settings(home=home / "other"), servers.addresses) as services:
        with pytest.raises(DecryptionFailed):
            await load.read(services, range(1))

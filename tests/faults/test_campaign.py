"""Seeded campaigns on the real Neo4j and Redis: processes and servers killed, replies to commits cut; money exact.

`THREEFOLD_CAMPAIGN=1-200` runs other seeds than those of CI.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from bolt_proxy import BoltProxy
from commands import Shell, shell_at, wait_until
from conftest import empty
from real_stories import HISTORIES, Story, publish, told

from graph.errors import Unavailable
from graph.local.servers import Addresses, LocalServers
from graph.settings import Settings
from graph.verification.oracle import recount
from graph.wiring import open_services

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from graph.wiring import Services

FIRST, LAST = map(int, os.environ.get("THREEFOLD_CAMPAIGN", "1-20").split("-"))
ROLES = ("relay", "worker", "worker")
FAULTS = ("worker", "worker", "relay", "cut", "cut", "cut", "redis", "neo4j")
STEPS, FACTS_A_STEP, FAULTS_A_SEED = 6, 12, 4


@dataclass
class Site:
    """Real servers, a proxy before Neo4j, and what was done to them in all seeds."""

    servers: LocalServers
    proxy: BoltProxy
    folder: Path
    done: Counter[str] = field(default_factory=Counter)
    crew: list[tuple[str, subprocess.Popen[str]]] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def addresses(self) -> Addresses:
        """Neo4j through the proxy."""
        real = self.servers.addresses
        return Addresses(f"bolt://127.0.0.1:{self.proxy.port}", real.neo4j_user, real.neo4j_password, real.redis_url)

    @property
    def shell(self) -> Shell:
        return shell_at(self.addresses, self.folder)

    def hire(self, role: str) -> subprocess.Popen[str]:
        with (self.folder / f"{role}.log").open("a") as log:
            return self.shell.start(role, stdout=log, stderr=log)

    def strike(self, chance: random.Random) -> None:
        """One fault at random; what was killed comes back at once."""
        fault = chance.choice(FAULTS)
        self.done[fault] += 1
        if fault == "cut":
            self.proxy.cut(chance.randint(1, 4))
        elif fault in {"redis", "neo4j"}:
            os.kill(self.servers.pids[fault], signal.SIGKILL)
            wait_until(lambda: self.servers.dead() == fault)
            (self.servers.start_redis if fault == "redis" else self.servers.start_neo4j)()
        else:
            places = [place for place, (role, _) in enumerate(self.crew) if role == fault]
            process = self.crew[chance.choice(places)][1]
            process.kill()
            process.wait()
            self.replace_the_fallen()

    def replace_the_fallen(self) -> None:
        """As a supervisor does: a process that begins while Neo4j is away ends at once, and is begun again."""
        with self.changing:
            self.crew = [(role, p if p.poll() is None else self.hire(role)) for role, p in self.crew]

    async def supervise(self) -> None:
        while True:
            await asyncio.sleep(1)
            await asyncio.to_thread(self.replace_the_fallen)

    def dismiss(self) -> None:
        for _, process in self.crew:
            process.kill()
            process.wait()
        self.crew = []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        servers = stack.enter_context(LocalServers(tmp_path_factory.mktemp("home"), Settings().cache))
        proxy = stack.enter_context(BoltProxy(int(servers.addresses.neo4j_uri.rsplit(":", 1)[1])))
        made = Site(servers, proxy, tmp_path_factory.mktemp("site"))
        stack.callback(made.dismiss)
        made.shell.ok("migrate")
        yield made
    print(f"faults: {dict(made.done)}; commits whose reply was lost: {proxy.ambiguous}")


@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
def test_each_fact_is_paid_once_whatever_is_killed(site: Site, seed: int) -> None:
    asyncio.run(_campaign(site, seed))


def test_some_commits_were_ambiguous(site: Site) -> None:
    """Otherwise the campaign has not tried what it is for."""
    assert site.proxy.ambiguous > 0


async def _campaign(site: Site, seed: int) -> None:
    chance = random.Random(seed)
    history = HISTORIES[chance.choice(sorted(HISTORIES))]
    async with open_services(Settings(home=site.folder), site.addresses) as services:
        await empty(services)
        site.crew = [(role, site.hire(role)) for role in ROLES]
        supervisor = asyncio.create_task(site.supervise())
        story = Story(services)
        await _insist(lambda: story.join(chance, 15))
        strikes = Counter(chance.randrange(STEPS) for _ in range(FAULTS_A_SEED))
        for step in range(STEPS):
            if step % (STEPS // len(history)) == 0:
                rules = history[step * len(history) // STEPS]
                await _insist(lambda rules=rules, step=step: publish(services, rules, f"plan {step}"))  # type: ignore[misc]
            facts = story.imagine(chance, FACTS_A_STEP)
            telling = asyncio.create_task(_insist(lambda facts=facts: story.tell(facts)))  # type: ignore[misc]
            for _ in range(strikes[step]):
                await asyncio.sleep(chance.uniform(0, 0.5))
                await asyncio.to_thread(site.strike, chance)
            await telling
        site.proxy.calm()
        try:
            await asyncio.to_thread(site.shell.ok, "drain")
        finally:
            supervisor.cancel()
            await asyncio.wait([supervisor])
            site.dismiss()
        await _compare(services, story)


async def _insist(work: Callable[[], Awaitable[Any]]) -> None:
    """Asks again while something is away, as a client does; ids make that harmless."""
    while True:
        try:
            await work()
        except Unavailable:
            await asyncio.sleep(0.2)
        else:
            return


async def _compare(services: Services, story: Story) -> None:
    facts = await told(services)
    completed = [fact["order_id"] for fact in facts if fact["kind"] == "completed"]
    assert sorted(completed) == sorted(story.left)
    expected = recount(story.referrers, facts).rewards
    posted = await services.ledger.rewards_between(-1, 10**12)
    assert {
        (r.order_id, r.rule.value, r.beneficiary_id, r.level, r.anchor_order_id): r.amount_minor
        for r in posted
        if r.amount_minor
    } == {key: line.amount_minor for key, line in expected.items() if line.amount_minor}
    sums: Counter[str] = Counter()
    for entry in await services.ledger.entries_between(-1, 10**12):
        sums[entry.reward_id] += entry.amount_minor if entry.debit == "company:rewards" else -entry.amount_minor
    assert {reward_id: amount for reward_id, amount in sums.items() if amount} == {
        r.reward_id: r.amount_minor for r in posted if r.amount_minor
    }

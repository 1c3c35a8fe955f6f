"""Real servers for the tests: those at an address if one is given, else containers if an engine answers, else local.

`store` is what most tests want: services over an emptied, migrated database and a flushed Redis.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from graph.local.servers import Addresses, LocalServers
from graph.settings import Settings
from graph.wiring import Services, open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

IMAGES = NEO4J_IMAGE, REDIS_IMAGE = "neo4j:5.26-community", "redis:7.2"
EMPTY = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
NEW_LOG = "MERGE (l:Log {name: 'events'}) ON CREATE SET l.seq = 0, l.mark = 0, l.published_seq = 0, l.applied_seq = 0"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with short leases, so that what is taken over is taken over soon."""
    home = tmp_path_factory.mktemp("home")
    return Settings(home=home, lease_ms=2000, worker_idle_ms=2000, sweep_s=1.0, partitions=8)


@pytest.fixture(scope="session")
def addresses(settings: Settings) -> Iterator[Addresses]:
    """Where the servers of this test run answer."""
    given = os.environ.get("THREEFOLD_TEST_NEO4J_URI")
    if given:
        yield Addresses(
            given,
            os.environ.get("THREEFOLD_TEST_NEO4J_USER", "neo4j"),
            os.environ["THREEFOLD_TEST_NEO4J_PASSWORD"],
            os.environ["THREEFOLD_TEST_REDIS_URL"],
        )
        return
    with ExitStack() as stack:
        if docker_has_images():
            yield stack.enter_context(containers())
        else:
            yield stack.enter_context(LocalServers(settings.home, settings.cache)).addresses


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(settings: Settings, addresses: Addresses) -> Addresses:
    """The addresses, once their database has all migrations."""
    async with open_services(settings, addresses) as services:
        await services.database.schema(EMPTY)  # what an earlier run left was sealed by keys that are gone
        await services.migrate()
    return addresses


@pytest_asyncio.fixture(loop_scope="session")
async def store(settings: Settings, migrated: Addresses) -> AsyncIterator[Services]:
    """Services over an empty network under the default plan."""
    async with open_services(settings, migrated) as services:
        await empty(services)
        yield services


async def empty(services: Services) -> None:
    """Removes all but the schema, and begins anew."""
    for kept in ("audit", "privacy"):
        shutil.rmtree(services.settings.home / kept, ignore_errors=True)
    await services.database.schema(EMPTY)
    await services.database.schema(NEW_LOG)
    await services.news.redis.flushall()
    await services.migrate()


def docker_has_images() -> bool:
    """Whether a container engine runs here that has the images, or can get them."""
    return _docker("info", timeout=10) and all(
        _docker("image", "inspect", image, timeout=10) or _docker("pull", image, timeout=300) for image in IMAGES
    )


def _docker(*words: str, timeout: float) -> bool:
    try:
        return subprocess.run(["docker", *words], capture_output=True, timeout=timeout, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@contextmanager
def containers() -> Iterator[Addresses]:
    """Neo4j and Redis in containers."""
    from testcontainers.community.neo4j import Neo4jContainer
    from testcontainers.community.redis import RedisContainer

    with (
        Neo4jContainer(NEO4J_IMAGE, password="threefold") as neo4j,
        RedisContainer(REDIS_IMAGE) as redis,
    ):
        port = redis.get_exposed_port(6379)
        redis_url = f"redis://{redis.get_container_host_ip()}:{port}/0"
        yield Addresses(neo4j.get_connection_url(), "neo4j", "threefold", redis_url)

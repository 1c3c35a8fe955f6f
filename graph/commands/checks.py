"""The checks of `threefold doctor`: each names one thing that can be wrong, and how to mend it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.errors import SchemaOutdated, ThreefoldError, Unavailable
from graph.local.jar_lock import locked_jars
from graph.local.jars import damaged
from graph.store.migrations import assert_migrated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from graph.settings import Settings
    from graph.wiring import Services

FREE_MIB = 1024
"""Below this much free disk, Neo4j may soon refuse to write."""
FAR_BEHIND = 100_000


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `code` is stable; `remedy` is empty when all is well."""

    name: str
    ok: bool
    message: str
    code: str = ""
    remedy: str = ""
    is_down: bool = False
    """Whether something outside does not answer, rather than being wrong."""


async def passes(name: str, work: Awaitable[object], message: str) -> Check:
    """A check that is well unless the work raises one of our errors."""
    try:
        await work
    except ThreefoldError as fault:
        return failed(name, fault)
    return Check(name, ok=True, message=message)


def failed(name: str, fault: ThreefoldError) -> Check:
    """A finding from one of our errors."""
    down = isinstance(fault, Unavailable) and not isinstance(fault, SchemaOutdated)
    return Check(name, ok=False, message=fault.message, code=fault.code, remedy=fault.remedy, is_down=down)


def check_disk(settings: Settings) -> Check:
    """Whether there is room where the data are."""
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free >> 20
    if free < FREE_MIB:
        return Check("disk", ok=False, message=f"Only {free} MiB are free.", code="DISK_FULL", remedy="Make room.")
    return Check("disk", ok=True, message=f"{free} MiB are free.")


def check_jars(settings: Settings) -> Check:
    """Whether the local Neo4j's jars are whole, every byte."""
    if settings.neo4j_uri:
        return Check("jars", ok=True, message="Not needed: THREEFOLD_NEO4J_URI is set.")
    bad = damaged(locked_jars(), settings.jars)
    if bad:
        return Check(
            "jars",
            ok=False,
            message=f"{len(bad)} of Neo4j's jars are missing or damaged.",
            code="JARS_DAMAGED",
            remedy="Stop `threefold up`, then fetch them again with `threefold doctor --repair`.",
        )
    return Check("jars", ok=True, message=f"All {len(locked_jars())} jars match the lock.")


async def check_services(services: Services) -> AsyncIterator[Check]:
    """Everything that needs Neo4j or Redis, one after the other; what depends on a fault is left out."""
    neo4j = await passes("neo4j", services.database.ping(), "Neo4j answers.")
    yield neo4j
    migrations = None
    if neo4j.ok:
        migrations = await passes("migrations", assert_migrated(services.database), "The database is up to date.")
        yield migrations
    redis = await passes("redis", services.news.ping(), "Redis answers.")
    yield redis
    if redis.ok:
        yield await check_redis_keeps_news(services)
    if migrations and migrations.ok:
        yield await check_dead_letters(services)
        yield await check_backlog(services)


async def check_redis_keeps_news(services: Services) -> Check:
    """Whether Redis may drop news to make room: then rewards come late, though none is lost."""
    policy = await services.news.eviction_policy()
    if policy == "unknown":
        return Check("redis_policy", ok=True, message="Redis does not tell whether it evicts keys.")
    if policy != "noeviction":
        return Check(
            "redis_policy",
            ok=False,
            message=f"Redis evicts keys ({policy}), news among them.",
            code="REDIS_EVICTS",
            remedy="Set maxmemory-policy noeviction for the Redis of THREEFOLD_REDIS_URL.",
        )
    return Check("redis_policy", ok=True, message="Redis keeps what it is given.")


async def check_dead_letters(services: Services) -> Check:
    """Whether scopes wait for somebody to look at them."""
    letters = await services.dead_letters.all()
    if letters:
        return Check(
            "dead_letters",
            ok=False,
            message=f"{len(letters)} dead letter(s) wait.",
            code="DEAD_LETTERS",
            remedy="See `threefold dead-letters`.",
        )
    return Check("dead_letters", ok=True, message="There are no dead letters.")


async def check_backlog(services: Services) -> Check:
    """Whether the engine keeps up."""
    position = await services.log.position()
    behind = await services.log.waiting() + position.seq - position.applied_seq
    if behind > FAR_BEHIND:
        return Check(
            "backlog",
            ok=False,
            message=f"{behind} facts are not applied yet.",
            code="BACKLOG",
            remedy="Check that a relay runs, and start more workers: `threefold worker`.",
        )
    return Check("backlog", ok=True, message=f"{behind} facts are not applied yet.")

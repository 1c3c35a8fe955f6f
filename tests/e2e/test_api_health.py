"""The probes, and what the API still does when a server behind it is gone."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from e2e.api_client import client
from network import accept, joins, run_engine

from graph.wiring import open_services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from graph.local.servers import Addresses
    from graph.settings import Settings
    from graph.wiring import Services

NOBODY_NEO4J = "bolt://127.0.0.1:1"
NOBODY_REDIS = "redis://127.0.0.1:1"


@asynccontextmanager
async def without(settings: Settings, addresses: Addresses, **gone: str) -> AsyncIterator[Services]:
    """Services whose servers are partly at addresses where nobody listens."""
    async with open_services(settings, replace(addresses, **gone)) as services:
        yield services


async def test_a_living_process_says_so_without_asking_anybody(settings: Settings, migrated: Addresses) -> None:
    async with (
        without(settings, migrated, neo4j_uri=NOBODY_NEO4J, redis_url=NOBODY_REDIS) as services,
        client(services) as api,
    ):
        assert (await api.http.get("/livez")).json() == {"alive": True}


async def test_ready_with_everything_there(store: Services) -> None:
    async with client(store) as api:
        response = await api.http.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "degraded": []})


async def test_ready_but_degraded_without_redis(settings: Settings, migrated: Addresses) -> None:
    async with without(settings, migrated, redis_url=NOBODY_REDIS) as services, client(services) as api:
        started = time.monotonic()
        response = await api.http.get("/readyz")
        assert time.monotonic() - started < 2
    assert (response.status_code, response.json()) == (200, {"ready": True, "degraded": ["redis"]})


async def test_not_ready_without_neo4j(settings: Settings, migrated: Addresses) -> None:
    async with without(settings, migrated, neo4j_uri=NOBODY_NEO4J) as services, client(services) as api:
        started = time.monotonic()
        response = await api.http.get("/readyz")
        assert time.monotonic() - started < 2
        assert response.status_code == 503
        assert response.json()["code"] == "DATABASE_UNAVAILABLE"
        assert response.json()["remedy"]
        started = time.monotonic()
        assert (await api.http.get("/readyz")).json() == response.json()
        assert time.monotonic() - started < 0.5


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Holds a connection until the other side gives up."""
    await reader.read()
    writer.close()


async def test_servers_that_accept_and_never_answer_do_not_delay_the_probe(
    settings: Settings, migrated: Addresses
) -> None:
    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    host, port = silent.sockets[0].getsockname()
    gone = {"neo4j_uri": f"bolt://{host}:{port}", "redis_url": f"redis://{host}:{port}"}
    async with silent, without(settings, migrated, **gone) as services, client(services) as api:
        started = time.monotonic()
        response = await api.http.get("/readyz")
        assert time.monotonic() - started < 2
    assert (response.status_code, response.json()["code"]) == (503, "DATABASE_UNAVAILABLE")


async def test_not_ready_on_a_database_that_lacks_a_migration(store: Services) -> None:
    await store.database.schema("MATCH (m:Migration) WITH m ORDER BY m.version DESC LIMIT 1 DELETE m")
    try:
        async with client(store) as api:
            response = await api.http.get("/readyz")
    finally:
        await store.migrate()
    assert response.status_code == 503
    assert response.json()["code"] == "SCHEMA_OUTDATED"
    assert "threefold migrate" in response.json()["remedy"]


async def test_an_order_is_accepted_while_redis_is_dead(
    store: Services, settings: Settings, migrated: Addresses
) -> None:
    await accept(store, joins("ada"), joins("bo", "ada"))
    async with without(settings, migrated, redis_url=NOBODY_REDIS) as services, client(services) as api:
        assert "order" in await api.complete()
        assert "order" in await api.complete(orderId="o-2", memberId="bo")
        assert (await api.data('{ team(memberId: "ada") { size } }')) == {"team": {"size": 1}}
    await run_engine(store)
    async with client(store) as api:
        balance = await api.data('{ member(memberId: "ada") { balance { pending { formatted } } } }')
    assert balance["member"]["balance"] == [{"pending": {"formatted": "59.80 CNY"}}]


async def test_without_neo4j_the_answer_names_the_cause_and_the_remedy(settings: Settings, migrated: Addresses) -> None:
    async with without(settings, migrated, neo4j_uri=NOBODY_NEO4J) as services, client(services) as api:
        query = {"query": '{ member(memberId: "ada") { id } }'}
        response = await api.http.post("/graphql", json=query, headers={"accept-language": "zh"})
    assert response.status_code == 503
    (error,) = response.json()["errors"]
    assert error["message"] == "Neo4j 没有响应。"
    assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert "threefold up" in error["extensions"]["remedy"]


async def test_a_fault_of_our_own_is_logged_and_not_shown(store: Services, caplog: pytest.LogCaptureFixture) -> None:
    broken = replace(store, plans=cast("Any", "a secret"))
    async with client(broken) as api:
        error = await api.error("{ plans { id } }")
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] in caplog.text
    assert "builtins.AttributeError" in caplog.text
    assert "attribute" not in error["message"]

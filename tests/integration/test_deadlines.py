"""A request's time ends in Neo4j too: the server ends the transaction, and the answer says TIMEOUT."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from access import token
from e2e.api_client import client

from graph.commands.http import serve_api
from graph.deadline import within
from graph.errors import DeadlineExceeded
from graph.store.queries import Query

if TYPE_CHECKING:
    from graph.wiring import Services

SLOW = Query(
    name="slow",
    title="Counts for minutes.",
    access="read",
    scan_allowed=True,
    params={},
    columns={"n": "int"},
    text="UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a = -b RETURN count(*) AS n\n",
)


async def slow_ones(services: Services) -> int:
    async with services.database.driver.session() as session:
        result = await session.run(
            # Neo4j shows no literals: they may be what nobody shall read (graph/local/neo4j_launch.py).
            "SHOW TRANSACTIONS YIELD currentQuery "
            "WHERE currentQuery CONTAINS 'AS a UNWIND range(' AND NOT currentQuery STARTS WITH 'SHOW' "
            "RETURN count(*) AS n"
        )
        record = await result.single(strict=True)
        return int(record["n"])


async def test_the_server_ends_a_transaction_whose_time_is_over(store: Services) -> None:
    began = time.monotonic()
    for work in (store.database.read, store.database.write):
        with pytest.raises(DeadlineExceeded), within(0.5):
            await work(lambda tx: tx.run(SLOW))
    assert time.monotonic() - began < 8
    assert await slow_ones(store) == 0


async def test_nothing_is_begun_after_the_end(store: Services) -> None:
    with within(0.001):
        time.sleep(0.01)  # noqa: ASYNC251  the moment must be over
        with pytest.raises(DeadlineExceeded):
            await store.members.count()
    assert await store.members.count() == 0


async def test_a_slow_request_is_answered_with_timeout(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slowly(_self: object) -> int:
        await store.database.read(lambda tx: tx.run(SLOW))
        return 0

    monkeypatch.setattr(type(store.members), "count", slowly)
    hurried = replace(store, settings=store.settings.model_copy(update={"request_within_s": 0.5}))
    async with client(hurried) as api:
        error = await api.error("{ members { totalCount } }")
    assert error["extensions"]["code"] == "TIMEOUT"
    assert await slow_ones(store) == 0


async def test_a_query_whose_client_has_gone_is_ended(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slowly(_self: object) -> int:
        await store.database.read(lambda tx: tx.run(SLOW))
        return 0

    monkeypatch.setattr(type(store.members), "count", slowly)
    patient = replace(store, settings=store.settings.model_copy(update={"request_within_s": 120.0}))
    body = b'{"query": "{ members { totalCount } }"}'
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {token(store.settings)}\r\ncontent-length: {len(body)}"
    )
    async with serve_api(patient, "127.0.0.1", 0) as url:
        _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(head.encode() + b"\r\n\r\n" + body)
        assert await _becomes(store, 1)
        writer.close()
        assert await _becomes(store, 0)


async def _becomes(services: Services, running: int) -> bool:
    """Whether so many slow queries run within 30 s."""
    for _ in range(300):
        if await slow_ones(services) == running:
            return True
        await asyncio.sleep(0.1)
    return False

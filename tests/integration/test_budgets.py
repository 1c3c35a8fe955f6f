"""Budgets in a real Redis: shared by processes, filled again, and kept in a smaller way without Redis."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.cache.budgets import ALONE, Budgets
from graph.stream.connection import connect
from graph.wiring import NO_REDIS

if TYPE_CHECKING:
    from graph.wiring import Services


async def taken(budgets: Budgets, points: int, most: int = 10_000) -> int:
    """How many requests of so many points pass until one does not."""
    for count in range(most):
        if (await budgets.take("ada", points)).wait_s:
            return count
    return most


async def test_a_principal_spends_what_is_there_and_no_more(store: Services) -> None:
    budgets = Budgets(store.news.redis, 1000, 1)
    assert await taken(budgets, 10) in {100, 101}
    refused = await budgets.take("ada", 10)
    assert 0 < refused.wait_s <= 10
    assert not (await budgets.take("bo", 10)).wait_s, "another's budget is another's"


async def test_processes_share_one_bucket(store: Services) -> None:
    several = [Budgets(store.news.redis, 1000, 1) for _ in range(4)]
    passed = [await taken(budgets, 10) for budgets in several]
    assert 100 <= sum(passed) <= 102
    assert [bool((await budgets.take("ada", 10)).wait_s) for budgets in several] == [True] * 4


async def test_the_bucket_fills_again(store: Services) -> None:
    budgets = Budgets(store.news.redis, 100, 200)
    await taken(budgets, 10)
    await asyncio.sleep(0.3)
    assert not (await budgets.take("ada", 30)).wait_s


async def test_most_requests_ask_nobody(store: Services) -> None:
    budgets = Budgets(store.news.redis, 100_000, 1000)
    await budgets.take("ada", 10)
    before = (await store.news.redis.info("commandstats")).get("cmdstat_eval", {}).get("calls", 0)
    for _ in range(99):
        await budgets.take("ada", 10)
    after = (await store.news.redis.info("commandstats"))["cmdstat_eval"]["calls"]
    assert after == before


async def test_without_redis_each_process_gives_a_quarter(store: Services) -> None:
    away = connect(NO_REDIS)
    budgets = Budgets(away, 1000, 1)
    assert await taken(budgets, 10) == 100 / ALONE
    assert (await budgets.take("ada", 10)).wait_s
    assert not (await budgets.take("bo", 10)).wait_s
    await away.aclose()


async def test_one_request_that_costs_the_whole_bucket_passes_once(store: Services) -> None:
    budgets = replace(Budgets(store.news.redis, 500, 1), restore_per_s=1)
    assert not (await budgets.take("ada", 500)).wait_s
    assert (await budgets.take("ada", 500)).wait_s > 400

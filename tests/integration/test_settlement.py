"""Pending money becomes available once its hold has passed: once, wholly, never early."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from network import NOON, accept, buys, days, joins, plan, publish, rewards, run_engine

from graph.errors import InvalidInput
from graph.ledger import Balance

if TYPE_CHECKING:
    from graph.wiring import Services


async def a_shop(services: Services, orders: int = 2) -> None:
    """b, referred by a, buys once a day; each order pays a 10.00, held for seven days."""
    await publish(services, plan(levels={"levels_bp": [1000]}), "levels")
    await accept(services, joins("a"), joins("b", "a"))
    batch = [(n, buys("b", 10_000, f"o{n}", at=NOON + days(n))) for n in range(orders)]
    await services.orders.accept(batch, await services.clock().stamp())
    await run_engine(services)


async def balance(services: Services) -> Balance:
    (found,) = (await services.ledger.balances(["a"]))["a"]
    return found


async def test_only_what_is_due_is_settled_to_the_microsecond(store: Services) -> None:
    await a_shop(store)
    due = NOON + days(7)
    assert (await store.ledger.settle(due - timedelta(microseconds=1))).rewards.total() == 0
    assert (await store.ledger.settle(due)).amount_minor == {"CNY": 1000}
    assert await balance(store) == Balance("a", "CNY", pending_minor=1000, available_minor=1000)
    assert sorted(reward.state for reward in await rewards(store)) == ["available", "pending"]


async def test_a_ledger_runs_from_the_newest_entry_back_page_by_page(store: Services) -> None:
    await a_shop(store)
    await store.ledger.settle(datetime.now(UTC))
    read, place = [], (2**53, "")
    while page := await store.ledger.entries_of_member("a", place, 1):
        read += page
        place = page[-1].place
    assert [(entry.cause, entry.credit) for entry in read] == [
        ("settlement", "available"),
        ("completion:o1", "pending"),
        ("settlement", "available"),
        ("completion:o0", "pending"),
    ]


async def test_settling_again_changes_nothing(store: Services) -> None:
    await a_shop(store)
    now = datetime.now(UTC)
    assert (await store.ledger.settle(now)).rewards.total() == 2
    assert (await store.ledger.settle(now)).rewards.total() == 0
    entries = await store.ledger.entries_between(0, 10**9)
    assert sorted(entry.credit for entry in entries) == ["available", "available", "pending", "pending"]
    assert {entry.at for entry in entries if entry.credit == "available"} == {NOON + days(7), NOON + days(8)}


async def test_four_settlements_at_once_settle_everything_once(store: Services) -> None:
    await a_shop(store, 2_500)
    await store.database.schema("MATCH (r:Reward) SET r.due_at = '2026-01-08T12:00:00.000000Z'")
    done = await asyncio.gather(*(store.ledger.settle(NOON + days(7)) for _ in range(4)))
    assert sum(settled.rewards.total() for settled in done) == 2_500
    assert await balance(store) == Balance("a", "CNY", available_minor=2_500_000)


async def test_nothing_is_settled_ahead_of_time(store: Services) -> None:
    with pytest.raises(InvalidInput, match="to come"):
        await store.ledger.settle(datetime.now(UTC) + days(1))

"""A month is closed once, when it is over; by itself if the plan has monthly tiers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from network import accept, buys, joins, number_all, plan, publish

from graph.desk_errors import MonthNotOver
from graph.errors import InvalidInput
from graph.times import month_of

if TYPE_CHECKING:
    from graph.wiring import Services

TIERS = plan(monthly={"tiers": [{"min_volume_minor": 1, "rate_bp": 100}]}, acknowledge_multi_level=True)


async def close(services: Services, month: str) -> bool:
    return await services.desk.months.close(month, "fin", await services.clock().stamp())


async def closed(services: Services) -> list[str]:
    return [found.month for found in await services.desk.months.all()]


async def test_a_month_is_closed_once_and_the_closing_is_numbered(store: Services) -> None:
    outcomes = await asyncio.gather(*(close(store, "2026-01") for _ in range(8)))
    assert sorted(outcomes) == [False] * 7 + [True]
    assert await store.log.waiting() == 1
    await number_all(store)
    (month,) = await store.desk.months.all()
    assert (month.month, month.actor, month.seq) == ("2026-01", "fin", 1)
    assert not await close(store, "2026-01")


async def test_the_running_month_and_those_to_come_are_refused(store: Services) -> None:
    now = datetime.now(UTC)
    for moment in (now, now + timedelta(days=40)):
        with pytest.raises(MonthNotOver):
            await close(store, month_of(moment))
    for text in ("2026-13", "2026-1", "January", "1900-01", "2026-01-01"):
        with pytest.raises(InvalidInput):
            await close(store, text)
    assert await store.log.waiting() == 0


async def test_months_are_closed_from_the_first_order_under_tiers_on(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100, "o0", at=datetime(2026, 1, 1, tzinfo=UTC)))
    await publish(store, TIERS, "tiers")
    today = datetime.now(UTC)
    last = today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    await accept(store, buys("a", 100, "o1", at=before), buys("a", 100, "o2", at=last))
    await number_all(store)
    assert await store.desk.months.close_ended(store.clock(), 0, "jobs") == [month_of(before), month_of(last)]
    assert await store.desk.months.close_ended(store.clock(), 0, "jobs") == []
    assert await closed(store) == [month_of(before), month_of(last)]


async def test_a_month_is_left_open_for_some_days(store: Services) -> None:
    await publish(store, TIERS, "tiers")
    last = datetime.now(UTC).replace(day=1) - timedelta(days=1)
    await accept(store, joins("a"), buys("a", 100, at=last))
    await number_all(store)
    assert await store.desk.months.close_ended(store.clock(), 40, "jobs") == []


async def test_without_monthly_tiers_or_orders_no_month_is_closed_by_itself(store: Services) -> None:
    await publish(store, TIERS, "tiers")
    await number_all(store)
    assert await store.desk.months.close_ended(store.clock(), 3, "jobs") == []
    await accept(store, joins("a"), buys("a", 100))
    await publish(store, plan(), "no tiers")
    await number_all(store)
    assert await store.desk.months.close_ended(store.clock(), 3, "jobs") == []

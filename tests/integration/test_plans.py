"""Plans in the store: published at once or at their moment, once a key, and never edited."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from network import accept, amounts, buys, joins, number_all, plan, publish, run_engine

from graph.errors import InvalidInput, PlanInvalid
from graph.plan import ScheduledPlan, ScheduleState

if TYPE_CHECKING:
    from graph.wiring import Services

LATER = datetime(2199, 1, 1, tzinfo=UTC)
TEN = plan(levels={"levels_bp": [1000]})
TWENTY = plan(levels={"levels_bp": [2000]})


async def scheduled(store: Services, document: str, key: str, at: datetime = LATER) -> ScheduledPlan:
    return await store.plans.schedule(document, key, at, await store.clock().stamp())


async def due(store: Services, now: datetime = LATER) -> list[int]:
    return [version.version for version in await store.plans.publish_due(now, store.clock())]


async def test_a_scheduled_plan_waits_for_its_moment(store: Services) -> None:
    waiting = await scheduled(store, TEN, "k")
    assert await store.plans.scheduled() == [waiting]
    assert await due(store, LATER - timedelta(microseconds=1)) == []
    assert len(await store.plans.all()) == 1
    assert await due(store) == [2]
    assert await store.plans.scheduled() == []


async def test_it_governs_what_is_accepted_after_its_publication(store: Services) -> None:
    await publish(store, plan(), "nothing")
    await scheduled(store, TEN, "k")
    await accept(store, joins("ada"), joins("bo", "ada"), buys("bo", 100, "o-before"))
    await due(store)
    await accept(store, buys("bo", 1000, "o-after"))
    await run_engine(store)
    assert await amounts(store, "ada") == [100]
    assert [version.seq for version in await store.plans.all()] == [0, 1, 5]


async def test_it_is_published_once_by_however_many_jobs(store: Services) -> None:
    await scheduled(store, TEN, "k")
    found = await asyncio.gather(*(due(store) for _ in range(4)))
    assert sorted(found) == [[], [], [], [2]]
    assert await due(store) == []
    assert [version.version for version in await store.plans.all()] == [1, 2]


async def test_several_are_published_in_the_order_of_their_moments(store: Services) -> None:
    await scheduled(store, TWENTY, "second", LATER)
    await scheduled(store, TEN, "first", LATER - timedelta(days=1))
    assert await due(store) == [2, 3]
    await number_all(store)
    assert [version.document for version in await store.plans.all()][1:] == [TEN, TWENTY]
    assert [version.seq for version in await store.plans.all()] == [0, 1, 2]


async def test_a_cancelled_plan_is_never_published(store: Services) -> None:
    waiting = await scheduled(store, TEN, "k")
    await store.plans.cancel(waiting.id)
    await store.plans.cancel(waiting.id)
    assert await due(store) == []
    assert (await scheduled(store, TEN, "k")).state is ScheduleState.CANCELLED


async def test_only_what_waits_can_be_cancelled(store: Services) -> None:
    waiting = await scheduled(store, TEN, "k")
    await due(store)
    for plan_id in (waiting.id, "nothing"):
        with pytest.raises(InvalidInput) as caught:
            await store.plans.cancel(plan_id)
        assert caught.value.code == "NO_SCHEDULED_PLAN"


async def test_a_key_is_for_one_document_at_one_moment(store: Services) -> None:
    first = await scheduled(store, TEN, "k")
    assert await scheduled(store, TEN, "k") == first
    with pytest.raises(PlanInvalid):
        await scheduled(store, TWENTY, "k")
    with pytest.raises(PlanInvalid):
        await scheduled(store, TEN, "k", LATER + timedelta(days=1))
    with pytest.raises(PlanInvalid):
        await publish(store, TEN, "k")
    await publish(store, TEN, "at once")
    with pytest.raises(PlanInvalid):
        await scheduled(store, TEN, "at once")


async def test_a_moment_that_has_passed_is_refused(store: Services) -> None:
    with pytest.raises(InvalidInput) as caught:
        await scheduled(store, TEN, "k", datetime(2020, 1, 1, tzinfo=UTC))
    assert caught.value.code == "PAST_MOMENT"


async def test_a_faulty_plan_is_refused_when_it_is_scheduled(store: Services) -> None:
    with pytest.raises(PlanInvalid):
        await scheduled(store, json.dumps({"name": ""}), "k")


async def test_a_version_of_a_time_without_todays_limits_stays_readable(store: Services) -> None:
    document = plan(levels={"levels_bp": [1000, 500, 100]})
    await store.plans.database.schema(
        f"CREATE (:PlanVersion {{version: 2, seq: 1, name: 'old', document: {json.dumps(document)}}})"
    )
    assert [version.document for version in await store.plans.all()][1:] == [document]
    with pytest.raises(PlanInvalid):
        await publish(store, document, "k")

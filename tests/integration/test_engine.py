"""The road of a fact on real servers: exactly once, in the order of acceptance, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from network import (
    accept,
    amounts,
    applied,
    apply_once,
    buys,
    chain,
    engine,
    held_lease,
    joins,
    number_all,
    plan,
    publish,
    rewards,
    run_engine,
)

from graph.engine import worker as worker_module
from graph.store import scopes

if TYPE_CHECKING:
    from graph.orders import Purchase
    from graph.wiring import Services


async def test_three_referrals_return_the_order(store: Services) -> None:
    await accept(store, joins("a"), *(joins(m, "a") for m in "bcd"), buys("a", 29900))
    await accept(store, *(buys(m, 100) for m in "bcd"))
    await run_engine(store)
    assert await amounts(store, "a") == [5980, 8970, 14950]


async def test_example_14_the_completion_delivered_three_times_pays_once(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900))
    for _ in range(3):
        await accept(store, buys("b", 19900))
    async with engine(store):
        await applied(store)
        for _ in range(3):
            await store.news.publish(["a", "b"])
        while await store.news.outstanding():
            await asyncio.sleep(0.05)
    assert await amounts(store, "a") == [5980]


async def test_example_16_two_referrals_at_once_on_two_workers_take_two_slots(store: Services) -> None:
    await accept(store, joins("a"), *(joins(f"m{n}", "a") for n in range(8)), buys("a", 29900), buys("a", 29900, "o2"))
    async with engine(store, workers=2):
        await asyncio.gather(*(accept(store, buys(f"m{n}", 100)) for n in range(6)))
        await applied(store)
    slots = sorted((r.anchor_order_id, r.slot) for r in await rewards(store))
    assert slots == [(anchor, slot) for anchor in ("o-a", "o2") for slot in (1, 2, 3)]


async def test_four_workers_on_one_scope_never_pay_twice(store: Services) -> None:
    """Leases of partitions aside: all four apply the same news at the same time."""
    await accept(store, joins("a"), *(joins(f"m{n}", "a") for n in range(3)), buys("a", 29900))
    await accept(store, *(buys(f"m{n}", 100) for n in range(3)))
    await number_all(store)
    await asyncio.gather(*(apply_once(store, {"a", "m0", "m1", "m2"}) for _ in range(4)))
    assert await amounts(store, "a") == [5980, 8970, 14950]


async def test_without_the_lock_the_same_race_pays_twice_or_fails(
    store: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the lock and the mark taken away, only the ledger's keys stand in the way."""

    async def unlocked(tx: object, scope_ids: set[str]) -> list[scopes.ScopeMark]:
        del tx
        return [scopes.ScopeMark(scope_id, 0, 0, dead=False) for scope_id in sorted(scope_ids)]

    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900), buys("b", 100))
    await number_all(store)
    await apply_once(store, {"a", "b"})
    monkeypatch.setattr(scopes, "lock", unlocked)
    with pytest.raises(Exception, match="already exists"):
        await apply_once(store, {"a", "b"})
    assert await amounts(store, "a") == [5980]


async def test_a_lost_flush_of_redis_is_made_good_by_the_sweeper(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900), buys("b", 100))
    await number_all(store)
    lease = await held_lease(store)
    relay = store.relay()
    await relay.announce(lease)
    await store.news.redis.flushall()
    await lease.release()
    await run_engine(store)
    assert await amounts(store, "a") == [5980]


async def test_a_message_that_another_worker_left_is_taken_over(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900), buys("b", 100))
    async with engine(store):
        await applied(store)
    await accept(store, joins("c", "a"), buys("c", 100))
    await number_all(store)
    lease = await held_lease(store)
    await store.relay().announce(lease)
    await lease.release()
    every = list(range(store.news.partitions))
    assert await store.news.read("a worker that dies", every, 100)
    async with engine(store):
        await applied(store)
    assert await amounts(store, "a") == [5980, 8970]


async def test_a_poisonous_scope_becomes_a_dead_letter_and_stops_no_neighbour(
    store: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "MAX_DELIVERIES", 2)
    await accept(store, joins("a"), joins("b", "a"), joins("x"), buys("a", 29900), buys("b", 100), buys("x", 100))
    await store.database.schema("MATCH (e:Event {order_id: 'o-x'}) SET e.currency = 7, e.completed_at = 'never'")
    async with engine(store):
        await applied(store)
    (letter,) = await store.dead_letters.all()
    assert (letter.scope_id, letter.deliveries) == ("x", 2)
    assert "never" in letter.reason
    assert await amounts(store, "a") == [5980]
    await store.database.schema(
        "MATCH (e:Event {order_id: 'o-x'}) SET e.currency = 'CNY', e.completed_at = '2026-01-01T00:00:00.000000Z'"
    )
    await store.news.publish([letter.scope_id])  # as `dead-letters --retry` does
    async with engine(store):
        while await store.dead_letters.all():
            await asyncio.sleep(0.05)


async def test_some_lost_messages_are_made_good_while_others_are_outstanding(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900), buys("b", 100))
    await number_all(store)
    lease = await held_lease(store)
    await store.relay().announce(lease)
    await lease.release()
    await store.news.redis.flushall()
    every = range(store.news.partitions)
    await store.news.read("a worker that hangs", every, 9)
    await store.news.publish(["a stranger"])
    assert len(await store.news.read("a worker that hangs", every, 9)) == 1
    patient = replace(store, settings=store.settings.model_copy(update={"worker_idle_ms": 600_000}))
    async with engine(patient):
        await applied(store)
    assert await store.news.outstanding() == 1
    assert await amounts(store, "a") == [5980]


async def test_a_full_redis_is_read_empty(store: Services) -> None:
    await accept(store, joins("a"), joins("b", "a"), buys("a", 29900))
    await run_engine(store)
    await accept(store, buys("b", 100))
    await number_all(store)
    lease = await held_lease(store)
    await store.relay().announce(lease)
    await lease.release()
    await store.news.redis.config_set("maxmemory", 1)
    try:
        async with engine(store):
            await applied(store)
    finally:
        await store.news.redis.config_set("maxmemory", 0)
    assert await amounts(store, "a") == [5980]


async def test_the_bank_survives_between_batches(store: Services) -> None:
    await publish(store, plan(three_for_one={"bank": "keep"}), "keep")
    await accept(store, *chain("a", "b"), joins("c", "a"), buys("b", 100), buys("c", 100))
    await run_engine(store)
    assert await amounts(store, "a") == []
    await accept(store, buys("a", 10000))
    await run_engine(store)
    assert await amounts(store, "a") == [2000, 3000]


@pytest.mark.parametrize("one_by_one", [True, False])
async def test_a_banked_referral_finds_older_anchors_too(store: Services, one_by_one: bool) -> None:
    """However facts fall into batches. r3 waits: a second cycle is not allowed until a new plan comes before r4."""

    async def accept_and_maybe_apply(*facts: Purchase) -> None:
        for fact in facts:
            await accept(store, fact)
            if one_by_one:
                await run_engine(store)

    await publish(store, plan(three_for_one={"slots_bp": [5000, 5000], "bank": "keep", "max_cycles": 1}), "one")
    await accept(store, joins("a"), *(joins(f"r{n}", "a") for n in range(1, 5)))
    await accept_and_maybe_apply(buys("a", 1000, "x"), buys("a", 2000, "y"))
    await accept_and_maybe_apply(*(buys(f"r{n}", 100) for n in (1, 2, 3)))
    await publish(store, plan(three_for_one={"slots_bp": [5000, 5000], "bank": "keep", "max_cycles": 9}), "nine")
    await accept_and_maybe_apply(buys("r4", 100), buys("a", 4000, "z"))
    await run_engine(store)
    assert await amounts(store, "a") == [500, 500, 1000, 1000]


async def test_threshold_and_cycles_survive_between_batches(store: Services) -> None:
    rules = {"slots_bp": [5000, 5000], "mode": "threshold", "max_cycles": 1, "base": "referee"}
    await publish(store, plan(three_for_one=rules), "threshold")
    await accept(store, joins("a"), *(joins(m, "a") for m in "bcd"), buys("a", 10000), buys("a", 10000, "second"))
    for member, paid in (("b", []), ("c", [4000, 5000]), ("d", [4000, 5000])):
        await accept(store, buys(member, 8000 if member == "b" else 10000))
        await run_engine(store)
        assert await amounts(store, "a") == paid

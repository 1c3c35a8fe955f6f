"""The log of accepted facts: one relay numbers them in the order of acceptance, and nobody reads past the mark."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import empty
from network import accept, amounts, apply_once, buys, joins, number_all, plan, publish

from graph.store import leases, log
from graph.store.leases import LeaseLost

if TYPE_CHECKING:
    from graph.events import LogPosition
    from graph.store.database import Transaction
    from graph.wiring import Services


async def test_facts_numbered_while_workers_read_are_never_skipped(store: Services) -> None:
    for _ in range(2):
        assert await skipped_facts(store) == 0


async def test_reading_past_the_mark_skips_facts(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: about every second round skips facts, up to a fifth of them (decision 0008)."""
    cautious = log.position

    async def hasty(tx: Transaction) -> LogPosition:
        found = await cautious(tx)
        return replace(found, mark=found.seq)

    monkeypatch.setattr(log, "position", hasty)
    for _ in range(40):
        if await skipped_facts(store):
            return
    pytest.fail("Reading past the mark did no harm in 40 rounds: does the other test still prove anything?")


async def skipped_facts(services: Services) -> int:
    """How many orders of two busy scopes stay unpaid that are read again and again while orders are numbered."""
    await empty(services)
    await publish(services, plan(levels={"levels_bp": [10000]}), "all")
    await accept(services, joins("a"), joins("b", "a"), joins("c", "a"))
    await number_all(services)
    orders, done, clock = 8_000, asyncio.Event(), services.clock()
    for start in range(0, orders, 2000):
        batch = [(n, buys("bc"[n % 2], 100, f"o{n}")) for n in range(start, start + 2000)]
        await services.orders.accept(batch, await clock.stamp())

    async def apply_again_and_again(scope_id: str) -> None:
        while not done.is_set():
            await apply_once(services, {scope_id})

    readers = asyncio.gather(apply_again_and_again("b"), apply_again_and_again("c"))
    await number_all(services)
    done.set()
    await readers
    await apply_once(services, {"b", "c"})
    return orders - len(await amounts(services, "a"))


async def test_a_stale_relay_cannot_number(store: Services) -> None:
    await accept(store, joins("a"))
    stale = await leases.take(store.database, "relay", "stale", 500)
    assert stale
    await asyncio.sleep(0.6)
    fresh = await leases.take(store.database, "relay", "fresh", 5000)
    assert fresh
    assert fresh.token == stale.token + 1
    with pytest.raises(LeaseLost):
        await store.log.number(stale, 10)
    assert await store.log.number(fresh, 10) == 1


async def test_only_one_of_two_relays_gets_the_lease(store: Services) -> None:
    first = await leases.take(store.database, "relay", "first", 5000)
    assert first
    assert await leases.take(store.database, "relay", "second", 5000) is None
    await first.release()
    assert await leases.take(store.database, "relay", "second", 5000)


async def test_rows_of_one_import_are_numbered_in_their_order(store: Services) -> None:
    await accept(store, joins("a"))
    clock = store.clock()
    wishes = [(row, buys("a", 100, f"o{row}")) for row in range(50)]
    await store.orders.accept(wishes[:25], await clock.stamp())
    await store.orders.accept(wishes[25:], await clock.stamp())
    await number_all(store)
    orders = await store.orders.page(10**9, 100)
    assert [order.order_id for order in reversed(orders)] == [f"o{row}" for row in range(50)]


async def test_stamps_grow_past_a_clock_that_was_set_back(store: Services) -> None:
    await accept(store, joins("a"))
    far = 4_000_000_000_000_000
    await store.database.schema(f"MATCH (e:Unnumbered) SET e.accepted_us = {far}")
    assert (await store.clock().stamp()).accepted_us == far + 1

"""Eight referrals of one referrer at once, applied by four transactions at once: slots never double, sums are exact.

`THREEFOLD_ROUNDS=200` makes more rounds. The controls show that the lock does it, and that the keys stand behind it.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from network import accept_together, buys, joins, number_all, plan, publish

from graph.engine.apply import apply_news
from graph.engine.books import ScopeMark
from graph.store.books import Neo4jBooks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from graph.wiring import Services

ROUNDS = int(os.environ.get("THREEFOLD_ROUNDS", "20"))
WORKERS, REFEREES, PAID = 4, 8, [2000, 3000, 5000, 6000, 9000, 15000, 2000, 3000]
KEYS = {
    "slot_position": "(s:Slot) REQUIRE (s.anchor_order_id, s.position)",
    "slot_referral": "(s:Slot) REQUIRE s.referral_order_id",
    "reward_id": "(s:Reward) REQUIRE s.id",
    "entry_id": "(s:Entry) REQUIRE s.id",
}


@dataclass(frozen=True, slots=True)
class UnlockedBooks(Neo4jBooks):
    """The books without the lock: it reads where the scopes are, and another may read the same."""

    async def lock(self, scope_ids: Iterable[str]) -> list[ScopeMark]:
        """See Books; but nothing is locked."""
        result = await self.tx._inner.run(  # noqa: SLF001  the product has no query that reads scopes without a lock
            "UNWIND $ids AS id OPTIONAL MATCH (s:Scope {member_id: id}) "
            "RETURN id, coalesce(s.applied_seq, 0) AS applied, coalesce(s.cycles, 0) AS cycles ORDER BY id",
            ids=sorted(set(scope_ids)),
        )
        await asyncio.sleep(0.01)
        return [ScopeMark(row["id"], row["applied"], row["cycles"], dead=False) async for row in result]


async def a_round(services: Services, number: int, books: type[Neo4jBooks]) -> list[BaseException | None]:
    """A referrer with three orders of 100, 300 and 100 yuan; eight referees whose orders come in at once."""
    name = f"r{number}"
    referees = [f"{name}-{k}" for k in range(REFEREES)]
    await accept_together(services, [joins(name, None), *(joins(referee, name) for referee in referees)])
    await accept_together(
        services, [buys(name, amount, f"{name}-{k}") for k, amount in enumerate((10000, 30000, 10000))]
    )
    stamp = await services.clock().stamp()
    await asyncio.gather(*(services.orders.accept([(1, buys(referee, 100))], stamp) for referee in referees))
    await number_all(services)
    scopes = {name, *referees}

    async def apply(worker: int) -> None:
        await services.database.write(
            lambda tx: apply_news(books(tx, services.plans, f"worker/{worker}"), {name} if worker else scopes)
        )

    return await asyncio.gather(*(apply(worker) for worker in range(WORKERS)), return_exceptions=True)


async def paid(services: Services, number: int) -> list[int]:
    """What the referrer's slots were paid, in the order of the facts."""
    found = await services.ledger.rewards_of_member(f"r{number}", (2**62, ""), 100)
    return [reward.amount_minor for reward in sorted(found, key=lambda reward: reward.order_seq)]


@pytest.fixture
async def slots_only(store: Services) -> Services:
    await publish(store, plan(three_for_one={}), "slots only")
    return store


async def test_slots_never_double(slots_only: Services) -> None:
    for number in range(ROUNDS):
        faults = [fault for fault in await a_round(slots_only, number, Neo4jBooks) if fault]
        assert (number, await paid(slots_only, number), faults) == (number, PAID, [])
        assert {b.pending_minor for b in (await slots_only.ledger.balances([f"r{number}"]))[f"r{number}"]} == {
            sum(PAID)
        }


async def test_control_without_the_lock_the_keys_still_stand_as_a_second_belt(slots_only: Services) -> None:
    """Writers collide on the keys, are rolled back and work again: money stays right."""
    outcomes = Counter[bool]()
    for number in range(5):
        await a_round(slots_only, number, UnlockedBooks)
        outcomes[await paid(slots_only, number) == PAID] += 1
    assert outcomes[True] == 5


@pytest.fixture
async def without_keys(slots_only: Services) -> AsyncIterator[Services]:
    for name in KEYS:
        await slots_only.database.schema(f"DROP CONSTRAINT {name}")
    yield slots_only
    await slots_only.database.schema("MATCH (n) WHERE n:Slot OR n:Reward OR n:Entry DETACH DELETE n")
    for name, what in KEYS.items():
        await slots_only.database.schema(f"CREATE CONSTRAINT {name} FOR {what} IS UNIQUE")


async def test_control_without_lock_and_keys_slots_double(without_keys: Services) -> None:
    """The negative control: the same rounds fail when nothing protects them."""
    doubled = 0
    for number in range(5):
        await a_round(without_keys, number, UnlockedBooks)
        doubled += await paid(without_keys, number) != PAID
    assert doubled > 0

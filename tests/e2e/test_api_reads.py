"""How often a query reads the database: as often as it asks different questions, however many rows it shows."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from e2e.api_client import client
from network import accept, buys, joins, run_engine

from graph.store.database import Database

if TYPE_CHECKING:
    from graph.wiring import Services

MEMBERS = "{{ members(first: {}) {{ nodes {{ memberId {} }} }} }}"
RELATIONS = {
    "referrer { memberId referrer { memberId } }": 2,
    "upline { level member { name } }": 3,
    "balance { currency pending { formatted } }": 1,
    "team { size direct volume { formatted } }": 1,
    "team { active }": 2,
    "team { rewards { currency } }": 2,
}
ALL = "referrer { name } upline { level member { name } } balance { currency } team { size volume { formatted } }"


def counting(services: Services) -> tuple[Services, list[object]]:
    """The same services over a database that notes each of its reads."""
    reads: list[object] = []

    class Counting(Database):
        async def read(self, work: Any) -> Any:
            reads.append(work)
            return await super().read(work)

    base = services.database
    noting = Counting(*(getattr(base, field.name) for field in fields(base)))
    names = ("members", "people", "orders", "plans", "ledger", "teams")
    stores = {name: replace(getattr(services, name), database=noting) for name in names}
    return replace(services, database=noting, **stores), reads


async def a_wide_family(services: Services, size: int) -> None:
    """Members in threes below one another, the root last by id; the first to join have an order each."""
    names = [f"m{size - n:02}" for n in range(size)]
    wishes = [joins(name, names[(n - 1) // 3] if n else None) for n, name in enumerate(names)]
    await accept(services, *wishes, *(buys(name, 1000) for name in names[:12]))
    await run_engine(services)


async def reads_of(services: Services, query: str) -> int:
    counted, reads = counting(services)
    async with client(counted) as api:
        await api.data(query)
    return len(reads)


async def test_fifty_members_cost_as_many_reads_as_five(store: Services) -> None:
    await a_wide_family(store, 50)
    few, some, many = [await reads_of(store, MEMBERS.format(count, ALL)) for count in (5, 20, 50)]
    assert few == some == 8, "members, referrers, uplines, their members, names of both, balances, teams"
    assert many <= 6, "where the page itself holds every referrer"


async def test_a_relation_costs_no_more_for_more_members(store: Services) -> None:
    await a_wide_family(store, 30)
    for relation, most in RELATIONS.items():
        few, many = [await reads_of(store, MEMBERS.format(count, relation)) for count in (4, 30)]
        assert many <= few <= 1 + most, relation


async def test_rewards_with_their_orders_and_members_cost_one_read_each(store: Services) -> None:
    await a_wide_family(store, 13)
    query = """{ orders(first: 12) { nodes { member { name } rewards {
      order { orderId } beneficiary { name } anchorOrder { orderId } } } } }"""
    assert await reads_of(store, query) <= 6

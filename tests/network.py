"""Builders for tests: members, orders, a small network in which everything occurs, and the engine run to its end."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.engine.apply import apply_news
from graph.engine.progress import drain
from graph.errors import ThreefoldError
from graph.members import Enrolment, MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.refunds import RefundId, RefundRequest
from graph.store import audit, leases

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from graph.ledger import PostedReward
    from graph.store.database import Transaction
    from graph.wiring import Services

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def joins(member: str, referrer: str | None = None) -> Enrolment:
    return Enrolment(MemberId(member), MemberId(referrer) if referrer else None, NOON)


def buys(member: str, amount: int, order: str = "", *, currency: str = "CNY", at: datetime = NOON) -> Purchase:
    """A completed order of `amount` minor units; its id is `o-<member>` unless named."""
    return Purchase(OrderId(order or f"o-{member}"), MemberId(member), amount, currency, OrderStatus.COMPLETED, at)


def refund(order: str, amount: int, name: str = "", *, at: datetime = NOON) -> RefundRequest:
    """A refund of `amount` minor units; its id is `r-<order>` unless named."""
    return RefundRequest(RefundId(name or f"r-{order}"), OrderId(order), amount, at)


def plan(**rules: object) -> str:
    """A plan document with these rules."""
    return json.dumps({"name": "of a test", **rules})


async def accept(services: Services, *facts: Enrolment | Purchase | RefundRequest) -> None:
    """Accepts facts one by one, in this order; raises the refusal of the first that is refused."""
    clock = services.clock()
    for fact in facts:
        stamp = await clock.stamp()
        if isinstance(fact, Enrolment):
            (outcome,) = await services.members.enrol([(1, fact)], stamp)
        elif isinstance(fact, RefundRequest):
            (outcome,) = await services.refunds.accept([(1, fact)], stamp)  # type: ignore[assignment]
        else:
            (outcome,) = await services.orders.accept([(1, fact)], stamp)  # type: ignore[assignment]
        if isinstance(outcome, ThreefoldError):
            raise outcome


async def accept_together(services: Services, facts: Iterable[Enrolment | Purchase | RefundRequest]) -> None:
    """As accept, in this order, but each run of one kind in one transaction."""
    clock = services.clock()
    takers = {
        Enrolment: services.members.enrol,
        Purchase: services.orders.accept,
        RefundRequest: services.refunds.accept,
    }
    for kind, of_kind in groupby(facts, type):
        outcomes = await takers[kind](list(enumerate(of_kind, start=1)), await clock.stamp())  # type: ignore[operator]
        for outcome in outcomes:
            if isinstance(outcome, ThreefoldError):
                raise outcome


async def publish(services: Services, document: str, key: str) -> None:
    await services.plans.publish(document, key, await services.clock().stamp())


@asynccontextmanager
async def engine(services: Services, *, workers: int = 1) -> AsyncIterator[None]:
    """A relay and workers, in this process, for as long as the block runs."""
    stop = asyncio.Event()
    roles = [
        services.relay().run(stop),
        services.sequencer().run(stop),
        *(services.worker().run(stop) for _ in range(workers)),
    ]
    tasks = [asyncio.create_task(role) for role in roles]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def applied(services: Services, *, stall_s: float = 20) -> None:
    """Returns when every accepted fact has been applied; fails if that stalls."""
    progress = await drain(services.log, lambda _: None, stall_s)
    assert progress.done, progress


async def run_engine(services: Services, *, workers: int = 1) -> None:
    async with engine(services, workers=workers):
        await applied(services)


async def rewards(services: Services) -> list[PostedReward]:
    return await services.ledger.rewards_between(-1, 10**12)


async def amounts(services: Services, beneficiary: str) -> list[int]:
    """What a member earned, reward by reward, in the order of exports."""
    return [reward.amount_minor for reward in await rewards(services) if reward.beneficiary_id == beneficiary]


def days(count: int) -> timedelta:
    return timedelta(days=count)


def chain(*members: str) -> Iterable[Enrolment]:
    """Each refers the next."""
    return [joins(member, referrer) for referrer, member in zip((None, *members), members, strict=False)]


async def a_network(services: Services) -> None:
    """Six members in which everything occurs: filled anchors, orders in every state, a bank, ranks, a closed month,
    a dead letter, a plan that waits."""
    await accept(services, *chain("ada", "bo", "cy"), joins("di", "ada"), joins("eve", None), joins("fay", "eve"))
    keep = {"slots_bp": [5000, 5000], "bank": "keep", "hold_days": 0}
    await publish(services, plan(three_for_one=keep, levels={"levels_bp": [1000, 500]}), "keep")
    await run_engine(services)
    await accept(
        services,
        buys("ada", 29900),
        buys("bo", 19900),
        buys("cy", 9900),
        buys("di", 5000),
        buys("fay", 700),
        Purchase(OrderId("o-placed"), MemberId("bo"), 100, "CNY", OrderStatus.PLACED, None),
    )
    await run_engine(services)
    await services.database.schema(
        "MATCH (r:Reward {beneficiary_id: 'bo'}) SET r.due_at = '2999-01-01T00:00:00.000000Z'"
    )
    await services.ledger.settle(datetime.now(UTC))
    await _in_sequence(services)
    await services.dead_letters.write("fay", "planted by a test", 5)
    far = datetime(2199, 1, 1, tzinfo=UTC)
    await services.plans.schedule(plan(), "later", far, await services.clock().stamp())
    await accept(services, refund("o-fay", 100), refund("o-nowhere", 100), refund("o-late", 999))
    await accept(services, buys("fay", 700, "o-late"))
    await number_all(services)
    await services.audit.seal("a test")
    await services.database.write(_record_an_action)
    await services.audit.checkpoint()


async def _in_sequence(services: Services) -> None:
    """Ranks and a closed month, and a refund that has touched a slot."""
    rank = {"name": "V1", "min_direct": 1, "min_team_volume_minor": 1, "rate_bp": 500}
    tier = {"min_volume_minor": 1, "rate_bp": 100}
    rules = {"team": {"ranks": [rank]}, "monthly": {"tiers": [tier]}, "acknowledge_multi_level": True}
    await publish(services, plan(**rules), "ranks")
    await accept(services, buys("cy", 9900, "o-ranked"), refund("o-bo", 100, "r-of-bo"))
    await services.desk.months.close("2026-01", "ada", await services.clock().stamp())
    await run_engine(services)


async def _record_an_action(tx: Transaction) -> None:
    draft = await audit.begin(tx, "desk")
    await draft.seal(tx, "ada", NOON, [], [Action("hold.placed", "r1", "ada", NOON, {"reason": "a test"})])


async def number_all(services: Services) -> None:
    lease = await held_lease(services)
    while await services.log.number(lease, 1000):
        pass
    await lease.release()


async def held_lease(services: Services) -> leases.Lease:
    lease = await leases.take(services.database, "relay", "a test", 60_000)
    assert lease
    return lease


async def apply_once(services: Services, scope_ids: set[str]) -> None:
    await services.books.write(lambda books: apply_news(books, scope_ids))

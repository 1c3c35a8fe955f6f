"""Stories for real stores: networks, plan histories and random facts, and the log as the plain recount reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from network import NOON, accept_together, buys, joins, plan, refund, run_engine

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from graph.orders import Purchase
    from graph.refunds import RefundRequest
    from graph.wiring import Services

TEAM = {
    "ranks": [
        {"name": "V1", "min_direct": 1, "min_team_volume_minor": 5_000, "rate_bp": 500},
        {"name": "V2", "min_direct": 2, "min_team_volume_minor": 20_000, "rate_bp": 1000},
        {"name": "V3", "min_direct": 3, "min_team_volume_minor": 60_000, "rate_bp": 1500},
    ],
    "peer_bp": 1000,
}
MONTHLY = {"tiers": [{"min_volume_minor": 10_000, "rate_bp": 100}, {"min_volume_minor": 50_000, "rate_bp": 300}]}
EVERYTHING: dict[str, Any] = {
    "acknowledge_multi_level": True,
    "three_for_one": {"refund_policy": "shift", "bank": "keep", "qualify": "every_order"},
    "levels": {"levels_bp": [1000, 500], "eligible": "has_order"},
    "nearest": {"count": 2, "rate_bp": 100},
    "team": TEAM,
    "monthly": MONTHLY,
    "max_payout_bp": 3000,
}
HISTORIES: dict[str, list[dict[str, Any]]] = {
    "burn": [{"three_for_one": {"qualify": "every_order"}}],
    "shift": [{"three_for_one": {"refund_policy": "shift", "base": "referee", "qualify": "every_order"}}],
    "refill": [{"three_for_one": {"refund_policy": "refill", "mode": "threshold", "qualify": "every_order"}}],
    "bank": [
        {
            "three_for_one": {
                "bank": "keep",
                "qualify": "every_order",
                "refund_policy": "refill",
                "max_cycles": 2,
                "base": "min",
            }
        }
    ],
    "levels": [{"levels": {"levels_bp": [1000, 500]}, "nearest": {"count": 2, "rate_bp": 100}}],
    "everything": [EVERYTHING],
    "everything, later": [{"three_for_one": {}, "levels": {"levels_bp": [1000, 500]}}, EVERYTHING],
    "cap, then ranks": [
        {"three_for_one": {"mode": "threshold", "refund_policy": "refill"}, "max_payout_bp": 1500},
        EVERYTHING | {"max_payout_bp": None},
    ],
}


@dataclass
class Story:
    """Facts told to the store and written down for the recount."""

    services: Services
    referrers: dict[str, str | None] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    async def join(self, chance: random.Random, count: int) -> None:
        """So many members, most of them referred."""
        for number in range(count):
            above = f"m{chance.randrange(number)}" if number and chance.random() < 0.95 else None
            self.referrers.setdefault(f"m{number}", above)
        await accept_together(self.services, [joins(member, above) for member, above in self.referrers.items()])

    async def happen(self, chance: random.Random, count: int) -> None:
        """So many orders and refunds at random."""
        await self.tell(self.imagine(chance, count))

    async def live_through_january(self, chance: random.Random, before: int, after: int) -> None:
        """So many facts before the month is closed and after it, those that come late among them; all are applied."""
        await self.happen(chance, before)
        await run_engine(self.services)
        await close_month(self.services, "2026-01")
        await run_engine(self.services)
        await self.happen(chance, after)
        await run_engine(self.services)

    async def tell(self, facts: Sequence[Purchase | RefundRequest]) -> None:
        """May be told again: what is known changes nothing."""
        await accept_together(self.services, facts)

    def imagine(self, chance: random.Random, count: int) -> list[Purchase | RefundRequest]:
        """So many orders and refunds that fit what has happened."""
        facts: list[Purchase | RefundRequest] = []
        for _ in range(count):
            open_orders = [order for order, left in self.left.items() if left]
            if open_orders and chance.random() < 0.3:
                order = chance.choice(open_orders)
                back = self.left[order] if chance.random() < 0.5 else chance.randint(1, self.left[order])
                self.left[order] -= back
                facts.append(refund(order, back, f"r{order}-{self.left[order]}"))
            else:
                order, amount = f"o{len(self.left)}", chance.randint(1, 9_999)
                self.left[order] = amount
                at = NOON + timedelta(days=chance.randint(0, 40))
                buyer = f"m{chance.randrange(len(self.referrers))}"
                currency = chance.choice(["CNY", "CNY", "CNY", "USD"])
                facts.append(buys(buyer, amount, order, at=at, currency=currency))
        return facts


async def publish(services: Services, rules: dict[str, Any], key: str) -> None:
    await services.plans.publish(plan(**rules), key, await services.clock().stamp())


async def close_month(services: Services, month: str) -> None:
    await services.database.schema(
        f"CREATE (:Event:Unnumbered {{kind: 'MonthClosed', month: '{month}', accepted_us: timestamp() * 1000, row: 0}})"
    )


async def told(services: Services) -> list[dict[str, Any]]:
    """The log, as the recount reads it."""
    versions = [{"kind": "plan", "seq": v.seq, "document": json.loads(v.document)} for v in await services.plans.all()]
    position = await services.log.position()
    facts = []
    async for fact in services.log.facts(0, position.mark):
        kind = {"OrderCompleted": "completed", "OrderRefunded": "refunded", "MonthClosed": "month_closed"}
        row: dict[str, Any] = {"kind": kind[type(fact).__name__], "seq": fact.seq}
        names = {"buyer_id": "member_id", "net_minor": "amount_minor"}
        for name in type(fact).__slots__:
            row[names.get(name, name)] = getattr(fact, name)
        facts.append(row)
    return sorted(versions + facts, key=lambda row: int(row["seq"]))

"""The recount of `graph.verification.oracle` on rows of members and completed orders, without refunds.

`recount(members, orders, plan_of)` answers with what is paid, as a sorted list of
(order_id, rule, beneficiary_id, level, slot, anchor_order_id, amount_minor).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from graph.verification import oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
Paid = tuple[str, str, str, int | None, int | None, str | None, int]


def recount(members: list[Row], orders: list[Row], plan_of: Any) -> list[Paid]:
    """`plan_of(order_number)` is the plan document in force at the order of that row, counted from 0."""
    referrers = {row["member_id"]: row["referrer_id"] or None for row in members}
    rewards = oracle.recount(referrers, facts(orders, plan_of)).rewards
    paid: list[Paid] = [
        (order_id, rule, beneficiary, level, line.slot, anchor, line.amount_minor)
        for (order_id, rule, beneficiary, level, anchor), line in rewards.items()
        if line.amount_minor
    ]
    return sorted(paid, key=str)


def facts(orders: list[Row], plan_of: Any) -> Iterator[Row]:
    plan = None
    for number, row in enumerate(orders):
        if plan_of(number) != plan:
            plan = plan_of(number)
            yield {"kind": "plan", "seq": 2 * number, "document": plan}
        yield {
            "kind": "completed",
            "seq": 2 * number + 1,
            "order_id": row["order_id"],
            "member_id": row["member_id"],
            "amount_minor": int(row["amount_minor"]),
            "currency": row["currency"],
            "completed_at": datetime.fromisoformat(row["completed_at"]),
        }

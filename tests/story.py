"""A story of plans, orders and refunds, told fact by fact and then recounted by `graph.verification.oracle`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from graph.verification.oracle import Recount, recount

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


class Story:
    def __init__(self, referrers: dict[str, str], plan: dict[str, Any] | None = None, **three_for_one: Any) -> None:
        self.referrers = referrers
        self.facts: list[dict[str, Any]] = []
        self.publishes(plan or {"three_for_one": three_for_one})

    def _add(self, kind: str, **fact: Any) -> None:
        self.facts.append({"kind": kind, "seq": len(self.facts)} | fact)

    def publishes(self, plan: dict[str, Any]) -> None:
        self._add("plan", document=plan)

    def buys(
        self, member: str, amount: int, currency: str = "CNY", at: datetime = NOON, order_id: str | None = None
    ) -> str:
        order_id = order_id or f"o{len(self.facts)}"
        self._add(
            "completed",
            order_id=order_id,
            member_id=member,
            amount_minor=amount,
            currency=currency,
            completed_at=at,
        )
        return order_id

    def buys_on_day(self, member: str, amount: int, day: int, currency: str = "CNY") -> str:
        return self.buys(member, amount, currency, NOON + timedelta(days=day))

    def left(self, order_id: str) -> int:
        return sum(
            fact["amount_minor"] * (1 if fact["kind"] == "completed" else -1)
            for fact in self.facts
            if fact.get("order_id") == order_id
        )

    def refunds(self, order_id: str, amount: int | None = None) -> None:
        amount = amount or self.left(order_id)
        at = NOON + timedelta(days=30)
        self._add("refunded", refund_id=f"r{len(self.facts)}", order_id=order_id, amount_minor=amount, refunded_at=at)

    def closes(self, month: str) -> None:
        self._add("month_closed", month=month)

    def recount(self) -> Recount:
        return recount(self.referrers, self.facts)

    def paid(self, rule: str = "rebate", order: str | None = None) -> list[int]:
        """The amounts due now, in the order in which the rewards first fell due."""
        return [
            line.amount_minor
            for (order_id, kind, *_), line in self.recount().rewards.items()
            if kind == rule and order in (None, order_id)
        ]

    def total(self) -> int:
        return sum(line.amount_minor for line in self.recount().rewards.values())

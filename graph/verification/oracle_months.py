"""The monthly team tier, rules.md §5: by volume of a closed month, and again whenever that volume changes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from graph.verification.oracle_orders import Order, Plan, half_up, upline

if TYPE_CHECKING:
    from collections.abc import Mapping

    Team = tuple[str, str, str]  # month, currency, member


class Months:
    """The orders of each month, and the volumes of the closed ones."""

    def __init__(self, referrers: Mapping[str, str | None]) -> None:
        self.referrers = referrers
        self.orders: dict[str, list[Order]] = {}
        self.closed: dict[str, Plan] = {}
        self.volume: dict[Team, int] = {}

    def close(self, month: str, plan: Plan) -> list[Team]:
        """The teams that have a volume; the plan in force decides, once for all."""
        if month in self.closed:
            return []
        self.closed[month] = plan
        changed: dict[Team, None] = {}
        for order in self.orders.get(month, []):
            changed |= dict.fromkeys(self.change(order, order.net))
        return list(changed)

    def complete(self, order: Order) -> list[Team]:
        """An order counts in the month of its `completed_at`, however late it is accepted."""
        self.orders.setdefault(_month_of(order), []).append(order)
        return self.change(order, order.net)

    def change(self, order: Order, amount: int) -> list[Team]:
        """The teams whose volume of a closed month is another one now."""
        month = _month_of(order)
        plan = self.closed.get(month)
        if plan is None or plan.section("monthly", order.currency) is None:
            return []
        teams = [(month, order.currency, member) for member in upline(self.referrers, order.buyer)]
        for team in teams:
            self.volume[team] = self.volume.get(team, 0) + amount
        return teams

    def tier(self, team: Team) -> int:
        """What the month pays: the rate of the highest tier that the volume reaches, on the whole volume."""
        month, currency, _ = team
        rule = self.closed[month].section("monthly", currency)
        volume = self.volume[team]
        reached = [
            (tier["min_volume_minor"], tier["rate_bp"])
            for tier in (rule or {"tiers": []})["tiers"]
            if tier["min_volume_minor"] <= volume
        ]
        return half_up(volume * max(reached)[1]) if reached else 0


def _month_of(order: Order) -> str:
    return order.at.astimezone(UTC).strftime("%Y-%m")

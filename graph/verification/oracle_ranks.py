"""Ranks, rules.md §5: the team's volume and the direct referees, counted from the facts in seq order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.verification.oracle_orders import Order, upline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Table = list[dict[str, Any]]


class Ranks:
    """Per member and currency. `held` is the rank a member came to hold last, with the seq that brought it."""

    def __init__(self, referrers: Mapping[str, str | None]) -> None:
        self.referrers = referrers
        self.directs: dict[str, int] = {}
        self.volume: dict[tuple[str, str], int] = {}
        self.counting = False
        self.reached: dict[tuple[str, str], set[str]] = {}
        self.held: dict[tuple[str, str], tuple[str, int]] = {}

    def start(self, orders: Iterable[Order]) -> None:
        """Volumes are only kept from the first plan that asks for them; what was sold until then is counted now."""
        if not self.counting:
            self.counting = True
            for order in orders:
                self.add_volume(order, order.net)

    def add_volume(self, order: Order, amount: int) -> None:
        """`amount` is below 0 for a refund."""
        if self.counting:
            for member in upline(self.referrers, order.buyer):
                key = (member, order.currency)
                self.volume[key] = self.volume.get(key, 0) + amount

    def add_direct(self, buyer: str) -> None:
        """After a buyer's first completion."""
        above = self.referrers.get(buyer)
        if above:
            self.directs[above] = self.directs.get(above, 0) + 1

    def look(self, order: Order, seq: int) -> None:
        """Whether anyone above the buyer has reached a higher rank of the order's plan, in the order's currency.

        `seq` is the order's own for a look with it, and the one before for a look without.
        """
        for member in upline(self.referrers, order.buyer):
            table = ranks_of(order)
            for place in range(len(table) - 1, self.place(member, order), -1):
                if self._holds(member, order.currency, table[place]):
                    name = table[place]["name"]
                    self.reached.setdefault((member, order.currency), set()).add(name)
                    self.held[member, order.currency] = (name, seq)
                    break

    def _holds(self, member: str, currency: str, rank: dict[str, Any]) -> bool:
        return bool(
            self.directs.get(member, 0) >= rank.get("min_direct", 0)
            and self.volume.get((member, currency), 0) >= rank.get("min_team_volume_minor", 0)
        )

    def place(self, member: str, order: Order) -> int:
        """The place of a member's rank in the table of the order's plan; -1 for a member without rank."""
        reached = self.reached.get((member, order.currency), set())
        places = [place for place, rank in enumerate(ranks_of(order)) if rank["name"] in reached]
        return max(places, default=-1)


def ranks_of(order: Order) -> Table:
    """The table of the plan in force at an order, lowest first; empty when the plan does not cover it."""
    team = order.plan.section("team", order.currency)
    return team["ranks"] if team else []

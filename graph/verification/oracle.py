"""The plain recount of all rewards, from the facts: rules.md as read by decision 0009, written apart from the engine.

Loops over lists in memory, one fact after the other; nothing of the product is used here, so that agreement proves
something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.verification import oracle_slots
from graph.verification.oracle_cap import Key, scaled
from graph.verification.oracle_months import Months
from graph.verification.oracle_orders import Order, Plan
from graph.verification.oracle_ranks import Ranks, ranks_of
from graph.verification.oracle_slots import Book
from graph.verification.oracle_upline import shares, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.verification.oracle_months import Team

    Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What a reward is worth after the last fact. `slot` is its place now, None once it has none."""

    amount_minor: int
    currency: str
    slot: int | None
    plan_version: int


@dataclass(frozen=True, slots=True)
class Recount:
    """Every reward that ever was due something after some fact, with what is due after the last.

    `ranks`: by member and currency, the rank last reached and the seq of the order it was reached at. `slots`: by
    anchor and position, the referral that uses it; burnt slots and those of closed anchors stay used.
    """

    rewards: dict[Key, Line]
    ranks: dict[tuple[str, str], tuple[str, int]]
    slots: dict[tuple[str, int], str]


def recount(referrers: Mapping[str, str | None], facts: Iterable[Fact]) -> Recount:
    """`facts` in seq order; each has a `kind`: plan, completed, refunded or month_closed.

    A refund is of a completed order and of no more than is left of it. Moments carry their offset. The n-th plan fact
    is version n; until the first, three-for-one with its defaults is in force as version 0.
    """
    counting = Counting(referrers)
    for fact in facts:
        counting.accept(fact)
    return counting.outcome()


class Counting:
    """Where the recount stands between two facts."""

    def __init__(self, referrers: Mapping[str, str | None]) -> None:
        self.referrers = referrers
        self.plan = Plan(0, {"three_for_one": {}})
        self.orders: dict[str, Order] = {}
        self.bought: set[str] = set()
        self.books: dict[str, Book] = {}
        self.ranks = Ranks(referrers)
        self.months = Months(referrers)
        self.rewards: dict[Key, Line] = {}
        self._kinds = {
            "plan": self.publish,
            "completed": self.complete,
            "refunded": self.refund,
            "month_closed": self.close_month,
        }

    def accept(self, fact: Fact) -> None:
        """The next fact in seq order."""
        self._kinds[fact["kind"]](fact)

    def publish(self, fact: Fact) -> None:
        """A plan is in force for the facts after it."""
        self.plan = Plan(self.plan.version + 1, fact["document"])
        if self.plan.sections.get("team", {}).get("ranks"):
            self.ranks.start(self.orders.values())

    def complete(self, fact: Fact) -> None:
        """An order pays its upline, is an anchor of its buyer, a referral of the referrer, and volume of its month."""
        plan, amount, currency = self.plan, fact["amount_minor"], fact["currency"]
        order = Order(
            id=fact["order_id"],
            seq=fact["seq"],
            buyer=fact["member_id"],
            paid=amount,
            currency=currency,
            at=fact["completed_at"],
            plan=plan,
            net=amount,
            rule=plan.section("three_for_one", currency) or {},
        )
        first = order.buyer not in self.bought
        self._share_out(order, first=first)
        self.orders[order.id] = order
        self.bought.add(order.buyer)
        changed = [order]
        changed += oracle_slots.accept_anchor(self._book(order.buyer), order)
        if above := self.referrers.get(order.buyer):
            changed += oracle_slots.accept_referral(self._book(above), order, first=first)
        self._post(changed)
        self._post_tiers(self.months.complete(order))

    def _share_out(self, order: Order, *, first: bool) -> None:
        """What the upline gets, by ranks as they are before the order; then the ranks as they are with it."""
        ranked = bool(ranks_of(order))
        if ranked:
            self.ranks.look(order, order.seq - 1)
        order.shares = shares(order, self.referrers, self.bought, lambda m: self.ranks.place(m, order)) or ()
        self.ranks.add_volume(order, order.net)
        if first:
            self.ranks.add_direct(order.buyer)
        if ranked:
            self.ranks.look(order, order.seq)

    def refund(self, fact: Fact) -> None:
        """Everything that the order had a part in is computed again on its net amount."""
        order, amount = self.orders[fact["order_id"]], fact["amount_minor"]
        order.net -= amount
        self.ranks.add_volume(order, -amount)
        changed = [order]
        changed += oracle_slots.refund_anchor(self._book(order.buyer), order)
        if above := self.referrers.get(order.buyer):
            changed += oracle_slots.refund_referral(self._book(above), order)
        self._post(changed)
        self._post_tiers(self.months.change(order, -amount))

    def close_month(self, fact: Fact) -> None:
        """The second closing of a month is none."""
        self._post_tiers(self.months.close(fact["month"], self.plan))

    def _book(self, member: str) -> Book:
        return self.books.setdefault(member, Book())

    def _post(self, orders: list[Order]) -> None:
        """Notes what is due now because of each of these orders."""
        for order in orders:
            amounts: dict[Key, int] = {
                (order.id, share.rule, share.member, share.level, None): worth(share, order) for share in order.shares
            }
            rebate: Key | None = None
            if order.anchor is not None:
                rebate = (order.id, "rebate", order.anchor.buyer, None, order.anchor.id)
                amounts[rebate] = order.slot.due if order.slot else 0
            for key, amount in scaled(amounts, order.net, order.plan.max_payout_bp).items():
                governing = order.anchor if key == rebate and order.anchor else order
                slot = order.slot.position if key == rebate and order.slot else None
                self._note(key, Line(amount, order.currency, slot, governing.plan.version))

    def _post_tiers(self, teams: list[Team]) -> None:
        for team in teams:
            month, currency, member = team
            version = self.months.closed[month].version
            key: Key = (f"month:{month}:{currency}", "tier", member, None, None)
            self._note(key, Line(self.months.tier(team), currency, None, version))

    def _note(self, key: Key, line: Line) -> None:
        if line.amount_minor or key in self.rewards:
            self.rewards[key] = line

    def outcome(self) -> Recount:
        """What has come of the facts so far."""
        slots = {
            (anchor.id, slot.position): slot.referral.id for anchor in self.orders.values() for slot in anchor.filled
        }
        return Recount(self.rewards, self.ranks.held, slots)

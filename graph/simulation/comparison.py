"""Two outcomes of one history side by side: who gets what now, and who would get what under another plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from graph.money import BASIS_POINTS
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graph.rewards import Share
    from graph.simulation.sales import Sales

ALL_RULES = "all"
EXTREMES = 10


@dataclass(frozen=True, slots=True)
class Change:
    """Amounts under both plans in minor units, of one member, one rule, or all."""

    name: str
    currency: str
    now_minor: int
    then_minor: int

    @property
    def difference_minor(self) -> int:
        """What the other plan pays more."""
        return self.then_minor - self.now_minor


@dataclass(frozen=True, slots=True)
class Spread:
    """How the members of one currency fare, of those who are paid anything under either plan."""

    currency: str
    gain: int
    lose: int
    same: int
    nothing_any_more: int
    first_time: int
    most_gained: list[Change]
    most_lost: list[Change]


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """What the other plan pays because of one order, the monthly tier apart."""

    order_id: str
    currency: str
    net_minor: int
    paid_minor: int

    @property
    def share_bp(self) -> int | None:
        """Of the net amount, rounded down; None where nothing is left of it."""
        return self.paid_minor * BASIS_POINTS // self.net_minor if self.net_minor else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is due now and what would be, in minor units, by member, rule and currency."""

    now: Mapping[Share, int]
    then: Mapping[Share, int]

    def totals(self) -> list[Change]:
        """For each currency every rule that pays, and all of them together."""
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for side, shares in enumerate((self.now, self.then)):
            for (_, rule, currency), minor in shares.items():
                sums[currency, str(rule)][side] += minor
                sums[currency, ALL_RULES][side] += minor
        order = [*map(str, Rule), ALL_RULES]
        return [
            Change(rule, currency, *sums[currency, rule])
            for currency, rule in sorted(sums, key=lambda key: (key[0], order.index(key[1])))
        ]

    def spreads(self) -> list[Spread]:
        """How the members fare, currency by currency."""
        members: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for side, shares in enumerate((self.now, self.then)):
            for (member_id, _, currency), minor in shares.items():
                members[currency][member_id][side] += minor
        return [
            _spread(currency, [Change(member_id, currency, *both) for member_id, both in sorted(found.items())])
            for currency, found in sorted(members.items())
        ]

    def rows(self) -> Iterator[tuple[str, str, str, int, int, int]]:
        """Member, rule, currency, now, then, difference: every line that either plan pays, in this order."""
        for member_id, rule, currency in sorted(self.now.keys() | self.then.keys()):
            now = self.now.get((member_id, rule, currency), 0)
            then = self.then.get((member_id, rule, currency), 0)
            if now or then:
                yield member_id, rule, currency, now, then, then - now


def _spread(currency: str, members: list[Change]) -> Spread:
    paid = [member for member in members if member.now_minor or member.then_minor]
    gain = [member for member in paid if member.difference_minor > 0]
    lose = [member for member in paid if member.difference_minor < 0]
    return Spread(
        currency=currency,
        gain=len(gain),
        lose=len(lose),
        same=len(paid) - len(gain) - len(lose),
        nothing_any_more=sum(member.now_minor > 0 >= member.then_minor for member in paid),
        first_time=sum(member.then_minor > 0 >= member.now_minor for member in paid),
        most_gained=nlargest(EXTREMES, gain, key=lambda member: member.difference_minor),
        most_lost=nlargest(EXTREMES, lose, key=lambda member: -member.difference_minor),
    )


def overpaid(by_order: Iterable[tuple[int, int]], sales: Sales) -> tuple[int, list[PaidOrder]]:
    """How many orders pay more than was left of them, and those of the largest shares.

    `by_order`: what each pays by its seq, in minor units.
    """
    found = []
    for seq, minor in by_order:
        sold = sales.order(seq)
        if minor > sold.net_minor:
            found.append(PaidOrder(sold.order_id, sold.currency, sold.net_minor, minor))
    return len(found), nlargest(EXTREMES, found, key=_excess)


def _excess(order: PaidOrder) -> tuple[bool, int, int]:
    return order.share_bp is None, order.share_bp or 0, order.paid_minor

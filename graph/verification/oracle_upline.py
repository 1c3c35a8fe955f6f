"""What one order pays up the line: commission (rules.md §4), differential, peer and nearest (§5)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from graph.verification.oracle_orders import Order, Share, half_up, upline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    Settings = dict[str, Any]
    Above = Callable[[], Iterator[str]]


def shares(
    order: Order, referrers: Mapping[str, str | None], bought: AbstractSet[str], rank_of: Callable[[str], int]
) -> list[Share]:
    """Who has a part of an order, on the facts before it.

    `bought`: the members with an accepted completion. `rank_of`: a member's place in the plan's table, -1 for none.
    """

    def above() -> Iterator[str]:
        return upline(referrers, order.buyer)

    found: list[Share] = []
    if levels := order.plan.section("levels", order.currency):
        found += _commissions(levels, above, bought)
    if team := order.plan.section("team", order.currency):
        found += _differentials(team, above, rank_of)
    if nearest := order.plan.section("nearest", order.currency):
        found += _nearest_ones(nearest, above, bought)
    return found


def worth(share: Share, order: Order) -> int:
    """What a share is worth on the order's net amount now."""
    if share.winner is not None:
        return half_up(worth(share.winner, order) * share.rate_bp)
    if share.fixed_minor is not None:
        return half_up(share.fixed_minor * order.net, order.paid)
    return half_up(order.net * share.rate_bp) - half_up(order.net * share.paid_below_bp)


def _commissions(rule: Settings, above: Above, bought: AbstractSet[str]) -> list[Share]:
    found = []
    members = (m for m in above() if _may(rule, m, bought)) if rule["compression"] else above()
    for level, (rate, member) in enumerate(zip(rule["levels_bp"], members, strict=False), start=1):
        if _may(rule, member, bought):
            found.append(Share("commission", member, level, rate_bp=rate))
    return found


def _nearest_ones(rule: Settings, above: Above, bought: AbstractSet[str]) -> list[Share]:
    """The level of such a share is the distance from the buyer."""
    eligible = ((level, m) for level, m in enumerate(above(), start=1) if _may(rule, m, bought))
    return [
        Share("nearest", member, level, rate_bp=rule["rate_bp"], fixed_minor=rule["fixed_minor"])
        for level, member in islice(eligible, rule["count"])
    ]


def _may(rule: Settings, member: str, bought: AbstractSet[str]) -> bool:
    return rule["eligible"] == "any" or member in bought


def _differentials(rule: Settings, above: Above, rank_of: Callable[[str], int]) -> list[Share]:
    if not rule["ranks"]:
        return []
    line = [(level, member, rank_of(member)) for level, member in enumerate(above(), start=1)]
    found = []
    paid = 0
    for index, (level, member, rank) in enumerate(line):
        rate = rule["ranks"][rank]["rate_bp"] if rank >= 0 else 0
        if rate <= paid:
            continue
        winner = Share("differential", member, level, rate_bp=rate, paid_below_bp=paid)
        found.append(winner)
        paid = rate
        if rule["peer_bp"]:
            found += _peer(winner, rank, line[index + 1 :], rule["peer_bp"])
    return found


def _peer(winner: Share, rank: int, line: list[tuple[int, str, int]], peer_bp: int) -> list[Share]:
    for level, member, theirs in line:
        if theirs > rank:
            return []
        if theirs == rank:
            return [Share("peer", member, level, rate_bp=peer_bp, winner=winner)]
    return []

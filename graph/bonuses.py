"""Team bonuses of one order: differential (极差) and peer (平级), by the ranks of the upline (rules.md §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.commissions import of_the_order
from graph.money import share
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graph.events import OrderCompleted
    from graph.members import Ancestor
    from graph.plan import Monthly, PlanVersion, TeamBonus, Tier
    from graph.rewards import Reward


def differentials(
    order: OrderCompleted, upline: Sequence[Ancestor], ranks: Mapping[str, int], version: PlanVersion
) -> list[Reward]:
    """The differential and peer bonuses of one order, nearest first.

    `ranks` gives the place in the version's table of those who have a rank. A bonus that rounds to nothing is listed
    all the same: on a smaller net amount it may be worth a unit.
    """
    team = version.plan.team
    if team is None or not version.plan.covers(order.currency):
        return []
    return [
        of_the_order(
            order,
            upline,
            taker,
            version,
            Rule.DIFFERENTIAL if peer_bp is None else Rule.PEER,
            taker.level,
            team.hold_days,
            rate_bp=rate_bp,
            below_bp=below_bp,
            peer_bp=peer_bp,
        )
        for taker, rate_bp, below_bp, peer_bp in winners(upline, ranks, team)
    ]


def winners(
    upline: Sequence[Ancestor], ranks: Mapping[str, int], team: TeamBonus
) -> Iterator[tuple[Ancestor, int, int, int | None]]:
    """Who wins a differential between which rates, and which peer matches the last winner (then with its share)."""
    paid = below = 0
    to_match: int | None = None
    for ancestor in upline:
        rank = ranks.get(ancestor.member_id)
        if rank is None:
            continue
        rate = team.ranks[rank].rate_bp
        if rate > paid:
            yield ancestor, rate, paid, None
            below, paid, to_match = paid, rate, rank
        elif to_match is not None and rank >= to_match:
            if rank == to_match and team.peer_bp:
                yield ancestor, paid, below, team.peer_bp
            to_match = None


def tier_worth(monthly: Monthly, volume_minor: int) -> tuple[int, int]:
    """What a team's month is worth under these tiers, in minor units, and the rate of the highest that it reached."""
    tier = reached_tier(monthly, volume_minor)
    return (share(volume_minor, tier.rate_bp), tier.rate_bp) if tier else (0, 0)


def reached_tier(monthly: Monthly, volume_minor: int) -> Tier | None:
    """The highest tier that a team's month has reached."""
    return next((tier for tier in reversed(monthly.tiers) if tier.min_volume_minor <= volume_minor), None)

"""Counts the standings from the log when a plan with ranks or tiers comes to a store that has a history.

Afterwards the sequence keeps them fact by fact. Counting again is harmless: it writes what is, not what is added.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graph.events import MonthClosed, OrderCompleted
from graph.standings import Standings
from graph.times import month_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from graph.events import OrderFact
    from graph.members import Member

    Own = dict[str, dict[tuple[str, str], int]]
    """What each member has bought, net, by currency and period."""


async def count(facts: AsyncIterator[OrderFact | MonthClosed], members: Iterable[Member]) -> Standings:
    """The standings after these facts; ranks apart, which are reached at orders under a plan that has them."""
    standings = Standings()
    own: Own = defaultdict(lambda: defaultdict(int))
    months: dict[str, str] = {}
    async for fact in facts:
        if isinstance(fact, MonthClosed):
            continue
        if isinstance(fact, OrderCompleted):
            minor, months[fact.order_id] = fact.net_minor, month_of(fact.completed_at)
            if fact.first and fact.referrer_id:
                standings.count_direct(fact.referrer_id)
        else:
            minor = -fact.amount_minor
        own[fact.buyer_id][fact.currency, months[fact.order_id]] += minor
    _sum_up(standings, own, members)
    return standings


def _sum_up(standings: Standings, own: Own, members: Iterable[Member]) -> None:
    """Adds every member's purchases, and their team's, to their referrer's team: the deepest first."""
    team: Own = defaultdict(lambda: defaultdict(int))
    for member in sorted(members, key=lambda member: -member.depth):
        below = team.pop(member.member_id, {})
        for (currency, month), minor in below.items():
            standings.count((member.member_id,), currency, month, minor)
        if member.referrer_id:
            above = team[member.referrer_id]
            for volumes in (below, own.get(member.member_id, {})):
                for key, minor in volumes.items():
                    above[key] += minor

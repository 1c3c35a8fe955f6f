"""Monthly tiers: what a team's month is worth when it is closed, and when late facts change it (rules.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from graph.bonuses import tier_worth
from graph.events import MonthClosed
from graph.members import MemberId
from graph.orders import OrderId
from graph.postings import Postings
from graph.rewards import Reward, Rule
from graph.times import month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph.engine.books import OrderNet, SequenceBooks
    from graph.events import OrderFact
    from graph.members import Ancestor
    from graph.plan import PlanHistory, PlanVersion
    from graph.standings import Standings

MEMBERS_AT_ONCE = 5_000
"""Volumes looked at in one transaction of a closing."""


async def close_month(books: SequenceBooks, closed: MonthClosed, plans: PlanHistory, after: str) -> None:
    """Posts the tiers of the next members of a month, by member id; the last of them moves the sequence on.

    A month can be closed once: its first closing counts.
    """
    version = plans.in_force(closed.seq)
    first = closed.month not in {earlier.month for earlier in await books.closed_months(closed.seq - 1)}
    volumes = await books.month_volumes(closed.month, after, MEMBERS_AT_ONCE) if first and version.plan.monthly else []
    postings = Postings()
    postings.claim(tiers_at_closing(closed, version, volumes), closed.cause, closed.at)
    await books.post(postings)
    if len({member_id for member_id, _, _ in volumes}) < MEMBERS_AT_ONCE:
        await books.advance(closed.seq)
    else:
        await books.advance(closed.seq - 1, month_cursor=volumes[-1][0])


def tiers_at_closing(
    closed: MonthClosed, version: PlanVersion, volumes: Iterable[tuple[str, str, int]]
) -> list[Reward]:
    """The tiers of members whose volumes, by member and currency, are worth anything under the version in force."""
    tiers = (_tier(closed, version, member_id, currency, volume) for member_id, currency, volume in volumes)
    return [tier for tier in tiers if tier and tier.worth_minor]


@dataclass(slots=True)
class Months:
    """The months that were closed before a stretch of facts, each with its first closing."""

    closings: Sequence[MonthClosed]
    plans: PlanHistory

    def reward_ids(
        self,
        facts: Iterable[OrderFact],
        chains: Mapping[str, Sequence[Ancestor]],
        orders: Mapping[str, OrderNet],
    ) -> list[str]:
        """The ids that tiers changed by these facts may have."""
        places = {
            (month_of(orders[fact.order_id].completed_at), fact.currency, ancestor.member_id)
            for fact in facts
            for ancestor in chains.get(fact.buyer_id, ())
        }
        tiers = (self._now(month, currency, member_id, 0) for month, currency, member_id in places)
        return sorted({tier.reward_id for tier in tiers if tier})

    def late(self, month: str, currency: str, members: Iterable[str], standings: Standings) -> list[Reward]:
        """What the tiers of these members are worth, now that the volume of a closed month has changed."""
        now = (
            self._now(month, currency, member_id, standings.volumes[member_id, currency, month])
            for member_id in members
        )
        return [tier for tier in now if tier]

    def _now(self, month: str, currency: str, member_id: str, volume_minor: int) -> Reward | None:
        closing = next((closing for closing in self.closings if closing.month == month), None)
        return _tier(closing, self.plans.in_force(closing.seq), member_id, currency, volume_minor) if closing else None


def _tier(closed: MonthClosed, version: PlanVersion, member_id: str, currency: str, volume_minor: int) -> Reward | None:
    monthly = version.plan.monthly
    if monthly is None or not version.plan.covers(currency):
        return None
    worth, rate_bp = tier_worth(monthly, volume_minor)
    return Reward(
        order_id=OrderId(f"month:{closed.month}:{currency}"),
        order_seq=closed.seq,
        rule=Rule.TIER,
        beneficiary_id=MemberId(member_id),
        plan_version=version.version,
        worth_minor=worth,
        currency=currency,
        base_minor=volume_minor,
        rate_bp=rate_bp,
        path=(MemberId(member_id),),
        created_at=closed.at,
        due_at=closed.at + timedelta(days=monthly.hold_days),
    )

"""What the upline earns of an order by its place alone: level commission and nearest uplines (rules.md §4, §5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from graph.plan import Eligible
from graph.rewards import Reward, Rule, order_worth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.events import OrderCompleted
    from graph.members import Ancestor
    from graph.plan import Levels, Nearest, Plan, PlanVersion

WHOLE_UPLINE = 2**31 - 1
"""A number of levels that no upline has."""


def levels_needed(version: PlanVersion, currency: str) -> int:
    """How far up an order's upline the rules of this version may have to look."""
    plan = version.plan
    if not plan.covers(currency):
        return 0
    if plan.team or plan.monthly:
        return WHOLE_UPLINE
    return max(_commission_reach(plan), _nearest_reach(plan))


def _commission_reach(plan: Plan) -> int:
    if plan.levels is None:
        return 0
    skips = plan.levels.compression and plan.levels.eligible is not Eligible.ANY
    return WHOLE_UPLINE if skips else len(plan.levels.levels_bp)


def _nearest_reach(plan: Plan) -> int:
    if plan.nearest is None:
        return 0
    return plan.nearest.count if plan.nearest.eligible is Eligible.ANY else WHOLE_UPLINE


def commissions(order: OrderCompleted, upline: Sequence[Ancestor], version: PlanVersion) -> list[Reward]:
    """The level commissions of one order, nearest first. `upline` is the buyer's, nearest first (rules.md §4).

    Commission that rounds to nothing is no reward.
    """
    rule = version.plan.levels
    if rule is None or not version.plan.covers(order.currency):
        return []
    takers = level_takers(order.seq, upline, rule)
    rewards = [
        of_the_order(order, upline, ancestor, version, Rule.COMMISSION, level, rule.hold_days, rate_bp=rate_bp)
        for level, (ancestor, rate_bp) in enumerate(zip(takers, rule.levels_bp, strict=False), start=1)
        if ancestor is not None
    ]
    return [reward for reward in rewards if reward.worth_minor]


def nearest(order: OrderCompleted, upline: Sequence[Ancestor], version: PlanVersion) -> list[Reward]:
    """见点: what the first eligible uplines earn of one order, nearest first (rules.md §5)."""
    rule = version.plan.nearest
    if rule is None or not version.plan.covers(order.currency):
        return []
    takers = nearest_takers(order.seq, upline, rule)
    fixed = {} if rule.fixed_minor is None else {"fixed_minor": rule.fixed_minor, "order_minor": order.net_minor}
    rewards = [
        of_the_order(
            order, upline, taker, version, Rule.NEAREST, taker.level, rule.hold_days, rate_bp=rule.rate_bp, **fixed
        )
        for taker in takers
    ]
    return [reward for reward in rewards if reward.worth_minor]


def nearest_takers(order_seq: int, upline: Sequence[Ancestor], rule: Nearest) -> list[Ancestor]:
    """The first eligible uplines, nearest first."""
    return [ancestor for ancestor in upline if eligible(ancestor, order_seq, rule)][: rule.count]


def eligible(ancestor: Ancestor, order_seq: int, rule: Levels | Nearest) -> bool:
    """Whether a member may take a level of this order; a later refund of their own order does not undo that."""
    first = ancestor.first_order_seq
    return rule.eligible is Eligible.ANY or (first is not None and first < order_seq)


def level_takers(order_seq: int, upline: Sequence[Ancestor], rule: Levels) -> Iterator[Ancestor | None]:
    """For each level in turn, who takes it; None: nobody."""
    for ancestor in upline:
        if eligible(ancestor, order_seq, rule):
            yield ancestor
        elif not rule.compression:
            yield None


def of_the_order(
    order: OrderCompleted,
    upline: Sequence[Ancestor],
    taker: Ancestor,
    version: PlanVersion,
    rule: Rule,
    level: int,
    hold_days: int,
    *,
    rate_bp: int,
    below_bp: int = 0,
    peer_bp: int | None = None,
    fixed_minor: int | None = None,
    order_minor: int | None = None,
) -> Reward:
    """A reward of the upline, on the order's whole amount. `level` is the paid one, which compression may lower."""
    fixed = None if fixed_minor is None or order_minor is None else (fixed_minor, order_minor)
    return Reward(
        order_id=order.order_id,
        order_seq=order.seq,
        rule=rule,
        beneficiary_id=taker.member_id,
        plan_version=version.version,
        worth_minor=order_worth(order.net_minor, rate_bp, below_bp, peer_bp, fixed),
        currency=order.currency,
        base_minor=order.net_minor,
        rate_bp=rate_bp,
        path=(order.buyer_id, *[ancestor.member_id for ancestor in upline[: taker.level]]),
        created_at=order.completed_at,
        due_at=order.completed_at + timedelta(days=hold_days),
        level=level,
        below_bp=below_bp,
        peer_bp=peer_bp,
        fixed_minor=fixed_minor,
        order_minor=order_minor,
    )

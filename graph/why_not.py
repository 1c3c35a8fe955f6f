"""What each of an order's upline got of it and, under each rule that gave nothing, why.

Every question goes first through what concerns all rules, then to the rule's own: `graph/reasons_rebate.py` and
`graph/reasons_upline.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.bonuses import reached_tier
from graph.reasons import Answer, Reason, Value, Why
from graph.reasons_rebate import rebate_reasons
from graph.reasons_upline import commission_reasons, differential_reasons, nearest_reasons, peer_reasons
from graph.rewards import Rule
from graph.times import month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graph.events import MonthClosed, OrderCompleted
    from graph.ledger import PostedReward
    from graph.members import Ancestor, MemberId
    from graph.orders import Order
    from graph.plan import Plan, PlanHistory, PlanVersion
    from graph.reasons_rebate import Replay

RULES = (Rule.REBATE, Rule.COMMISSION, Rule.DIFFERENTIAL, Rule.PEER, Rule.NEAREST, Rule.TIER)
"""What an order may pay by, in the order in which it is answered."""
AT_MOST = 100
"""Members of an upline answered at once, nearest first; anybody above is answered when asked for by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An order with everything that decided who earned of it."""

    order: Order
    plans: PlanHistory
    completion: OrderCompleted | None = None
    """None until it is numbered."""
    upline: Sequence[Ancestor] = ()
    """The buyer's, nearest first."""
    rewards: Sequence[PostedReward] = ()
    upline_paid: bool = False
    """Whether the buyer's share of the facts has been applied up to this order; so for `slots_filled`."""
    slots_filled: bool = False
    """Whether the referrer's share has been."""
    referrer: Replay | None = None
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Before the order: the place in the table of those of the upline who had a rank."""
    closing: MonthClosed | None = None
    """Of the order's month."""
    volumes: Mapping[str, int] = field(default_factory=dict)
    """What the team of each of the upline bought in that month, in minor units."""
    tiers: Mapping[str, PostedReward] = field(default_factory=dict)
    """The rewards for that month, by member."""

    @property
    def version(self) -> PlanVersion:
        """The plan in force at the order, once that is numbered."""
        assert self.completion is not None  # noqa: S101  asked only behind the check for it
        return self.plans.in_force(self.completion.seq)


def answers(occasion: Occasion, member_ids: Sequence[MemberId]) -> list[Answer]:
    """An answer for each of these members, whether they are in the upline or not."""
    above = {ancestor.member_id: ancestor for ancestor in occasion.upline}
    found = []
    for member_id in member_ids:
        member = above.get(member_id)
        got = tuple(reward for reward in occasion.rewards if reward.beneficiary_id == member_id)
        reasons = [
            reason
            for rule in RULES
            if not any(reward.amount_minor for reward in got if reward.rule is rule)
            for reason in _reasons(occasion, member, rule, got)
        ]
        found.append(Answer(member_id, member.level if member else None, got, tuple(reasons)))
    return found


def _reasons(occasion: Occasion, member: Ancestor | None, rule: Rule, got: Sequence[PostedReward]) -> Sequence[Reason]:
    order = occasion.completion
    if member is None:
        return [Reason(rule, Why.NOT_IN_UPLINE, {"buyer_id": occasion.order.member_id})]
    if order is None or occasion.order.completed_at is None:
        completed = occasion.order.completed_at is not None
        status = {"status": occasion.order.status}
        return [Reason(rule, Why.NOT_APPLIED_YET) if completed else Reason(rule, Why.ORDER_NOT_COMPLETED, status)]
    outside = _outside_the_plan(occasion, order, rule) or _outside_the_rule(occasion, order, member, rule)
    if outside:
        return [outside]
    stood = next((reward for reward in got if reward.rule is rule), None)
    if stood and _explains_itself(stood):
        return [_nothing_left(occasion, stood)]
    return JUDGES[rule](occasion, order, member)


def _outside_the_plan(occasion: Occasion, order: OrderCompleted, rule: Rule) -> Reason | None:
    version = _governing(occasion, rule)
    if not _has_rule(version.plan, rule):
        return Reason(rule, Why.NO_SUCH_RULE_IN_PLAN, {"plan_version": version.version})
    if not version.plan.covers(order.currency):
        return Reason(rule, Why.CURRENCY_NOT_COVERED, {"plan_version": version.version, "currency": order.currency})
    return None


def _outside_the_rule(occasion: Occasion, order: OrderCompleted, member: Ancestor, rule: Rule) -> Reason | None:
    if rule is Rule.REBATE and member.member_id != order.referrer_id:
        return Reason(rule, Why.NOT_DIRECT_REFERRER, {"referrer_id": order.referrer_id, "level": member.level})
    applied = occasion.slots_filled if rule is Rule.REBATE else occasion.upline_paid
    return None if applied else Reason(rule, Why.NOT_APPLIED_YET)


def _has_rule(plan: Plan, rule: Rule) -> bool:
    """Whether a plan pays anybody by a rule."""
    return {
        Rule.REBATE: plan.three_for_one is not None,
        Rule.COMMISSION: plan.levels is not None,
        Rule.DIFFERENTIAL: plan.team is not None,
        Rule.PEER: plan.team is not None and plan.team.peer_bp > 0,
        Rule.NEAREST: plan.nearest is not None,
        Rule.TIER: plan.monthly is not None,
    }[rule]


def _governing(occasion: Occasion, rule: Rule) -> PlanVersion:
    closing = occasion.closing
    return occasion.plans.in_force(closing.seq) if rule is Rule.TIER and closing else occasion.version


def _explains_itself(reward: PostedReward) -> bool:
    """Whether the numbers that the reward keeps say why it is nothing; a rebate's lie in the anchor."""
    return reward.rule is not Rule.REBATE or reward.worth_minor > 0


def _nothing_left(occasion: Occasion, reward: PostedReward) -> Reason:
    if reward.base_minor == 0:
        return Reason(reward.rule, Why.ORDER_REFUNDED, {"order_id": reward.order_id})
    if reward.worth_minor == 0 and reward.fixed_minor is not None:
        fixed: Mapping[str, Value] = {"fixed_minor": reward.fixed_minor, "net_minor": reward.base_minor}
        return Reason(reward.rule, Why.FIXED_ROUNDS_TO_ZERO, fixed)
    if reward.worth_minor == 0:
        values: Mapping[str, Value] = {"net_minor": reward.base_minor, "rate_bp": reward.rate_bp}
        return Reason(reward.rule, Why.ROUNDS_TO_ZERO, values)
    cut: Mapping[str, Value] = {
        "worth_minor": reward.worth_minor,
        "total_minor": sum(other.worth_minor for other in occasion.rewards),
        "cap_minor": sum(other.amount_minor for other in occasion.rewards),
    }
    return Reason(reward.rule, Why.CUT_BY_CAP, cut)


def _rebate(occasion: Occasion, order: OrderCompleted, _: Ancestor) -> Sequence[Reason]:
    return rebate_reasons(occasion.referrer, order) if occasion.referrer else []


def _commission(occasion: Occasion, order: OrderCompleted, member: Ancestor) -> Sequence[Reason]:
    rule = occasion.version.plan.levels
    return commission_reasons(order, occasion.upline, member, rule) if rule else []


def _nearest(occasion: Occasion, order: OrderCompleted, member: Ancestor) -> Sequence[Reason]:
    rule = occasion.version.plan.nearest
    return nearest_reasons(order, occasion.upline, member, rule) if rule else []


def _differential(occasion: Occasion, _: OrderCompleted, member: Ancestor) -> Sequence[Reason]:
    team = occasion.version.plan.team
    return differential_reasons(occasion.upline, member, occasion.ranks, team) if team else []


def _peer(occasion: Occasion, _: OrderCompleted, member: Ancestor) -> Sequence[Reason]:
    team = occasion.version.plan.team
    return peer_reasons(occasion.upline, member, occasion.ranks, team) if team else []


def _month(occasion: Occasion, order: OrderCompleted, member: Ancestor) -> Sequence[Reason]:
    """A tier is no reward of one order: what the order's month came to."""
    month = month_of(order.completed_at)
    if occasion.closing is None:
        return [Reason(Rule.TIER, Why.MONTH_NOT_CLOSED, {"month": month})]
    reward = occasion.tiers.get(member.member_id)
    if reward and reward.amount_minor:
        paid: Mapping[str, Value] = {
            "month": month,
            "reward_id": reward.reward_id,
            "volume_minor": reward.base_minor,
            "amount_minor": reward.amount_minor,
        }
        return [Reason(Rule.TIER, Why.PAID_BY_MONTH, paid)]
    monthly = _governing(occasion, Rule.TIER).plan.monthly
    volume = occasion.volumes.get(member.member_id, 0)
    tier = reached_tier(monthly, volume) if monthly else None
    if tier:
        return [Reason(Rule.TIER, Why.ROUNDS_TO_ZERO, {"net_minor": volume, "rate_bp": tier.rate_bp})]
    lowest = monthly.tiers[0].min_volume_minor if monthly and monthly.tiers else None
    below: Mapping[str, Value] = {"month": month, "volume_minor": volume, "min_volume_minor": lowest}
    return [Reason(Rule.TIER, Why.BELOW_TIERS, below)]


JUDGES: dict[Rule, Callable[[Occasion, OrderCompleted, Ancestor], Sequence[Reason]]] = {
    Rule.REBATE: _rebate,
    Rule.COMMISSION: _commission,
    Rule.DIFFERENTIAL: _differential,
    Rule.PEER: _peer,
    Rule.NEAREST: _nearest,
    Rule.TIER: _month,
}
"""The reasons that only the rule itself knows."""

"""Rewards made up for tests of what is done with them."""

from __future__ import annotations

from datetime import UTC, datetime

from graph.ledger import PostedReward, RewardState
from graph.members import MemberId
from graph.orders import OrderId
from graph.rewards import Reward, Rule

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def reward(worth: int, rule: Rule = Rule.COMMISSION, member: str = "m", level: int | None = 1) -> Reward:
    return Reward(
        order_id=OrderId("o"),
        order_seq=1,
        rule=rule,
        beneficiary_id=MemberId(member),
        plan_version=1,
        worth_minor=worth,
        currency="CNY",
        base_minor=0,
        rate_bp=0,
        path=(),
        created_at=NOON,
        due_at=NOON,
        level=level,
    )


def posted(amount: int, state: RewardState, paid: int = 0) -> PostedReward:
    fields = {name: getattr(reward(amount), name) for name in type(reward(0)).__slots__}
    return PostedReward(**fields, amount_minor=amount, state=state, paid_minor=paid)

"""Rewards."""

from typing import Self

import strawberry

from api.context import Context, Info
from api.policies import OWN, SEEN, SIGHT
from api.scalars import DateTime
from api.types import member as members
from api.types import order as orders
from api.types.enums import RewardState, Rule
from api.types.fields import field, seen
from api.types.lazy import LazyMember, LazyOrder
from api.types.money import Money
from api.types.node import Node, global_id
from graph.ledger import PostedReward
from graph.times import stored


@strawberry.type(description="What one member is due for one cause under one rule, with the numbers it came from.")
class Reward(Node):
    """Keyed by order, rule, beneficiary, and level or anchor."""

    reward_id: str = seen(description="A hash of its key: the same facts give the same id everywhere.")
    rule: Rule = seen(description="Which rule of the plan pays it.")
    order_id: str | None = seen(
        description="The order that caused it, also where that is not shown; null for an adjustment and a monthly tier."
    )
    level: int | None = seen(description="For a commission: the level paid, 1 being the referrer.")
    slot: int | None = seen(description="For a rebate: which slot of the anchor was filled, from 1.")
    plan_version: int = seen(description="The version of the plan that governs it.")
    amount: Money = seen(description="The sum of its ledger entries: net of clawbacks.")
    base: Money = seen(description="The amount that the rate was applied to.")
    rate_bp: int = seen(description="The rate in basis points: 10000 is 100 %.")
    state: RewardState = seen(description="Where its money is.")
    created_at: DateTime = seen(description="The time of the fact that made it due.")
    due_at: DateTime | None = seen(description="When its hold passes; null once it is not pending.")
    source: strawberry.Private[PostedReward]

    @classmethod
    def from_domain(cls, reward: PostedReward) -> Self:
        """A reward as the ledger holds it."""
        return cls(
            id=global_id("Reward", reward.reward_id),
            reward_id=reward.reward_id,
            rule=reward.rule,
            order_id=None if reward.rule in {Rule.ADJUSTMENT, Rule.TIER} else reward.order_id,
            level=reward.level,
            slot=reward.slot,
            plan_version=reward.plan_version,
            amount=Money.from_domain(reward.amount_minor, reward.currency),
            base=Money.from_domain(reward.base_minor, reward.currency),
            rate_bp=reward.rate_bp,
            state=reward.state,
            created_at=DateTime(stored(reward.created_at)),
            due_at=None if reward.due_at is None else DateTime(stored(reward.due_at)),
            source=reward,
        )

    @classmethod
    async def find(cls, context: Context, reward_id: str) -> Self | None:
        """The reward with an id."""
        reward = await context.loaders.reward_by_id.load(reward_id)
        return None if reward is None else cls.from_domain(reward)

    @field(description="The order that caused it; null for an adjustment and for a monthly tier.", allow=OWN)
    async def order(self, info: Info) -> LazyOrder | None:
        """For a rebate, the referral; for a commission, the downline order."""
        return None if self.order_id is None else await orders.Order.find(info.context, self.order_id)

    @field(description="Member ids from the buyer up to the beneficiary, as far as they are seen.", allow=SIGHT)
    def path(self, info: Info) -> list[str]:
        """For a member: the last ones."""
        return list(info.context.reads.sight.within(self.source.path))

    @field(description="Whose it is.", allow=SEEN)
    async def beneficiary(self, info: Info) -> LazyMember:
        """The member who earned it."""
        return await members.Member.get(info.context, self.source.beneficiary_id)

    @field(description="For a rebate: the beneficiary's own order that comes back.", allow=OWN)
    async def anchor_order(self, info: Info) -> LazyOrder | None:
        """The anchor, if the rule has one."""
        anchor = self.source.anchor_order_id
        return None if anchor is None else await orders.Order.find(info.context, anchor)

"""Every fen explained: what made a reward, and what an order did not pay."""

import re
from typing import Annotated

import strawberry

from api.context import Info
from api.policies import READERS
from api.types.explanation import Explanation, OrderShare
from api.types.fields import field
from api.types.node import parse_global_id
from graph.desk_errors import UnknownReward
from graph.errors import InvalidInput

RewardId = Annotated[strawberry.ID, strawberry.argument(description="A reward's `id`, or its `rewardId`.")]
OrderKey = Annotated[strawberry.ID, strawberry.argument(description="The order's business key.")]
OneMember = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only this member, by business key; null for the nearest 100 above the buyer. A member asks about "
        "themself alone."
    ),
]


@strawberry.type
class ExplanationQueries:
    """The query fields that explain."""

    @field(description="How a reward came to its amount, step by step. Fails with UNKNOWN_REWARD.", allow=READERS)
    async def explain_reward(self, info: Info, id: RewardId) -> Explanation:  # noqa: A002
        """One reward."""
        reward_id = _reward_id(id)
        explanation = await Explanation.find(info.context, reward_id)
        if explanation is None:
            raise UnknownReward(reward_id)
        return explanation

    @field(
        description="What the upline of an order's buyer got of it, nearest first and at most 100 of them, and why not "
        "more. Fails with UNKNOWN_ORDER or UNKNOWN_MEMBER.",
        allow=READERS,
        rows=100,
    )
    async def why_not(self, info: Info, order_id: OrderKey, member_id: OneMember = None) -> list[OrderShare]:
        """The whole upline, or one member."""
        order, answers = await info.context.reads.why_not(order_id, member_id)
        return [OrderShare.from_domain(answer, order.currency, info.context.language) for answer in answers]


def _reward_id(text: str) -> str:
    """The key in a global id, or the key itself; raises InvalidInput for anything else."""
    if re.fullmatch(r"[0-9a-f]{32}", text):
        return text
    kind, key = parse_global_id(text)
    if kind != "Reward":
        raise InvalidInput("id", f"{text!r} is no reward's id.", code="BAD_GLOBAL_ID")
    return key

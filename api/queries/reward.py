"""Rewards by beneficiary or by order."""

from typing import Annotated

import strawberry

from api import pages
from api.context import Info
from api.policies import READERS
from api.types.arguments import After, First
from api.types.connection import Connection
from api.types.fields import field
from api.types.reward import Reward
from graph.errors import InvalidInput

OfMember = Annotated[str | None, strawberry.argument(description="The beneficiary; newest order first.")]
OfOrder = Annotated[str | None, strawberry.argument(description="The order that caused them; by rule and level.")]


@strawberry.type
class RewardQueries:
    """The query fields about rewards."""

    @field(
        description="What a member earned, or what an order made due: give one. Null if there is no such member.",
        allow=READERS,
    )
    async def rewards(
        self,
        info: Info,
        member_id: OfMember = None,
        order_id: OfOrder = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Reward] | None:
        """A page of rewards."""
        if member_id is not None and order_id is None:
            if not await info.context.reads.has_books_of(member_id):
                return None
            return await pages.rewards_of_member(info.context, member_id, first, after)
        if order_id is not None and member_id is None:
            return await pages.rewards_of_order(info.context, order_id, first, after)
        raise InvalidInput("member_id", "Give exactly one of memberId and orderId.", code="BAD_FILTER")

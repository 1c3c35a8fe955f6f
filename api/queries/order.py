"""Orders by page."""

from typing import Annotated

import strawberry

from api import pages
from api.context import Info
from api.types.arguments import After, First
from api.types.connection import Connection
from api.types.fields import field
from api.types.member import Member
from api.types.order import Order

OfMember = Annotated[str | None, strawberry.argument(description="Only this member's; null for everybody's.")]


@strawberry.type
class OrderQueries:
    """The query fields about orders."""

    @field(description="Completed and numbered orders, newest first; null if there is no such member.")
    async def orders(
        self, info: Info, member_id: OfMember = None, first: First = 20, after: After = None
    ) -> Connection[Order] | None:
        """A page of orders."""
        if member_id is None:
            return await pages.all_orders(info.context, first, after)
        if await Member.find(info.context, member_id) is None:
            return None
        return await pages.orders_of_member(info.context, member_id, first, after)

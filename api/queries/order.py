"""Orders by page."""

from typing import Annotated

import strawberry

from api import pages
from api.context import Info
from api.policies import READERS
from api.types.arguments import After, First
from api.types.connection import Connection
from api.types.fields import field
from api.types.order import Order

OfMember = Annotated[str | None, strawberry.argument(description="Only this member's; null for all that are seen.")]


@strawberry.type
class OrderQueries:
    """The query fields about orders."""

    @field(description="Completed and numbered orders, newest first; null if there is no such member.", allow=READERS)
    async def orders(
        self, info: Info, member_id: OfMember = None, first: First = 20, after: After = None
    ) -> Connection[Order] | None:
        """A page of orders."""
        if member_id is not None and not await info.context.reads.has_books_of(member_id):
            return None
        return await pages.orders(info.context, member_id, first, after)

"""Any object by its global id."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from api.context import Context, Info
from api.policies import READERS
from api.types.fields import field
from api.types.ledger import LedgerEntry
from api.types.member import Member
from api.types.node import Node, parse_global_id
from api.types.order import Order
from api.types.plan import Plan
from api.types.refund import Refund
from api.types.reward import Reward

FINDERS: dict[str, Callable[[Context, str], Awaitable[Node | None]]] = {
    "Member": Member.find,
    "Order": Order.find,
    "Refund": Refund.find,
    "Reward": Reward.find,
    "LedgerEntry": LedgerEntry.find,
    "Plan": Plan.find,
}
"""How the object of each type is found by its business key."""

GlobalId = Annotated[strawberry.ID, strawberry.argument(description="A global id, as `id` fields give it.")]


@strawberry.type
class NodeQueries:
    """Relay's query field."""

    @field(description="The object with a global id, or null.", allow=READERS)
    async def node(self, info: Info, id: GlobalId) -> Node | None:  # noqa: A002
        """One object of any type."""
        kind, key = parse_global_id(id)
        find = FINDERS.get(kind)
        return None if find is None else await find(info.context, key)

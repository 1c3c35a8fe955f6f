"""The pages that query fields and relation fields share: one read of one row more than is shown."""

from typing import TYPE_CHECKING

from api.paging import LARGEST, Keyset, after_key, levels, page_size
from api.types import member as members
from api.types.connection import Connection, page_info
from api.types.ledger import LedgerEntry
from api.types.order import Order
from api.types.reward import Reward

if TYPE_CHECKING:
    from api.context import Context
    from graph.orders import Order as StoredOrder

MEMBERS = Keyset("members", ("",))
DOWNLINE = Keyset("downline", (0, ""))
ORDERS = Keyset("orders", (LARGEST,))
REWARDS = Keyset("rewards", (LARGEST, ""))
REWARDS_OF_ORDER = Keyset("rewards of order", ("",))
ENTRIES = Keyset("entries", (LARGEST, ""))


async def all_members(context: "Context", first: int, after: str | None) -> "members.MemberConnection":
    """Members by id."""
    order = context.cursors.of(MEMBERS)
    (after_id,) = order.place(after)
    rows = await context.reads.members(after_id, page_size(first) + 1)
    return members.MemberConnection.of(
        rows, first, after, order, lambda row: (members.Member.from_domain(row), (row.member_id,))
    )


async def downline(
    context: "Context", member_id: str, max_level: int, first: int, after: str | None
) -> "members.DownlineConnection":
    """A member's downline by level and id."""
    order = context.cursors.of(DOWNLINE, member_id)
    place = order.place(after)
    rows = await context.reads.downline(member_id, levels(max_level), place, page_size(first) + 1)
    edges = [
        members.DownlineEdge(
            node=members.Member.from_domain(row), cursor=order.cursor((level, row.member_id)), level=level
        )
        for level, row in rows[:first]
    ]
    info = page_info([edge.cursor for edge in edges], after, more=len(rows) > first)
    return members.DownlineConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


async def orders(context: "Context", member_id: str | None, first: int, after: str | None) -> Connection[Order] | None:
    """Numbered orders, newest first: a member's, or all that are seen."""
    order = context.cursors.of(ORDERS, *([] if member_id is None else [member_id]))
    (before,) = order.place(after)
    rows = await context.reads.orders(member_id, before, page_size(first) + 1)
    return None if rows is None else Connection.of(rows, first, after, order, _order)


async def rewards_of_member(
    context: "Context", member_id: str, first: int, after: str | None
) -> Connection[Reward] | None:
    """A member's rewards, newest order first."""
    order = context.cursors.of(REWARDS, member_id)
    place = order.place(after)
    rows = await context.reads.rewards(member_id, place, page_size(first) + 1)
    if rows is None:
        return None
    return Connection.of(
        rows, first, after, order, lambda row: (Reward.from_domain(row), (row.order_seq, row.reward_id))
    )


async def rewards_of_order(context: "Context", order_id: str, first: int, after: str | None) -> Connection[Reward]:
    """An order's rewards by rule, level and beneficiary: few, so that they are read whole."""
    order = context.cursors.of(REWARDS_OF_ORDER, order_id)
    (after_id,) = order.place(after)
    page_size(first)
    found = await context.reads.rewards_of_order(order_id)
    rows = after_key(found, [reward.reward_id for reward in found], after_id)
    return Connection.of(rows, first, after, order, lambda row: (Reward.from_domain(row), (row.reward_id,)))


async def entries_of_member(
    context: "Context", member_id: str, first: int, after: str | None
) -> Connection[LedgerEntry] | None:
    """A member's ledger entries, newest order first, and the newest entry of an order first."""
    order = context.cursors.of(ENTRIES, member_id)
    place = order.place(after)
    rows = await context.reads.entries(member_id, place, page_size(first) + 1)
    if rows is None:
        return None
    return Connection.of(rows, first, after, order, lambda row: (LedgerEntry.from_domain(row), row.place))


def _order(row: "StoredOrder") -> tuple[Order, tuple[int]]:
    """An order with its place; pages hold numbered orders only."""
    return Order.from_domain(row), (row.seq or 0,)

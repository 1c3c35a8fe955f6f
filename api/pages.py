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
    from graph.ledger import PostedReward
    from graph.orders import Order as StoredOrder

MEMBERS = Keyset("members", ("",))
DOWNLINE = Keyset("downline", (0, ""))
ORDERS = Keyset("orders", (LARGEST,))
REWARDS = Keyset("rewards", (LARGEST, ""))
REWARDS_OF_ORDER = Keyset("rewards of order", ("",))
ENTRIES = Keyset("entries", (LARGEST, ""))


async def all_members(context: "Context", first: int, after: str | None) -> "members.MemberConnection":
    """Members by id."""
    (after_id,) = MEMBERS.place(after)
    rows = await context.services.members.page(after_id, page_size(first) + 1)
    for row in rows:
        context.loaders.member_by_id.prime(row.member_id, row)
    return members.MemberConnection.of(
        rows, first, after, MEMBERS, lambda row: (members.Member.from_domain(row), (row.member_id,))
    )


async def downline(
    context: "Context", member_id: str, max_level: int, first: int, after: str | None
) -> "members.DownlineConnection":
    """A member's downline by level and id."""
    place = DOWNLINE.place(after)
    rows = await context.services.members.downline(member_id, levels(max_level), place, page_size(first) + 1)
    edges = [
        members.DownlineEdge(
            node=members.Member.from_domain(row), cursor=DOWNLINE.cursor((level, row.member_id)), level=level
        )
        for level, row in rows[:first]
    ]
    info = page_info([edge.cursor for edge in edges], after, more=len(rows) > first)
    return members.DownlineConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


async def all_orders(context: "Context", first: int, after: str | None) -> Connection[Order]:
    """Every numbered order, newest first."""
    (before,) = ORDERS.place(after)
    rows = await context.services.orders.page(before, page_size(first) + 1)
    return Connection.of(rows, first, after, ORDERS, _order)


async def orders_of_member(context: "Context", member_id: str, first: int, after: str | None) -> Connection[Order]:
    """A member's numbered orders, newest first."""
    (before,) = ORDERS.place(after)
    rows = await context.services.orders.of_member(member_id, before, page_size(first) + 1)
    return Connection.of(rows, first, after, ORDERS, _order)


async def rewards_of_member(context: "Context", member_id: str, first: int, after: str | None) -> Connection[Reward]:
    """A member's rewards, newest order first."""
    place = REWARDS.place(after)
    rows = await context.services.ledger.rewards_of_member(member_id, place, page_size(first) + 1)
    return Connection.of(
        rows, first, after, REWARDS, lambda row: (Reward.from_domain(row), (row.order_seq, row.reward_id))
    )


async def rewards_of_order(context: "Context", order_id: str, first: int, after: str | None) -> Connection[Reward]:
    """An order's rewards by rule, level and beneficiary: few, so that they are read whole."""
    (after_id,) = REWARDS_OF_ORDER.place(after)
    page_size(first)
    order = await context.loaders.order_by_id.load(order_id)
    at_seq: list[PostedReward] | None = None
    if order is not None and order.seq is not None:
        at_seq = await context.loaders.rewards_by_order_seq.load(order.seq)
    found = [reward for reward in at_seq or [] if reward.order_id == order_id]  # an adjustment may have its seq, too
    rows = after_key(found, [reward.reward_id for reward in found], after_id)
    return Connection.of(rows, first, after, REWARDS_OF_ORDER, lambda row: (Reward.from_domain(row), (row.reward_id,)))


async def entries_of_member(
    context: "Context", member_id: str, first: int, after: str | None
) -> Connection[LedgerEntry]:
    """A member's ledger entries, newest order first, and the newest entry of an order first."""
    place = ENTRIES.place(after)
    rows = await context.services.ledger.entries_of_member(member_id, place, page_size(first) + 1)
    return Connection.of(rows, first, after, ENTRIES, lambda row: (LedgerEntry.from_domain(row), row.place))


def _order(row: "StoredOrder") -> tuple[Order, tuple[int]]:
    """An order with its place; pages hold numbered orders only."""
    return Order.from_domain(row), (row.seq or 0,)

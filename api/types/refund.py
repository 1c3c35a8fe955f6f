"""Refunds."""

from typing import Self

import strawberry

from api.context import Context, Info
from api.policies import OWN
from api.scalars import BigInt, DateTime
from api.types import order as orders
from api.types.enums import RefundStatus
from api.types.fields import field, seen
from api.types.lazy import LazyOrder
from api.types.money import Money
from api.types.node import Node, global_id
from graph import refunds as domain
from graph.times import stored


@strawberry.type(description="Money of an order given back.")
class Refund(Node):
    """One refund, of one order."""

    refund_id: str = seen(description="The shop's own refund id.")
    order_id: str = seen(description="The order's id; there may be no such order yet.")
    amount_minor: BigInt = seen(description="How much, in whole minor units of the order's currency.")
    refunded_at: DateTime = seen(description="When, as the shop says.")
    status: RefundStatus = seen(description="What became of it.")
    reason: str | None = seen(description="If it was refused after waiting: the code, such as OVER_REFUND.")
    seq: BigInt | None = seen(
        description="Its place in the order of acceptance; null until it is applied and the relay has numbered it."
    )
    source: strawberry.Private[domain.Refund]

    @classmethod
    def from_domain(cls, refund: domain.Refund) -> Self:
        """A refund as the store holds it."""
        return cls(
            id=global_id("Refund", refund.refund_id),
            refund_id=refund.refund_id,
            order_id=refund.order_id,
            amount_minor=BigInt(str(refund.amount_minor)),
            refunded_at=DateTime(stored(refund.refunded_at)),
            status=refund.status,
            reason=refund.reason,
            seq=None if refund.seq is None else BigInt(str(refund.seq)),
            source=refund,
        )

    @classmethod
    async def find(cls, context: Context, refund_id: str) -> Self | None:
        """The refund with a business key."""
        refund = await context.loaders.refund_by_id.load(refund_id)
        return None if refund is None else cls.from_domain(refund)

    @field(description="What was bought; null while there is no such order.", allow=OWN)
    async def order(self, info: Info) -> LazyOrder | None:
        """The order that it is of."""
        return await orders.Order.find(info.context, self.source.order_id)

    @field(description="How much, with the order's currency; null while there is no such order.", allow=OWN)
    async def amount(self, info: Info) -> Money | None:
        """The amount as money."""
        order = await info.context.loaders.order_by_id.load(self.source.order_id)
        return None if order is None else Money.from_domain(self.source.amount_minor, order.currency)

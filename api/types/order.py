"""Orders."""

from typing import Self

import strawberry

from api.context import Context, Info
from api.policies import OWN, SIGHT
from api.scalars import BigInt, DateTime
from api.types import member as members
from api.types import refund as refunds
from api.types import reward as rewards
from api.types.enums import OrderStatus
from api.types.fields import field, seen
from api.types.lazy import LazyMember, LazyRefund, LazyReward
from api.types.money import Money
from api.types.node import Node, global_id
from graph import orders as domain
from graph.errors import UnknownOrder
from graph.times import stored


@strawberry.type(description="What a member bought. Only completed orders count.")
class Order(Node):
    """One order of one member."""

    order_id: str = seen(description="The shop's own order id.")
    paid: Money = seen(description="What was paid for the goods, shipping excluded.")
    refunded: Money = seen(description="The sum of all refunds so far.")
    net: Money = seen(description="Paid less refunded.")
    status: OrderStatus = seen(description="Where it stands.")
    completed_at: DateTime | None = seen(description="When it was completed, as the shop says.")
    seq: BigInt | None = seen(
        description="Its place in the order of acceptance; null until the relay has numbered its completion."
    )
    source: strawberry.Private[domain.Order]

    @classmethod
    def from_domain(cls, order: domain.Order) -> Self:
        """An order as the store holds it."""
        return cls(
            id=global_id("Order", order.order_id),
            order_id=order.order_id,
            paid=Money.from_domain(order.paid_minor, order.currency),
            refunded=Money.from_domain(order.refunded_minor, order.currency),
            net=Money.from_domain(order.net_minor, order.currency),
            status=order.status,
            completed_at=None if order.completed_at is None else DateTime(stored(order.completed_at)),
            seq=None if order.seq is None else BigInt(str(order.seq)),
            source=order,
        )

    @classmethod
    async def find(cls, context: Context, order_id: str) -> Self | None:
        """The order with a business key."""
        order = await context.loaders.order_by_id.load(order_id)
        return None if order is None else cls.from_domain(order)

    @classmethod
    async def get(cls, context: Context, order_id: str) -> Self:
        """The order with a business key that must exist; raises UnknownOrder."""
        order = await cls.find(context, order_id)
        if order is None:
            raise UnknownOrder(order_id)
        return order

    @field(description="Who bought it.", allow=SIGHT)
    async def member(self, info: Info) -> LazyMember | None:
        """The buyer."""
        return await members.Member.find(info.context, self.source.member_id)

    @field(
        description="Its refunds in the order in which they were accepted, also those that wait or were refused.",
        allow=OWN,
    )
    async def refunds(self, info: Info) -> list[LazyRefund]:
        """Few, so that they are read whole."""
        found = await info.context.reads.refunds_of_order(self.source)
        return [refunds.Refund.from_domain(refund) for refund in found]

    @field(description="What it made due, and to whom: by rule, level and beneficiary.", allow=OWN)
    async def rewards(self, info: Info) -> list[LazyReward]:
        """None before the order is numbered and applied."""
        found = await info.context.loaders.rewards_by_order.load((self.order_id, self.source.seq))
        return [rewards.Reward.from_domain(reward) for reward in found]

"""Completion of orders."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import INGEST
from api.scalars import BigInt, DateTime
from api.types.error import InvalidInputError, OrderConflictError, OrderNotOpenError, UnknownMemberError
from api.types.fields import mutation, seen
from api.types.order import Order
from graph.errors import Refused
from graph.members import identifier, member_id
from graph.money import amount_minor, currency_code
from graph.orders import OrderId, OrderStatus, Purchase
from graph.times import parse_time


@strawberry.input(description="An order that was received and is past any check.")
class CompleteOrderInput:
    """A wish to complete an order."""

    order_id: str = strawberry.field(description="The shop's own order id: the idempotency key of this mutation.")
    member_id: str = strawberry.field(description="Who bought it.")
    amount_minor: BigInt = strawberry.field(
        description="What was paid for the goods, in whole minor units: 1 to 9007199254740991."
    )
    currency: str = strawberry.field(description="ISO 4217 code, such as CNY.")
    completed_at: DateTime = strawberry.field(description="When it was completed: holds are counted from here.")

    def to_domain(self) -> Purchase:
        """The wish; raises InvalidInput."""
        return Purchase(
            order_id=OrderId(identifier(self.order_id, "order_id")),
            member_id=member_id(self.member_id),
            amount_minor=amount_minor(self.amount_minor),
            currency=currency_code(self.currency),
            status=OrderStatus.COMPLETED,
            completed_at=parse_time(self.completed_at, "completed_at"),
        )


@strawberry.type(description="The order is completed; what it makes due follows within moments.")
class CompleteOrderSuccess:
    """Also where the order was so before."""

    order: Order = seen(description="The order as it now is.")


CompleteOrderResult = Annotated[
    CompleteOrderSuccess | InvalidInputError | UnknownMemberError | OrderConflictError | OrderNotOpenError,
    strawberry.union("CompleteOrderResult", description="The order, or why not."),
]
Input = Annotated[CompleteOrderInput, strawberry.argument(name="input", description="The order.")]


@strawberry.type
class OrderMutations:
    """The mutations about orders."""

    @mutation(description="Completes an order. Repeating it with the same content changes nothing.", allow=INGEST)
    async def complete_order(self, info: Info, wish: Input) -> CompleteOrderResult:
        """Accepts one completion."""
        purchase = wish.to_domain()
        stamp = await info.context.clock.stamp()
        (outcome,) = await info.context.services.orders.accept([(0, purchase)], stamp)
        if isinstance(outcome, Refused):
            raise outcome
        info.context.forget()
        return CompleteOrderSuccess(order=Order.from_domain(outcome.subject))

"""Refunds of orders."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import INGEST
from api.scalars import BigInt, DateTime
from api.types.error import InvalidInputError, OrderNotOpenError, OverRefundError, RefundConflictError
from api.types.fields import mutation, seen
from api.types.refund import Refund
from graph.errors import Refused
from graph.members import identifier
from graph.money import amount_minor
from graph.orders import OrderId
from graph.refunds import RefundId, RefundRequest, RefundStatus
from graph.times import parse_time


@strawberry.input(description="Money of an order that was given back.")
class RefundOrderInput:
    """A wish to refund an order."""

    refund_id: str = strawberry.field(description="The shop's own refund id: the idempotency key of this mutation.")
    order_id: str = strawberry.field(description="The order; it may be completed, or even become known, later.")
    amount_minor: BigInt = strawberry.field(
        description="How much, in whole minor units of the order's currency: 1 to what is left of it."
    )
    refunded_at: DateTime = strawberry.field(description="When it was given back.")

    def to_domain(self) -> RefundRequest:
        """The wish; raises InvalidInput."""
        return RefundRequest(
            refund_id=RefundId(identifier(self.refund_id, "refund_id")),
            order_id=OrderId(identifier(self.order_id, "order_id")),
            amount_minor=amount_minor(self.amount_minor),
            refunded_at=parse_time(self.refunded_at, "refunded_at"),
        )


@strawberry.type(description="The refund is accepted; what it makes undue is taken back within moments.")
class RefundOrderSuccess:
    """Also where the refund was accepted before."""

    refund: Refund = seen(description="The refund as it now is.")
    parked: bool = seen(description="Whether it waits until its order is completed.")


RefundOrderResult = Annotated[
    RefundOrderSuccess | InvalidInputError | RefundConflictError | OverRefundError | OrderNotOpenError,
    strawberry.union("RefundOrderResult", description="The refund, or why not."),
]
Input = Annotated[RefundOrderInput, strawberry.argument(name="input", description="The refund.")]


@strawberry.type
class RefundMutations:
    """The mutations about refunds."""

    @mutation(
        description="Refunds an order, in part or in full. Repeating it with the same content changes nothing.",
        allow=INGEST,
    )
    async def refund_order(self, info: Info, wish: Input) -> RefundOrderResult:
        """Accepts one refund."""
        request = wish.to_domain()
        stamp = await info.context.clock.stamp()
        (outcome,) = await info.context.services.refunds.accept([(0, request)], stamp)
        if isinstance(outcome, Refused):
            raise outcome
        info.context.forget()
        refund = outcome.subject
        return RefundOrderSuccess(refund=Refund.from_domain(refund), parked=refund.status is RefundStatus.PARKED)

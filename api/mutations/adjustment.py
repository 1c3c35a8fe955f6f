"""Adjustments: money given or taken by hand."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import FINANCE
from api.scalars import BigInt
from api.types.adjustment import Adjustment
from api.types.desk_error import (
    IdempotencyConflictError,
    RecordNotOpenError,
    SamePersonError,
    UnknownRecordError,
)
from api.types.error import InvalidInputError, UnknownMemberError
from api.types.fields import mutation, seen
from graph.adjustments import signed_amount
from graph.store.adjustments import Wish


@strawberry.input(description="Money to give or to take by hand.")
class AdjustBalanceInput:
    """A wish to adjust."""

    adjustment_id: str = strawberry.field(description="The idempotency key: the same again changes nothing.")
    member_id: str = strawberry.field(description="Whose money.")
    amount_minor: BigInt = strawberry.field(description="Whole minor units, not 0; below zero takes.")
    currency: str = strawberry.field(description="ISO 4217 code, such as CNY.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The adjustment is posted, or proposed if it is large.")
class AdjustBalanceSuccess:
    """Also where it was so before."""

    adjustment: Adjustment = seen(description="What has become of it.")


AdjustBalanceResult = Annotated[
    AdjustBalanceSuccess | InvalidInputError | UnknownMemberError | IdempotencyConflictError,
    strawberry.union("AdjustBalanceResult", description="The adjustment, or why not."),
]
AdjustInput = Annotated[AdjustBalanceInput, strawberry.argument(name="input", description="How much, and why.")]


@strawberry.input(description="A proposed adjustment.")
class ApproveAdjustmentInput:
    """A wish to approve."""

    adjustment_id: str = strawberry.field(description="The adjustment; approving it again changes nothing.")


@strawberry.type(description="The adjustment is posted.")
class ApproveAdjustmentSuccess:
    """Also where it was so before."""

    adjustment: Adjustment = seen(description="The adjustment.")


ApproveAdjustmentResult = Annotated[
    ApproveAdjustmentSuccess | InvalidInputError | UnknownRecordError | RecordNotOpenError | SamePersonError,
    strawberry.union("ApproveAdjustmentResult", description="The adjustment, or why not."),
]
ApproveInput = Annotated[ApproveAdjustmentInput, strawberry.argument(name="input", description="Which one.")]


@strawberry.input(description="A proposed adjustment.")
class RejectAdjustmentInput:
    """A wish to reject."""

    adjustment_id: str = strawberry.field(description="The adjustment; rejecting it again changes nothing.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The adjustment is given up.")
class RejectAdjustmentSuccess:
    """Also where it was so before."""

    adjustment: Adjustment = seen(description="The adjustment.")


RejectAdjustmentResult = Annotated[
    RejectAdjustmentSuccess | InvalidInputError | UnknownRecordError | RecordNotOpenError,
    strawberry.union("RejectAdjustmentResult", description="The adjustment, or why not."),
]
RejectInput = Annotated[RejectAdjustmentInput, strawberry.argument(name="input", description="Which one, and why.")]


@strawberry.type
class AdjustmentMutations:
    """The mutations about adjustments."""

    @mutation(
        description="Gives or takes money by hand. A large amount is only proposed, and needs approval.",
        allow=FINANCE,
        money=True,
    )
    async def adjust_balance(self, info: Info, wish: AdjustInput) -> AdjustBalanceResult:
        """Posts or proposes."""
        amount = signed_amount(wish.amount_minor)
        adjustment = Wish(wish.adjustment_id, wish.member_id, wish.currency, amount, wish.reason)
        posted = await info.context.services.desk.adjustments.adjust(adjustment, info.context.principal.name)
        info.context.forget()
        return AdjustBalanceSuccess(adjustment=Adjustment.from_domain(posted))

    @mutation(description="Posts an adjustment that somebody else proposed.", allow=FINANCE, money=True)
    async def approve_adjustment(self, info: Info, wish: ApproveInput) -> ApproveAdjustmentResult:
        """The second person's yes."""
        posted = await info.context.services.desk.adjustments.approve(wish.adjustment_id, info.context.principal.name)
        info.context.forget()
        return ApproveAdjustmentSuccess(adjustment=Adjustment.from_domain(posted))

    @mutation(description="Gives a proposed adjustment up.", allow=FINANCE)
    async def reject_adjustment(self, info: Info, wish: RejectInput) -> RejectAdjustmentResult:
        """The second person's no."""
        adjustments = info.context.services.desk.adjustments
        rejected = await adjustments.reject(wish.adjustment_id, info.context.principal.name, wish.reason)
        return RejectAdjustmentSuccess(adjustment=Adjustment.from_domain(rejected))

"""Withdrawals and payout batches."""

from dataclasses import replace
from typing import Annotated

import strawberry

from api.context import Context, Info
from api.policies import FINANCE, WITHDRAW
from api.scalars import BigInt, DateTime
from api.types.desk_error import (
    IdempotencyConflictError,
    InsufficientFundsError,
    RecordNotOpenError,
    UnknownRecordError,
)
from api.types.error import InvalidInputError, UnknownMemberError
from api.types.fields import mutation, seen
from api.types.payout import Payout, PayoutBatch
from graph import payouts as domain
from graph.desk_errors import IdempotencyConflict
from graph.errors import UnknownMember
from graph.members import identifier, member_id
from graph.money import amount_minor
from graph.payouts import Withdrawal
from graph.rewards import digest
from graph.times import parse_time


@strawberry.input(description="What a member takes of their available money.")
class RequestWithdrawalInput:
    """A wish to withdraw."""

    member_id: str = strawberry.field(description="Whose money.")
    amount_minor: BigInt = strawberry.field(description="Whole minor units: 1 to 9007199254740991.")
    currency: str = strawberry.field(description="ISO 4217 code, such as CNY.")
    idempotency_key: str = strawberry.field(description="The same key and content again give the same payout.")


@strawberry.type(description="The money is on its way.")
class RequestWithdrawalSuccess:
    """Also where it was so before."""

    payout: Payout = seen(description="The payout.")


RequestWithdrawalResult = Annotated[
    RequestWithdrawalSuccess
    | InvalidInputError
    | UnknownMemberError
    | InsufficientFundsError
    | IdempotencyConflictError,
    strawberry.union("RequestWithdrawalResult", description="The payout, or why not."),
]
WithdrawalInput = Annotated[RequestWithdrawalInput, strawberry.argument(name="input", description="How much.")]


@strawberry.input(description="Whom a batch pays.")
class RunPayoutInput:
    """A wish to pay everybody."""

    idempotency_key: str = strawberry.field(description="Run again with it, a batch that was cut off goes on.")
    currency: str | None = strawberry.field(default=None, description="Only this currency; null for each of its own.")
    minimum_minor: BigInt = strawberry.field(
        default=BigInt("1"), description="The least available balance that is paid, in minor units."
    )
    as_of: DateTime | None = strawberry.field(
        default=None, description="The moment that dates the entries; now, if left out."
    )


@strawberry.type(description="Everybody is paid what they had available.")
class RunPayoutSuccess:
    """Also where the batch had ended before."""

    batch: PayoutBatch = seen(description="The batch.")


RunPayoutResult = Annotated[
    RunPayoutSuccess | InvalidInputError | IdempotencyConflictError,
    strawberry.union("RunPayoutResult", description="The batch, or why not."),
]
RunInput = Annotated[RunPayoutInput, strawberry.argument(name="input", description="Whom.")]


@strawberry.input(description="A payout that the bank refused.")
class FailPayoutInput:
    """A wish to bring money back."""

    payout_id: str = strawberry.field(description="The payout; a second time changes nothing.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The money is available again.")
class FailPayoutSuccess:
    """Also where it was so before."""

    payout: Payout = seen(description="The payout.")


FailPayoutResult = Annotated[
    FailPayoutSuccess | InvalidInputError | UnknownRecordError | RecordNotOpenError,
    strawberry.union("FailPayoutResult", description="The payout, or why not."),
]
FailInput = Annotated[FailPayoutInput, strawberry.argument(name="input", description="Which payout, and why.")]


@strawberry.type
class PayoutMutations:
    """The mutations about payouts."""

    @mutation(
        description="Pays a member part of what they have available: debts first, then the oldest rewards.",
        allow=WITHDRAW,
        money=True,
    )
    async def request_withdrawal(self, info: Info, wish: WithdrawalInput) -> RequestWithdrawalResult:
        """One withdrawal."""
        withdrawal = Withdrawal(
            member_id(wish.member_id), wish.currency, amount_minor(wish.amount_minor), wish.idempotency_key
        )
        payout = await _withdraw(info.context, withdrawal)
        info.context.forget()
        return RequestWithdrawalSuccess(payout=Payout.from_domain(payout))

    @mutation(description="Pays every member all that they have available, once a key.", allow=FINANCE, money=True)
    async def run_payout(self, info: Info, wish: RunInput) -> RunPayoutResult:
        """One batch, to its end."""
        as_of = None if wish.as_of is None else parse_time(wish.as_of, "as_of")
        least = amount_minor(wish.minimum_minor)
        batches = info.context.services.desk.batches
        batch = await batches.run(wish.idempotency_key, info.context.principal.name, wish.currency, least, as_of)
        info.context.forget()
        return RunPayoutSuccess(batch=PayoutBatch.from_domain(batch))

    @mutation(description="Brings the money of a payout back that the bank refused.", allow=FINANCE, money=True)
    async def fail_payout(self, info: Info, wish: FailInput) -> FailPayoutResult:
        """One payout."""
        payout = await info.context.services.desk.batches.fail(wish.payout_id, info.context.principal.name, wish.reason)
        info.context.forget()
        return FailPayoutSuccess(payout=Payout.from_domain(payout))


async def _withdraw(context: Context, wish: Withdrawal) -> domain.Payout:
    """One withdrawal. A member's is of their own money, under keys of their own: others' are no conflict to them."""
    withdrawals, principal = context.services.desk.withdrawals, context.principal
    if FINANCE.admits(principal):
        return await withdrawals.withdraw(wish, principal.name)
    if wish.member_id != principal.member_id:
        raise UnknownMember(wish.member_id)
    given = identifier(wish.idempotency_key, "idempotency_key")
    own = replace(wish, idempotency_key=digest("withdrawal", wish.member_id, given))
    try:
        return await withdrawals.withdraw(own, principal.name)
    except IdempotencyConflict as conflict:
        raise IdempotencyConflict(given, conflict.differing) from conflict

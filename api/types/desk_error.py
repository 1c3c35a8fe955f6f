"""The refusals of the settlement desk as GraphQL types."""

import strawberry

from api.scalars import BigInt
from api.types.error import UserError
from api.types.fields import seen
from graph import desk_errors, errors


@strawberry.type(description="The idempotency key was used before, with other content.")
class IdempotencyConflictError(UserError):
    """Code IDEMPOTENCY_CONFLICT."""

    idempotency_key: str = seen(description="The key.")
    differing: list[str] = seen(description="What differs.")


@strawberry.type(description="The member has less available than what was asked for.")
class InsufficientFundsError(UserError):
    """Code INSUFFICIENT_FUNDS."""

    member_id: str = seen(description="The member.")
    currency: str = seen(description="ISO 4217 code.")
    available_minor: BigInt = seen(description="What is available, in minor units; below zero is a debt.")


@strawberry.type(description="The reward is held already, is paid out, or is in debt after a clawback.")
class RewardNotHoldableError(UserError):
    """Codes ALREADY_HELD and REWARD_NOT_HOLDABLE."""

    reward_id: str = seen(description="The reward.")
    state: str = seen(description="Its present state.")


@strawberry.type(description="Who proposed an adjustment cannot approve it.")
class SamePersonError(UserError):
    """Code SAME_PERSON."""

    adjustment_id: str = seen(description="The adjustment.")
    actor: str = seen(description="Who proposed it.")


@strawberry.type(description="A month can be closed once it has ended.")
class MonthNotOverError(UserError):
    """Code MONTH_NOT_OVER."""

    month: str = seen(description="The month, such as 2026-01.")


@strawberry.type(description="Its present status does not allow the step.")
class RecordNotOpenError(UserError):
    """Codes ADJUSTMENT_NOT_OPEN and PAYOUT_NOT_OPEN."""

    record_id: str = seen(description="The adjustment, payout or batch.")
    status: str = seen(description="Its present status.")


@strawberry.type(description="No such thing has the id.")
class UnknownRecordError(UserError):
    """Codes UNKNOWN_REWARD, UNKNOWN_HOLD, UNKNOWN_PAYOUT, UNKNOWN_ADJUSTMENT and UNKNOWN_DEAD_LETTER."""

    record_id: str = seen(description="The id that nothing has.")


DESK_TYPES: dict[type[errors.Refused], type[UserError]] = {
    desk_errors.IdempotencyConflict: IdempotencyConflictError,
    desk_errors.InsufficientFunds: InsufficientFundsError,
    desk_errors.RewardNotHoldable: RewardNotHoldableError,
    desk_errors.SamePerson: SamePersonError,
    desk_errors.MonthNotOver: MonthNotOverError,
    desk_errors.RecordNotOpen: RecordNotOpenError,
    desk_errors.UnknownRecord: UnknownRecordError,
}
"""Which type shows which refusal of the desk, as GRAPHQL_TYPES does for the others."""

"""Refusals as GraphQL types, and the one table from the domain's errors to them."""

from dataclasses import fields
from typing import Self

import strawberry

from api.messages import Language, camel_case, message
from api.scalars import BigInt
from api.types.fields import seen
from graph import errors, privacy_errors


@strawberry.interface(description="Why a mutation was refused; nothing was written.")
class UserError:
    """A stable code for programs, and a sentence for people."""

    code: str = seen(description="Stable and machine-readable, such as BAD_AMOUNT.")
    message: str = seen(description="One sentence in the language that Accept-Language asks for.")

    @classmethod
    def from_domain(cls, error: errors.Refused, language: Language) -> Self:
        """The same refusal, with those of its attributes that this type shows."""
        own = {field.name for field in fields(cls)} - {"code", "message"}
        shown = {name: getattr(error, name) for name in own}
        if "field" in shown:
            shown["field"] = camel_case(shown["field"])
        return cls(code=error.code, message=message(error, language), **shown)


@strawberry.type(description="A value of the input cannot be read as what its field needs.")
class InvalidInputError(UserError):
    """Codes BAD_AMOUNT, BAD_CURRENCY, BAD_DATE, BAD_ID, BAD_NAME and others."""

    field: str = seen(description="The field of the input.")


@strawberry.type(description="A member cannot be their own referrer.")
class SelfReferralError(UserError):
    """Code SELF_REFERRAL."""

    member_id: str = seen(description="The member.")


@strawberry.type(description="The member is enrolled with another referrer, or as a root.")
class AlreadyReferredError(UserError):
    """Code ALREADY_REFERRED."""

    member_id: str = seen(description="The member.")
    referrer_id: str | None = seen(description="Who referred them; null for a root.")


@strawberry.type(description="The member is enrolled with the same referrer but other content.")
class MemberConflictError(UserError):
    """Code MEMBER_CONFLICT."""

    member_id: str = seen(description="The member.")
    differing: list[str] = seen(description="What differs.")


@strawberry.type(description="The referral would put a member into their own upline.")
class ReferralCycleError(UserError):
    """Code REFERRAL_CYCLE."""

    member_id: str = seen(description="The member.")
    referrer_id: str = seen(description="The referrer asked for, who is in the member's downline.")


@strawberry.type(description="No member has the id.")
class UnknownMemberError(UserError):
    """Codes UNKNOWN_MEMBER and UNKNOWN_REFERRER."""

    member_id: str = seen(description="The id that nobody has.")


@strawberry.type(description="The order id was used before, with other content.")
class OrderConflictError(UserError):
    """Code ORDER_CONFLICT."""

    order_id: str = seen(description="The order.")
    differing: list[str] = seen(description="What differs.")


@strawberry.type(description="The order's present state does not allow the step.")
class OrderNotOpenError(UserError):
    """Code ORDER_NOT_OPEN."""

    order_id: str = seen(description="The order.")
    state: str = seen(description="Its present state.")


@strawberry.type(description="The refund is of more than what is left of its order.")
class OverRefundError(UserError):
    """Code OVER_REFUND."""

    order_id: str = seen(description="The order.")
    left_minor: BigInt = seen(description="What is left of it, in whole minor units.")
    currency: str = seen(description="ISO 4217 code.")


@strawberry.type(description="The refund id was used before, with other content.")
class RefundConflictError(UserError):
    """Code REFUND_CONFLICT."""

    refund_id: str = seen(description="The refund.")
    differing: list[str] = seen(description="What differs.")


@strawberry.type(description="A plan document breaks the plan language, or its key was used for another document.")
class PlanInvalidError(UserError):
    """Code PLAN_INVALID."""

    reasons: list[str] = seen(description="Each fault in a phrase, in English.")


@strawberry.type(description="The member was erased: nothing personal of them is kept, or taken again.")
class PersonErasedError(UserError):
    """Code PERSON_ERASED."""

    member_id: str = seen(description="The member.")


@strawberry.type(description="The member cannot be erased while money of theirs is on its way, or held.")
class ErasureBlockedError(UserError):
    """Code ERASURE_BLOCKED."""

    member_id: str = seen(description="The member.")
    payouts: int = seen(description="How many payouts are open.")
    held: int = seen(description="How many rewards are held.")


GRAPHQL_TYPES: dict[type[errors.Refused], type[UserError]] = {
    errors.InvalidInput: InvalidInputError,
    errors.SelfReferral: SelfReferralError,
    errors.AlreadyReferred: AlreadyReferredError,
    errors.MemberConflict: MemberConflictError,
    errors.ReferralCycle: ReferralCycleError,
    errors.UnknownMember: UnknownMemberError,
    errors.OrderConflict: OrderConflictError,
    errors.OrderNotOpen: OrderNotOpenError,
    errors.OverRefund: OverRefundError,
    errors.RefundConflict: RefundConflictError,
    errors.PlanInvalid: PlanInvalidError,
    privacy_errors.PersonErased: PersonErasedError,
    privacy_errors.ErasureBlocked: ErasureBlockedError,
}
"""Which type shows which refusal. A mutation whose union has the type answers with it; any other field fails."""

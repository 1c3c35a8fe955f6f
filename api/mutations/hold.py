"""Holds and releases."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import REVIEW
from api.types.desk_error import IdempotencyConflictError, RewardNotHoldableError, UnknownRecordError
from api.types.error import InvalidInputError
from api.types.fields import mutation, seen
from api.types.hold import Hold


@strawberry.input(description="Rewards to keep back.")
class HoldRewardsInput:
    """A wish to hold."""

    hold_id: str = strawberry.field(description="The idempotency key: the same hold again changes nothing.")
    reward_ids: list[str] = strawberry.field(description="Pending or available rewards, all or none.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The rewards are held.")
class HoldRewardsSuccess:
    """Also where they were so before."""

    hold: Hold = seen(description="The hold.")


HoldRewardsResult = Annotated[
    HoldRewardsSuccess | InvalidInputError | RewardNotHoldableError | UnknownRecordError | IdempotencyConflictError,
    strawberry.union("HoldRewardsResult", description="The hold, or why not."),
]
HoldInput = Annotated[HoldRewardsInput, strawberry.argument(name="input", description="Which rewards, and why.")]


@strawberry.input(description="A hold to end.")
class ReleaseRewardsInput:
    """A wish to release."""

    hold_id: str = strawberry.field(description="The hold; releasing it again changes nothing.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The rewards are where they were before the hold.")
class ReleaseRewardsSuccess:
    """Also where they were so before."""

    hold: Hold = seen(description="The hold.")


ReleaseRewardsResult = Annotated[
    ReleaseRewardsSuccess | InvalidInputError | UnknownRecordError,
    strawberry.union("ReleaseRewardsResult", description="The hold, or why not."),
]
ReleaseInput = Annotated[ReleaseRewardsInput, strawberry.argument(name="input", description="Which hold, and why.")]


@strawberry.type
class HoldMutations:
    """The mutations about holds."""

    @mutation(
        description="Keeps rewards back for a review: neither settled nor paid until they are released.", allow=REVIEW
    )
    async def hold_rewards(self, info: Info, wish: HoldInput) -> HoldRewardsResult:
        """Holds all of them, or none."""
        holds = info.context.services.desk.holds
        hold = await holds.hold(wish.reward_ids, wish.hold_id, info.context.principal.name, wish.reason)
        info.context.forget()
        return HoldRewardsSuccess(hold=Hold.from_domain(hold))

    @mutation(description="Ends a hold: its rewards go back to where they were.", allow=REVIEW)
    async def release_rewards(self, info: Info, wish: ReleaseInput) -> ReleaseRewardsResult:
        """Releases all of them."""
        hold = await info.context.services.desk.holds.release(wish.hold_id, info.context.principal.name, wish.reason)
        info.context.forget()
        return ReleaseRewardsSuccess(hold=Hold.from_domain(hold))

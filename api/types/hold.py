"""Holds."""

from typing import Self

import strawberry

from api.scalars import DateTime
from api.types.enums import HoldStatus
from api.types.fields import seen
from graph import holds
from graph.times import stored


@strawberry.type(description="Rewards that a review keeps back.")
class Hold:
    """Held or released as a whole."""

    hold_id: str = seen(description="Its id, and idempotency key.")
    reward_ids: list[str] = seen(description="The rewards.")
    actor: str = seen(description="Who held them.")
    reason: str = seen(description="Why.")
    status: HoldStatus = seen(description="Whether it still keeps them back.")
    at: DateTime = seen(description="Since when.")

    @classmethod
    def from_domain(cls, hold: holds.Hold) -> Self:
        """A hold as the store has it."""
        return cls(
            hold_id=hold.hold_id,
            reward_ids=list(hold.reward_ids),
            actor=hold.actor,
            reason=hold.reason,
            status=hold.status,
            at=DateTime(stored(hold.at)),
        )

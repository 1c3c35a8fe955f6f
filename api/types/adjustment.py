"""Adjustments."""

from typing import Self

import strawberry

from api.context import Info
from api.policies import SEEN
from api.scalars import DateTime
from api.types import member as members
from api.types.enums import AdjustmentStatus
from api.types.fields import field, seen
from api.types.lazy import LazyMember
from api.types.money import Money
from graph import adjustments
from graph.times import stored


@strawberry.type(description="Money given or taken by hand.")
class Adjustment:
    """Small ones are posted at once; large ones wait for a second person."""

    adjustment_id: str = seen(description="Its id, and idempotency key.")
    amount: Money = seen(description="Above zero gives, below zero takes.")
    reason: str = seen(description="Why.")
    actor: str = seen(description="Who wished it.")
    decided_by: str | None = seen(description="Who approved or rejected it, if it needed that.")
    status: AdjustmentStatus = seen(description="Whether it moved money.")
    at: DateTime = seen(description="When it was wished.")
    source: strawberry.Private[adjustments.Adjustment]

    @classmethod
    def from_domain(cls, adjustment: adjustments.Adjustment) -> Self:
        """An adjustment as the store has it."""
        return cls(
            adjustment_id=adjustment.adjustment_id,
            amount=Money.from_domain(adjustment.amount_minor, adjustment.currency),
            reason=adjustment.reason,
            actor=adjustment.actor,
            decided_by=adjustment.decided_by,
            status=adjustment.status,
            at=DateTime(stored(adjustment.at)),
            source=adjustment,
        )

    @field(description="Whose money.", allow=SEEN)
    async def member(self, info: Info) -> LazyMember:
        """The member."""
        return await members.Member.get(info.context, self.source.member_id)

"""Plan versions."""

from typing import Self

import strawberry

from api.context import Context
from api.scalars import BigInt, DateTime
from api.types.enums import ScheduleState
from api.types.fields import seen
from api.types.node import Node, global_id
from graph import plan as domain
from graph.times import stored


@strawberry.type(description="A published version of the reward plan; it never changes.")
class Plan(Node):
    """One immutable version."""

    version: int = seen(description="1, 2, 3 … in the order of publication.")
    name: str = seen(description="The plan's own name.")
    in_force_from_seq: BigInt | None = seen(
        description="The place in the order of acceptance from which it governs; null until the relay has numbered it."
    )
    document: str = seen(description="The plan document as it was published: a JSON text.")

    @classmethod
    def from_domain(cls, version: domain.PlanVersion) -> Self:
        """A version as the store holds it."""
        return cls(
            id=global_id("Plan", str(version.version)),
            version=version.version,
            name=version.plan.name,
            in_force_from_seq=None if version.seq is None else BigInt(str(version.seq)),
            document=version.document,
        )

    @classmethod
    async def find(cls, context: Context, version: str) -> Self | None:
        """The version with a number."""
        versions = await context.reads.plans()
        return next((cls.from_domain(found) for found in versions if str(found.version) == version), None)


@strawberry.type(description="A plan that is published at its moment.")
class ScheduledPlan:
    """A plan to come."""

    schedule_id: str = seen(description="What `threefold plan cancel` takes.")
    name: str = seen(description="The plan's own name.")
    at: DateTime = seen(description="The moment.")
    state: ScheduleState = seen(description="What became of it.")
    document: str = seen(description="The plan document: a JSON text.")

    @classmethod
    def from_domain(cls, waiting: domain.ScheduledPlan) -> Self:
        """A scheduled plan as the store holds it."""
        return cls(
            schedule_id=waiting.id,
            name=waiting.plan.name,
            at=DateTime(stored(waiting.at)),
            state=waiting.state,
            document=waiting.document,
        )

"""Publication of plans."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import ADMIN
from api.scalars import DateTime
from api.types.error import InvalidInputError, PlanInvalidError
from api.types.fields import mutation, seen
from api.types.plan import Plan, ScheduledPlan
from graph.members import identifier
from graph.times import parse_time


@strawberry.input(description="The next version of the plan.")
class PublishPlanInput:
    """A wish to publish."""

    document: str = strawberry.field(description="The plan document: a JSON text.")
    idempotency_key: str = strawberry.field(description="The same key and document again give the same version.")
    at: DateTime | None = strawberry.field(
        default=None, description="When it is published: a moment in the future; at once without it."
    )


@strawberry.type(
    description="The version is published, or will be at its moment; it governs what is accepted after it."
)
class PublishPlanSuccess:
    """Also where it was so before. One of the two is there."""

    plan: Plan | None = seen(default=None, description="The version; null while it waits.")
    scheduled_plan: ScheduledPlan | None = seen(
        default=None, description="What waits for its moment; null for what is published at once."
    )


PublishPlanResult = Annotated[
    PublishPlanSuccess | InvalidInputError | PlanInvalidError,
    strawberry.union("PublishPlanResult", description="The version, or what waits, or why not."),
]
Input = Annotated[PublishPlanInput, strawberry.argument(name="input", description="The plan.")]


@strawberry.type
class PlanMutations:
    """The mutations about plans."""

    @mutation(description="Publishes a plan. A new version never changes money already computed.", allow=ADMIN)
    async def publish_plan(self, info: Info, wish: Input) -> PublishPlanResult:
        """Appends one version, or notes when to."""
        key = identifier(wish.idempotency_key, "idempotency_key")
        stamp = await info.context.clock.stamp()
        if wish.at is not None:
            at = parse_time(wish.at, "at")
            waiting = await info.context.services.plans.schedule(wish.document, key, at, stamp)
            return PublishPlanSuccess(scheduled_plan=ScheduledPlan.from_domain(waiting))
        version = await info.context.services.plans.publish(wish.document, key, stamp)
        info.context.forget()
        return PublishPlanSuccess(plan=Plan.from_domain(version))

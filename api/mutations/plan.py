"""Publication of plans."""

from typing import Annotated

import strawberry

from api.context import Info
from api.types.error import InvalidInputError, PlanInvalidError
from api.types.fields import mutation
from api.types.plan import Plan
from graph.members import identifier


@strawberry.input(description="The next version of the plan.")
class PublishPlanInput:
    """A wish to publish."""

    document: str = strawberry.field(description="The plan document: a JSON text.")
    idempotency_key: str = strawberry.field(description="The same key and document again give the same version.")


@strawberry.type(description="The version is published; it governs what is accepted after it.")
class PublishPlanSuccess:
    """Also where it was so before."""

    plan: Plan = strawberry.field(description="The version.")


PublishPlanResult = Annotated[
    PublishPlanSuccess | InvalidInputError | PlanInvalidError,
    strawberry.union("PublishPlanResult", description="The version, or why not."),
]
Input = Annotated[PublishPlanInput, strawberry.argument(name="input", description="The plan.")]


@strawberry.type
class PlanMutations:
    """The mutations about plans."""

    @mutation(description="Publishes a plan. A new version never changes money already computed.")
    async def publish_plan(self, info: Info, wish: Input) -> PublishPlanResult:
        """Appends one version."""
        key = identifier(wish.idempotency_key, "idempotency_key")
        stamp = await info.context.clock.stamp()
        version = await info.context.services.plans.publish(wish.document, key, stamp)
        info.context.forget()
        return PublishPlanSuccess(plan=Plan.from_domain(version))

"""Plan versions, plans to come, and what a plan would mean."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import ADMIN, READERS, STAFF
from api.types.error import PlanInvalidError
from api.types.fields import field
from api.types.plan import Plan, ScheduledPlan
from api.types.plan_review import PlanReview
from graph.plan_document import parse_plan

CheckPlanResult = Annotated[
    PlanReview | PlanInvalidError,
    strawberry.union("CheckPlanResult", description="The review, or every fault of the document."),
]
Document = Annotated[str, strawberry.argument(description="The plan document: a JSON text.")]


@strawberry.type
class PlanQueries:
    """The query fields about plans."""

    @field(description="Every published version of the plan, oldest first.", allow=READERS)
    async def plans(self, info: Info) -> list[Plan]:
        """Few, so that they come whole."""
        return [Plan.from_domain(version) for version in await info.context.reads.plans()]

    @field(
        description="The plans that wait for their moment, in the order in which they will be published.", allow=ADMIN
    )
    async def scheduled_plans(self, info: Info) -> list[ScheduledPlan]:
        """Few as well."""
        return [ScheduledPlan.from_domain(waiting) for waiting in await info.context.reads.scheduled_plans()]

    @field(description="What a plan pays, costs and risks. Publishes nothing.", allow=STAFF)
    def check_plan(self, info: Info, document: Document) -> CheckPlanResult:
        """As `threefold plan check`."""
        return PlanReview.from_domain(parse_plan(document), info.context.language)

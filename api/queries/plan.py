"""Plan versions."""

import strawberry

from api.context import Info
from api.types.fields import field
from api.types.plan import Plan


@strawberry.type
class PlanQueries:
    """The query fields about plans."""

    @field(description="Every published version of the plan, oldest first.")
    async def plans(self, info: Info) -> list[Plan]:
        """Few, so that they come whole."""
        return [Plan.from_domain(version) for version in await info.context.services.plans.all()]

"""The order of it: trusted? parsed, measured, within the limits, within the budget; then executed, within a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError
from strawberry.types.execution import PreExecutionError

from api.guard.documents import Documents
from api.guard.limits import MONEY_MUTATIONS, MUTATIONS, REFUSED_COST, Limits
from api.guard.measure import Measure
from api.guard.refusal import Refusal
from api.guard.trusted import Trusted
from graph import deadline
from graph.errors import DeadlineExceeded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from graphql import GraphQLSchema
    from strawberry.types import ExecutionResult

    from api.context import Context
    from graph.cache.budgets import Budget, Budgets
    from graph.principals import Principal
    from graph.settings import Settings

GRACE_S = 1.0
"""By so much the servers' own timeouts come first."""
LOOK_AFTER_S = 1.0
"""A query that runs for so long is ended when its client has gone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as it came."""

    text: str
    variables: Mapping[str, Any]
    operation: str | None


class Guard:
    """What stands before the execution of every operation, whatever brought it."""

    def __init__(self, schema: GraphQLSchema, settings: Settings, budgets: Budgets) -> None:
        self.limits = Limits.of(settings)
        self.documents = Documents(schema, self.limits.tokens, self.limits.depth)
        self.trusted = Trusted.of(settings)
        self.budgets = budgets
        self.within_s = settings.request_within_s
        self.body_within_s = settings.body_within_s
        self.introspection = settings.introspection

    def may_introspect(self, principal: Principal) -> bool:
        """Whether the schema is shown to them, and names that they almost spelt."""
        return self.introspection == "everyone" or (self.introspection == "staff" and principal.is_staff)

    async def admit(self, asked: Asked, context: Context) -> dict[str, Any]:
        """The account of an operation that may be executed; raises Refusal, or GraphQLError for what does not parse."""
        principal = context.principal
        try:
            measure = self._examine(asked, principal)
        except (Refusal, GraphQLError, RecursionError):
            self.documents.forget(asked.text)
            await self._pay(principal, REFUSED_COST)
            raise
        return account(measure.points, await self._pay(principal, measure.points), self.limits.cost)

    def _examine(self, asked: Asked, principal: Principal) -> Measure:
        self.trusted.refuse(asked.text, principal)
        known = self.documents.known(asked.text)
        measures = self.documents.measured(known, asked.variables)
        for measure in measures.values():
            refuse_excess(measure, self.limits)
            if measure.introspects and not self.may_introspect(principal):
                raise Refusal(400, code="INTROSPECTION_DISABLED")
        self.documents.refuse_repeats(known)
        if asked.operation is not None and asked.operation in measures:
            return measures[asked.operation]
        return max(measures.values(), key=lambda measure: measure.cost, default=Measure())

    async def _pay(self, principal: Principal, points: int) -> Budget | None:
        if not self.budgets.maximum:
            return None
        budget = await self.budgets.take(principal.name, min(points, self.budgets.maximum))
        if budget.wait_s:
            seconds = max(int(-(-budget.wait_s // 1)), 1)
            raise Refusal(
                429, code="RATE_LIMITED", headers={"retry-after": str(seconds)}, cost=points, retry_after_s=seconds
            )
        return budget

    async def within(self, work: Awaitable[ExecutionResult], context: Context, *, may_be_left: bool) -> ExecutionResult:
        """The result of an execution, or TIMEOUT. A query whose client has gone away ends early."""
        loop = asyncio.get_running_loop()
        watch: list[asyncio.Task[None]] = []
        timer = None
        try:
            with deadline.within(self.within_s):
                async with asyncio.timeout(self.within_s + GRACE_S) as scope:
                    if may_be_left:
                        timer = loop.call_later(
                            LOOK_AFTER_S, lambda: watch.append(loop.create_task(_end_when_left(context, scope)))
                        )
                    return await work
        except TimeoutError:
            fault = DeadlineExceeded()
            return PreExecutionError(data=None, errors=[GraphQLError(fault.message, original_error=fault)])
        finally:
            if timer is not None:
                timer.cancel()
            for task in watch:
                task.cancel()


async def _end_when_left(context: Context, scope: asyncio.Timeout) -> None:
    """Ends the execution within a second of its client's going away."""
    disconnected = getattr(context.request, "is_disconnected", None)
    while disconnected is not None:
        if await disconnected():
            scope.reschedule(asyncio.get_running_loop().time())
            return
        await asyncio.sleep(LOOK_AFTER_S)


def refuse_excess(measure: Measure, limits: Limits) -> None:
    """Raises Refusal for the first number that is too large."""

    def refuse(found: int, limit: int, *, code: str) -> None:
        if found > limit:
            raise Refusal(400, code=code, limit=limit, found=min(found, 2**31))

    refuse(measure.fields, limits.fields, code="TOO_MANY_FIELDS")
    refuse(measure.aliases, limits.aliases, code="TOO_MANY_ALIASES")
    refuse(measure.directives, limits.directives, code="TOO_MANY_DIRECTIVES")
    refuse(measure.mutations, MUTATIONS, code="TOO_MANY_MUTATIONS")
    refuse(measure.mutations if measure.money else 0, MONEY_MUTATIONS, code="MONEY_MUTATION_NOT_ALONE")
    refuse(measure.points, limits.cost, code="TOO_COSTLY")


def account(points: int, budget: Budget | None, maximum: int) -> dict[str, Any]:
    """`extensions.cost` of an answer."""
    cost: dict[str, Any] = {"requested": points, "maximum": maximum}
    if budget is not None:
        cost["budget"] = {
            "remaining": budget.remaining,
            "maximum": budget.maximum,
            "restoreRate": budget.restore_per_s,
        }
    return cost

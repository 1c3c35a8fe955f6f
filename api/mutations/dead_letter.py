"""Dead letters: tried again, or given up."""

from typing import Annotated

import strawberry

from api.context import Info
from api.policies import ADMIN
from api.types.desk_error import UnknownRecordError
from api.types.error import InvalidInputError
from api.types.fields import mutation, seen
from graph.engine.requeue import requeue


@strawberry.input(description="A dead letter to try again.")
class RequeueDeadLetterInput:
    """A wish to announce a scope again."""

    scope_id: str = strawberry.field(description="The member whose share of the facts it is.")


@strawberry.type(description="The scope is announced again.")
class RequeueDeadLetterSuccess:
    """A worker tries it within moments."""

    scope_id: str = seen(description="The scope.")


RequeueDeadLetterResult = Annotated[
    RequeueDeadLetterSuccess | InvalidInputError | UnknownRecordError,
    strawberry.union("RequeueDeadLetterResult", description="The scope, or why not."),
]
RequeueInput = Annotated[RequeueDeadLetterInput, strawberry.argument(name="input", description="Which one.")]


@strawberry.input(description="A dead letter to wait for no more.")
class DiscardDeadLetterInput:
    """A wish to discard."""

    scope_id: str = strawberry.field(description="The member whose share of the facts it is.")
    reason: str = strawberry.field(description="Why: 1 to 200 characters.")


@strawberry.type(description="The dead letter is not waited for; its facts stay in the log, unapplied.")
class DiscardDeadLetterSuccess:
    """Nothing is lost: it may still be tried again."""

    scope_id: str = seen(description="The scope.")


DiscardDeadLetterResult = Annotated[
    DiscardDeadLetterSuccess | InvalidInputError | UnknownRecordError,
    strawberry.union("DiscardDeadLetterResult", description="The scope, or why not."),
]
DiscardInput = Annotated[DiscardDeadLetterInput, strawberry.argument(name="input", description="Which one, and why.")]


@strawberry.type
class DeadLetterMutations:
    """The mutations about dead letters."""

    @mutation(description="Announces a scope again that could not be applied, once the cause is mended.", allow=ADMIN)
    async def requeue_dead_letter(self, info: Info, wish: RequeueInput) -> RequeueDeadLetterResult:
        """One scope."""
        services = info.context.services
        await requeue(services.dead_letters, services.news, [wish.scope_id])
        return RequeueDeadLetterSuccess(scope_id=wish.scope_id)

    @mutation(
        description="Waits for a dead letter no more. Its facts stay unapplied until it is requeued.", allow=ADMIN
    )
    async def discard_dead_letter(self, info: Info, wish: DiscardInput) -> DiscardDeadLetterResult:
        """One scope."""
        await info.context.services.dead_letters.discard(wish.scope_id, info.context.principal.name, wish.reason)
        return DiscardDeadLetterSuccess(scope_id=wish.scope_id)

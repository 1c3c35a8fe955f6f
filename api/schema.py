"""The one schema: assembled here, and nothing else."""

from typing import TYPE_CHECKING

import strawberry
from graphql import build_schema, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from api.guard.execution import GuardedSchema, KnownDocument
from api.mutations.adjustment import AdjustmentMutations
from api.mutations.dead_letter import DeadLetterMutations
from api.mutations.hold import HoldMutations
from api.mutations.identity import IdentityMutations
from api.mutations.member import MemberMutations
from api.mutations.month import MonthMutations
from api.mutations.order import OrderMutations
from api.mutations.payout import PayoutMutations
from api.mutations.plan import PlanMutations
from api.mutations.refund import RefundMutations
from api.mutations.settlement import SettlementMutations
from api.operations import OneOperation
from api.queries.desk import DeskQueries
from api.queries.explanation import ExplanationQueries
from api.queries.ledger import LedgerQueries
from api.queries.member import MemberQueries
from api.queries.node import NodeQueries
from api.queries.order import OrderQueries
from api.queries.plan import PlanQueries
from api.queries.reward import RewardQueries
from api.queries.team import TeamQueries
from api.queries.viewer import ViewerQueries
from api.refusals import HANDLERS
from api.scalars import SCALARS
from api.subscriptions.reward import RewardSubscriptions

if TYPE_CHECKING:
    from graphql import GraphQLError
    from strawberry.types import ExecutionContext


@strawberry.type(description="What can be asked.")
class Query(
    NodeQueries,
    ViewerQueries,
    MemberQueries,
    TeamQueries,
    OrderQueries,
    RewardQueries,
    ExplanationQueries,
    LedgerQueries,
    PlanQueries,
    DeskQueries,
):
    """All query fields."""


@strawberry.type(description="What can be done. Each takes one `input`; expected failures are part of the answer.")
class Mutation(
    MemberMutations,
    IdentityMutations,
    OrderMutations,
    RefundMutations,
    SettlementMutations,
    PlanMutations,
    HoldMutations,
    PayoutMutations,
    AdjustmentMutations,
    MonthMutations,
    DeadLetterMutations,
):
    """All mutations."""


@strawberry.type(
    description="What can be watched, over a WebSocket at /graphql or server-sent events at /graphql/stream. "
    "A notification may be lost and is not sent again: what is so is what queries say."
)
class Subscription(RewardSubscriptions):
    """All subscriptions."""


class _Schema(GuardedSchema):
    def process_errors(self, errors: "list[GraphQLError]", execution_context: "ExecutionContext | None" = None) -> None:
        """Logs nothing here: a client's mistakes are not ours, and `api/faults.py` logs what is."""


schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[KnownDocument, OneOperation],
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=HANDLERS,
)


def sdl() -> str:
    """The schema definition, sorted, without a last line end; committed as `api/schema.graphql`.

    Sorted from the text: under `sort_schema=True` Strawberry 0.341 no longer recognises the members of unions.
    """
    return print_schema(lexicographic_sort_schema(build_schema(schema.as_str())))

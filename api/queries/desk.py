"""Payouts, adjustments and dead letters."""

from typing import Annotated

import strawberry

from api.context import Info
from api.paging import Keyset, page_size
from api.policies import ADMIN, OFFICE, PAYEES
from api.types.adjustment import Adjustment
from api.types.arguments import After, First
from api.types.connection import Connection
from api.types.dead_letter import DeadLetter
from api.types.fields import field
from api.types.payout import Payout, PayoutBatch
from graph.times import stored

LAST = "9999"
PAYOUTS = Keyset("payouts", (LAST, ""))
PAYOUTS_OF_BATCH = Keyset("payouts of batch", ("", ""))
ADJUSTMENTS = Keyset("adjustments", (LAST, ""))
OfMember = Annotated[str | None, strawberry.argument(description="Only this member's; null for all that are seen.")]
BatchKey = Annotated[str, strawberry.argument(description="The id of the batch.")]


@strawberry.type
class DeskQueries:
    """The query fields about money that leaves, and about what waits for somebody."""

    @field(description="Payouts, newest first.", allow=PAYEES)
    async def payouts(
        self, info: Info, member_id: OfMember = None, first: First = 20, after: After = None
    ) -> Connection[Payout]:
        """A page of payouts."""
        order = info.context.cursors.of(PAYOUTS, *([] if member_id is None else [member_id]))
        place, all_ = order.place(after), OFFICE.admits(info.context.principal)
        rows = await info.context.reads.payouts(member_id, place, page_size(first) + 1, all_=all_)
        return Connection.of(
            rows, first, after, order, lambda row: (Payout.from_domain(row), (stored(row.at), row.payout_id))
        )

    @field(description="A payout batch with its sums, or null. A withdrawal is a batch of one.", allow=OFFICE)
    async def payout_batch(self, info: Info, batch_id: BatchKey) -> PayoutBatch | None:
        """One batch."""
        batch = await info.context.reads.payout_batch(batch_id)
        return None if batch is None else PayoutBatch.from_domain(batch)

    @field(description="The payouts of a batch, by member and currency.", allow=OFFICE)
    async def payouts_of_batch(
        self, info: Info, batch_id: BatchKey, first: First = 20, after: After = None
    ) -> Connection[Payout]:
        """A page of a batch."""
        order = info.context.cursors.of(PAYOUTS_OF_BATCH, batch_id)
        rows = await info.context.reads.payouts_of_batch(batch_id, order.place(after), page_size(first) + 1)
        return Connection.of(
            rows, first, after, order, lambda row: (Payout.from_domain(row), (row.member_id, row.currency))
        )

    @field(description="Adjustments, newest first.", allow=OFFICE)
    async def adjustments(self, info: Info, first: First = 20, after: After = None) -> Connection[Adjustment]:
        """A page of adjustments."""
        order = info.context.cursors.of(ADJUSTMENTS)
        rows = await info.context.reads.adjustments(order.place(after), page_size(first) + 1)
        return Connection.of(
            rows,
            first,
            after,
            order,
            lambda row: (Adjustment.from_domain(row), (stored(row.at), row.adjustment_id)),
        )

    @field(description="Every dead letter, oldest first, also those that were discarded.", allow=ADMIN)
    async def dead_letters(self, info: Info) -> list[DeadLetter]:
        """Few, so that they come whole."""
        return [DeadLetter.from_domain(letter) for letter in await info.context.reads.dead_letters()]

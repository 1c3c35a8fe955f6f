"""Payouts, adjustments and dead letters."""

from typing import Annotated

import strawberry

from api.context import Info
from api.paging import Keyset, page_size
from api.types.adjustment import Adjustment
from api.types.arguments import After, First
from api.types.connection import Connection
from api.types.dead_letter import DeadLetter
from api.types.fields import field
from api.types.payout import Payout, PayoutBatch
from graph.desk_errors import UnknownPayout
from graph.times import stored

LAST = "9999"
PAYOUTS = Keyset("payouts", (LAST, ""))
PAYOUTS_OF_BATCH = Keyset("payouts of batch", ("", ""))
ADJUSTMENTS = Keyset("adjustments", (LAST, ""))
OfMember = Annotated[str | None, strawberry.argument(description="Only this member's; null for everybody's.")]
BatchKey = Annotated[str, strawberry.argument(description="The id of the batch.")]


@strawberry.type
class DeskQueries:
    """The query fields about money that leaves, and about what waits for somebody."""

    @field(description="Payouts, newest first.")
    async def payouts(
        self, info: Info, member_id: OfMember = None, first: First = 20, after: After = None
    ) -> Connection[Payout]:
        """A page of payouts."""
        place, store = PAYOUTS.place(after), info.context.services.desk.payouts
        count = page_size(first) + 1
        rows = await (store.page(place, count) if member_id is None else store.of_member(member_id, place, count))
        return Connection.of(
            rows, first, after, PAYOUTS, lambda row: (Payout.from_domain(row), (stored(row.at), row.payout_id))
        )

    @field(description="A payout batch with its sums, or null. A withdrawal is a batch of one.")
    async def payout_batch(self, info: Info, batch_id: BatchKey) -> PayoutBatch | None:
        """One batch."""
        try:
            return PayoutBatch.from_domain(await info.context.services.desk.payouts.batch(batch_id))
        except UnknownPayout:
            return None

    @field(description="The payouts of a batch, by member and currency.")
    async def payouts_of_batch(
        self, info: Info, batch_id: BatchKey, first: First = 20, after: After = None
    ) -> Connection[Payout]:
        """A page of a batch."""
        place, store = PAYOUTS_OF_BATCH.place(after), info.context.services.desk.payouts
        rows = await store.of_batch(batch_id, place, page_size(first) + 1)
        return Connection.of(
            rows, first, after, PAYOUTS_OF_BATCH, lambda row: (Payout.from_domain(row), (row.member_id, row.currency))
        )

    @field(description="Adjustments, newest first.")
    async def adjustments(self, info: Info, first: First = 20, after: After = None) -> Connection[Adjustment]:
        """A page of adjustments."""
        place = ADJUSTMENTS.place(after)
        rows = await info.context.services.desk.adjustments.page(place, page_size(first) + 1)
        return Connection.of(
            rows,
            first,
            after,
            ADJUSTMENTS,
            lambda row: (Adjustment.from_domain(row), (stored(row.at), row.adjustment_id)),
        )

    @field(description="Every dead letter, oldest first, also those that were discarded.")
    async def dead_letters(self, info: Info) -> list[DeadLetter]:
        """Few, so that they come whole."""
        letters = await info.context.services.dead_letters.with_discarded()
        return [DeadLetter.from_domain(letter) for letter in letters]

"""The file of a batch for the bank: one row a payout, those that failed left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.exchange.tables import write_rows
from graph.payouts import PayoutStatus

if TYPE_CHECKING:
    from pathlib import Path

    from graph.store.payouts import PayoutStore

COLUMNS: dict[str, type] = {"payout_id": str, "member_id": str, "amount_minor": int, "currency": str, "reference": str}
AT_ONCE = 5_000


async def write_payouts(payouts: PayoutStore, batch_id: str, file: Path, form: str) -> int:
    """Writes a batch's payouts by member and currency, as csv or parquet; how many there are."""
    place, count = ("", ""), 0
    with write_rows(file, COLUMNS, form) as append:
        while page := await payouts.of_batch(batch_id, place, AT_ONCE):
            rows = [
                (payout.payout_id, payout.member_id, payout.amount_minor, payout.currency, payout.reference)
                for payout in page
                if payout.status is not PayoutStatus.FAILED
            ]
            if rows:
                append(rows)
            count += len(rows)
            place = (page[-1].member_id, page[-1].currency)
    return count

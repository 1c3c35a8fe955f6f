"""The settlement desk: everything that happens to money after it is pending, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store.adjustments import AdjustmentStore
from graph.store.holds import HoldStore
from graph.store.jobs import JobStore
from graph.store.months import MonthStore
from graph.store.payout_desk import PayoutDesk
from graph.store.payouts import PayoutStore
from graph.store.withdrawals import WithdrawalStore

if TYPE_CHECKING:
    from graph.store.database import Database
    from graph.store.log import EventLog
    from graph.store.plans import PlanStore


@dataclass(frozen=True, slots=True)
class Desk:
    """The stores of the desk."""

    holds: HoldStore
    payouts: PayoutStore
    batches: PayoutDesk
    withdrawals: WithdrawalStore
    adjustments: AdjustmentStore
    months: MonthStore
    jobs: JobStore


def open_desk(database: Database, plans: PlanStore, log: EventLog, adjustment_limit_minor: int) -> Desk:
    """The desk over one database."""
    payouts = PayoutStore(database)
    return Desk(
        holds=HoldStore(database),
        payouts=payouts,
        batches=PayoutDesk(database, payouts),
        withdrawals=WithdrawalStore(database),
        adjustments=AdjustmentStore(database, adjustment_limit_minor),
        months=MonthStore(database, plans, log),
        jobs=JobStore(database),
    )

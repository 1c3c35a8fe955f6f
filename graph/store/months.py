"""Closed months in Neo4j: the fact that makes monthly tiers due, once a month for the whole network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.months import ClosedMonth, ended, month_name, refuse_unfinished
from graph.payouts import actor_name
from graph.plan import PlanHistory
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.times import stored

if TYPE_CHECKING:
    from graph.store.acceptance import Stamp, StampClock
    from graph.store.database import Database, Transaction
    from graph.store.log import EventLog
    from graph.store.plans import PlanStore

CLOSE = load("month/close")
ALL = load("month/all")
FIRST_COMPLETED = load("order/first_completed")


@dataclass(frozen=True, slots=True)
class MonthStore:
    """Closes months."""

    database: Database
    plans: PlanStore
    log: EventLog

    async def all(self) -> list[ClosedMonth]:
        """The closed months, oldest first."""
        rows = await self.database.rows(ALL)
        return [ClosedMonth(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows]

    async def close(self, month: str, actor: str, stamp: Stamp) -> bool:
        """Accepts that a month is closed; whether nobody had closed it before.

        Raises InvalidInput, and MonthNotOver by the database's clock.
        """
        refuse_unfinished(month_name(month), stamp.moment)
        actor_name(actor)

        async def work(tx: Transaction) -> bool:
            (row,) = await tx.run(
                CLOSE, month=month, actor=actor, at=stored(stamp.moment), accepted_us=stamp.accepted_us
            )
            if row["new"]:
                await record(
                    tx, DESK, actor, stamp.moment, (), [Action("month_closed", month, actor, stamp.moment, {})]
                )
            return bool(row["new"])

        return await self.database.write(work)

    async def close_ended(self, clock: StampClock, after_days: int, actor: str) -> list[str]:
        """Closes every month that ended so many days ago, from that of the first order under monthly tiers on; which.

        None unless the version in force has monthly tiers.
        """
        position = await self.log.position()
        versions = PlanHistory(await self.plans.all())
        if versions.in_force(position.mark).plan.monthly is None:
            return []
        begun = next(version.seq for version in versions if version.plan.monthly)
        first = await self.database.rows(FIRST_COMPLETED, after=begun)
        if not first:
            return []
        since, now = datetime.fromisoformat(first[0]["completed_at"]), (await clock.stamp()).moment
        closed = {done.month for done in await self.all()}
        due = [month for month in ended(since, now, after_days) if month not in closed]
        return [month for month in due if await self.close(month, actor, await clock.stamp())]

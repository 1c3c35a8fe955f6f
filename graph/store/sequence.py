"""The books of the sequence, in Neo4j: those of `graph/store/books.py`, with what looks across scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graph.engine.books import SequencePlace
from graph.events import MonthClosed
from graph.store import leases, log, standings
from graph.store.books import Neo4jBooks, tell_nobody
from graph.store.queries import load
from graph.store.rewards import posted_reward
from graph.store.wallets import lock_rewards

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from graph.events import OrderFact
    from graph.ledger import Entry, PostedReward
    from graph.plan import PlanHistory
    from graph.standings import Standings
    from graph.store.database import Database, Transaction
    from graph.store.leases import Lease
    from graph.store.plans import PlanStore

PLACE = load("sequence/place")
ADVANCE = load("sequence/advance")
COUNTED = load("sequence/counted")
MONTH_CLOSINGS = load("event/month_closings")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SequenceStore:
    """Opens the books of the sequence, under its lease."""

    database: Database
    plans: PlanStore
    tell: Callable[[Sequence[Entry]], Awaitable[None]] = tell_nobody
    """As in `BookStore`."""

    async def take(self, holder: str, lease_ms: int) -> Lease | None:
        """The sequence's lease, if it is to be had."""
        return await leases.take(self.database, "sequence", holder, lease_ms)

    async def write(self, lease: Lease, work: Callable[[Neo4jSequence], Awaitable[T]]) -> T:
        """Does work in one transaction that fails when the lease has moved on."""

        async def held(tx: Transaction) -> tuple[T, list[Entry]]:
            await lease.hold(tx)
            books = Neo4jSequence(tx, self.plans, "sequence")
            return await work(books), books.posted

        answer, posted = await self.database.write(held)
        await self.tell(posted)
        return answer

    async def wanted(self) -> bool:
        """Whether a plan in force needs the sequence at all."""

        async def look(tx: Transaction) -> bool:
            return (await self.plans.history(tx)).sequence_from is not None

        return await self.database.read(look)


@dataclass(frozen=True, slots=True)
class Neo4jSequence(Neo4jBooks):
    """One transaction of the sequence."""

    async def place(self, plans: PlanHistory) -> SequencePlace | None:
        """See SequenceBooks."""
        if plans.sequence_from is None:
            return None
        (row,) = await self.tx.run(PLACE)
        seq = plans.sequence_from - 1 if row["seq"] is None else row["seq"]
        return SequencePlace(max(seq, 0), row["month_cursor"], row["counted"])

    async def advance(self, seq: int, *, month_cursor: str = "") -> None:
        """See SequenceBooks."""
        await self.tx.run(ADVANCE, seq=seq, month_cursor=month_cursor)

    async def counted(self, seq: int) -> None:
        """Notes that standings hold all facts up to where the sequence stands."""
        await self.tx.run(COUNTED, seq=seq)

    async def stretch(self, after: int, upto: int) -> list[OrderFact | MonthClosed]:
        """See SequenceBooks."""
        return await log.stretch(self.tx, after, upto)

    async def standings(self, member_ids: Sequence[str], months: Sequence[str]) -> Standings:
        """See SequenceBooks."""
        return await standings.read(self.tx, member_ids, months)

    async def save_standings(self, standings_: Standings) -> None:
        """See SequenceBooks."""
        await standings.save(self.tx, standings_)

    async def closed_months(self, upto: int) -> list[MonthClosed]:
        """See SequenceBooks."""
        first: dict[str, MonthClosed] = {}
        for row in await self.tx.run(MONTH_CLOSINGS, upto=upto):
            first.setdefault(row["month"], MonthClosed(row["seq"], row["month"]))
        return list(first.values())

    async def month_volumes(self, month: str, after: str, count: int) -> list[tuple[str, str, int]]:
        """See SequenceBooks."""
        return await standings.of_month(self.tx, month, after, count)

    async def rewards_by_ids(self, reward_ids: Sequence[str]) -> list[PostedReward]:
        """See SequenceBooks."""
        return [posted_reward(properties) for properties in await lock_rewards(self.tx, reward_ids)]

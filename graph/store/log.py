"""The log of accepted facts in Neo4j: numbering, and what of it has been announced and applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from graph.events import LogPosition, MonthClosed, OrderCompleted, OrderRefunded
from graph.store.paging import stretches
from graph.store.queries import Query, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from graph.events import OrderFact
    from graph.store.database import Database, Row, Transaction
    from graph.store.leases import Lease

NUMBER = load("event/number")
NUMBER_FIRST_ORDERS = load("order/number_first")
NUMBER_PLANS = load("plan/number")
NEWS = load("event/news")
UNAPPLIED = load("event/unapplied")
WAITING = load("event/waiting")
OF_SCOPES = load("event/of_scopes")
STRETCH = load("event/stretch")
POSITION = load("log/position")
PUBLISH = load("log/publish")
APPLY = load("log/apply")
MARK = load("log/mark")

FACTS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class EventLog:
    """The log. What changes it needs the relay's lease."""

    database: Database

    async def position(self) -> LogPosition:
        """How far the log has been numbered, may be read, has been announced and applied."""
        return await self.database.read(position)

    async def waiting(self) -> int:
        """How many accepted events are not numbered yet."""
        (row,) = await self.database.rows(WAITING)
        return int(row["events"])

    async def number(self, lease: Lease, count: int) -> int:
        """Numbers up to `count` waiting events in the order of acceptance, and lets them be read; how many it were."""

        async def work(tx: Transaction) -> int:
            await lease.hold(tx)
            rows = await tx.run(NUMBER, count=count)
            if not rows or rows[0]["upto"] is None:
                return 0
            stretch = {"after": rows[0]["after"], "upto": rows[0]["upto"]}
            await tx.run(NUMBER_FIRST_ORDERS, **stretch)
            await tx.run(NUMBER_PLANS, **stretch)
            return int(stretch["upto"] - stretch["after"])

        numbered = await self.database.write(work)
        if numbered:
            await self.mark(lease)
        return numbered

    async def mark(self, lease: Lease) -> None:
        """Lets all be read that has been numbered.

        A transaction of its own: the lease's lock is free only once the numbering before it has been applied whole.
        """
        await self._write(lease, MARK)

    async def news(self, after: int, upto: int) -> list[str]:
        """The scopes that events after one seq up to another touch."""
        return [row["scope_id"] for row in await self.database.rows(NEWS, after=after, upto=upto)]

    async def mark_published(self, lease: Lease, seq: int) -> None:
        """Notes that all up to a seq has been announced; a lower one makes the relay announce again."""
        await self._write(lease, PUBLISH, seq=seq)

    async def mark_applied(self, lease: Lease, seq: int) -> None:
        """Notes that all up to a seq has been applied by every scope."""
        await self._write(lease, APPLY, seq=seq)

    async def _write(self, lease: Lease, query: Query, **params: object) -> None:
        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            await tx.run(query, **params)

        await self.database.write(work)

    async def facts(self, after: int, upto: int) -> AsyncIterator[OrderFact | MonthClosed]:
        """The facts after one seq up to another, in seq order, read page by page. Publications of plans are none."""
        for first, last in stretches(after, upto, FACTS_AT_ONCE):
            for fact in await self.database.read(partial(stretch, after=first, upto=last)):
                yield fact

    async def unapplied(self, after: int, upto: int, count: int) -> list[tuple[int, str | None]]:
        """The first (seq, scope) that are not applied yet after one seq up to another; not those of dead letters."""
        rows = await self.database.rows(UNAPPLIED, after=after, upto=upto, count=count)
        return [(row["seq"], row["scope_id"]) for row in rows]


async def position(tx: Transaction) -> LogPosition:
    """As EventLog.position, inside a transaction."""
    (row,) = await tx.run(POSITION)
    return LogPosition(**row)


async def of_scopes(tx: Transaction, applied: Mapping[str, int], upto: int) -> dict[str, list[OrderFact]]:
    """For each scope, the facts after its own mark and up to the log's, in seq order."""
    facts: dict[str, list[OrderFact]] = {scope_id: [] for scope_id in applied}
    rows: Sequence[Row] = [{"scope_id": scope_id, "after": seq} for scope_id, seq in applied.items()]
    for row in await tx.run(OF_SCOPES, rows=rows, upto=upto):
        event = row["event"]
        facts[row["scope_id"]].append(ORDER_KINDS[event["kind"]](event))
    return facts


async def stretch(tx: Transaction, after: int, upto: int) -> list[OrderFact | MonthClosed]:
    """The facts after one seq up to another, in seq order."""
    return [KINDS[row["event"]["kind"]](row["event"]) for row in await tx.run(STRETCH, after=after, upto=upto)]


def order_completed(event: Row) -> OrderCompleted:
    """The completion that an event's properties describe."""
    return OrderCompleted(
        seq=event["seq"],
        order_id=event["order_id"],
        buyer_id=event["buyer_id"],
        referrer_id=event.get("referrer_id"),
        net_minor=event["net_minor"],
        currency=event["currency"],
        completed_at=datetime.fromisoformat(event["completed_at"]),
        first=event.get("first", False),
    )


def order_refunded(event: Row) -> OrderRefunded:
    """The refund that an event's properties describe."""
    return OrderRefunded(
        seq=event["seq"],
        refund_id=event["refund_id"],
        order_id=event["order_id"],
        buyer_id=event["buyer_id"],
        referrer_id=event.get("referrer_id"),
        amount_minor=event["amount_minor"],
        currency=event["currency"],
        refunded_at=datetime.fromisoformat(event["refunded_at"]),
    )


def month_closed(event: Row) -> MonthClosed:
    """The closing of a month that an event's properties describe."""
    return MonthClosed(event["seq"], event["month"])


ORDER_KINDS: dict[str, Callable[[Row], OrderFact]] = {
    "OrderCompleted": order_completed,
    "OrderRefunded": order_refunded,
}
KINDS: dict[str, Callable[[Row], OrderFact | MonthClosed]] = {**ORDER_KINDS, "MonthClosed": month_closed}
"""What an event node of each kind is in the domain."""

"""Orders in Neo4j: acceptance with the event of each completion and the refunds that waited for it, and pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from graph.errors import Refused, UnknownMember
from graph.orders import Order, OrderStatus, Purchase
from graph.store.acceptance import Accepted, place
from graph.store.parking import Completion, apply_parked
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.acceptance import Stamp
    from graph.store.database import Database, Row, Transaction

LOCK = load("order/lock")
BUYERS = load("order/buyers")
PLACE = load("order/place")
STEP = load("order/step")
ANNOUNCE = load("order/announce")
BY_ID = load("order/by_id")
OF_MEMBER = load("order/of_member")
PAGE = load("order/page")

Taken = Accepted[Order] | Refused


@dataclass(frozen=True, slots=True)
class OrderStore:
    """Reads and accepts orders."""

    database: Database

    async def by_ids(self, order_ids: Sequence[str]) -> dict[str, Order]:
        """The orders that exist among these ids."""
        rows = await self.database.rows(BY_ID, order_ids=list(order_ids))
        return {row["order_id"]: order_from(row) for row in rows}

    async def of_member(self, member_id: str, before: int, count: int) -> list[Order]:
        """A member's next numbered orders before a seq, newest first."""
        rows = await self.database.rows(OF_MEMBER, member_id=member_id, before=before, count=count)
        return [order_from(row) for row in rows]

    async def page(self, before: int, count: int) -> list[Order]:
        """The next numbered orders before a seq, newest first."""
        return [order_from(row) for row in await self.database.rows(PAGE, before=before, count=count)]

    async def accept(self, wishes: Sequence[tuple[int, Purchase]], stamp: Stamp) -> list[Taken]:
        """Accepts orders, each with its row number, in one transaction; answers in the same order.

        An order that contradicts what is stored, or whose buyer is unknown, gets its refusal; one that
        repeats it gets the order there is. Neither stops the others.
        """
        return await self.database.write(lambda tx: _Acceptance(tx, stamp).accept(wishes))


def order_from(row: Row) -> Order:
    """The order that a row describes."""
    return Order(
        order_id=row["order_id"],
        member_id=row["member_id"],
        paid_minor=row["paid_minor"],
        refunded_minor=row["refunded_minor"],
        currency=row["currency"],
        status=OrderStatus(row["status"]),
        completed_at=datetime.fromisoformat(row["completed_at"]) if row["completed_at"] else None,
        seq=row["seq"],
    )


class _Acceptance:
    """One batch inside one transaction: what is new, what moves on, and which completions to announce."""

    def __init__(self, tx: Transaction, stamp: Stamp) -> None:
        self.tx = tx
        self.stamp = stamp
        self.placed: dict[str, Row] = {}
        self.stepped: list[Row] = []
        self.completed: list[Row] = []
        self.closing: list[Completion] = []

    async def accept(self, wishes: Sequence[tuple[int, Purchase]]) -> list[Taken]:
        locked = await self.tx.run(LOCK, order_ids=sorted({wish.order_id for _, wish in wishes}))
        known = {row["order_id"]: order_from(row) for row in locked}
        buyers = await self.tx.run(BUYERS, member_ids=sorted({wish.member_id for _, wish in wishes}))
        referrers: dict[str, str | None] = {row["member_id"]: row["referrer_id"] for row in buyers}
        outcomes: list[Taken] = []
        for row_number, wish in wishes:
            try:
                before = known.get(wish.order_id)
                known[wish.order_id] = order = self._take(wish, before, referrers, row_number)
                outcomes.append(Accepted(order, new=order is not before))
            except Refused as refusal:
                outcomes.append(refusal)
        await self._write()
        refunded = await apply_parked(self.tx, self.closing) if self.closing else {}
        return [_after(outcome, refunded) for outcome in outcomes]

    def _take(self, wish: Purchase, order: Order | None, referrers: dict[str, str | None], row_number: int) -> Order:
        if order is not None and order.step_to(wish) is None:
            return order
        if wish.member_id not in referrers:
            raise UnknownMember(wish.member_id)
        completed = wish.status is OrderStatus.COMPLETED
        referrer_id = referrers[wish.member_id] if completed else None
        row = _row(wish) | {
            "referrer_id": referrer_id,
            "last_us": self.stamp.accepted_us if completed else None,
            "row": place(row_number),
        }
        if order is None or wish.order_id in self.placed:
            self.placed[wish.order_id] = row
        else:
            self.stepped.append(row)
        if completed:
            self.completed.append(row)
        order = Order(
            wish.order_id, wish.member_id, wish.amount_minor, 0, wish.currency, wish.status, wish.completed_at
        )
        if wish.status is not OrderStatus.PLACED:
            self.closing.append(Completion(order, referrer_id, self.stamp.accepted_us, row_number))
        return order

    async def _write(self) -> None:
        if self.placed:
            await self.tx.run(PLACE, rows=sorted(self.placed.values(), key=itemgetter("member_id")))
        if self.stepped:
            await self.tx.run(STEP, rows=self.stepped)
        if self.completed:
            await self.tx.run(ANNOUNCE, rows=self.completed, accepted_us=self.stamp.accepted_us)


def _after(outcome: Taken, refunded: dict[str, Order]) -> Taken:
    """The outcome with its order as parked refunds left it."""
    if isinstance(outcome, Refused) or outcome.subject.completed_at is None:
        return outcome
    return replace(outcome, subject=refunded.get(outcome.subject.order_id, outcome.subject))


def _row(wish: Purchase) -> Row:
    return {
        "order_id": wish.order_id,
        "member_id": wish.member_id,
        "amount_minor": wish.amount_minor,
        "currency": wish.currency,
        "status": wish.status,
        "completed_at": stored(wish.completed_at) if wish.completed_at else None,
    }

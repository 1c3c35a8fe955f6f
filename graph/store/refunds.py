"""Refunds in Neo4j: acceptance under the lock of their order, and pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import refunds as domain
from graph.errors import Refused
from graph.refunds import Refund, RefundStatus
from graph.store import acceptance
from graph.store.acceptance import Accepted
from graph.store.orders import order_from
from graph.store.parking import event_row, refund_from, write_refunded
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.orders import Order
    from graph.refunds import RefundRequest
    from graph.store.acceptance import Stamp
    from graph.store.database import Database, Row, Transaction

HOLD = load("order/hold")
BY_ID = load("refund/by_id")
OF_ORDERS = load("refund/of_orders")
PAGE = load("refund/page")
PARKED = load("refund/parked")
COUNT_PARKED = load("refund/count_parked")
PARK = load("refund/park")
APPLY = load("refund/apply")

Taken = Accepted[Refund] | Refused


@dataclass(frozen=True, slots=True)
class RefundStore:
    """Reads and accepts refunds."""

    database: Database

    async def by_ids(self, refund_ids: Sequence[str]) -> dict[str, Refund]:
        """The refunds that exist among these ids."""
        rows = await self.database.rows(BY_ID, refund_ids=list(refund_ids))
        return {row["refund_id"]: refund_from(row) for row in rows}

    async def of_orders(self, order_ids: Sequence[str]) -> dict[str, list[Refund]]:
        """Each order's refunds, parked and refused ones too, in the order in which they were accepted."""
        found: dict[str, list[Refund]] = {order_id: [] for order_id in order_ids}
        for row in await self.database.rows(OF_ORDERS, order_ids=list(found)):
            found[row["order_id"]].append(refund_from(row))
        return found

    async def page(self, after_id: str, count: int) -> list[Refund]:
        """The next refunds after an id."""
        return [refund_from(row) for row in await self.database.rows(PAGE, after_id=after_id, count=count)]

    async def parked(self, after_id: str, count: int) -> list[Refund]:
        """The next refunds after an id that wait for their order."""
        return [refund_from(row) for row in await self.database.rows(PARKED, after_id=after_id, count=count)]

    async def count_parked(self) -> int:
        """How many refunds wait for their order."""
        (row,) = await self.database.rows(COUNT_PARKED)
        return int(row["refunds"])

    async def accept(self, wishes: Sequence[tuple[int, RefundRequest]], stamp: Stamp) -> list[Taken]:
        """Accepts refunds, each with its row number, in one transaction; answers in the same order.

        One of more than what is left, of a cancelled order, or that contradicts an earlier one gets its refusal; one
        that repeats another gets what became of that. None stops the others.
        """
        return await self.database.write(lambda tx: _Acceptance(tx, stamp).accept(wishes))


@dataclass(slots=True)
class _Held:
    """An order under lock: None while unknown. `accepted_us` stamps this batch's facts about it."""

    order: Order | None
    referrer_id: str | None
    accepted_us: int


class _Acceptance:
    """One batch inside one transaction."""

    def __init__(self, tx: Transaction, stamp: Stamp) -> None:
        self.tx = tx
        self.stamp = stamp
        self.held: dict[str, _Held] = {}
        self.known: dict[str, Refund] = {}
        self.rows: dict[RefundStatus, list[Row]] = defaultdict(list)
        self.events: list[Row] = []
        self.changed: dict[str, tuple[Order, int]] = {}

    async def accept(self, wishes: Sequence[tuple[int, RefundRequest]]) -> list[Taken]:
        await self._read(wishes)
        outcomes: list[Taken] = []
        for row_number, wish in wishes:
            try:
                outcomes.append(self._take(wish, acceptance.place(row_number)))
            except Refused as refusal:
                outcomes.append(refusal)
        await self._write()
        return outcomes

    async def _read(self, wishes: Sequence[tuple[int, RefundRequest]]) -> None:
        """Locks first; then what is known of these refunds can no longer change."""
        for row in await self.tx.run(HOLD, order_ids=sorted({wish.order_id for _, wish in wishes})):
            order = None if row["member_id"] is None else order_from(row)
            accepted_us = acceptance.later(self.stamp.accepted_us, row["last_us"])
            self.held[row["order_id"]] = _Held(order, row["referrer_id"], accepted_us)
        refund_ids = sorted({wish.refund_id for _, wish in wishes})
        for row in await self.tx.run(BY_ID, refund_ids=refund_ids):
            self.known[row["refund_id"]] = refund_from(row)

    def _take(self, wish: RefundRequest, place: int) -> Accepted[Refund]:
        known = self.known.get(wish.refund_id)
        if known is not None and known.says_again(wish):
            return Accepted(known, new=False)
        held = self.held[wish.order_id]
        refund, held.order = domain.accept(wish, held.order)
        self.known[wish.refund_id] = refund
        where = {"accepted_us": held.accepted_us, "row": place}
        self.rows[refund.status].append(_row(refund) | where)
        if refund.status is RefundStatus.APPLIED and held.order is not None:
            self.events.append(event_row(refund, held.order, held.referrer_id) | where)
            self.changed[wish.order_id] = held.order, held.accepted_us
        return Accepted(refund, new=True)

    async def _write(self) -> None:
        for status, query in ((RefundStatus.PARKED, PARK), (RefundStatus.APPLIED, APPLY)):
            if self.rows[status]:
                await self.tx.run(query, rows=self.rows[status])
        await write_refunded(self.tx, self.changed, self.events)


def _row(refund: Refund) -> Row:
    return {
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "amount_minor": refund.amount_minor,
        "refunded_at": stored(refund.refunded_at),
        "status": refund.status,
    }

"""Refunds that wait for their order, and what applies them: called under the lock of the order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from graph.refunds import Refund, RefundStatus, unpark
from graph.store.acceptance import place
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.orders import Order
    from graph.store.database import Row, Transaction

PARKED_OF = load("refund/parked_of")
UNPARK = load("refund/unpark")
ANNOUNCE = load("refund/announce")
NOTE = load("order/refund")


@dataclass(frozen=True, slots=True)
class Completion:
    """An order that is completed or cancelled in this transaction, and the row that did it."""

    order: Order
    referrer_id: str | None
    accepted_us: int
    row_number: int


def refund_from(row: Row) -> Refund:
    """The refund that a row describes."""
    return Refund(
        refund_id=row["refund_id"],
        order_id=row["order_id"],
        amount_minor=row["amount_minor"],
        refunded_at=datetime.fromisoformat(row["refunded_at"]),
        status=RefundStatus(row["status"]),
        seq=row["seq"],
        reason=row["reason"],
    )


async def apply_parked(tx: Transaction, completions: Sequence[Completion]) -> dict[str, Order]:
    """Applies what was parked for these orders, right after each; the orders that it changed.

    The orders must have been created already: only then does nobody else park anything for them.
    """
    waiting: dict[str, list[Refund]] = defaultdict(list)
    for row in await tx.run(PARKED_OF, order_ids=sorted(completion.order.order_id for completion in completions)):
        waiting[row["order_id"]].append(refund_from(row))
    judged: list[Refund] = []
    events: list[Row] = []
    changed: dict[str, tuple[Order, int]] = {}
    for completion in completions:
        order_id = completion.order.order_id
        refunds, after = unpark(waiting.get(order_id, ()), completion.order)
        judged += refunds
        applied = [refund for refund in refunds if refund.status is RefundStatus.APPLIED]
        for number, refund in enumerate(applied, 1):
            where = {"accepted_us": completion.accepted_us, "row": place(completion.row_number, number)}
            events.append(event_row(refund, after, completion.referrer_id) | where)
        if applied:
            changed[order_id] = after, completion.accepted_us
    if judged:
        await tx.run(UNPARK, rows=[_judged_row(refund) for refund in judged])
    await write_refunded(tx, changed, events)
    return {order_id: order for order_id, (order, _) in changed.items()}


async def write_refunded(tx: Transaction, orders: Mapping[str, tuple[Order, int]], events: Sequence[Row]) -> None:
    """Notes on locked orders what is left of them and when their last event was accepted; appends the events."""
    if events:
        rows = [
            {
                "order_id": order_id,
                "refunded_minor": order.refunded_minor,
                "status": order.status,
                "last_us": last_us,
            }
            for order_id, (order, last_us) in orders.items()
        ]
        await tx.run(NOTE, rows=rows)
        await tx.run(ANNOUNCE, rows=list(events))


def event_row(refund: Refund, order: Order, referrer_id: str | None) -> Row:
    """What the event of a refund says, its place in the order of acceptance apart."""
    return {
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "buyer_id": order.member_id,
        "referrer_id": referrer_id,
        "amount_minor": refund.amount_minor,
        "currency": order.currency,
        "refunded_at": stored(refund.refunded_at),
    }


def _judged_row(refund: Refund) -> Row:
    return {
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "status": refund.status,
        "reason": refund.reason,
    }

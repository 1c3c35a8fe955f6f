"""Acceptance in memory: members, orders, refunds with parking, plans and closings, each with its unnumbered event.

The rules of acceptance are the product's own (`graph/orders.py`, `graph/refunds.py`); only where they are kept differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph import refunds as domain
from graph.events import MonthClosed, OrderCompleted, OrderRefunded
from graph.members import Member
from graph.orders import Order, OrderStatus
from graph.plan import PlanVersion
from graph.plan_document import parse_plan
from graph.refunds import RefundStatus
from graph.store.acceptance import later, place
from memory.log import Event, scopes_of

if TYPE_CHECKING:
    from graph.members import Enrolment
    from graph.orders import Purchase
    from graph.refunds import Refund, RefundRequest
    from memory.transactions import Store, Transaction

JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def begin(store: Store, document: str) -> None:
    """A fresh store: an empty log, and a plan in force from before the first fact."""
    store["log"].update({"seq": 0, "mark": 0, "published_seq": 0, "applied_seq": 0, "sequence": None})
    store["plans"][1] = PlanVersion(1, 0, parse_plan(document), document)


@dataclass(slots=True)
class Intake:
    """Accepts facts, each in a transaction of its own. Refusals are raised."""

    store: Store
    name: str = "api"
    _last_us: int = 0
    _count: int = 0

    async def join(self, wish: Enrolment) -> None:
        async def work(tx: Transaction) -> None:
            above = tx.get("members", wish.referrer_id) if wish.referrer_id else None
            depth = above["member"].depth + 1 if above else 0
            member = Member(wish.member_id, wish.referrer_id, depth, JOINED)
            row = {"member": member, "referrer_id": wish.referrer_id, "first_order_seq": None}
            tx.create("members", wish.member_id, row)

        await self.store.write(work)

    async def order(self, wish: Purchase) -> None:
        stamp = await self._stamp()

        async def work(tx: Transaction) -> None:
            await tx.lock(("order", wish.order_id))
            row = tx.get("orders", wish.order_id)
            if row is not None and order_from(row).step_to(wish) is None:
                return
            order = Order(
                wish.order_id, wish.member_id, wish.amount_minor, 0, wish.currency, wish.status, wish.completed_at
            )
            referrer_id = tx.get("members", wish.member_id)["referrer_id"]
            last_us = stamp if wish.status is OrderStatus.COMPLETED else None
            kept = _row(order) | {"referrer_id": referrer_id, "last_us": last_us}
            if row is None:
                tx.create("orders", wish.order_id, kept)
            else:
                step = {name: kept[name] for name in ("status", "completed_at", "referrer_id", "last_us")}
                tx.set("orders", wish.order_id, **step)
            if wish.status is OrderStatus.COMPLETED:
                self._announce(tx, stamp, 0, _completed(order, referrer_id))
                self._unpark(tx, order, referrer_id, stamp)

        await self.store.write(work)

    def _unpark(self, tx: Transaction, order: Order, referrer_id: str | None, stamp: int) -> None:
        parked = [
            (row["stamp"], refund_id, row["refund"])
            for refund_id, row in self.store["refunds"].items()
            if row["refund"].order_id == order.order_id and row["refund"].status is RefundStatus.PARKED
        ]
        judged, after = domain.unpark([refund for _, _, refund in sorted(parked)], order)
        number = 0
        for refund in judged:
            tx.set("refunds", refund.refund_id, refund=refund)
            if refund.status is RefundStatus.APPLIED:
                number += 1
                self._announce(tx, stamp, number, _refunded(refund, after, referrer_id))
        if number:
            tx.set("orders", order.order_id, refunded_minor=after.refunded_minor, status=after.status)

    async def refund(self, wish: RefundRequest) -> None:
        drawn = await self._stamp()

        async def work(tx: Transaction) -> None:
            await tx.lock(("order", wish.order_id))
            known = tx.get("refunds", wish.refund_id)
            if known is not None and known["refund"].says_again(wish):
                return
            row = tx.get("orders", wish.order_id)
            parked = [r["stamp"] for r in self.store["refunds"].values() if r["refund"].order_id == wish.order_id]
            last_us = max(parked, default=0) if row is None or row["last_us"] is None else row["last_us"]
            stamp = later(drawn, last_us)
            refund, after = domain.accept(wish, order_from(row) if row else None)
            tx.create("refunds", wish.refund_id, {"refund": refund, "stamp": stamp})
            if refund.status is RefundStatus.APPLIED and after is not None and row is not None:
                tx.set("orders", wish.order_id, refunded_minor=after.refunded_minor, status=after.status, last_us=stamp)
                self._announce(tx, stamp, 0, _refunded(refund, after, row["referrer_id"]))

        await self.store.write(work)

    async def publish(self, document: str, key: str) -> None:
        stamp = await self._stamp()
        plan = parse_plan(document)

        async def work(tx: Transaction) -> None:
            await tx.lock("plans")
            if tx.get("plan_keys", key) is not None:
                return
            tx.create("plan_keys", key, document)
            version = max(self.store["plans"]) + 1
            tx.create("plans", version, PlanVersion(version, None, plan, document))
            self._announce(tx, stamp, 0, None, plan_version=version)

        await self.store.write(work)

    async def close_month(self, month: str) -> None:
        stamp = await self._stamp()

        async def work(tx: Transaction) -> None:
            self._announce(tx, stamp, 0, MonthClosed(0, month))

        await self.store.write(work)

    async def _stamp(self) -> int:
        """As StampClock: growing, and none below one that still waits."""
        await self.store.pause()
        events = self.store["events"]
        waiting = max((events[key].stamp[0] for key in self.store.tables.unnumbered), default=0)
        self._last_us = max(self._last_us, self.store.now, waiting) + 1
        return self._last_us

    def _announce(self, tx: Transaction, stamp: int, after: int, fact: object, *, plan_version: int = 0) -> None:
        self._count += 1
        scopes = scopes_of(fact) if fact else ()
        event = Event((stamp, place(1, after)), fact, plan_version or None, scopes)
        tx.create("events", (self.name, self._count), event)


def order_from(row: dict) -> Order:
    return Order(
        row["order_id"],
        row["buyer_id"],
        row["paid_minor"],
        row["refunded_minor"],
        row["currency"],
        row["status"],
        row["completed_at"],
        row["seq"],
    )


def _row(order: Order) -> dict:
    return {
        "order_id": order.order_id,
        "buyer_id": order.member_id,
        "paid_minor": order.paid_minor,
        "refunded_minor": order.refunded_minor,
        "currency": order.currency,
        "status": order.status,
        "completed_at": order.completed_at,
        "seq": None,
        "net_minor": None,
        "closed_seq": None,
        "mended": False,
        "banked_for": None,
        "banked_minor": None,
    }


def _completed(order: Order, referrer_id: str | None) -> OrderCompleted:
    assert order.completed_at
    return OrderCompleted(
        0, order.order_id, order.member_id, referrer_id, order.paid_minor, order.currency, order.completed_at, False
    )


def _refunded(refund: Refund, order: Order, referrer_id: str | None) -> OrderRefunded:
    return OrderRefunded(
        0,
        refund.refund_id,
        refund.order_id,
        order.member_id,
        referrer_id,
        refund.amount_minor,
        order.currency,
        refund.refunded_at,
    )

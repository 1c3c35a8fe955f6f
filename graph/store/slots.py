"""Slots and the bank in Neo4j: what a member's three-for-one looks like between two batches."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from graph.anchors import Anchor, Slot
from graph.events import OrderCompleted
from graph.rebates import anchor_of
from graph.store.log import order_completed
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.plan import PlanHistory
    from graph.rebates import RebateBook
    from graph.store.database import Row, Transaction

OPEN_ANCHORS = load("slot/open_anchors")
REFUNDED_ANCHORS = load("slot/refunded_anchors")
BANKED = load("slot/banked")
FILL = load("slot/fill")
EMPTY = load("slot/empty")
CLOSE_ANCHORS = load("slot/close_anchors")
MEND = load("slot/mend")
BANK = load("slot/bank")


async def open_anchors(tx: Transaction, upto: Mapping[str, int], plans: PlanHistory) -> dict[str, list[Anchor]]:
    """The open anchors of each scope among the orders up to its mark, oldest first, with their filled slots."""
    rows = [{"scope_id": scope_id, "upto": seq} for scope_id, seq in upto.items()]
    return _anchors(await tx.run(OPEN_ANCHORS, rows=rows), plans)


async def refunded_anchors(
    tx: Transaction, upto: Mapping[str, int], refunded: Mapping[str, Sequence[str]], plans: PlanHistory
) -> dict[str, list[Anchor]]:
    """The anchors of each scope that its refunded orders are, or fill a slot of."""
    rows = [
        {"scope_id": scope_id, "order_ids": sorted(set(order_ids)), "upto": upto[scope_id]}
        for scope_id, order_ids in refunded.items()
    ]
    return _anchors(await tx.run(REFUNDED_ANCHORS, rows=rows), plans)


async def banks(tx: Transaction, scope_ids: Sequence[str]) -> dict[str, list[OrderCompleted]]:
    """The referrals that wait in each scope's bank, oldest first."""
    waiting: dict[str, list[OrderCompleted]] = {scope_id: [] for scope_id in scope_ids}
    for row in await tx.run(BANKED, scope_ids=list(scope_ids)):
        waiting[row["scope_id"]].append(order_completed(row))
    return waiting


async def write(tx: Transaction, books: Sequence[RebateBook], seq: int) -> None:
    """Writes what the books have changed up to a seq: filled slots, closed and mended anchors, the bank.

    An anchor that a refund has touched is written whole, the others slot by slot.
    """
    mended = {order_id: anchor for book in books for order_id, anchor in book.mended.items()}
    fresh = [filling for book in books for filling in book.filled if filling[0].order.order_id not in mended]
    filled = [_slot_row(anchor, position) for anchor, position in fresh]
    filled += [_slot_row(anchor, position) for anchor in mended.values() for position in sorted(anchor.slots)]
    closed = [{"order_id": anchor.order.order_id, "seq": seq} for anchor, _ in fresh if anchor.full]
    states = [
        {"order_id": order_id, "closed_seq": None if anchor.open else seq, "mended": anchor.mended}
        for order_id, anchor in mended.items()
    ]
    banked = [_bank_row(book, *change) for book in books for change in book.banked.items()]
    if mended:
        await tx.run(EMPTY, order_ids=list(mended))
    for query, rows in ((FILL, filled), (CLOSE_ANCHORS, closed), (MEND, states), (BANK, banked)):
        if rows:
            await tx.run(query, rows=rows)


def _bank_row(book: RebateBook, order_id: str, waiting: OrderCompleted | None) -> Row:
    owner_id, net_minor = (book.owner_id, waiting.net_minor) if waiting else (None, None)
    return {"order_id": order_id, "banked_for": owner_id, "banked_minor": net_minor}


def _anchors(rows: Sequence[Row], plans: PlanHistory) -> dict[str, list[Anchor]]:
    anchors: dict[str, list[Anchor]] = {}
    for row in rows:
        node = row["anchor"]
        order = OrderCompleted(
            seq=node["seq"],
            order_id=node["id"],
            buyer_id=row["scope_id"],
            referrer_id=None,
            net_minor=node.get("net_minor", node["paid_minor"]),
            currency=node["currency"],
            completed_at=datetime.fromisoformat(node["completed_at"]),
            first=False,
        )
        anchor = anchor_of(order, plans.in_force(order.seq))
        if anchor is not None:
            anchor.mended = node.get("mended", False)
            anchor.slots = {slot["position"]: _slot(slot) for slot in row["slots"]}
            anchors.setdefault(row["scope_id"], []).append(anchor)
    return anchors


def _slot(properties: Row) -> Slot:
    referral = {name.removeprefix("referral_"): value for name, value in properties.items()}
    return Slot(properties["number"], order_completed(referral), properties["granted_minor"])


def _slot_row(anchor: Anchor, position: int) -> Row:
    slot = anchor.slots[position]
    referral = slot.referral
    properties = {
        "anchor_order_id": anchor.order.order_id,
        "position": position,
        "number": slot.number,
        "granted_minor": slot.granted_minor,
        "referral_order_id": referral.order_id,
        "referral_seq": referral.seq,
        "referral_buyer_id": referral.buyer_id,
        "referral_net_minor": referral.net_minor,
        "referral_currency": referral.currency,
        "referral_completed_at": stored(referral.completed_at),
    }
    return {"anchor_order_id": anchor.order.order_id, "slot": properties}

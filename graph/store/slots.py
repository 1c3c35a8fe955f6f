"""Slots and the bank in Neo4j: what a member's three-for-one looks like between two batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.rebates import Slot, anchor_of
from graph.store.log import order_completed
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.plan import PlanHistory
    from graph.rebates import Anchor, RebateBook
    from graph.store.database import Row, Transaction

OPEN_ANCHORS = load("slot/open_anchors")
BANKED = load("slot/banked")
FILL = load("slot/fill")
CLOSE_ANCHORS = load("slot/close_anchors")
BANK = load("slot/bank")


async def open_anchors(tx: Transaction, upto: dict[str, int], plans: PlanHistory) -> dict[str, list[Anchor]]:
    """The open anchors of each scope among the orders up to its mark, oldest first, with their filled slots."""
    anchors: dict[str, list[Anchor]] = {scope_id: [] for scope_id in upto}
    rows = [{"scope_id": scope_id, "upto": seq} for scope_id, seq in upto.items()]
    for row in await tx.run(OPEN_ANCHORS, rows=rows):
        scope_id = row["scope_id"]
        order = order_completed(row | {"buyer_id": scope_id, "referrer_id": None, "first": False})
        anchor = anchor_of(order, plans.in_force(order.seq))
        if anchor is not None:
            anchor.filled = [_slot(properties) for properties in row["slots"]]
            anchors[scope_id].append(anchor)
    return anchors


async def open_banks(tx: Transaction, books: dict[str, RebateBook]) -> None:
    """Gives each book the referrals that wait in its bank, oldest first."""
    for row in await tx.run(BANKED, scope_ids=list(books)):
        scope_id = row["scope_id"]
        books[scope_id].waiting.append(order_completed(row | {"referrer_id": scope_id, "first": False}))


async def write(tx: Transaction, books: Iterable[RebateBook]) -> None:
    """Writes what the books have changed: filled slots, closed anchors, the bank."""
    filled: list[Row] = []
    closed: list[Row] = []
    banked: list[Row] = []
    for book in books:
        for anchor, slot in book.filled:
            filled.append({"anchor_order_id": anchor.order.order_id, "slot": _properties(anchor, slot)})
            if slot.position == len(anchor.rule.slots_bp):
                closed.append({"order_id": anchor.order.order_id, "seq": slot.referral.seq})
        banked += [{"order_id": order_id, "banked_for": book.owner_id} for order_id in book.banked - book.unbanked]
        banked += [{"order_id": order_id, "banked_for": None} for order_id in book.unbanked - book.banked]
    for query, rows in ((FILL, filled), (CLOSE_ANCHORS, closed), (BANK, banked)):
        if rows:
            await tx.run(query, rows=rows)


def _slot(properties: Row) -> Slot:
    referral = {name.removeprefix("referral_"): value for name, value in properties.items()}
    return Slot(
        position=properties["position"],
        referral=order_completed(referral | {"referrer_id": None, "first": False}),
        base_minor=properties["base_minor"],
        granted_minor=properties["granted_minor"],
    )


def _properties(anchor: Anchor, slot: Slot) -> Row:
    referral = slot.referral
    return {
        "anchor_order_id": anchor.order.order_id,
        "position": slot.position,
        "base_minor": slot.base_minor,
        "granted_minor": slot.granted_minor,
        "referral_order_id": referral.order_id,
        "referral_seq": referral.seq,
        "referral_buyer_id": referral.buyer_id,
        "referral_net_minor": referral.net_minor,
        "referral_currency": referral.currency,
        "referral_completed_at": stored(referral.completed_at),
    }

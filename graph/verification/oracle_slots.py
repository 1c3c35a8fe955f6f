"""Three-for-one, rules.md §3. Every function answers with the orders whose money may have changed."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import timedelta

from graph.verification.oracle_orders import Order, Slot, half_up


@dataclass(slots=True)
class Book:
    """One member's anchors with an open slot, by currency and oldest first; the bank; and how many orders received."""

    open: dict[str, list[Order]] = field(default_factory=dict)
    waiting: dict[str, Order] = field(default_factory=dict)
    received: int = 0


def accept_anchor(book: Book, order: Order) -> list[Order]:
    """In the buyer's book."""
    if not order.rule:
        return []
    book.open.setdefault(order.currency, []).append(order)
    return _fill_from_bank(book)


def accept_referral(book: Book, order: Order, *, first: bool) -> list[Order]:
    """In the referrer's book. `first`: the buyer had no accepted completion before this one."""
    rule = order.rule
    if not rule or order.paid < rule["min_order_minor"]:
        return []
    if rule["qualify"] == "first_order" and not first:
        return []
    anchor = _fill(book, order)
    if anchor is None:
        if rule["bank"] == "keep":
            book.waiting[order.id] = order
        return []
    return _filling(anchor)


def refund_referral(book: Book, order: Order) -> list[Order]:
    """After `order.net` has fallen."""
    if order.net == 0:
        book.waiting.pop(order.id, None)
    anchor, slot = order.anchor, order.slot
    if anchor is None or slot is None or anchor.net == 0:
        return []
    policy = anchor.rule["refund_policy"]
    if order.net > 0 or policy == "burn":
        _value(anchor)
        return _filling(anchor)
    was_open = _has_open_slot(anchor)
    anchor.filled.remove(slot)
    order.slot = None
    if policy == "shift":
        _close_gap(anchor, slot.position)
    _value(anchor)
    if not was_open:
        insort(book.open[anchor.currency], anchor, key=lambda a: a.seq)
    return [order, *_fill_from_bank(book), *_filling(anchor)]


def refund_anchor(book: Book, order: Order) -> list[Order]:
    """After `order.net` has fallen; at 0 the anchor is closed."""
    if not order.rule:
        return []
    if order.net == 0 and _has_open_slot(order):
        book.open[order.currency].remove(order)
    _value(order)
    return _filling(order)


def _fill_from_bank(book: Book) -> list[Order]:
    """One pass over the bank in seq order."""
    changed: list[Order] = []
    placed = []
    for order in book.waiting.values():
        if not any(book.open.values()):
            break
        anchor = _fill(book, order)
        if anchor is not None:
            placed.append(order.id)
            changed += _filling(anchor)
    for order_id in placed:
        del book.waiting[order_id]
    return changed


def _fill(book: Book, referral: Order) -> Order | None:
    """Puts a referral in the lowest open slot of its anchor, which is the answer; None when no anchor fits."""
    anchor = _find_anchor(book, referral)
    if anchor is None:
        return None
    used = {slot.position for slot in anchor.filled}
    position = 1
    while position in used:
        position += 1
    referral.anchor, referral.slot = anchor, Slot(referral, position)
    anchor.filled.append(referral.slot)
    if not anchor.received:
        anchor.received = True
        book.received += 1
    if not _has_open_slot(anchor):
        book.open[anchor.currency].remove(anchor)
    _value(anchor)
    return anchor


def _find_anchor(book: Book, referral: Order) -> Order | None:
    rule = referral.rule
    anchors = book.open.get(referral.currency, [])
    for anchor in anchors if rule["anchor"] == "oldest" else reversed(anchors):
        fresh_allowed = rule["max_cycles"] is None or book.received < rule["max_cycles"]
        if (anchor.received or fresh_allowed) and _within_window(anchor, referral):
            return anchor
    return None


def _within_window(anchor: Order, referral: Order) -> bool:
    days = anchor.rule["window_days"]
    return days is None or abs(referral.at - anchor.at) <= timedelta(days=days)


def _close_gap(anchor: Order, gap: int) -> None:
    for slot in anchor.filled:
        if slot.position > gap:
            slot.position -= 1
            slot.granted = None


def _value(anchor: Order) -> None:
    """What each slot is worth now, and whether that is due.

    In the order of filling: each slot takes from what the anchor may still give, so that the slots filled last are cut
    first. The worth becomes the grant: a slot that does not move is never worth more again by a refund elsewhere.
    """
    falls_due = anchor.rule["mode"] == "slot" or not _has_open_slot(anchor)
    left = half_up(anchor.net * sum(anchor.rule["slots_bp"]))
    for slot in anchor.filled:
        if anchor.net == 0 or slot.referral.net == 0:
            worth = 0
        elif anchor.rule["base"] == "own":
            worth = _own_worth(anchor, slot.position)
        else:
            worth = _referee_worth(anchor, slot, left)
        left -= worth
        slot.granted = worth
        slot.due = worth if falls_due else 0


def _own_worth(anchor: Order, position: int) -> int:
    rates = anchor.rule["slots_bp"]
    return half_up(anchor.net * sum(rates[:position])) - half_up(anchor.net * sum(rates[: position - 1]))


def _referee_worth(anchor: Order, slot: Slot, left: int) -> int:
    net = slot.referral.net if anchor.rule["base"] == "referee" else min(slot.referral.net, anchor.net)
    worth = half_up(net * anchor.rule["slots_bp"][slot.position - 1])
    if slot.granted is not None:
        worth = min(worth, slot.granted)
    return worth if anchor.rule["allow_over_100"] else min(worth, left)


def _has_open_slot(anchor: Order) -> bool:
    return len(anchor.filled) < len(anchor.rule["slots_bp"])


def _filling(anchor: Order) -> list[Order]:
    return [slot.referral for slot in anchor.filled]

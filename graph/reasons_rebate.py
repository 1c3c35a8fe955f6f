"""Why an order filled no slot of the buyer's referrer, or filled one that is worth nothing.

The referrer's book is told its facts again, so that what judges here is what judged when it paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.anchors import Refusal
from graph.events import OrderCompleted
from graph.plan import Bank
from graph.reasons import Reason, Why
from graph.rebates import RebateBook, Unfit, unfit
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graph.anchors import Anchor
    from graph.events import OrderFact
    from graph.members import MemberId
    from graph.plan import PlanHistory, ThreeForOne


@dataclass(frozen=True, slots=True)
class Replay:
    """A referrer's book after their facts, and what became of one order in it."""

    book: RebateBook
    filled: bool
    """Whether the order ever filled a slot, whatever became of it."""
    reasons: tuple[Reason, ...]
    """Why it filled none when it was accepted, and did not wait either."""


def replay(owner_id: MemberId, plans: PlanHistory, facts: Iterable[OrderFact], order_id: str) -> Replay:
    """Tells a book all facts of its owner's scope, in seq order, and watches one order of a referee."""
    book = RebateBook(owner_id, plans)
    filled = False
    reasons: tuple[Reason, ...] = ()
    seen: list[OrderCompleted] = []
    for fact in facts:
        if isinstance(fact, OrderCompleted):
            seen.append(fact)
            if fact.order_id == order_id:
                reasons = tuple(_refused(book, fact, seen))
        book.hear(fact)
        filled = filled or order_id in book.by_referral
    return Replay(book, filled, reasons)


def rebate_reasons(told: Replay, order: OrderCompleted) -> list[Reason]:
    """Why a referrer has nothing for an order that their book has heard of."""
    anchor = told.book.by_referral.get(order.order_id)
    if anchor is not None:
        return [_unpaid(anchor, order.order_id)]
    if told.filled:
        return [_reason(Why.SLOT_REOPENED, order_id=order.order_id)]
    rule = told.book.plans.in_force(order.seq).plan.three_for_one
    if rule is None or rule.bank is Bank.NONE or _is_unfit(told, order, rule):
        return list(told.reasons)
    for waiting in told.book.waiting:
        if waiting.order_id == order.order_id:
            return [_reason(Why.WAITS_IN_BANK), *_obstacles(told.book, waiting, rule)]
    return [_reason(Why.REFUNDED_IN_BANK)]


def _is_unfit(told: Replay, order: OrderCompleted, rule: ThreeForOne) -> bool:
    return unfit(order, rule, told.book.plans.in_force(order.seq)) is not None


def _refused(book: RebateBook, order: OrderCompleted, seen: Sequence[OrderCompleted]) -> Iterator[Reason]:
    version = book.plans.in_force(order.seq)
    rule = version.plan.three_for_one
    if rule is None:
        return
    fault = unfit(order, rule, version)
    if fault is Unfit.NOT_FIRST:
        firsts = [earlier.order_id for earlier in seen if earlier.first and earlier.buyer_id == order.buyer_id]
        yield _reason(Why.NOT_FIRST_ORDER, first_order_id=firsts[0] if firsts else None, buyer_id=order.buyer_id)
    elif fault is Unfit.TOO_SMALL:
        yield _reason(Why.TOO_SMALL, net_minor=order.net_minor, min_order_minor=rule.min_order_minor)
    elif fault is None:
        yield from _obstacles(book, order, rule)


def _obstacles(book: RebateBook, order: OrderCompleted, rule: ThreeForOne) -> list[Reason]:
    """One reason for each own order that might have served, or that there was none."""
    in_the_way = [
        _obstacle(anchor, refusal, order, rule)
        for anchor, refusal in book.obstacles(order, rule)
        if refusal is not Refusal.OTHER_CURRENCY
    ]
    return in_the_way or [_reason(Why.NO_OWN_ORDER_BEFORE, currency=order.currency)]


def _obstacle(anchor: Anchor, refusal: Refusal, order: OrderCompleted, rule: ThreeForOne) -> Reason:
    anchor_id = anchor.order.order_id
    if refusal is Refusal.REFUNDED:
        return _reason(Why.ANCHOR_REFUNDED, anchor_order_id=anchor_id)
    if refusal is Refusal.FULL:
        orders = tuple(anchor.slots[k].referral.order_id for k in sorted(anchor.slots))
        return _reason(Why.ALL_SLOTS_TAKEN, anchor_order_id=anchor_id, orders=orders)
    if refusal is Refusal.OUTSIDE_WINDOW:
        apart = abs(order.completed_at - anchor.order.completed_at)
        return _reason(
            Why.OUTSIDE_WINDOW, anchor_order_id=anchor_id, window_days=anchor.rule.window_days, apart=str(apart)
        )
    return _reason(Why.MAX_CYCLES, anchor_order_id=anchor_id, max_cycles=rule.max_cycles)


def _unpaid(anchor: Anchor, order_id: str) -> Reason:
    """Why a filled slot is worth nothing now."""
    position = anchor.due()[order_id][0]
    seen = anchor.appraise(position)
    anchor_id = anchor.order.order_id
    if anchor.closed:
        return _reason(Why.ANCHOR_REFUNDED, anchor_order_id=anchor_id)
    if seen.slot.referral.net_minor == 0:
        return _reason(Why.SLOT_BURNT, anchor_order_id=anchor_id, slot=position)
    if not seen.falls_due:
        slots = len(anchor.rule.slots_bp)
        return _reason(Why.THRESHOLD_OPEN, anchor_order_id=anchor_id, filled=len(anchor.slots), slots=slots)
    return _reason(
        Why.SLOT_WORTH_ZERO,
        anchor_order_id=anchor_id,
        slot=position,
        rate_bp=anchor.rule.slots_bp[position - 1],
        base_minor=seen.base_minor,
        earlier_minor=seen.earlier_minor,
    )


def _reason(why: Why, **values: str | int | tuple[str, ...] | None) -> Reason:
    return Reason(Rule.REBATE, why, values)

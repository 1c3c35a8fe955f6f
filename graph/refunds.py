"""Refunds: money of an order given back. One that comes before its order's completion is parked (rules.md §2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from graph.errors import RefundConflict, Refused
from graph.orders import OrderStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graph.orders import Order, OrderId

RefundId = NewType("RefundId", str)


class RefundStatus(StrEnum):
    """What became of a refund: from PARKED to one of the others, which are final."""

    PARKED = "parked"
    APPLIED = "applied"
    """Taken off its order, with an event of its own."""
    REFUSED = "refused"
    """Parked, and then found to be no refund that its order admits."""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund as the shop reports it: the wish, not yet the fact. Its currency is the order's."""

    refund_id: RefundId
    order_id: OrderId
    amount_minor: int
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as stored. `seq` is its place in the order of acceptance, once applied and numbered."""

    refund_id: RefundId
    order_id: OrderId
    amount_minor: int
    refunded_at: datetime
    status: RefundStatus
    seq: int | None = None
    reason: str | None = None
    """The code of the refusal, where it was refused after it had been parked."""

    def says_again(self, wish: RefundRequest) -> bool:
        """Whether the wish says nothing new; raises RefundConflict when the id was used with other content.

        A refused refund is judged anew, and refused again: what is left of an order never grows.
        """
        pairs = {
            "order": (self.order_id, wish.order_id),
            "amount": (self.amount_minor, wish.amount_minor),
            "refund time": (self.refunded_at, wish.refunded_at),
        }
        differing = tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs)
        if differing:
            raise RefundConflict(self.refund_id, differing)
        return self.status is not RefundStatus.REFUSED


def accept(wish: RefundRequest, order: Order | None) -> tuple[Refund, Order | None]:
    """A new refund, and its order after it: parked while the order is unknown or not completed.

    Raises OverRefund and, for a cancelled order, OrderNotOpen.
    """
    parks = order is None or order.status is OrderStatus.PLACED
    after = order if order is None or parks else order.less(wish.amount_minor)
    status = RefundStatus.PARKED if parks else RefundStatus.APPLIED
    return Refund(wish.refund_id, wish.order_id, wish.amount_minor, wish.refunded_at, status), after


def unpark(parked: Iterable[Refund], order: Order) -> tuple[list[Refund], Order]:
    """What becomes of an order's parked refunds, in the order given, once it is completed or cancelled."""
    judged = []
    for refund in parked:
        try:
            order = order.less(refund.amount_minor)
            judged.append(replace(refund, status=RefundStatus.APPLIED))
        except Refused as refusal:
            judged.append(replace(refund, status=RefundStatus.REFUSED, reason=refusal.code))
    return judged, order

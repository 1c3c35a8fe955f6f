"""Orders: what a member bought. Money only counts once an order is completed (rules.md §2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from graph.errors import InvalidInput, OrderConflict, OrderNotOpen, OverRefund

if TYPE_CHECKING:
    from datetime import datetime

    from graph.members import MemberId

OrderId = NewType("OrderId", str)


class OrderStatus(StrEnum):
    """Where an order stands. A shop reports the first three; refunds lead to the last two."""

    PLACED = "placed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


BEFORE = {
    OrderStatus.PLACED: frozenset[OrderStatus](),
    OrderStatus.COMPLETED: {OrderStatus.PLACED},
    OrderStatus.CANCELLED: {OrderStatus.PLACED},
    OrderStatus.PARTIALLY_REFUNDED: {OrderStatus.PLACED, OrderStatus.COMPLETED},
    OrderStatus.REFUNDED: {OrderStatus.PLACED, OrderStatus.COMPLETED},
}
"""For each status, what a shop may have reported on the way there."""
BY_REFUNDS = {OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}
REPORTED = [status for status in OrderStatus if status not in BY_REFUNDS]


def order_status(text: str) -> OrderStatus:
    """The status that a shop reports by this word; raises InvalidInput for any other word."""
    if text in REPORTED:
        return OrderStatus(text)
    why = "what refunds make of a completed order: report them as refunds" if text in BY_REFUNDS else "no status"
    raise InvalidInput("status", f"{text!r} is {why}; it must be one of {', '.join(REPORTED)}.", code="BAD_STATUS")


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as the shop reports it: the wish, not yet the fact. `completed_at` is set when completed."""

    order_id: OrderId
    member_id: MemberId
    amount_minor: int
    currency: str
    status: OrderStatus
    completed_at: datetime | None

    def __post_init__(self) -> None:
        order_status(self.status)
        if (self.completed_at is None) == (self.status is OrderStatus.COMPLETED):
            raise InvalidInput("completed_at", "completed_at is given exactly for completed orders.", code="BAD_DATE")


@dataclass(frozen=True, slots=True)
class Order:
    """An order as stored. `seq` is its place in the order of acceptance, once numbered."""

    order_id: OrderId
    member_id: MemberId
    paid_minor: int
    refunded_minor: int
    currency: str
    status: OrderStatus
    completed_at: datetime | None
    seq: int | None = None

    @property
    def net_minor(self) -> int:
        """What was paid for the goods, less every refund so far."""
        return self.paid_minor - self.refunded_minor

    def step_to(self, wish: Purchase) -> OrderStatus | None:
        """The status that the wish moves this order to, or None when it says nothing new.

        Raises OrderConflict when the id was used with other content, OrderNotOpen when the step is not allowed.
        """
        pairs = {
            "member": (self.member_id, wish.member_id),
            "amount": (self.paid_minor, wish.amount_minor),
            "currency": (self.currency, wish.currency),
        }
        if self.completed_at is not None and wish.completed_at is not None:
            pairs["completion time"] = (self.completed_at, wish.completed_at)
        differing = tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs)
        if differing:
            raise OrderConflict(self.order_id, differing)
        if wish.status is self.status or wish.status in BEFORE[self.status]:
            return None  # what is so, or was so before, told again
        if self.status is not OrderStatus.PLACED:
            raise OrderNotOpen(self.order_id, self.status, wish.status)
        return wish.status

    def less(self, amount_minor: int) -> Order:
        """This order after a refund of so much.

        Raises OverRefund when less is left of it, OrderNotOpen unless it was ever completed.
        """
        if self.completed_at is None:
            raise OrderNotOpen(self.order_id, self.status, OrderStatus.REFUNDED)
        if amount_minor > self.net_minor:
            raise OverRefund(self.order_id, self.net_minor, self.currency)
        status = OrderStatus.REFUNDED if amount_minor == self.net_minor else OrderStatus.PARTIALLY_REFUNDED
        return replace(self, refunded_minor=self.refunded_minor + amount_minor, status=status)

"""Orders: what a member bought. Money only counts once an order is completed (rules.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from graph.errors import InvalidInput, OrderConflict, OrderNotOpen

if TYPE_CHECKING:
    from datetime import datetime

    from graph.members import MemberId

OrderId = NewType("OrderId", str)


class OrderStatus(StrEnum):
    """Where an order stands. Refunds add two more."""

    PLACED = "placed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES = {
    OrderStatus.PLACED: {OrderStatus.COMPLETED, OrderStatus.CANCELLED},
    OrderStatus.COMPLETED: frozenset[OrderStatus](),
    OrderStatus.CANCELLED: frozenset[OrderStatus](),
}
"""From each status, the ones an order may go to next."""


def order_status(text: str) -> OrderStatus:
    """The status named; raises InvalidInput for any other word."""
    try:
        return OrderStatus(text)
    except ValueError:
        known = ", ".join(OrderStatus)
        raise InvalidInput("status", f"{text!r} is not one of {known}.", code="BAD_STATUS") from None


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
        if wish.status is self.status:
            pairs["completion time"] = (self.completed_at, wish.completed_at)
        differing = tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs)
        if differing:
            raise OrderConflict(self.order_id, differing)
        if wish.status is self.status or self.status in MOVES[wish.status]:
            return None  # what is so, or was so before, told again
        if wish.status not in MOVES[self.status]:
            raise OrderNotOpen(self.order_id, self.status, wish.status)
        return wish.status

"""Facts that were accepted, in the past tense. `seq` is the order of acceptance, the only one the rules know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.times import month_end

if TYPE_CHECKING:
    from datetime import datetime

    from graph.members import MemberId
    from graph.orders import OrderId
    from graph.refunds import RefundId


@dataclass(frozen=True, slots=True)
class OrderCompleted:
    """An order was accepted as completed. `referrer_id` is the buyer's referrer at that moment.

    It touches two scopes: the buyer's (a new anchor, commissions) and the referrer's (whose slots it may fill).
    """

    seq: int
    order_id: OrderId
    buyer_id: MemberId
    referrer_id: MemberId | None
    net_minor: int
    currency: str
    completed_at: datetime
    first: bool
    """Whether it is the buyer's first accepted completion, whatever became of it."""

    @property
    def at(self) -> datetime:
        """When it happened, by the shop's clock."""
        return self.completed_at

    @property
    def cause(self) -> str:
        """What ledger entries name as their cause."""
        return f"completion:{self.order_id}"


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """Some of an order's money went back to its buyer. It touches the same two scopes as the completion did.

    Its seq is above those of the completion and of the order's earlier refunds.
    """

    seq: int
    refund_id: RefundId
    order_id: OrderId
    buyer_id: MemberId
    referrer_id: MemberId | None
    """The buyer's referrer when the order was accepted as completed."""
    amount_minor: int
    currency: str
    refunded_at: datetime

    @property
    def at(self) -> datetime:
        """When it happened, by the shop's clock."""
        return self.refunded_at

    @property
    def cause(self) -> str:
        """What ledger entries name as their cause."""
        return f"refund:{self.refund_id}"


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """A calendar month was closed for the whole network: monthly tiers fall due. `month` is such as 2026-01."""

    seq: int
    month: str

    @property
    def at(self) -> datetime:
        """The first moment of the next month (UTC)."""
        return month_end(self.month)

    @property
    def cause(self) -> str:
        """What ledger entries name as their cause."""
        return f"month:{self.month}"


OrderFact = OrderCompleted | OrderRefunded
"""What a scope is told of an order."""


@dataclass(frozen=True, slots=True)
class LogPosition:
    """How far the log has been numbered, announced on the stream, and applied everywhere.

    `mark` is up to where it may be read: every event up to it is visible. A number that was just given need not be:
    Neo4j applies a commit piece by piece, and a reader may see the log's new seq before the events that have it.
    """

    seq: int
    mark: int
    published_seq: int
    applied_seq: int

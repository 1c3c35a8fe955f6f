"""Facts that were accepted, in the past tense. `seq` is the order of acceptance, the only one the rules know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """A refund was taken off a completed order. `referrer_id` is the buyer's referrer when the order completed.

    Its seq is above those of the completion and of the order's earlier refunds. It touches the same two scopes.
    """

    seq: int
    refund_id: RefundId
    order_id: OrderId
    buyer_id: MemberId
    referrer_id: MemberId | None
    amount_minor: int
    currency: str
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """A calendar month (UTC) was closed for the whole network; `month` is such as 2026-01."""

    seq: int
    month: str


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

"""Facts in columns, as they travel from the store or a file to the processes that replay them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from graph.events import MonthClosed, OrderCompleted, OrderRefunded
from graph.members import MemberId
from graph.orders import OrderId
from graph.refunds import RefundId

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from graph.events import OrderFact

COMPLETED, REFUNDED, CLOSED = "OrderCompleted", "OrderRefunded", "MonthClosed"


@dataclass(frozen=True, slots=True)
class FactPage:
    """Facts in seq order, a list for each property, empty text where a kind has none.

    A map for each fact would cost the driver and the pipe several times as much.
    """

    seqs: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    order_ids: list[str] = field(default_factory=list)
    buyer_ids: list[str] = field(default_factory=list)
    referrer_ids: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    """The net amount of a completion, what a refund gives back; minor units."""
    currencies: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The id of a refund, the month of a closing."""

    def add(self, fact: OrderFact) -> None:
        """Appends a fact."""
        completed = isinstance(fact, OrderCompleted)
        self.seqs.append(fact.seq)
        self.kinds.append(COMPLETED if completed else REFUNDED)
        self.order_ids.append(fact.order_id)
        self.buyer_ids.append(fact.buyer_id)
        self.referrer_ids.append(fact.referrer_id or "")
        self.amounts.append(fact.net_minor if isinstance(fact, OrderCompleted) else fact.amount_minor)
        self.currencies.append(fact.currency)
        self.moments.append(fact.at.isoformat())
        self.firsts.append(int(isinstance(fact, OrderCompleted) and fact.first))
        self.names.append("" if isinstance(fact, OrderCompleted) else fact.refund_id)

    def add_closing(self, seq: int, month: str) -> None:
        """Appends the closing of a month."""
        for column in (self.order_ids, self.buyer_ids, self.referrer_ids, self.currencies, self.moments):
            column.append("")
        self.seqs.append(seq)
        self.kinds.append(CLOSED)
        self.amounts.append(0)
        self.firsts.append(0)
        self.names.append(month)

    def facts(self, members: Container[str] | None = None) -> Iterator[OrderFact | MonthClosed]:
        """The facts themselves; with `members` only those of orders that touch one of them."""
        columns = (self.seqs, self.kinds, self.order_ids, self.buyer_ids, self.referrer_ids, self.amounts)
        rest = (self.currencies, self.moments, self.firsts, self.names)
        for seq, kind, order, buyer, above, minor, currency, moment, first, name in zip(*columns, *rest, strict=True):
            if kind == CLOSED:
                yield MonthClosed(seq, name)
                continue
            if members is not None and buyer not in members and above not in members:
                continue
            order_id, buyer_id = OrderId(order), MemberId(buyer)
            referrer_id = MemberId(above) if above else None
            at = datetime.fromisoformat(moment)
            if kind == COMPLETED:
                yield OrderCompleted(seq, order_id, buyer_id, referrer_id, minor, currency, at, bool(first))
            else:
                yield OrderRefunded(seq, RefundId(name), order_id, buyer_id, referrer_id, minor, currency, at)

    def __len__(self) -> int:
        return len(self.seqs)

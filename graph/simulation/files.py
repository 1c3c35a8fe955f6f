"""A history from files, as one import of them would accept it, without a store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from graph.errors import Refused, UnknownMember, UnknownReferrer
from graph.events import OrderCompleted, OrderRefunded
from graph.exchange.forest_order import referrers_first
from graph.exchange.importing import read_wishes
from graph.exchange.rows import MEMBER_COLUMNS, ORDER_COLUMNS, REFUND_COLUMNS, enrolment, purchase, refund_request
from graph.fact_pages import COMPLETED, FactPage
from graph.members import Member, MemberId
from graph.orders import Order
from graph.refunds import RefundStatus, accept
from graph.times import EARLIEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graph.events import OrderFact
    from graph.identity import IdentityField
    from graph.members import Enrolment
    from graph.orders import Purchase
    from graph.refunds import Refund, RefundRequest

FACTS_AT_ONCE = 10_000

Wish = TypeVar("Wish")


@dataclass(slots=True)
class FileHistory:
    """Members, then orders, then refunds. Facts of orders are numbered from 1; members have no seq of their own."""

    referrers: dict[str, str] = field(default_factory=dict)
    first_seqs: dict[str, int] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)
    pages: list[FactPage] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    """Rows that an import would reject, by code."""
    seq: int = 0
    _enrolled: dict[str, Member] = field(default_factory=dict)
    _personal: dict[str, dict[IdentityField, str]] = field(default_factory=dict)
    _orders: dict[str, Order] = field(default_factory=dict)
    _refunds: dict[str, Refund] = field(default_factory=dict)

    @classmethod
    def read(cls, members: Path, orders: Path, refunds: Path | None) -> FileHistory:
        """Raises InvalidInput for a file that cannot be read at all."""
        history = cls()
        for line in referrers_first(read_wishes(members, MEMBER_COLUMNS, enrolment)):
            history._judge(line.wish, history._enrol)
        for order in read_wishes(orders, ORDER_COLUMNS, purchase):
            history._judge(order.wish, history._buy)
        if refunds:
            for refund in read_wishes(refunds, REFUND_COLUMNS, refund_request):
                history._judge(refund.wish, history._refund)
        history._orders.clear()
        history._personal.clear()
        return history

    def first_since(self, moment: datetime) -> int | None:
        """The seq of the first completion, in the order of the rows, that happened at a moment or after it."""
        for page in self.pages:
            for seq, kind, at in zip(page.seqs, page.kinds, page.moments, strict=True):
                if kind == COMPLETED and datetime.fromisoformat(at) >= moment:
                    return seq
        return None

    def _judge(self, wish: Wish | Refused, take: Callable[[Wish], None]) -> None:
        try:
            if isinstance(wish, Refused):
                raise wish
            take(wish)
        except Refused as refusal:
            self.rejected[refusal.code] += 1

    def _enrol(self, wish: Enrolment) -> None:
        earlier = self._enrolled.get(wish.member_id)
        if earlier is not None:
            earlier.refuse_other_content(wish, self._personal.get(wish.member_id, {}))
            return
        if wish.referrer_id is not None:
            if wish.referrer_id not in self._enrolled:
                raise UnknownReferrer(wish.referrer_id)
            self.referrers[wish.member_id] = wish.referrer_id
        joined_at = wish.joined_at or EARLIEST
        self._enrolled[wish.member_id] = Member(wish.member_id, wish.referrer_id, 0, joined_at)
        self._personal[wish.member_id] = wish.personal

    def _buy(self, wish: Purchase) -> None:
        if wish.member_id not in self._enrolled:
            raise UnknownMember(wish.member_id)
        earlier = self._orders.get(wish.order_id)
        status = wish.status if earlier is None else earlier.step_to(wish)
        if status is None:
            return
        self._orders[wish.order_id] = Order(
            wish.order_id, wish.member_id, wish.amount_minor, 0, wish.currency, status, wish.completed_at
        )
        if wish.completed_at is not None:
            self.seq += 1
            first = self.first_seqs.setdefault(wish.member_id, self.seq) == self.seq
            self._tell(
                OrderCompleted(
                    self.seq,
                    wish.order_id,
                    wish.member_id,
                    self._referrer(wish.member_id),
                    wish.amount_minor,
                    wish.currency,
                    wish.completed_at,
                    first,
                )
            )

    def _refund(self, wish: RefundRequest) -> None:
        earlier = self._refunds.get(wish.refund_id)
        if earlier is not None and earlier.says_again(wish):
            return
        refund, after = accept(wish, self._orders.get(wish.order_id))
        self._refunds[wish.refund_id] = refund
        if refund.status is RefundStatus.APPLIED and after is not None:
            self._orders[wish.order_id] = after
            self.refunded.add(wish.order_id)
            self.seq += 1
            self._tell(
                OrderRefunded(
                    self.seq,
                    wish.refund_id,
                    wish.order_id,
                    after.member_id,
                    self._referrer(after.member_id),
                    wish.amount_minor,
                    after.currency,
                    wish.refunded_at,
                )
            )

    def _referrer(self, member_id: str) -> MemberId | None:
        above = self.referrers.get(member_id)
        return None if above is None else MemberId(above)

    def _tell(self, fact: OrderFact) -> None:
        if not self.pages or len(self.pages[-1]) >= FACTS_AT_ONCE:
            self.pages.append(FactPage())
        self.pages[-1].add(fact)

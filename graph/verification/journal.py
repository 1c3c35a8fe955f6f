"""The log against what it is about: every number once, every event with its order or refund, every order as told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.orders import OrderStatus
from graph.refunds import RefundStatus
from graph.verification.mismatches import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graph.store.database import Row
    from graph.verification.forest import Forest

Bought = dict[tuple[str, str, str], int]
"""Net amounts by buyer, currency and month."""


@dataclass(slots=True)
class Journal:
    """What of the log the other checks ask for, gathered while it is read page by page."""

    forest: Forest
    mark: int
    counts_teams: bool = False
    seq: int = 0
    left: dict[str, int] = field(default_factory=dict)
    """By completed order, what refunds have left of it."""
    order_of: dict[int, str] = field(default_factory=dict)
    """The completed order, or the month as month:2026-01, of each seq."""
    causes: set[str] = field(default_factory=set)
    """Of refunds and closings; those of completions follow from `left`."""
    first: dict[str, int] = field(default_factory=dict)
    bought: Bought = field(default_factory=lambda: defaultdict(int))
    months: dict[str, tuple[str, str]] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)
    """Events that no recount can take."""

    def read(self, events: Iterable[Row], orders: Iterable[Row]) -> Iterator[Mismatch]:
        """Takes in a stretch of the log and the orders that were numbered in it."""
        stored: dict[int, list[Row]] = defaultdict(list)
        for order in orders:
            stored[order["seq"]].append(order)
        completed: set[tuple[int, str]] = set()
        for event in events:
            yield from self._number(event["seq"])
            if event["kind"] == "OrderCompleted":
                completed.add((event["seq"], event["order_id"]))
                yield from self._complete(event, stored.get(event["seq"], []))
            else:
                yield from self._other(event)
        for order in (order for of_seq in stored.values() for order in of_seq):
            if (order["seq"], order["order_id"]) not in completed:
                yield Mismatch("ORDER_WITHOUT_EVENT", str(order["order_id"]), None, order["seq"])

    def finish(self) -> Iterator[Mismatch]:
        """What only the whole log shows."""
        if self.seq < self.mark:
            yield Mismatch("SEQ_GAP", str(self.seq + 1), self.seq + 1, "the mark of the log")
        for member in self.first.keys() | self.forest.first_orders.keys():
            said, first = self.forest.first_orders.get(member), self.first.get(member)
            if said != first and not (first is None and said is not None and said > self.mark):
                yield Mismatch("FIRST_ORDER_WRONG", member, first, said)

    def _number(self, seq: int) -> Iterator[Mismatch]:
        if seq == self.seq:
            yield Mismatch("SEQ_DOUBLED", str(seq), 1, 2)
        elif seq != self.seq + 1:
            yield Mismatch("SEQ_GAP", str(self.seq + 1), self.seq + 1, seq)
        self.seq = seq

    def _complete(self, event: Row, stored: list[Row]) -> Iterator[Mismatch]:
        order_id, seq, buyer = event["order_id"], event["seq"], event["buyer_id"]
        order = next((order for order in stored if order["order_id"] == order_id), None)
        if order is None:
            yield Mismatch("EVENT_WITHOUT_SUBJECT", order_id, None, seq, "the order")
        else:
            yield from compare_order(event, order)
        if order_id in self.left or buyer not in self.forest.referrers:
            self.faulty.add(seq)
            about = "the buyer" if order_id not in self.left else "a second completion of"
            yield Mismatch("EVENT_WITHOUT_SUBJECT", buyer if about == "the buyer" else order_id, None, seq, about)
            return
        self.left[order_id], self.order_of[seq] = event["amount_minor"], order_id
        referrer, first = self.forest.referrers[buyer], self.first.setdefault(buyer, seq)
        if self.forest.sound and event["referrer_id"] != referrer:
            yield Mismatch("EVENT_DIFFERS", str(seq), referrer, event["referrer_id"], "the referrer")
        if bool(event["first"]) != (first == seq):
            yield Mismatch("EVENT_DIFFERS", str(seq), str(first == seq), str(bool(event["first"])), "first order")
        if self.counts_teams:
            self.months[order_id] = (event["currency"], event["at"][:7])
            self.bought[buyer, event["currency"], event["at"][:7]] += event["amount_minor"]

    def _other(self, event: Row) -> Iterator[Mismatch]:
        if event["kind"] == "OrderRefunded":
            yield from self._refund(event)
        elif event["kind"] == "MonthClosed":
            self.order_of[event["seq"]] = f"month:{event['month']}"
            self.causes.add(f"month:{event['month']}")
        elif event["kind"] == "MemberEnrolled" and event["member_id"] not in self.forest.referrers:
            yield Mismatch("EVENT_WITHOUT_SUBJECT", event["member_id"], None, event["seq"], "the member")

    def _refund(self, event: Row) -> Iterator[Mismatch]:
        refund_id, order_id, amount, seq = event["refund_id"], event["order_id"], event["amount_minor"], event["seq"]
        refund = event["refund"]
        self.causes.add(f"refund:{refund_id}")
        if refund is None:
            yield Mismatch("EVENT_WITHOUT_SUBJECT", refund_id, None, seq, "the refund")
        else:
            yield from _differences("REFUND_DIFFERS", refund_id, _expected_refund(event), refund)
        if amount > self.left.get(order_id, 0):
            self.faulty.add(seq)
            yield Mismatch("EVENT_DIFFERS", str(seq), self.left.get(order_id, 0), amount, f"a refund of {order_id} of")
            return
        self.left[order_id] -= amount
        if self.counts_teams:
            self.bought[event["buyer_id"], *self.months[order_id]] -= amount


def compare_order(event: Row, order: Row) -> Iterator[Mismatch]:
    """An order against its completion and its refunds, whatever of them is numbered yet."""
    expected = {
        "buyer": event["buyer_id"],
        "paid_minor": event["amount_minor"],
        "currency": event["currency"],
        "completed_at": event["at"],
    }
    found = order | {"buyer": ", ".join(order["buyer_ids"])}
    yield from _differences("ORDER_DIFFERS", order["order_id"], expected, found)
    applied = [refund for refund in order["refunds"] if refund["status"] == RefundStatus.APPLIED]
    refunded, paid = sum(refund["amount_minor"] for refund in applied), event["amount_minor"]
    if order["refunded_minor"] != refunded or refunded > paid:
        about = f"of {paid} paid"
        yield Mismatch("ORDER_REFUNDED", order["order_id"], refunded, order["refunded_minor"], about)
    elif order["status"] != status_after(refunded, paid):
        yield Mismatch("ORDER_STATUS", order["order_id"], status_after(refunded, paid), order["status"])


def status_after(refunded_minor: int, paid_minor: int) -> OrderStatus:
    """What a completed order has become by its refunds."""
    if refunded_minor == 0:
        return OrderStatus.COMPLETED
    return OrderStatus.REFUNDED if refunded_minor == paid_minor else OrderStatus.PARTIALLY_REFUNDED


def check_net(order: Row, mark: int) -> Iterator[Mismatch]:
    """What the engine counts an order for, against the refunds up to the mark."""
    numbered = [refund for refund in order["refunds"] if refund["seq"] is not None and refund["seq"] <= mark]
    net = (order["paid_minor"] or 0) - sum(refund["amount_minor"] for refund in numbered)
    found = order["paid_minor"] if order["net_minor"] is None else order["net_minor"]
    if found != net:
        yield Mismatch("ORDER_NET", str(order["order_id"]), net, found)


def _expected_refund(event: Row) -> Mapping[str, str | int]:
    return {
        "order_id": event["order_id"],
        "amount_minor": event["amount_minor"],
        "status": RefundStatus.APPLIED,
        "seq": event["seq"],
    }


def _differences(
    code: str, subject: str, expected: Mapping[str, str | int], found: Mapping[str, str | int]
) -> Iterator[Mismatch]:
    for name, value in expected.items():
        if found.get(name) != value:
            yield Mismatch(code, subject, value, found.get(name), name)

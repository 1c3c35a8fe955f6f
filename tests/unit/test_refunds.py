"""What a refund makes of its order, and which are parked, refused or nothing new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graph.errors import InvalidInput, OrderConflict, OrderNotOpen, OverRefund, RefundConflict
from graph.members import MemberId
from graph.orders import Order, OrderId, OrderStatus, Purchase, order_status
from graph.refunds import Refund, RefundId, RefundRequest, RefundStatus, accept, unpark

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def order(status: OrderStatus = OrderStatus.COMPLETED, refunded: int = 0) -> Order:
    completed_at = None if status in {OrderStatus.PLACED, OrderStatus.CANCELLED} else NOON
    return Order(OrderId("o"), MemberId("a"), 100, refunded, "CNY", status, completed_at)


def wish(amount: int, at: datetime = NOON) -> RefundRequest:
    return RefundRequest(RefundId("r"), OrderId("o"), amount, at)


def parked(amount: int, status: RefundStatus = RefundStatus.PARKED) -> Refund:
    return Refund(RefundId("r"), OrderId("o"), amount, NOON, status)


def bought(status: OrderStatus, at: datetime | None = NOON) -> Purchase:
    return Purchase(OrderId("o"), MemberId("a"), 100, "CNY", status, at)


@pytest.mark.parametrize(
    ("before", "amount", "after"),
    [
        (order(), 1, OrderStatus.PARTIALLY_REFUNDED),
        (order(), 100, OrderStatus.REFUNDED),
        (order(OrderStatus.PARTIALLY_REFUNDED, 60), 39, OrderStatus.PARTIALLY_REFUNDED),
        (order(OrderStatus.PARTIALLY_REFUNDED, 60), 40, OrderStatus.REFUNDED),
    ],
)
def test_a_refund_is_taken_off_what_is_left(before: Order, amount: int, after: OrderStatus) -> None:
    refund, left = accept(wish(amount), before)
    assert left
    assert (refund.status, left.status) == (RefundStatus.APPLIED, after)
    assert left.net_minor == before.net_minor - amount


@pytest.mark.parametrize(
    ("before", "amount", "left"),
    [
        (order(), 101, 100),
        (order(OrderStatus.PARTIALLY_REFUNDED, 60), 41, 40),
        (order(OrderStatus.REFUNDED, 100), 1, 0),
    ],
)
def test_more_than_what_is_left_is_refused(before: Order, amount: int, left: int) -> None:
    with pytest.raises(OverRefund) as refusal:
        accept(wish(amount), before)
    assert refusal.value.left_minor == left


@pytest.mark.parametrize("before", [None, order(OrderStatus.PLACED)])
def test_a_refund_before_the_completion_is_parked_whatever_its_amount(before: Order | None) -> None:
    refund, after = accept(wish(10**6), before)
    assert (refund.status, after) == (RefundStatus.PARKED, before)


def test_a_refund_may_be_dated_before_the_completion() -> None:
    refund, _ = accept(wish(1, NOON - timedelta(days=9)), order())
    assert refund.status is RefundStatus.APPLIED


def test_a_refund_of_a_cancelled_order_is_refused() -> None:
    with pytest.raises(OrderNotOpen):
        accept(wish(1), order(OrderStatus.CANCELLED))


def test_the_same_refund_says_nothing_new_unless_it_was_refused() -> None:
    assert parked(10).says_again(wish(10))
    assert parked(10, RefundStatus.APPLIED).says_again(wish(10))
    assert not parked(10, RefundStatus.REFUSED).says_again(wish(10))


def test_other_content_under_the_same_id_is_named() -> None:
    with pytest.raises(RefundConflict) as refusal:
        parked(10).says_again(RefundRequest(RefundId("r"), OrderId("p"), 11, NOON + timedelta(days=1)))
    assert refusal.value.differing == ("order", "amount", "refund time")


def test_parked_refunds_are_judged_one_after_the_other() -> None:
    judged, after = unpark([parked(60), parked(41), parked(40)], order())
    assert [refund.reason for refund in judged] == [None, "OVER_REFUND", None]
    assert (after.status, after.net_minor) == (OrderStatus.REFUNDED, 0)
    judged, after = unpark([parked(1)], order(OrderStatus.CANCELLED))
    assert (judged[0].status, judged[0].reason, after.net_minor) == (RefundStatus.REFUSED, "ORDER_NOT_OPEN", 100)


@pytest.mark.parametrize("status", [OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED])
def test_no_shop_reports_what_only_refunds_bring_about(status: OrderStatus) -> None:
    with pytest.raises(InvalidInput, match="report them as refunds"):
        order_status(status)
    with pytest.raises(InvalidInput) as refusal:
        bought(status, None)
    assert refusal.value.code == "BAD_STATUS"


@pytest.mark.parametrize("now", [order(OrderStatus.PARTIALLY_REFUNDED, 60), order(OrderStatus.REFUNDED, 100)])
def test_what_a_shop_tells_again_after_refunds(now: Order) -> None:
    assert now.step_to(bought(OrderStatus.COMPLETED)) is None
    assert now.step_to(bought(OrderStatus.PLACED, None)) is None
    with pytest.raises(OrderConflict):
        now.step_to(bought(OrderStatus.COMPLETED, NOON + timedelta(days=1)))
    with pytest.raises(OrderNotOpen):
        now.step_to(bought(OrderStatus.CANCELLED, None))

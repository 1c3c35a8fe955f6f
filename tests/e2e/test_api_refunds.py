"""`refundOrder`, and what an order says of its refunds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from e2e.api_client import client
from network import accept, joins, number_all, refund

from graph.members import MemberId
from graph.orders import OrderId, OrderStatus, Purchase

if TYPE_CHECKING:
    from graph.wiring import Services


async def test_a_refund_is_accepted_once_however_often_it_is_sent(store: Services) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        await api.complete()
        first = await api.refund()
        assert await api.refund() == first
        node = await api.data(
            "query ($id: ID!) { node(id: $id) { ... on Refund { refundId } } }", id=first["refund"]["id"]
        )
    assert first["parked"] is False
    assert first["refund"] | {"id": ""} == {
        "id": "",
        "refundId": "r-1",
        "status": "APPLIED",
        "reason": None,
        "amountMinor": "10000",
        "amount": {"formatted": "100.00 CNY"},
        "order": {
            "status": "PARTIALLY_REFUNDED",
            "net": {"amountMinor": "19900"},
            "refunds": [{"refundId": "r-1"}],
        },
    }
    assert node == {"node": {"refundId": "r-1"}}
    assert await store.log.waiting() == 3


async def test_a_refund_that_comes_first_waits_for_its_order(store: Services) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        early = await api.refund()
        completed = await api.complete()
        again = await api.refund()
    assert (early["parked"], early["refund"]["status"], early["refund"]["order"]) == (True, "PARKED", None)
    assert early["refund"]["amount"] is None
    assert (completed["order"]["status"], completed["order"]["net"]["amountMinor"]) == ("PARTIALLY_REFUNDED", "19900")
    assert (again["parked"], again["refund"]["status"]) == (False, "APPLIED")


async def test_a_parked_refund_that_was_refused_says_why(store: Services) -> None:
    await accept(store, joins("ada"), refund("o-1", 30000, "r-1"), refund("o-1", 29900, "r-2"))
    async with client(store) as api:
        await api.complete()
        await number_all(store)
        orders = await api.data("{ orders(first: 1) { nodes { status refunds { refundId status reason seq } } } }")
    assert orders["orders"]["nodes"] == [
        {
            "status": "REFUNDED",
            "refunds": [
                {"refundId": "r-1", "status": "REFUSED", "reason": "OVER_REFUND", "seq": None},
                {"refundId": "r-2", "status": "APPLIED", "reason": None, "seq": "3"},
            ],
        }
    ]


async def test_a_refunded_order_counts_in_the_team_with_what_is_left(store: Services) -> None:
    await accept(store, joins("ada"), joins("bo", "ada"))
    query = '{ team(memberId: "ada") { volume { amountMinor } levels { orders } } }'
    async with client(store) as api:
        await api.complete(memberId="bo")
        await api.refund()
        left = (await api.data(query))["team"]
        await api.refund(refundId="r-2", amountMinor=19900)
        nothing = (await api.data(query))["team"]
    assert left == {"volume": [{"amountMinor": "19900"}], "levels": [{"orders": 1}]}
    assert nothing == {"volume": [{"amountMinor": "0"}], "levels": [{"orders": 1}]}


@pytest.mark.parametrize(
    ("wish", "kind", "code"),
    [
        ({"refundId": "r-2", "amountMinor": 19901}, "OverRefundError", "OVER_REFUND"),
        ({"amountMinor": 10001}, "RefundConflictError", "REFUND_CONFLICT"),
        ({"orderId": "cancelled", "refundId": "r-2"}, "OrderNotOpenError", "ORDER_NOT_OPEN"),
        ({"amountMinor": 0}, "InvalidInputError", "BAD_AMOUNT"),
        ({"amountMinor": "1.5"}, "InvalidInputError", "BAD_AMOUNT"),
        ({"refundedAt": "yesterday"}, "InvalidInputError", "BAD_DATE"),
        ({"refundId": ""}, "InvalidInputError", "BAD_ID"),
        ({"orderId": "a b"}, "InvalidInputError", "BAD_ID"),
    ],
)
async def test_a_refund_is_refused_by_name(store: Services, wish: dict[str, object], kind: str, code: str) -> None:
    cancelled = Purchase(OrderId("cancelled"), MemberId("ada"), 100, "CNY", OrderStatus.CANCELLED, None)
    await accept(store, joins("ada"), cancelled)
    async with client(store) as api:
        await api.complete()
        await api.refund()
        result = await api.refund(**wish)
        assert (await api.complete())["order"]["net"]["amountMinor"] == "19900"
    assert (result["__typename"], result["code"]) == (kind, code)
    assert "{" not in result["message"]


async def test_what_is_left_is_said_in_the_language_asked_for(store: Services) -> None:
    await accept(store, joins("ada"))
    async with client(store) as api:
        await api.complete()
        refused = await api.refund("zh-CN", amountMinor=30000)
    assert (refused["leftMinor"], refused["currency"]) == ("29900", "CNY")
    assert refused["message"].startswith("订单 o-1 只剩 29900")

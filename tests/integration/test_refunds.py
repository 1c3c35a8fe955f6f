"""Refunds: accepted once, never more than was paid, parked until their order is completed, numbered behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from network import NOON, accept, buys, chain, days, joins, number_all, refund

from graph.errors import OrderNotOpen, OverRefund, RefundConflict, Refused
from graph.members import MemberId
from graph.orders import OrderId, OrderStatus, Purchase
from graph.refunds import RefundStatus
from graph.store import acceptance, migrations
from graph.store.acceptance import Accepted, Stamp
from graph.store.queries import load

if TYPE_CHECKING:
    from graph.orders import Order
    from graph.refunds import Refund, RefundRequest
    from graph.wiring import Services

PLACED, CANCELLED = (
    Purchase(OrderId("o"), MemberId("a"), 100, "CNY", status, None)
    for status in (OrderStatus.PLACED, OrderStatus.CANCELLED)
)

PLACED_ELSEWHERE = Purchase(OrderId("p"), MemberId("a"), 100, "CNY", OrderStatus.PLACED, None)


async def order(services: Services, order_id: str = "o") -> Order:
    return (await services.orders.by_ids([order_id]))[order_id]


async def stored(services: Services, *refund_ids: str) -> list[Refund]:
    found = await services.refunds.by_ids(refund_ids)
    return [found[refund_id] for refund_id in refund_ids]


async def order_of_events(services: Services) -> list[str]:
    """The numbered events about orders: the order or refund of each, in seq order."""
    await number_all(services)
    async with services.database.driver.session() as session:
        result = await session.run(
            "MATCH (e:Event) WHERE e.order_id IS NOT NULL AND e.seq > 0 "
            "RETURN coalesce(e.refund_id, e.order_id) AS subject ORDER BY e.seq"
        )
        return [record["subject"] for record in await result.data()]


async def test_refunds_lead_from_completed_to_refunded(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"), refund("o", 30, "r1"))
    assert (await order(store)).status is OrderStatus.PARTIALLY_REFUNDED
    await accept(store, refund("o", 20, "r2"))
    assert (await order(store)).net_minor == 50
    await accept(store, refund("o", 50, "r3"))
    refunded = await order(store)
    assert (refunded.status, refunded.net_minor) == (OrderStatus.REFUNDED, 0)
    assert await order_of_events(store) == ["o", "r1", "r2", "r3"]


async def test_each_event_gives_its_number_to_its_own_subject(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"), refund("o", 30, "r1"), refund("o", 30, "r2"))
    await number_all(store)
    assert (await order(store)).seq == 2
    assert [found.seq for found in await stored(store, "r1", "r2")] == [3, 4]


async def test_the_event_says_who_is_concerned(store: Services) -> None:
    await accept(store, *chain("a", "b"), buys("b", 100, "o", currency="USD"), refund("o", 30, "r"))
    async with store.database.driver.session() as session:
        result = await session.run("MATCH (e:Event {kind: 'OrderRefunded'}) RETURN properties(e) AS event")
        (event,) = [record["event"] for record in await result.data()]
    del event["accepted_us"], event["row"]
    assert event == {
        "kind": "OrderRefunded",
        "refund_id": "r",
        "order_id": "o",
        "buyer_id": "b",
        "referrer_id": "a",
        "amount_minor": 30,
        "currency": "USD",
        "refunded_at": "2026-01-01T12:00:00.000000Z",
    }


async def test_a_refund_told_again_is_one_refund(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"), refund("o", 60, "r"), refund("o", 60, "r"))
    again = [(1, refund("o", 10, "s")), (2, refund("o", 10, "s"))]
    first, second = await store.refunds.accept(again, await store.clock().stamp())
    assert (isinstance(first, Accepted) and first.new, isinstance(second, Accepted) and second.new) == (True, False)
    assert (await order(store)).net_minor == 30
    assert await store.log.waiting() == 4


@pytest.mark.parametrize(
    "wish", [refund("o", 61, "r"), refund("other", 60, "r"), refund("o", 60, "r", at=NOON + days(1))]
)
async def test_a_refund_id_used_for_another_refund_is_refused(store: Services, wish: RefundRequest) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"), refund("o", 60, "r"))
    with pytest.raises(RefundConflict):
        await accept(store, wish)
    assert (await order(store)).net_minor == 40


async def test_more_than_what_is_left_is_refused(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100, "o"), refund("o", 60, "r"))
    with pytest.raises(OverRefund, match="Only 40"):
        await accept(store, refund("o", 41, "s"))
    await accept(store, refund("o", 40, "s"))
    with pytest.raises(OverRefund):
        await accept(store, refund("o", 1, "t"))


async def test_of_two_refunds_at_once_over_what_is_left_one_is_accepted(store: Services) -> None:
    orders = [f"o{number}" for number in range(10)]
    await accept(store, joins("a"), *(buys("a", 100, name) for name in orders))
    both = await asyncio.gather(
        *(accept_one(store, refund(name, 60, f"{which}-{name}")) for name in orders for which in "xy"),
    )
    assert [isinstance(outcome, OverRefund) for outcome in both].count(True) == len(orders)
    assert {(await order(store, name)).net_minor for name in orders} == {40}


async def accept_one(services: Services, wish: RefundRequest) -> Accepted[Refund] | Refused:
    (outcome,) = await services.refunds.accept([(1, wish)], await services.clock().stamp())
    return outcome


async def test_a_purchase_told_again_after_its_refund_says_nothing_new(store: Services) -> None:
    await accept(store, joins("a"), PLACED, buys("a", 100, "o"), refund("o", 100, "r"), PLACED, buys("a", 100, "o"))
    assert (await order(store)).status is OrderStatus.REFUNDED
    with pytest.raises(OrderNotOpen):
        await accept(store, CANCELLED)
    assert await store.log.waiting() == 3


async def test_a_refund_of_a_cancelled_order_is_refused(store: Services) -> None:
    await accept(store, joins("a"), CANCELLED)
    with pytest.raises(OrderNotOpen):
        await accept(store, refund("o", 10))


@pytest.mark.parametrize("placed_first", [True, False])
async def test_a_parked_refund_is_applied_right_behind_the_completion(store: Services, *, placed_first: bool) -> None:
    await accept(store, joins("a"), *([PLACED] if placed_first else []), refund("o", 10, "r2"), refund("o", 20, "r1"))
    assert [found.status for found in await stored(store, "r1", "r2")] == [RefundStatus.PARKED] * 2
    assert await store.log.waiting() == 1
    batch = [(1, buys("a", 100, "before")), (2, buys("a", 100, "o")), (3, buys("a", 100, "behind"))]
    outcomes = await store.orders.accept(batch, await store.clock().stamp())
    assert [o.subject.net_minor for o in outcomes if isinstance(o, Accepted)] == [100, 70, 100]
    assert (await order(store)).status is OrderStatus.PARTIALLY_REFUNDED
    assert await order_of_events(store) == ["before", "o", "r2", "r1", "behind"]
    assert [found.seq for found in await stored(store, "r2", "r1")] == [4, 5]
    assert await store.refunds.count_parked() == 0


async def test_a_parked_refund_of_more_than_is_left_is_refused_and_stops_nothing(store: Services) -> None:
    await accept(store, joins("a"), refund("o", 60, "r1"), refund("o", 41, "r2"), refund("o", 40, "r3"))
    await accept(store, buys("a", 100, "o"))
    assert [(found.status, found.reason) for found in await stored(store, "r1", "r2", "r3")] == [
        (RefundStatus.APPLIED, None),
        (RefundStatus.REFUSED, "OVER_REFUND"),
        (RefundStatus.APPLIED, None),
    ]
    assert await order_of_events(store) == ["o", "r1", "r3"]
    with pytest.raises(OverRefund):
        await accept(store, refund("o", 41, "r2"))


async def test_what_was_parked_for_an_order_that_is_cancelled_is_refused(store: Services) -> None:
    await accept(store, joins("a"), PLACED, refund("o", 10, "r"), CANCELLED)
    (found,) = await stored(store, "r")
    assert (found.status, found.reason) == (RefundStatus.REFUSED, "ORDER_NOT_OPEN")


async def test_no_refund_stays_parked_when_its_order_is_completed_at_the_same_time(store: Services) -> None:
    orders = [f"o{number}" for number in range(60)]
    await accept(store, joins("a"))
    clock = store.clock()

    async def complete(name: str) -> None:
        await store.orders.accept([(1, buys("a", 100, name))], await clock.stamp())

    for some in (orders[at : at + 6] for at in range(0, 60, 6)):
        pairs = [[accept_one(store, refund(name, 30)), complete(name)] for name in some]
        await asyncio.gather(*(part for pair in pairs for part in pair))
    assert await store.refunds.parked("", 100) == []
    assert {found.net_minor for found in (await store.orders.by_ids(orders)).values()} == {70}


async def test_an_unknown_order_stays_locked_until_its_refund_is_parked(store: Services) -> None:
    """What the test before it rests on, step by step."""
    await accept(store, joins("a"))
    async with store.database.driver.session() as session:
        parking = await session.begin_transaction()
        await (await parking.run(load("order/hold").text, order_ids=["o"])).consume()
        completing = asyncio.create_task(accept(store, buys("a", 100, "o"), buys("a", 100, "another")))
        await asyncio.sleep(0.5)
        assert await store.orders.by_ids(["o", "another"]) == {}
        await parking.commit()
        await completing
    assert (await order(store)).net_minor == 100


async def numbers_of_an_early_stamp(services: Services) -> list[str]:
    """A refund whose stamp was drawn before the completion's, and came to the lock after it; then another, earlier."""
    await accept(services, joins("a"))
    clock = services.clock()
    earliest, early = await clock.stamp(), await clock.stamp()
    await accept(services, buys("a", 100, "o"))
    for wish, stamp in ((refund("o", 10, "r1"), early), (refund("o", 10, "r2"), earliest)):
        await services.refunds.accept([(1, wish)], stamp)
    return await order_of_events(services)


async def test_a_refund_is_never_numbered_before_what_it_follows(store: Services) -> None:
    assert await numbers_of_an_early_stamp(store) == ["o", "r1", "r2"]


async def test_by_their_stamps_alone_refunds_would_come_first(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(acceptance, "later", lambda accepted_us, _: accepted_us)
    assert await numbers_of_an_early_stamp(store) == ["r2", "r1", "o"]


async def test_orders_from_before_this_version_get_what_refunds_need_of_them(store: Services) -> None:
    await accept(store, *chain("a", "b"), buys("b", 100, "o"), PLACED_ELSEWHERE)
    await number_all(store)
    kept = "MATCH (o:Order {id: 'o'}) RETURN [o.referrer_id, o.last_us] AS kept"
    async with store.database.driver.session() as session:
        before = await (await session.run(kept)).value("kept")
        await (await session.run("MATCH (o:Order) REMOVE o.referrer_id, o.last_us")).consume()
        assert await (await session.run(kept)).value("kept") == [[None, None]]
        (migration,) = (found for found in migrations.shipped() if found.version == 4)
        for statement in migration.statements:
            await (await session.run(statement)).consume()
        assert await (await session.run(kept)).value("kept") == before
    assert before[0][0] == "a"


async def test_parked_refunds_keep_the_order_in_which_they_came_to_the_lock(store: Services) -> None:
    await accept(store, joins("a"))
    stamp = (await store.clock().stamp()).accepted_us
    for name, accepted_us in (("r1", stamp), ("r2", stamp - 5), ("r3", stamp - 9)):
        await store.refunds.accept([(1, refund("o", 10, name))], Stamp(accepted_us))
    await accept(store, buys("a", 100, "o"))
    assert await order_of_events(store) == ["o", "r1", "r2", "r3"]
    assert [found.refund_id for found in (await store.refunds.of_orders(["o"]))["o"]] == ["r1", "r2", "r3"]

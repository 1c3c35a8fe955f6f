"""Money given or taken by hand: with a reason, and above a limit by two people."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk import balance, causes, earn_available, states
from network import accept, buys, joins, rewards, run_engine

from graph.desk_errors import AdjustmentNotOpen, IdempotencyConflict, SamePerson, UnknownAdjustment
from graph.errors import InvalidInput, UnknownMember
from graph.payouts import Withdrawal
from graph.store.adjustments import Wish

if TYPE_CHECKING:
    from graph.adjustments import Adjustment
    from graph.wiring import Services

GOODWILL = Wish("adj-1", "a", "CNY", 500, "goodwill")
LARGE = replace(GOODWILL, adjustment_id="adj-2", amount_minor=100_001)
LAST = ("9999", "")


async def adjust(services: Services, wish: Wish = GOODWILL, actor: str = "fin") -> Adjustment:
    return await services.desk.adjustments.adjust(wish, actor)


async def test_a_small_adjustment_is_available_at_once_and_shows_in_exports(store: Services) -> None:
    await accept(store, joins("a"), buys("a", 100))
    await run_engine(store)
    assert (await adjust(store)).status == "posted"
    assert (await balance(store, "a")).available_minor == 500
    (reward,) = await rewards(store)
    assert (reward.rule, reward.order_id, reward.plan_version, reward.path) == ("adjustment", "adj-1", 0, ("a",))
    assert reward.order_seq == (await store.log.position()).mark
    assert await causes(store, reward.reward_id) == ["adjustment:adj-1"]


async def test_an_adjustment_in_a_store_without_facts_shows_once_there_are_any(store: Services) -> None:
    await accept(store, joins("a"))
    await adjust(store)
    assert [reward.order_seq for reward in await rewards(store)] == [1]


async def test_money_taken_by_hand_is_netted_by_the_next_payment(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 800)
    await adjust(store, replace(GOODWILL, amount_minor=-500))
    assert (await balance(store, "a")).available_minor == 300
    await store.desk.withdrawals.withdraw(Withdrawal("a", "CNY", 300, "w1"), "fin")
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (0, 300)
    assert await states(store, reward) == ["paid"]


async def test_the_same_adjustment_again_changes_nothing(store: Services) -> None:
    await accept(store, joins("a"))
    outcomes = await asyncio.gather(*(adjust(store) for _ in range(8)))
    assert len({outcome.adjustment_id for outcome in outcomes}) == 1
    with pytest.raises(IdempotencyConflict):
        await adjust(store, replace(GOODWILL, amount_minor=501))
    assert (await balance(store, "a")).available_minor == 500


async def test_a_large_one_waits_for_somebody_else(store: Services) -> None:
    await accept(store, joins("a"))
    assert (await adjust(store, LARGE)).status == "proposed"
    assert (await balance(store, "a")).available_minor == 0
    with pytest.raises(SamePerson):
        await store.desk.adjustments.approve("adj-2", "fin")
    assert (await store.desk.adjustments.approve("adj-2", "boss")).decided_by == "boss"
    await store.desk.adjustments.approve("adj-2", "boss")
    assert (await balance(store, "a")).available_minor == 100_001
    assert (await adjust(store, LARGE)).status == "posted"
    with pytest.raises(AdjustmentNotOpen):
        await store.desk.adjustments.reject("adj-2", "boss", "second thoughts")


async def test_a_large_amount_taken_waits_too_and_may_be_rejected(store: Services) -> None:
    await accept(store, joins("a"))
    assert (await adjust(store, replace(LARGE, amount_minor=-100_001))).status == "proposed"
    for _ in range(2):
        assert (await store.desk.adjustments.reject("adj-2", "fin", "a slip")).status == "rejected"
    with pytest.raises(AdjustmentNotOpen):
        await store.desk.adjustments.approve("adj-2", "boss")
    assert await rewards(store) == []


async def test_two_approvals_at_once_post_once(store: Services) -> None:
    await accept(store, joins("a"))
    await adjust(store, LARGE)
    await asyncio.gather(*(store.desk.adjustments.approve("adj-2", f"boss{n}") for n in range(8)))
    assert (await balance(store, "a")).available_minor == 100_001


async def test_an_adjustment_is_refused_by_name(store: Services) -> None:
    await accept(store, joins("a"))
    with pytest.raises(UnknownMember):
        await adjust(store, replace(GOODWILL, member_id="nobody"))
    with pytest.raises(UnknownAdjustment):
        await store.desk.adjustments.approve("nothing", "boss")
    for change in ({"reason": " "}, {"amount_minor": 0}, {"currency": "XXX"}, {"adjustment_id": ""}):
        with pytest.raises(InvalidInput):
            await adjust(store, replace(GOODWILL, **change))
    with pytest.raises(InvalidInput):
        await adjust(store, actor="")


async def test_adjustments_are_read_newest_first_page_by_page(store: Services) -> None:
    await accept(store, joins("a"))
    for number in range(5):
        await adjust(store, replace(GOODWILL, adjustment_id=f"adj-{number}"))
    read, place = [], LAST
    while page := await store.desk.adjustments.page(place, 2):
        read += [found.adjustment_id for found in page]
        from graph.times import stored

        place = (stored(page[-1].at), page[-1].adjustment_id)
    assert read == [f"adj-{number}" for number in (4, 3, 2, 1, 0)]

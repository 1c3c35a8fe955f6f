"""A review keeps rewards back, and gives them free where they were."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from desk import balance, becomes, causes, earn, earn_available, states

from graph.desk_errors import AlreadyHeld, IdempotencyConflict, RewardNotHoldable, UnknownHold, UnknownReward
from graph.payouts import Withdrawal

if TYPE_CHECKING:
    from graph.wiring import Services


async def test_a_pending_reward_is_held_through_settlement_and_goes_on_after_release(store: Services) -> None:
    (reward,) = await earn(store, "a", 100)
    await store.desk.holds.hold([reward], "h1", "rae", "ring 7")
    assert (await store.ledger.settle(datetime.now(UTC))).rewards.total() == 0
    assert (await balance(store, "a")).held_minor == 100
    await store.desk.holds.release("h1", "rae", "cleared")
    assert await states(store, reward) == ["pending"]
    assert (await store.ledger.settle(datetime.now(UTC))).rewards.total() == 1
    assert (await balance(store, "a")).available_minor == 100
    assert await causes(store, reward) == ["company", "hold:h1", "release:h1", "settlement"]


async def test_an_available_reward_comes_back_to_available(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 100)
    await store.desk.holds.hold([reward], "h1", "rae", "ring 7")
    assert (await balance(store, "a")).available_minor == 0
    await store.desk.holds.release("h1", "rae", "cleared")
    assert await states(store, reward) == ["available"]
    assert (await balance(store, "a")).available_minor == 100


async def test_holding_and_releasing_again_changes_nothing(store: Services) -> None:
    rewards = await earn(store, "a", 100, 50)
    first = await store.desk.holds.hold(rewards, "h1", "rae", "ring 7")
    assert await store.desk.holds.hold(rewards[::-1], "h1", "rae", "ring 7") == first
    released = await store.desk.holds.release("h1", "rae", "cleared")
    assert await store.desk.holds.release("h1", "rae", "cleared") == released
    assert (await store.desk.holds.hold(rewards, "h1", "rae", "ring 7")).status == "released"
    assert (await balance(store, "a")).pending_minor == 150


async def test_a_hold_is_refused_by_name_and_holds_nothing_then(store: Services) -> None:
    free, held, paid = await earn_available(store, "a", 100, 50, 30)
    hold = store.desk.holds.hold
    await hold([held], "h1", "rae", "ring 7")
    with pytest.raises(AlreadyHeld) as refusal:
        await hold([free, held], "h2", "rae", "ring 8")
    assert refusal.value.hold_id == "h1"
    with pytest.raises(IdempotencyConflict):
        await hold([free], "h1", "rae", "ring 7")
    with pytest.raises(UnknownReward):
        await hold([free, "f" * 32], "h3", "rae", "ring 8")
    with pytest.raises(UnknownHold):
        await store.desk.holds.release("h9", "rae", "cleared")
    await store.desk.withdrawals.withdraw(Withdrawal("a", "CNY", 130, "w1"), "fin")
    with pytest.raises(RewardNotHoldable):
        await hold([paid], "h4", "rae", "ring 8")
    assert await states(store, free, held, paid) == ["paid", "held", "paid"]


async def test_a_clawback_while_held_takes_from_held(store: Services) -> None:
    (reward,) = await earn(store, "a", 100)
    await store.desk.holds.hold([reward], "h1", "rae", "ring 7")
    await becomes(store, reward, 30, "refund:r1")
    assert (await balance(store, "a")).held_minor == 30
    await becomes(store, reward, 0, "refund:r2")
    await store.desk.holds.release("h1", "rae", "cleared")
    assert (await balance(store, "a")).pending_minor == 0
    assert await causes(store, reward) == ["company", "hold:h1", "refund:r1", "refund:r2"]


async def test_settlement_and_a_hold_at_once_leave_the_money_in_one_place(store: Services) -> None:
    rewards = await earn(store, "a", *[10] * 300)
    await asyncio.gather(
        store.ledger.settle(datetime.now(UTC)),
        store.desk.holds.hold(rewards[::2], "h1", "rae", "ring 7"),
        store.ledger.settle(datetime.now(UTC)),
    )
    found = await balance(store, "a")
    assert (found.held_minor, found.available_minor, found.pending_minor) == (1500, 1500, 0)
    await store.desk.holds.release("h1", "rae", "cleared")
    await store.ledger.settle(datetime.now(UTC))
    assert (await balance(store, "a")).available_minor == 3000


async def test_one_hold_told_eight_times_at_once_is_one(store: Services) -> None:
    rewards = await earn(store, "a", 100, 50)
    holds = [store.desk.holds.hold(rewards, "h1", "rae", "ring 7") for _ in range(8)]
    assert len(set(await asyncio.gather(*holds))) == 1
    assert (await balance(store, "a")).held_minor == 150

"""Batches pay everybody once, go to the bank, and what the bank refuses comes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from desk import balance, becomes, causes, checked_balances, earn, earn_available, states

from graph.desk_errors import IdempotencyConflict, PayoutNotOpen, UnknownPayout
from graph.errors import InvalidInput
from graph.payouts import BatchSum, PayoutBatch, PayoutStatus, Withdrawal
from graph.store import payout_desk
from graph.store.payout_desk import pay_page

if TYPE_CHECKING:
    from graph.payouts import Payout
    from graph.wiring import Services

LAST = ("9999", "")


async def run(services: Services, key: str = "p1", **more: object) -> PayoutBatch:
    return await services.desk.batches.run(key, "fin", **more)  # type: ignore[arg-type]


async def payouts(services: Services, batch: PayoutBatch) -> list[Payout]:
    return await services.desk.payouts.of_batch(batch.batch_id, ("", ""), 1000)


async def test_a_batch_pays_everybody_all_that_is_available_in_each_currency(store: Services) -> None:
    await earn_available(store, "a", 100, 50)
    await earn_available(store, "a", 7, currency="USD")
    await earn_available(store, "b", 30)
    await earn(store, "c", 40)
    batch = await run(store)
    assert batch.status is PayoutStatus.OPEN
    assert batch.sums == (BatchSum("CNY", 2, 180, 0), BatchSum("USD", 1, 7, 0))
    found = [(p.member_id, p.currency, p.amount_minor) for p in await payouts(store, batch)]
    assert found == [("a", "CNY", 150), ("a", "USD", 7), ("b", "CNY", 30)]
    for member in "abc":
        assert all(b.available_minor == 0 for b in (await checked_balances(store, member)).values())
    assert (await balance(store, "c")).pending_minor == 40


async def test_a_batch_may_be_of_one_currency_and_have_a_minimum(store: Services) -> None:
    await earn_available(store, "a", 100)
    await earn_available(store, "a", 700, currency="USD")
    await earn_available(store, "b", 99)
    batch = await run(store, currency="CNY", minimum_minor=100)
    assert batch.sums == (BatchSum("CNY", 1, 100, 0),)
    assert (await balance(store, "b")).available_minor == 99
    assert (await balance(store, "a", "USD")).available_minor == 700


async def test_debts_are_netted_and_a_member_in_debt_is_not_paid(store: Services) -> None:
    old, *_ = await earn_available(store, "a", 100)
    await run(store)
    await becomes(store, old, 0, "refund:r1")
    assert (await balance(store, "a")).available_minor == -100
    (new,) = await earn_next(store, "a", 60, 5)
    assert (await run(store, "p2")).sums == ()
    await earn_next(store, "a", 70, 6)
    assert (await run(store, "p3")).sums == (BatchSum("CNY", 1, 30, 0),)
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (0, 130)
    assert await states(store, old, new) == ["paid", "paid"]


async def earn_next(services: Services, member: str, amount: int, number: int) -> list[str]:
    ids = await earn(services, member, amount, first=number)
    await services.ledger.settle(datetime.now(UTC))
    return ids


async def test_the_same_batch_again_pays_nothing_more(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 100)
    first = await run(store)
    await earn_next(store, "a", 50, 2)
    assert await run(store) == first
    with pytest.raises(IdempotencyConflict):
        await run(store, currency="CNY")
    assert (await balance(store, "a")).available_minor == 50
    assert len(await causes(store, reward)) == 3


async def test_a_batch_that_was_killed_goes_on_where_it_was(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payout_desk, "MEMBERS_AT_ONCE", 2)
    for member in "abcde":
        await earn_available(store, member, 100)
    batch = await store.desk.payouts.begin("p1", None, 1, None)
    assert await store.database.write(lambda tx: pay_page(tx, batch.batch_id, "fin"))
    assert [p.member_id for p in await payouts(store, batch)] == ["a", "b"]
    with pytest.raises(PayoutNotOpen):
        await store.desk.batches.mark_exported(batch.batch_id, "fin")
    await earn_next(store, "a", 50, 2)
    done = await run(store)
    assert done.sums == (BatchSum("CNY", 5, 500, 0),)
    assert (await balance(store, "a")).paid_minor == 100


async def test_few_rewards_fit_into_one_page(store: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payout_desk, "REWARDS_AT_ONCE", 3)
    for member in "abc":
        await earn_available(store, member, 10, 20, 30, 40)
    assert (await run(store)).sums == (BatchSum("CNY", 3, 300, 0),)


async def test_one_batch_run_by_four_at_once_beside_withdrawals_pays_nobody_twice(store: Services) -> None:
    for member in "abcdef":
        await earn_available(store, member, 100, 100)
    wishes = [Withdrawal(member, "CNY", 150, f"w-{member}") for member in "abc"]
    withdrawals = [store.desk.withdrawals.withdraw(wish, "fin") for wish in wishes]
    await asyncio.gather(*(run(store) for _ in range(4)), *withdrawals, return_exceptions=True)
    await run(store)
    for member in "abcdef":
        found = await balance(store, member)
        assert found.paid_minor + found.available_minor == 200
        assert found.available_minor in {0, 50}


async def test_a_failed_payout_comes_back_and_is_paid_by_the_next_batch(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 100)
    await earn_available(store, "b", 30)
    batch = await run(store)
    payout = (await payouts(store, batch))[0]
    failed = await store.desk.batches.fail(payout.payout_id, "fin", "account closed")
    assert failed.status is PayoutStatus.FAILED
    assert await store.desk.batches.fail(payout.payout_id, "fin", "account closed") == failed
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (100, 0)
    assert await states(store, reward) == ["available"]
    assert (await store.desk.payouts.batch(batch.batch_id)).sums == (BatchSum("CNY", 1, 30, 1),)
    assert (await run(store, "p2")).sums == (BatchSum("CNY", 1, 100, 0),)
    assert await causes(store, reward) == sorted(
        [
            "company",
            "settlement",
            f"payout:{payout.payout_id}",
            f"payout_failed:{payout.payout_id}",
            f"payout:{(await store.desk.payouts.of_member('a', LAST, 1))[0].payout_id}",
        ]
    )


async def test_a_netted_debt_comes_back_with_its_payout(store: Services) -> None:
    old, _ = await earn_available(store, "a", 100, 100)
    await store.desk.withdrawals.withdraw(Withdrawal("a", "CNY", 100, "w1"), "fin")
    await becomes(store, old, 40, "refund:r1")
    batch = await run(store)
    (payout,) = await payouts(store, batch)
    assert payout.amount_minor == 40
    await store.desk.batches.fail(payout.payout_id, "fin", "account closed")
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (40, 100)


async def test_a_part_of_a_reward_held_since_comes_back_into_held(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 100)
    payout = await store.desk.withdrawals.withdraw(Withdrawal("a", "CNY", 40, "w1"), "fin")
    await store.desk.holds.hold([reward], "h1", "rae", "ring 7")
    await store.desk.batches.fail(payout.payout_id, "fin", "account closed")
    assert (await balance(store, "a")).held_minor == 100
    await store.desk.holds.release("h1", "rae", "cleared")
    assert (await balance(store, "a")).available_minor == 100


async def test_a_batch_goes_from_open_to_exported_to_settled(store: Services) -> None:
    await earn_available(store, "a", 100)
    desk = store.desk.batches
    batch = await run(store)
    (payout,) = await payouts(store, batch)
    with pytest.raises(PayoutNotOpen):
        await desk.confirm(batch.batch_id, "fin")
    for _ in range(2):
        assert (await desk.mark_exported(batch.batch_id, "fin")).status is PayoutStatus.EXPORTED
    for _ in range(2):
        assert (await desk.confirm(batch.batch_id, "fin")).status is PayoutStatus.SETTLED
    with pytest.raises(PayoutNotOpen):
        await desk.mark_exported(batch.batch_id, "fin")
    with pytest.raises(PayoutNotOpen):
        await desk.fail(payout.payout_id, "fin", "too late")
    assert [p.status for p in await payouts(store, batch)] == [PayoutStatus.SETTLED]


async def test_what_is_not_there_and_what_is_to_come_is_refused(store: Services) -> None:
    with pytest.raises(UnknownPayout):
        await store.desk.batches.fail("f" * 32, "fin", "why")
    with pytest.raises(UnknownPayout):
        await store.desk.payouts.batch("f" * 32)
    with pytest.raises(InvalidInput):
        await run(store, as_of=datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(InvalidInput):
        await run(store, minimum_minor=0)

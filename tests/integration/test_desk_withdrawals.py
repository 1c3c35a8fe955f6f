"""A member takes some of what is available: never more, however many ask at once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from desk import balance, becomes, causes, earn_available, states

from graph.desk_errors import IdempotencyConflict, InsufficientFunds
from graph.errors import InvalidInput, UnknownMember
from graph.payouts import Payout, Withdrawal
from graph.store import wallets, withdrawals

if TYPE_CHECKING:
    from graph.store.database import Row, Transaction
    from graph.store.queries import Query
    from graph.wiring import Services


async def withdraw(services: Services, amount: int, key: str, member: str = "a") -> Payout:
    return await services.desk.withdrawals.withdraw(Withdrawal(member, "CNY", amount, key), "fin")


async def test_the_oldest_rewards_are_taken_first_and_the_last_in_part(store: Services) -> None:
    old, middle, new = await earn_available(store, "a", 100, 100, 100)
    payout = await withdraw(store, 150, "w1")
    assert (payout.amount_minor, payout.status, payout.batch_id) == (150, "open", payout.payout_id)
    assert await states(store, old, middle, new) == ["paid", "available", "available"]
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (150, 150)
    await withdraw(store, 150, "w2")
    assert await states(store, old, middle, new) == ["paid"] * 3
    assert len([cause for cause in await causes(store, middle) if cause.startswith("payout:")]) == 2


async def test_debts_are_netted_first(store: Services) -> None:
    old, new = await earn_available(store, "a", 100, 100)
    await withdraw(store, 100, "w1")
    await becomes(store, old, 30, "refund:r1")
    assert (await balance(store, "a")).available_minor == 30
    with pytest.raises(InsufficientFunds) as refusal:
        await withdraw(store, 31, "w2")
    assert refusal.value.available_minor == 30
    await withdraw(store, 30, "w3")
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (0, 130)
    assert await states(store, old, new) == ["paid", "paid"]


async def test_what_falls_due_on_a_paid_reward_can_be_withdrawn(store: Services) -> None:
    (reward,) = await earn_available(store, "a", 100)
    await withdraw(store, 100, "w1")
    await becomes(store, reward, 120, "completion:x")
    assert await states(store, reward) == ["available"]
    await withdraw(store, 20, "w2")
    assert (await balance(store, "a")).paid_minor == 120


async def test_the_same_key_gives_the_same_answer_and_pays_once(store: Services) -> None:
    await earn_available(store, "a", 100)
    first = await withdraw(store, 60, "w1")
    assert await withdraw(store, 60, "w1") == first
    with pytest.raises(IdempotencyConflict) as refusal:
        await withdraw(store, 50, "w1")
    assert refusal.value.differing == ("amount_minor",)
    assert (await balance(store, "a")).paid_minor == 60


@pytest.mark.parametrize("amount", [0, -1, 2**53])
async def test_an_amount_that_is_none_is_refused(store: Services, amount: int) -> None:
    await earn_available(store, "a", 100)
    with pytest.raises(InvalidInput):
        await withdraw(store, amount, "w1")


async def test_a_stranger_and_another_currency_have_nothing(store: Services) -> None:
    await earn_available(store, "a", 100, currency="USD")
    with pytest.raises(UnknownMember):
        await withdraw(store, 1, "w1", "nobody")
    with pytest.raises(InsufficientFunds):
        await withdraw(store, 1, "w2")


async def test_of_64_withdrawals_at_once_of_60_percent_one_succeeds(store: Services) -> None:
    await earn_available(store, "a", *[10] * 10)
    outcomes = await asyncio.gather(*(withdraw(store, 60, f"w{n}") for n in range(64)), return_exceptions=True)
    assert sum(isinstance(outcome, Payout) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InsufficientFunds) for outcome in outcomes) == 63
    found = await balance(store, "a")
    assert (found.available_minor, found.paid_minor) == (40, 60)


async def test_one_key_64_times_at_once_pays_once(store: Services) -> None:
    await earn_available(store, "a", *[10] * 10)
    outcomes = await asyncio.gather(*(withdraw(store, 60, "w1") for _ in range(64)))
    assert len(set(outcomes)) == 1
    assert (await balance(store, "a")).paid_minor == 60


@dataclass
class Unlocked:
    """A transaction whose locking queries only read, and which waits before it writes."""

    inner: Transaction
    everybody_has_read: asyncio.Barrier

    async def run(self, query: Query, **params: object) -> list[Row]:
        if query is wallets.PAY:
            await self.everybody_has_read.wait()
        text = re.sub(r"SET \w+\.touched = true\n", "", query.text)
        return await self.inner.run(replace(query, text=text), **params)


async def test_without_the_locks_more_is_paid_than_there_is(store: Services) -> None:
    """The negative control: what the test of 64 shows is the locks' doing."""
    await earn_available(store, "a", *[10] * 10)
    await withdraw(store, 1, "w0")
    barrier = asyncio.Barrier(2)

    async def unlocked(key: str) -> Payout:
        wish = Withdrawal("a", "CNY", 60, key)
        return await store.database.write(
            lambda tx: withdrawals.withdraw(Unlocked(tx, barrier), wish, "fin", datetime.now(UTC))  # type: ignore[arg-type]
        )

    async with asyncio.timeout(60):
        await asyncio.gather(unlocked("w1"), unlocked("w2"))
    (found,) = (await store.ledger.balances(["a"]))["a"]
    assert found.available_minor < 0

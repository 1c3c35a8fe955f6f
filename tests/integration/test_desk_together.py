"""All of the desk at once, and processes killed at work: entries, rewards and balances agree, nobody is paid twice."""

from __future__ import annotations

import asyncio
import random
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from commands import shell_at
from desk import becomes, checked_balances, commission, earn, post_all
from network import joins

from graph.errors import Refused
from graph.payouts import Withdrawal
from graph.store.adjustments import Wish

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from graph.local.servers import Addresses
    from graph.wiring import Services

MEMBERS = ("a", "b")


def deeds(services: Services, ids: list[str], dice: random.Random) -> list[Callable[[int], Awaitable[Any]]]:
    """What may happen; each takes its own number."""
    desk = services.desk

    async def fail_one(number: int) -> None:
        payouts = await desk.payouts.page(("9999", ""), 100)
        if payouts:
            await desk.batches.fail(dice.choice(payouts).payout_id, "fin", "closed")

    return [
        lambda n: desk.holds.hold(dice.sample(ids, 3), f"h{n}", "rae", "ring"),
        lambda n: desk.holds.release(f"h{dice.randrange(n + 1)}", "rae", "cleared"),
        lambda n: desk.withdrawals.withdraw(
            Withdrawal(dice.choice(MEMBERS), "CNY", dice.randint(1, 300), f"w{n}"),  # type: ignore[arg-type]
            "fin",
        ),
        lambda n: desk.batches.run(f"p{n // 8}", "fin", None, dice.choice((1, 50))),
        lambda n: desk.adjustments.adjust(
            Wish(f"adj{n}", dice.choice(MEMBERS), "CNY", dice.randint(1, 50) * dice.choice((1, -1)), "why"), "fin"
        ),
        lambda n: services.ledger.settle(datetime.now(UTC)),
        fail_one,
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_balances_and_rewards_agree_whatever_happens_at_once(store: Services, seed: int) -> None:
    dice = random.Random(seed)
    ids = [*await earn(store, "a", *[100] * 12), *await earn(store, "b", *[70] * 12)]
    happen = deeds(store, ids, dice)
    for turn in range(15):
        todo = [dice.choice(happen)(4 * turn + n) for n in range(4)]
        for outcome in await asyncio.gather(*todo, return_exceptions=True):
            assert not isinstance(outcome, BaseException) or isinstance(outcome, Refused), outcome
        await becomes(store, dice.choice(ids), dice.choice((0, 40, 110)), f"refund:r{turn}")
        for member in MEMBERS:
            await checked_balances(store, member)


async def many_earn(services: Services, count: int) -> None:
    """Members m0000 and so on, each with 1.00 available."""
    names = [f"m{n:04d}" for n in range(count)]
    await services.members.enrol(list(enumerate(map(joins, names))), await services.clock().stamp())
    await post_all(services, [commission(name, 1, 100) for name in names], "company")
    await services.ledger.settle(datetime.now(UTC))


async def test_a_payout_killed_in_the_middle_goes_on_and_pays_nobody_twice(
    store: Services, addresses: Addresses, tmp_path: Path
) -> None:
    await many_earn(store, 1_500)
    shell = shell_at(addresses, tmp_path)
    killed = shell.start("payout", "run", "--key", "may")
    while not (paid := len(await store.desk.payouts.page(("9999", ""), 10_000))):
        await asyncio.sleep(0.01)
        assert killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert paid < 1_500
    batch = await store.desk.batches.run("may", "fin")
    assert [(s.payouts, s.amount_minor) for s in batch.sums] == [(1_500, 150_000)]
    entries = await store.ledger.entries_between(0, 10)
    assert sum(entry.cause.startswith("payout:") for entry in entries) == 1_500

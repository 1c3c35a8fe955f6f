"""Builders for tests of the settlement desk: rewards in any state, and what must always hold of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from network import NOON, accept, joins

from graph.ledger import Balance
from graph.members import MemberId
from graph.orders import OrderId
from graph.payouts import Withdrawal
from graph.postings import Postings
from graph.rewards import Reward, Rule
from graph.store import leases
from graph.store.adjustments import Wish
from graph.store.ledger import post

if TYPE_CHECKING:
    from graph.wiring import Services

COMPANY = "company"
"""The cause of every made-up accrual."""


def commission(member: str, number: int, amount: int, currency: str = "CNY") -> Reward:
    """What a member is due for order `number`, pending until a week after noon."""
    return Reward(
        order_id=OrderId(f"o{number}-{member}-{currency}"),
        order_seq=number,
        rule=Rule.COMMISSION,
        beneficiary_id=MemberId(member),
        plan_version=1,
        worth_minor=amount,
        currency=currency,
        base_minor=amount,
        rate_bp=10_000,
        path=(MemberId(member),),
        created_at=NOON,
        due_at=NOON.replace(day=8),
        level=1,
    )


async def earn(services: Services, member: str, *amounts: int, first: int = 1, currency: str = "CNY") -> list[str]:
    """Pending rewards of these amounts, oldest first; their ids."""
    await accept(services, joins(member))
    due = [commission(member, first + n, amount, currency) for n, amount in enumerate(amounts)]
    await post_all(services, due, COMPANY)
    return [reward.reward_id for reward in due]


async def earn_available(services: Services, member: str, *amounts: int, currency: str = "CNY") -> list[str]:
    """As `earn`, settled."""
    ids = await earn(services, member, *amounts, currency=currency)
    await services.ledger.settle(datetime.now(UTC))
    return ids


async def becomes(services: Services, reward_id: str, amount: int, cause: str) -> None:
    """A fact changes what a reward is worth: a clawback, or more."""
    found = (await services.ledger.rewards_by_ids([reward_id]))[reward_id]
    plain = Reward(**{name: getattr(found, name) for name in Reward.__dataclass_fields__})
    await post_all(services, [replace(plain, worth_minor=amount)], cause)


async def post_all(services: Services, due: list[Reward], cause: str) -> None:
    known = list((await services.ledger.rewards_by_ids([reward.reward_id for reward in due])).values())
    postings = Postings()
    postings.load(known)
    postings.claim(due, cause, NOON)
    await services.database.write(lambda tx: post(tx, postings))


async def balance(services: Services, member: str, currency: str = "CNY") -> Balance:
    """A member's balance, once it has been held against the rewards and their entries."""
    found = await checked_balances(services, member)
    return found.get(currency, Balance(MemberId(member), currency))


async def checked_balances(services: Services, member: str) -> dict[str, Balance]:
    balances = {b.currency: b for b in (await services.ledger.balances([member]))[member]}
    rewards = await services.ledger.rewards_of_member(member, (2**53, ""), 10_000)
    for currency, found in balances.items():
        own = [reward for reward in rewards if reward.currency == currency]
        lies = dict.fromkeys(("pending", "available", "held"), 0)
        for reward in own:
            lies["available" if reward.state == "paid" else reward.state] += reward.rest_minor
        assert lies == {
            "pending": found.pending_minor,
            "available": found.available_minor,
            "held": found.held_minor,
        }
        assert sum(reward.paid_minor for reward in own) == found.paid_minor
    return balances


async def a_desk(services: Services) -> None:
    """Everything that the desk can write."""
    desk = services.desk
    ids = await earn_available(services, "ned", 300, 200, 100)
    await desk.holds.hold(ids[:1], "h-1", "rae", "ring 7")
    await desk.holds.hold(ids[1:2], "h-2", "rae", "ring 7")
    await desk.holds.release("h-2", "rae", "cleared")
    await desk.withdrawals.withdraw(Withdrawal(MemberId("ned"), "CNY", 50, "w-1"), "fin")
    batch = await desk.batches.run("p-1", "fin")
    (payout, *_) = await desk.payouts.of_batch(batch.batch_id, ("", ""), 1)
    await desk.batches.fail(payout.payout_id, "fin", "account closed")
    await desk.adjustments.adjust(Wish("adj-1", "ned", "CNY", 500, "goodwill"), "fin")
    await desk.adjustments.adjust(Wish("adj-2", "ned", "CNY", 500_000, "goodwill"), "fin")
    await desk.adjustments.reject("adj-2", "boss", "too much")
    await desk.months.close("2026-01", "fin", await services.clock().stamp())
    lease = await leases.take(services.database, "jobs", "a test", 60_000)
    assert lease
    await desk.jobs.due(lease, [("settle", 3_600_000, 60_000)])
    await desk.jobs.failed(lease, "settle", "planted by a test")
    await services.dead_letters.write("eve", "planted by a test", 5)
    await services.dead_letters.discard("eve", "ops", "planted")


async def causes(services: Services, reward_id: str) -> list[str]:
    """Why each entry of a reward was written, in alphabetical order."""
    entries = await services.ledger.entries_between(0, 10**9)
    return sorted(entry.cause for entry in entries if entry.reward_id == reward_id)


async def states(services: Services, *reward_ids: str) -> list[str]:
    found = await services.ledger.rewards_by_ids(reward_ids)
    return [str(found[reward_id].state) for reward_id in reward_ids]

"""Settlement in memory, as LedgerStore does it, and payouts as they will be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graph.ledger import Account, RewardState, settlement, transfer

if TYPE_CHECKING:
    from datetime import datetime

    from memory.transactions import Store, Transaction


async def settle(store: Store, as_of: datetime, count: int = 3) -> int:
    """Makes rewards available whose hold has passed, the longest due first; how many were looked at."""

    async def work(tx: Transaction) -> int:
        await store.pause()
        due = sorted((r.due_at, i) for i, r in store["rewards"].items() if r.due_at and r.due_at <= as_of)[:count]
        for reward_id in sorted(i for _, i in due):
            await tx.lock(("rewards", reward_id))
        for _, reward_id in due:
            reward = store["rewards"][reward_id]
            if reward.due_at:
                entry = settlement(reward, reward_id)
                tx.put("rewards", reward_id, replace(reward, state=RewardState.AVAILABLE, due_at=None))
                if entry.amount_minor:
                    tx.create("entries", entry.entry_id, entry)
        return len(due)

    return await store.write(work)


async def pay_out(store: Store, reward_id: str, at: datetime) -> None:
    """Pays out what is available of one reward."""

    async def work(tx: Transaction) -> None:
        await tx.lock(("rewards", reward_id))
        reward = store["rewards"][reward_id]
        if reward.state is RewardState.AVAILABLE and reward.amount_minor:
            tx.put("rewards", reward_id, replace(reward, state=RewardState.PAID, paid_minor=reward.amount_minor))
            amount = reward.amount_minor
            entry = transfer(reward, reward_id, "payout", at, (Account.AVAILABLE, Account.PAID), amount)
            tx.create("entries", entry.entry_id, entry)

    await store.write(work)

"""Members' wallets in Neo4j: locked first, so that a member is paid by one transaction at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from graph.ledger import PostedReward, RewardState
from graph.payouts import Portion, is_free
from graph.store.queries import load
from graph.store.rewards import posted_reward

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph.store.database import Row, Transaction

LOCK = load("wallet/lock")
LOCK_REWARDS = load("reward/lock")
FREE = load("reward/free")
PAY = load("reward/pay")

Wallet = dict[str, PostedReward]
"""A member's rewards in one currency of which some money, or debt, is available, by id."""
Change = Callable[[PostedReward, Portion], tuple[int, RewardState]]


async def lock_rewards(tx: Transaction, reward_ids: Iterable[str]) -> list[Row]:
    """The properties of rewards, locked in id order; unknown ids are left out."""
    rows = await tx.run(LOCK_REWARDS, reward_ids=sorted(set(reward_ids)))
    return [row["reward"] for row in rows]


async def open_wallets(tx: Transaction, member_ids: Sequence[str], currency: str = "") -> dict[tuple[str, str], Wallet]:
    """The free rewards of members, by member and currency; locked, wallets first.

    A member without any is left out; see `known` for those who do not exist.
    """
    await tx.run(LOCK, member_ids=sorted(member_ids))
    free = await tx.run(FREE, member_ids=sorted(member_ids))
    wanted = [row["reward_id"] for row in free if currency in ("", row["currency"])]
    wallets: dict[tuple[str, str], Wallet] = {}
    for properties in await lock_rewards(tx, wanted):
        reward = posted_reward(properties)
        if is_free(reward):
            wallets.setdefault((reward.beneficiary_id, reward.currency), {})[properties["id"]] = reward
    return wallets


async def known(tx: Transaction, member_id: str) -> bool:
    """Whether there is such a member; their wallet is locked if so."""
    return bool(await tx.run(LOCK, member_ids=[member_id]))


async def pay(
    tx: Transaction, rewards: Mapping[str, PostedReward], portions: Iterable[Portion], become: Change
) -> None:
    """Notes on locked rewards what has become of them: `paying` or `coming_back`."""
    rows: list[Row] = []
    for portion in portions:
        paid_minor, state = become(rewards[portion.reward_id], portion)
        rows.append({"reward_id": portion.reward_id, "paid_minor": paid_minor, "state": state})
    await tx.run(PAY, rows=rows)

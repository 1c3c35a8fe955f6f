"""What a subscriber to rewards is told."""

from typing import Self

import strawberry

from api.context import Context
from api.scalars import DateTime
from api.types.fields import seen
from api.types.ledger import LedgerEntry
from api.types.money import Money
from api.types.reward import Reward
from graph.ledger import Account
from graph.times import stored


@strawberry.type(description="That a ledger entry has given a reward, added to it, or taken it back.")
class RewardPosted:
    """One entry and its reward."""

    reward: Reward = seen("The reward as it is now: perhaps after later entries.")
    entry: LedgerEntry = seen("What was posted.")
    amount: Money = seen("By how much the reward has changed; below zero for a clawback.")
    at: DateTime = seen("The time of the fact that caused it.")
    missed: bool = seen(
        "Whether earlier notifications may have been lost before this one: then ask `rewards(memberId)`."
    )

    @classmethod
    async def find(cls, context: Context, entry_id: str, *, missed: bool) -> Self | None:
        """The notification of an entry, if it is there."""
        entry = await context.loaders.entry_by_id.load(entry_id)
        reward = None if entry is None else await Reward.find(context, entry.reward_id)
        if entry is None or reward is None:
            return None
        sign = 1 if entry.debit is Account.COMPANY_REWARDS else -1
        return cls(
            reward=reward,
            entry=LedgerEntry.from_domain(entry),
            amount=Money.from_domain(sign * entry.amount_minor, entry.currency),
            at=DateTime(stored(entry.at)),
            missed=missed,
        )

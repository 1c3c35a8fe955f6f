"""Ledger entries."""

from typing import Self

import strawberry

from api.context import Context, Info
from api.policies import OWN, SEEN
from api.scalars import DateTime
from api.types import member as members
from api.types import reward as rewards
from api.types.enums import Account
from api.types.fields import field, seen
from api.types.lazy import LazyMember, LazyReward
from api.types.money import Money
from api.types.node import Node, global_id
from graph.store.ledger import PostedEntry
from graph.times import stored


@strawberry.type(description="One immutable movement of money; a correction is another entry.")
class LedgerEntry(Node):
    """Keyed by reward and cause."""

    entry_id: str = seen(description="A hash of its key.")
    cause: str = seen(description="The fact that made it, such as `completion:<order id>`.")
    debit: Account = seen(description="The account that the amount leaves.")
    credit: Account = seen(description="The account that it goes to.")
    amount: Money = seen(description="How much is moved; always above zero.")
    at: DateTime = seen(description="The time of the fact, not of the machine.")
    source: strawberry.Private[PostedEntry]

    @classmethod
    def from_domain(cls, entry: PostedEntry) -> Self:
        """An entry as the ledger holds it."""
        return cls(
            id=global_id("LedgerEntry", entry.entry_id),
            entry_id=entry.entry_id,
            cause=entry.cause,
            debit=entry.debit,
            credit=entry.credit,
            amount=Money.from_domain(entry.amount_minor, entry.currency),
            at=DateTime(stored(entry.at)),
            source=entry,
        )

    @classmethod
    async def find(cls, context: Context, entry_id: str) -> Self | None:
        """The entry with an id."""
        entry = await context.loaders.entry_by_id.load(entry_id)
        return None if entry is None else cls.from_domain(entry)

    @field(description="The reward that it is part of.", allow=OWN)
    async def reward(self, info: Info) -> LazyReward | None:
        """Every entry has one."""
        return await rewards.Reward.find(info.context, self.source.reward_id)

    @field(description="Whose accounts it touches.", allow=SEEN)
    async def beneficiary(self, info: Info) -> LazyMember:
        """The beneficiary of the reward."""
        return await members.Member.get(info.context, self.source.beneficiary_id)

"""Settlement of rewards whose hold has passed."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Self

import strawberry

from api.context import Info
from api.scalars import DateTime
from api.types.error import InvalidInputError
from api.types.fields import mutation
from api.types.money import Money
from graph.ledger import Due
from graph.members import identifier
from graph.store.ledger import LedgerStore
from graph.times import parse_time, stored

BATCH = 500


@strawberry.input(description="Up to when rewards are settled.")
class SettleInput:
    """A wish to settle."""

    as_of: DateTime = strawberry.field(description="Rewards whose hold has passed at this moment become available.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description=(
            "For the caller's records; given back in the answer. Settling needs no key to be safe: a reward is "
            "settled once, and a repetition settles what is left, mostly nothing."
        ),
    )

    def to_domain(self) -> datetime:
        """The moment; raises InvalidInput."""
        if self.idempotency_key is not None:
            identifier(self.idempotency_key, "idempotency_key")
        return parse_time(self.as_of, "as_of")


@strawberry.type(description="What one settlement made available in one currency.")
class SettledSum:
    """Count and sum of a currency."""

    rewards: int = strawberry.field(description="How many rewards.")
    amount: Money = strawberry.field(description="Their sum.")


@strawberry.type(description="Nothing that was due is left pending.")
class SettleSuccess:
    """What this settlement did."""

    as_of: DateTime = strawberry.field(description="The moment settled up to.")
    idempotency_key: str | None = strawberry.field(description="The key given.")
    rewards: int = strawberry.field(description="How many rewards became available, of all currencies.")
    sums: list[SettledSum] = strawberry.field(description="By currency code.")

    @classmethod
    def from_domain(cls, settled: list[Due], as_of: datetime, key: str | None) -> Self:
        """The sums of what was settled."""
        counts: Counter[str] = Counter()
        amounts: Counter[str] = Counter()
        for due in settled:
            counts[due.currency] += 1
            amounts[due.currency] += due.amount_minor
        sums = [
            SettledSum(rewards=counts[currency], amount=Money.from_domain(amounts[currency], currency))
            for currency in sorted(counts)
        ]
        return cls(as_of=DateTime(stored(as_of)), idempotency_key=key, rewards=len(settled), sums=sums)


SettleResult = Annotated[
    SettleSuccess | InvalidInputError,
    strawberry.union("SettleResult", description="What was settled, or why not."),
]
Input = Annotated[SettleInput, strawberry.argument(name="input", description="Up to when.")]


@strawberry.type
class SettlementMutations:
    """The mutations about settlement."""

    @mutation(description="Makes every reward available whose hold has passed, batch by batch.")
    async def settle(self, info: Info, wish: Input) -> SettleResult:
        """Settles until nothing is due."""
        as_of = wish.to_domain()
        settled = await _settle_all(info.context.services.ledger, as_of)
        return SettleSuccess.from_domain(settled, as_of, wish.idempotency_key)


async def _settle_all(ledger: LedgerStore, as_of: datetime) -> list[Due]:
    settled: list[Due] = []
    while batch := await ledger.settle(as_of, BATCH):
        settled += batch
    return settled

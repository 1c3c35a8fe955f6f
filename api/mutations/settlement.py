"""Settlement of rewards whose hold has passed."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from api.context import Info
from api.policies import FINANCE
from api.scalars import DateTime
from api.types.error import InvalidInputError
from api.types.fields import mutation, seen
from api.types.money import Money
from graph.ledger import Settled
from graph.members import identifier
from graph.times import parse_time, stored


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

    rewards: int = seen(description="How many rewards.")
    amount: Money = seen(description="Their sum.")


@strawberry.type(description="Nothing that was due is left pending.")
class SettleSuccess:
    """What this settlement did."""

    as_of: DateTime = seen(description="The moment settled up to.")
    idempotency_key: str | None = seen(description="The key given.")
    rewards: int = seen(description="How many rewards became available, of all currencies.")
    sums: list[SettledSum] = seen(description="By currency code.")

    @classmethod
    def from_domain(cls, settled: Settled, as_of: datetime, key: str | None) -> Self:
        """What was settled, currency by currency."""
        sums = [
            SettledSum(rewards=settled.rewards[currency], amount=Money.from_domain(minor, currency))
            for currency, minor in sorted(settled.amount_minor.items())
        ]
        return cls(as_of=DateTime(stored(as_of)), idempotency_key=key, rewards=settled.rewards.total(), sums=sums)


SettleResult = Annotated[
    SettleSuccess | InvalidInputError,
    strawberry.union("SettleResult", description="What was settled, or why not."),
]
Input = Annotated[SettleInput, strawberry.argument(name="input", description="Up to when.")]


@strawberry.type
class SettlementMutations:
    """The mutations about settlement."""

    @mutation(
        description="Makes every reward available whose hold has passed, batch by batch.", allow=FINANCE, money=True
    )
    async def settle(self, info: Info, wish: Input) -> SettleResult:
        """Settles until nothing is due."""
        as_of = wish.to_domain()
        settled = await info.context.services.ledger.settle(as_of)
        info.context.forget()
        return SettleSuccess.from_domain(settled, as_of, wish.idempotency_key)

"""Payouts and their batches."""

from typing import Self

import strawberry

from api.context import Info
from api.policies import SEEN
from api.scalars import DateTime
from api.types import member as members
from api.types.enums import PayoutStatus
from api.types.fields import field, seen
from api.types.lazy import LazyMember
from api.types.money import Money
from graph import payouts
from graph.times import stored


@strawberry.type(description="Money on its way to one member; a withdrawal is a batch of one.")
class Payout:
    """One transfer at the bank."""

    payout_id: str = seen(description="Its id.")
    batch_id: str = seen(description="The batch that it is part of; its own id for a withdrawal.")
    amount: Money = seen(description="How much, debts netted.")
    status: PayoutStatus = seen(description="How far it is.")
    at: DateTime = seen(description="When it was made.")
    reference: str = seen(description="What the bank statement says.")
    source: strawberry.Private[payouts.Payout]

    @classmethod
    def from_domain(cls, payout: payouts.Payout) -> Self:
        """A payout as the store has it."""
        return cls(
            payout_id=payout.payout_id,
            batch_id=payout.batch_id,
            amount=Money.from_domain(payout.amount_minor, payout.currency),
            status=payout.status,
            at=DateTime(stored(payout.at)),
            reference=payout.reference,
            source=payout,
        )

    @field(description="Who is paid.", allow=SEEN)
    async def member(self, info: Info) -> LazyMember:
        """The member."""
        return await members.Member.get(info.context, self.source.member_id)


@strawberry.type(description="What a batch pays in one currency.")
class PayoutSum:
    """Count and sum of a currency."""

    payouts: int = seen(description="How many payouts, those that failed left out.")
    failed: int = seen(description="How many failed.")
    amount: Money = seen(description="Their sum, those that failed left out.")


@strawberry.type(description="One run over all members.")
class PayoutBatch:
    """What was paid under one idempotency key."""

    batch_id: str = seen(description="Its id: a hash of its key.")
    idempotency_key: str = seen(description="The key given.")
    status: PayoutStatus = seen(description="How far it is.")
    at: DateTime = seen(description="The moment that dates its entries.")
    sums: list[PayoutSum] = seen(description="By currency code.")

    @classmethod
    def from_domain(cls, batch: payouts.PayoutBatch) -> Self:
        """A batch with its sums."""
        sums = [
            PayoutSum(
                payouts=part.payouts, failed=part.failed, amount=Money.from_domain(part.amount_minor, part.currency)
            )
            for part in batch.sums
        ]
        return cls(
            batch_id=batch.batch_id,
            idempotency_key=batch.idempotency_key,
            status=batch.status,
            at=DateTime(stored(batch.at)),
            sums=sums,
        )

"""The ledger: immutable movements of money from one account to another, balanced by construction (rules.md §7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.rewards import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graph.members import MemberId
    from graph.rewards import Reward


class Account(StrEnum):
    """Where money is. All but the first belong to the beneficiary of the entry; each is kept per currency."""

    COMPANY_REWARDS = "company:rewards"
    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    PAID = "paid"


class RewardState(StrEnum):
    """Which of the beneficiary's accounts a reward's money is in."""

    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of `amount_minor` > 0 from `debit` to `credit`, keyed by (reward, cause)."""

    reward_id: str
    cause: str
    beneficiary_id: MemberId
    debit: Account
    credit: Account
    amount_minor: int
    currency: str
    at: datetime
    """The time of the fact that caused it, not of the machine."""

    @property
    def entry_id(self) -> str:
        """32 hexadecimal digits, a hash of the key: the same movement cannot be written twice."""
        return digest(self.reward_id, self.cause)


@dataclass(frozen=True, slots=True)
class Due:
    """A pending reward whose hold has passed."""

    reward_id: str
    beneficiary_id: MemberId
    amount_minor: int
    currency: str
    due_at: datetime


@dataclass(slots=True)
class Settled:
    """What a settlement made available: counts and sums in minor units, by currency."""

    rewards: Counter[str] = field(default_factory=Counter)
    amount_minor: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Iterable[Due]) -> None:
        """Counts one batch: a settlement may be of more rewards than memory should hold."""
        for due in batch:
            self.rewards[due.currency] += 1
            self.amount_minor[due.currency] += due.amount_minor


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's money in one currency, in minor units: the sums of their entries by account."""

    member_id: MemberId
    currency: str
    pending_minor: int = 0
    available_minor: int = 0
    held_minor: int = 0
    paid_minor: int = 0


def accrual(reward: Reward) -> Entry:
    """The entry that makes a new reward the beneficiary's, pending until its hold has passed."""
    return Entry(
        reward_id=reward.reward_id,
        cause=f"completion:{reward.caused_by}",
        beneficiary_id=reward.beneficiary_id,
        debit=Account.COMPANY_REWARDS,
        credit=Account.PENDING,
        amount_minor=reward.amount_minor,
        currency=reward.currency,
        at=reward.created_at,
    )


def settlement(due: Due) -> Entry:
    """The entry that makes a reward available once its hold has passed, dated at that moment."""
    return Entry(
        reward_id=due.reward_id,
        cause="settlement",
        beneficiary_id=due.beneficiary_id,
        debit=Account.PENDING,
        credit=Account.AVAILABLE,
        amount_minor=due.amount_minor,
        currency=due.currency,
        at=due.due_at,
    )

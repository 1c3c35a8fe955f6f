"""The ledger: immutable movements of money from one account to another, balanced by construction (rules.md §7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.rewards import Reward, digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graph.members import MemberId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReward(Reward):
    """A reward as the ledger holds it: its amount is the sum of its entries from and to the company."""

    amount_minor: int
    state: RewardState
    paid_minor: int = 0
    """How much of it has been paid out. The rest lies where `account_of` says; below zero after some clawbacks."""

    @property
    def rest_minor(self) -> int:
        """What is not paid out of it, and lies in the account of its state."""
        return self.amount_minor - self.paid_minor


@dataclass(slots=True)
class Settled:
    """What a settlement made available: counts and sums in minor units, by currency."""

    rewards: Counter[str] = field(default_factory=Counter)
    amount_minor: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Iterable[Entry]) -> None:
        """Counts one batch: a settlement may be of more rewards than memory should hold."""
        for entry in batch:
            self.rewards[entry.currency] += 1
            self.amount_minor[entry.currency] += entry.amount_minor


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's money in one currency, in minor units: the sums of their entries by account."""

    member_id: MemberId
    currency: str
    pending_minor: int = 0
    available_minor: int = 0
    held_minor: int = 0
    paid_minor: int = 0


def account_of(state: RewardState) -> Account:
    """Where the money of a reward lies that is not paid out, and where a difference is posted.

    A clawback of what was paid takes from `available`, which may fall below zero; later rewards net it.
    """
    return Account.AVAILABLE if state is RewardState.PAID else Account(state)


def transfer(
    reward: Reward, reward_id: str, cause: str, at: datetime, way: tuple[Account, Account], amount_minor: int
) -> Entry:
    """The entry that moves an amount of one reward's money from one account to another; below zero, the other way."""
    debit, credit = way if amount_minor >= 0 else way[::-1]
    return Entry(
        reward_id=reward_id,
        cause=cause,
        beneficiary_id=reward.beneficiary_id,
        debit=debit,
        credit=credit,
        amount_minor=abs(amount_minor),
        currency=reward.currency,
        at=at,
    )


def settlement(reward: PostedReward, reward_id: str) -> Entry:
    """The entry that makes a reward available once its hold has passed, dated at that moment."""
    at = reward.due_at or reward.created_at
    return transfer(reward, reward_id, "settlement", at, (Account.PENDING, Account.AVAILABLE), reward.amount_minor)

"""Payouts: which rewards a sum is taken from, and the entries that say so (docs/settlement.md).

A member's available balance in a currency is the sum of what is left of their rewards there: of a reward that was
clawed back after it had been paid, that is less than nothing. Debts are netted before anything is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.errors import InvalidInput
from graph.ledger import Account, RewardState, account_of, transfer
from graph.members import identifier
from graph.redaction import looks_personal
from graph.rewards import digest
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graph.ledger import Entry, PostedReward
    from graph.members import MemberId

MAX_TEXT = 200


class PayoutStatus(StrEnum):
    """How far a payout, or a whole batch, is on its way to the bank. Only a batch is ever `paying`."""

    PAYING = "paying"
    OPEN = "open"
    EXPORTED = "exported"
    SETTLED = "settled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Portion:
    """What is paid out of one reward; below zero where a debt is netted."""

    reward_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Payout:
    """Money on its way to one member. A withdrawal is a batch of one: `batch_id` is the payout's own id."""

    payout_id: str
    batch_id: str
    member_id: MemberId
    currency: str
    amount_minor: int
    status: PayoutStatus
    at: datetime
    idempotency_key: str

    @property
    def reference(self) -> str:
        """What the bank statement says: 18 letters and digits."""
        return "TF" + self.payout_id[:16].upper()


@dataclass(frozen=True, slots=True)
class BatchSum:
    """What a batch pays in one currency, its failed payouts apart."""

    currency: str
    payouts: int
    amount_minor: int
    failed: int


@dataclass(frozen=True, slots=True)
class PayoutBatch:
    """One run over all members. `minimum_minor` is the least balance that is paid."""

    batch_id: str
    idempotency_key: str
    currency: str | None
    minimum_minor: int
    status: PayoutStatus
    at: datetime
    sums: tuple[BatchSum, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A member's wish for some of their available money."""

    member_id: MemberId
    currency: str
    amount_minor: int
    idempotency_key: str

    @property
    def payout_id(self) -> str:
        """The same key is the same withdrawal."""
        return digest("withdrawal", self.idempotency_key)


def batch_id(idempotency_key: str) -> str:
    """The id of the batch under a key."""
    return digest("payout batch", idempotency_key)


def payout_id(batch: str, member_id: str, currency: str) -> str:
    """The id of a member's payout in a batch: there can be one a currency."""
    return digest("payout", batch, member_id, currency)


def is_free(reward: PostedReward) -> bool:
    """Whether some of the reward's money, or debt, lies in `available`."""
    return reward.rest_minor != 0 and account_of(reward.state) is Account.AVAILABLE


def available(rewards: Iterable[PostedReward]) -> int:
    """The available balance that these rewards of one member and currency make up."""
    return sum(reward.rest_minor for reward in rewards if is_free(reward))


def all_of(rewards: Iterable[PostedReward]) -> list[Portion]:
    """Everything that is available, debts included."""
    return [Portion(reward.reward_id, reward.rest_minor) for reward in rewards if is_free(reward)]


def allocate(rewards: Iterable[PostedReward], amount_minor: int) -> list[Portion]:
    """From which rewards an amount is taken: debts first, then the oldest, the last one perhaps in part.

    The portions add up to the amount, which must not be more than what is available.
    """
    free = sorted(
        filter(is_free, rewards), key=lambda r: (r.rest_minor > 0, r.order_seq, stored(r.created_at), r.reward_id)
    )
    portions, left = [], amount_minor
    for reward in free:
        portion = min(reward.rest_minor, left)
        if portion:
            portions.append(Portion(reward.reward_id, portion))
            left -= portion
    if left:
        raise ValueError(f"{left} minor units are not there")
    return portions


def paying(reward: PostedReward, portion: Portion) -> tuple[int, RewardState]:
    """How much of a reward is paid out once a portion is, and its state: paid when nothing is left."""
    left = reward.rest_minor - portion.amount_minor
    return reward.paid_minor + portion.amount_minor, RewardState.AVAILABLE if left else RewardState.PAID


def coming_back(reward: PostedReward, portion: Portion) -> tuple[int, RewardState]:
    """How much of a reward is paid out once a portion has come back, and its state: available, or held as it is."""
    state = RewardState.AVAILABLE if reward.state is RewardState.PAID else reward.state
    return reward.paid_minor - portion.amount_minor, state


def payment(reward: PostedReward, portion: Portion, payout: str, at: datetime) -> Entry:
    """The entry that pays a portion out."""
    way = (Account.AVAILABLE, Account.PAID)
    return transfer(reward, portion.reward_id, f"payout:{payout}", at, way, portion.amount_minor)


def reversal(reward: PostedReward, portion: Portion, payout: str, at: datetime) -> Entry:
    """The entry that brings a portion back of a payout that failed: to where the reward's money lies now."""
    way = (Account.PAID, account_of(reward.state))
    return transfer(reward, portion.reward_id, f"payout_failed:{payout}", at, way, portion.amount_minor)


def actor_name(text: str) -> str:
    """Who does it: the name in a token or a key, or what the command line was told; raises InvalidInput."""
    return identifier(text, "actor")


def reason_text(text: str) -> str:
    """Why: 1 to 200 printable characters that name nobody's phone or ID number; raises InvalidInput otherwise."""
    if not (text.strip() and text.isprintable() and len(text) <= MAX_TEXT):
        raise InvalidInput("reason", f"A reason has 1 to {MAX_TEXT} printable characters.", code="BAD_REASON")
    if looks_personal(text):
        raise InvalidInput("reason", "A reason must not contain a phone or an ID number.", code="PERSONAL_REASON")
    return text

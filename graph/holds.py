"""Holds: a review keeps rewards back, and gives them free again where they were."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.desk_errors import AlreadyHeld, IdempotencyConflict, RewardNotHoldable
from graph.ledger import Account, RewardState, account_of, transfer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.ledger import Entry, PostedReward


class HoldStatus(StrEnum):
    """Whether a hold still keeps its rewards back."""

    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """One review's hold over rewards, whose ids are sorted."""

    hold_id: str
    reward_ids: tuple[str, ...]
    actor: str
    reason: str
    at: datetime
    status: HoldStatus = HoldStatus.HELD

    def refuse_other_content(self, reward_ids: Sequence[str], reason: str) -> None:
        """Raises IdempotencyConflict unless the wish repeats this hold."""
        said = {"reward_ids": (tuple(sorted(set(reward_ids))), self.reward_ids), "reason": (reason, self.reason)}
        differing = tuple(name for name, (new, old) in said.items() if new != old)
        if differing:
            raise IdempotencyConflict(self.hold_id, differing)


@dataclass(frozen=True, slots=True)
class HeldReward:
    """A reward with what its hold, if any, has to give back."""

    reward: PostedReward
    hold_id: str | None = None
    held_from: RewardState | None = None


def holding(found: HeldReward, hold_id: str, at: datetime) -> Entry:
    """The entry that moves what is left of a reward to `held`; its amount may be zero.

    Raises AlreadyHeld, and RewardNotHoldable for one that is paid out or in debt.
    """
    reward = found.reward
    if found.hold_id is not None:
        raise AlreadyHeld(reward.reward_id, found.hold_id)
    if reward.state is RewardState.PAID or reward.rest_minor < 0:
        raise RewardNotHoldable(reward.reward_id, reward.state if reward.rest_minor >= 0 else "in debt")
    debit = account_of(reward.state)
    return transfer(reward, reward.reward_id, f"hold:{hold_id}", at, (debit, Account.HELD), reward.rest_minor)


def releasing(found: HeldReward, hold_id: str, at: datetime) -> Entry:
    """The entry that moves what is left of a held reward back to where it came from; its amount may be zero."""
    reward, credit = found.reward, account_of(found.held_from or RewardState.AVAILABLE)
    return transfer(reward, reward.reward_id, f"release:{hold_id}", at, (Account.HELD, credit), reward.rest_minor)

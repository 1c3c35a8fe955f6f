"""Adjustments: money given or taken by hand, with a reason, and above a limit by two people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.desk_errors import AdjustmentNotOpen, IdempotencyConflict, SamePerson
from graph.errors import InvalidInput
from graph.ledger import Account, transfer
from graph.money import BASIS_POINTS, MAX_AMOUNT_MINOR
from graph.orders import OrderId
from graph.rewards import Reward, Rule

if TYPE_CHECKING:
    from datetime import datetime

    from graph.ledger import Entry
    from graph.members import MemberId


class AdjustmentStatus(StrEnum):
    """Proposed ones wait for a second person."""

    PROPOSED = "proposed"
    POSTED = "posted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount above zero gives, one below zero takes. `decided_by` is who approved or rejected it."""

    adjustment_id: str
    member_id: MemberId
    currency: str
    amount_minor: int
    reason: str
    actor: str
    at: datetime
    status: AdjustmentStatus
    decided_by: str | None = None

    def refuse_other_content(self, wish: Adjustment) -> None:
        """Raises IdempotencyConflict unless the wish repeats this adjustment."""
        names = ("member_id", "currency", "amount_minor", "reason")
        differing = tuple(name for name in names if getattr(wish, name) != getattr(self, name))
        if differing:
            raise IdempotencyConflict(self.adjustment_id, differing)

    def refuse_decision(self, actor: str) -> None:
        """Raises AdjustmentNotOpen for one that was decided on, SamePerson for the one who proposed it."""
        if self.status is not AdjustmentStatus.PROPOSED:
            raise AdjustmentNotOpen(self.adjustment_id, self.status)
        if actor == self.actor:
            raise SamePerson(self.adjustment_id, actor)

    def reward(self, at: datetime, order_seq: int) -> Reward:
        """The reward that carries the money, available at once; `order_seq` places it in exports."""
        return Reward(
            order_id=OrderId(self.adjustment_id),
            order_seq=order_seq,
            rule=Rule.ADJUSTMENT,
            beneficiary_id=self.member_id,
            plan_version=0,
            worth_minor=self.amount_minor,
            currency=self.currency,
            base_minor=self.amount_minor,
            rate_bp=BASIS_POINTS,
            path=(self.member_id,),
            created_at=at,
            due_at=None,
        )


def posting(reward: Reward, at: datetime) -> Entry:
    """The entry that gives or takes an adjustment's money."""
    cause = f"adjustment:{reward.order_id}"
    return transfer(reward, reward.reward_id, cause, at, Account.COMPANY_REWARDS, Account.AVAILABLE, reward.worth_minor)


def signed_amount(value: str | int) -> int:
    """A whole number of minor units, not zero; raises InvalidInput for anything else."""
    text = str(value).strip()
    digits = text.removeprefix("-").removeprefix("+") if text[:1] in "+-" else text
    amount = int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else 0
    if amount == 0 or abs(amount) > MAX_AMOUNT_MINOR:
        raise InvalidInput(
            "amount_minor",
            f"{text[:40]!r} is not a whole number of minor units other than 0, such as -4485.",
            code="BAD_ADJUSTMENT",
        )
    return amount

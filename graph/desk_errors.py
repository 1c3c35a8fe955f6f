"""What the settlement desk refuses, by name: the part of `graph/errors.py` that is about money after its hold.

Refused
├── IdempotencyConflict     a key used again with other content
├── InsufficientFunds       a withdrawal of more than is available
├── RewardNotHoldable       it is paid out, or in debt
│   └── AlreadyHeld         by another hold
├── SamePerson              an adjustment approved by the one who proposed it
├── MonthNotOver            the running month, or one to come
├── RecordNotOpen           its present status does not allow this step
│   ├── AdjustmentNotOpen
│   └── PayoutNotOpen
└── UnknownRecord           no such thing has this id
    ├── UnknownReward
    ├── UnknownHold
    ├── UnknownPayout
    ├── UnknownAdjustment
    └── UnknownDeadLetter
"""

from __future__ import annotations

from typing import ClassVar

from graph.errors import Refused


class IdempotencyConflict(Refused):
    """The key was used before, with other content."""

    code = "IDEMPOTENCY_CONFLICT"

    def __init__(self, idempotency_key: str, differing: tuple[str, ...]) -> None:
        super().__init__(f"The key {idempotency_key} was used before with another {', '.join(differing)}.")
        self.idempotency_key = idempotency_key
        self.differing = differing


class InsufficientFunds(Refused):
    """The member has less available than what was asked for."""

    code = "INSUFFICIENT_FUNDS"

    def __init__(self, member_id: str, currency: str, available_minor: int) -> None:
        super().__init__(f"Member {member_id} has {available_minor} minor units of {currency} available.")
        self.member_id = member_id
        self.currency = currency
        self.available_minor = available_minor


class RewardNotHoldable(Refused):
    """Nothing of the reward's money is there to be held: it is paid out, or in debt after a clawback."""

    code = "REWARD_NOT_HOLDABLE"

    def __init__(self, reward_id: str, state: str) -> None:
        super().__init__(f"Reward {reward_id} is {state} and has no money that could be held.")
        self.reward_id = reward_id
        self.state = state


class AlreadyHeld(RewardNotHoldable):
    """The reward is held by another hold."""

    code = "ALREADY_HELD"

    def __init__(self, reward_id: str, hold_id: str) -> None:
        super().__init__(reward_id, "held")
        self.message = f"Reward {reward_id} is held already, by {hold_id}."
        self.hold_id = hold_id


class SamePerson(Refused):
    """Who proposed an adjustment cannot approve it."""

    code = "SAME_PERSON"

    def __init__(self, adjustment_id: str, actor: str) -> None:
        super().__init__(f"{actor} proposed adjustment {adjustment_id}; somebody else must approve it.")
        self.adjustment_id = adjustment_id
        self.actor = actor


class MonthNotOver(Refused):
    """A month can be closed once it has ended."""

    code = "MONTH_NOT_OVER"

    def __init__(self, month: str) -> None:
        super().__init__(f"The month {month} is not over.")
        self.month = month


class RecordNotOpen(Refused):
    """Its present status does not allow the step."""

    kind: ClassVar[str]

    def __init__(self, record_id: str, status: str) -> None:
        super().__init__(f"The {self.kind} {record_id} is {status}.")
        self.record_id = record_id
        self.status = status


class AdjustmentNotOpen(RecordNotOpen):
    """The adjustment was decided on before."""

    code, kind = "ADJUSTMENT_NOT_OPEN", "adjustment"


class PayoutNotOpen(RecordNotOpen):
    """The payout, or its batch, is at another step."""

    code, kind = "PAYOUT_NOT_OPEN", "payout"


class UnknownRecord(Refused):
    """No such thing has this id."""

    kind: ClassVar[str]

    def __init__(self, record_id: str) -> None:
        super().__init__(f"No {self.kind} has the id {record_id}.")
        self.record_id = record_id


class UnknownReward(UnknownRecord):
    """No reward has this id."""

    code, kind = "UNKNOWN_REWARD", "reward"


class UnknownHold(UnknownRecord):
    """No hold has this id."""

    code, kind = "UNKNOWN_HOLD", "hold"


class UnknownPayout(UnknownRecord):
    """No payout, and no batch, has this id."""

    code, kind = "UNKNOWN_PAYOUT", "payout"


class UnknownAdjustment(UnknownRecord):
    """No adjustment has this id."""

    code, kind = "UNKNOWN_ADJUSTMENT", "adjustment"


class UnknownDeadLetter(UnknownRecord):
    """No scope with this id is a dead letter."""

    code, kind = "UNKNOWN_DEAD_LETTER", "dead letter"

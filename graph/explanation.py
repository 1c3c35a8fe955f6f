"""How a reward came to its amount: the steps of its arithmetic, as codes with numbers, and every entry with its cause.

Nothing here decides anything: the numbers are the reward's own, the anchor's (`Anchor.appraise`) and those of
`graph/caps.py`. `graph/explanation_texts.py` says the steps in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from graph.adjustments import Adjustment
    from graph.ledger import Entry, PostedReward
    from graph.members import Ancestor
    from graph.orders import Order
    from graph.plan import Plan, PlanHistory, PlanVersion
    from graph.reasons import Value
    from graph.rebates import RebateBook
    from graph.refunds import Refund


class Code(StrEnum):
    """What a step says. The words are stable: clients may stand on them."""

    ORDER_NET = "ORDER_NET"
    ANCHOR = "ANCHOR"
    SLOT_SHARE = "SLOT_SHARE"
    SLOT_DUE = "SLOT_DUE"
    GRANTED = "GRANTED"
    ANCHOR_CAP = "ANCHOR_CAP"
    ANCHOR_REFUNDED = "ANCHOR_REFUNDED"
    SLOT_BURNT = "SLOT_BURNT"
    SLOT_REOPENED = "SLOT_REOPENED"
    THRESHOLD_OPEN = "THRESHOLD_OPEN"
    COMMISSION = "COMMISSION"
    COMPRESSED = "COMPRESSED"
    RANK_BELOW = "RANK_BELOW"
    DIFFERENTIAL = "DIFFERENTIAL"
    PEER = "PEER"
    NEAREST_RATE = "NEAREST_RATE"
    NEAREST_FIXED = "NEAREST_FIXED"
    TIER = "TIER"
    NO_TIER = "NO_TIER"
    ADJUSTMENT = "ADJUSTMENT"
    WITHIN_CAP = "WITHIN_CAP"
    ORDER_CAP = "ORDER_CAP"
    CUT_BY_CAP = "CUT_BY_CAP"
    BY_COMPLETION = "BY_COMPLETION"
    BY_REFUND = "BY_REFUND"
    BY_MONTH = "BY_MONTH"
    BY_SETTLEMENT = "BY_SETTLEMENT"
    BY_HOLD = "BY_HOLD"
    BY_RELEASE = "BY_RELEASE"
    BY_PAYOUT = "BY_PAYOUT"
    BY_FAILED_PAYOUT = "BY_FAILED_PAYOUT"
    BY_ADJUSTMENT = "BY_ADJUSTMENT"
    BY_OTHER = "BY_OTHER"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `formula` gives exactly `amount_minor`: minor units, R rounds half up, floor down."""

    code: Code
    values: Mapping[str, Value] = field(default_factory=dict)
    formula: str | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry with its cause, by how much it changed the reward, and what the reward was worth after it."""

    entry: Entry
    cause: Step
    change_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A reward with everything that its amount came from."""

    reward: PostedReward
    plans: PlanHistory
    order: Order | None = None
    """None for a month's tier."""
    net_minor: int = 0
    """The order's net amount, as far as it has been applied."""
    group: Sequence[PostedReward] = ()
    """All rewards for that order, this one included."""
    upline: Sequence[Ancestor] = ()
    """The buyer's, up to the beneficiary at least."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Before the order, by place in the table."""
    book: RebateBook | None = None
    """The beneficiary's, for a rebate."""
    entries: Sequence[Entry] = ()
    refunds: Mapping[str, Refund] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    """Those that the causes of the entries name."""
    holds: Mapping[str, str] = field(default_factory=dict)
    """The reasons of those that the causes name."""
    adjustment: Adjustment | None = None
    """What an adjustment's reward carries."""

    @property
    def version(self) -> PlanVersion | None:
        """The version that governs the reward; None for an adjustment, which no plan does."""
        return next((version for version in self.plans if version.version == self.reward.plan_version), None)

    @property
    def plan(self) -> Plan | None:
        """What that version says."""
        return self.version.plan if self.version else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reward explained. The last step with an amount gives the reward's."""

    reward: PostedReward
    order: Order | None
    version: PlanVersion | None
    steps: tuple[Step, ...]
    movements: tuple[Movement, ...]
    available_at: datetime | None
    """When it became available, or will; None while it is held."""
    held_by: Step | None
    """What holds it back, if anything does."""

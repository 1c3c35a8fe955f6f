"""How a reward came to its amount: the steps of its arithmetic, as codes with numbers, and every entry with its cause.

Nothing here decides anything: the numbers are the reward's own, the anchor's (`Anchor.appraise`) and those of
`graph/caps.py`. `graph/explanation_texts.py` says the steps in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.ledger import Account, RewardState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from graph.ledger import Entry, PostedReward
    from graph.members import Ancestor
    from graph.orders import Order
    from graph.plan import PlanHistory, PlanVersion
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
    WITHIN_CAP = "WITHIN_CAP"
    ORDER_CAP = "ORDER_CAP"
    CUT_BY_CAP = "CUT_BY_CAP"
    BY_COMPLETION = "BY_COMPLETION"
    BY_REFUND = "BY_REFUND"
    BY_MONTH = "BY_MONTH"
    BY_SETTLEMENT = "BY_SETTLEMENT"
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

    @property
    def version(self) -> PlanVersion:
        """The version that governs the reward."""
        return next(version for version in self.plans if version.version == self.reward.plan_version)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reward explained. The last step with an amount gives the reward's."""

    reward: PostedReward
    order: Order | None
    version: PlanVersion
    steps: tuple[Step, ...]
    movements: tuple[Movement, ...]
    available_at: datetime | None
    """When it became available, or will; None while it is held."""
    held_by: Step | None
    """What holds it back, if anything does."""


def movements(evidence: Evidence) -> list[Movement]:
    """The entries of a reward in the order in which they came about."""
    total, listed = 0, []
    for entry in sorted(evidence.entries, key=lambda entry: _turn(evidence, entry)):
        change = (entry.debit is Account.COMPANY_REWARDS) - (entry.credit is Account.COMPANY_REWARDS)
        total += change * entry.amount_minor
        listed.append(Movement(entry, _cause(evidence, entry), change * entry.amount_minor, total))
    return listed


def state_of(reward: PostedReward, listed: Sequence[Movement]) -> tuple[datetime | None, Step | None]:
    """When a reward becomes or became available, and what holds it."""
    if reward.state is RewardState.HELD:
        return None, next((m.cause for m in reversed(listed) if m.entry.credit is Account.HELD), None)
    settled = [m.entry.at for m in listed if m.entry.cause == "settlement"]
    return (settled[-1] if settled else reward.due_at), None


def _turn(evidence: Evidence, entry: Entry) -> tuple[bool, int, datetime, str]:
    """Facts by seq. An entry knows no place in time but its accounts: what touches `pending` came before settlement."""
    kind, _, key = entry.cause.partition(":")
    accounts = {entry.debit, entry.credit}
    fact = evidence.orders.get(key) if kind == "completion" else evidence.refunds.get(key)
    seq = (fact.seq if fact else None) or evidence.reward.order_seq
    return Account.PENDING not in accounts or kind == "settlement", seq, entry.at, entry.cause


def _cause(evidence: Evidence, entry: Entry) -> Step:
    kind, _, key = entry.cause.partition(":")
    if kind == "completion":
        order = evidence.orders.get(key)
        return Step(Code.BY_COMPLETION, {"order_id": key, "paid_minor": order.paid_minor if order else None})
    if kind == "refund":
        refund = evidence.refunds.get(key)
        amount, order_id = (refund.amount_minor, refund.order_id) if refund else (None, None)
        return Step(Code.BY_REFUND, {"refund_id": key, "amount_minor": amount, "order_id": order_id})
    if kind == "month":
        return Step(Code.BY_MONTH, {"month": key})
    if kind == "settlement":
        return Step(Code.BY_SETTLEMENT)
    return Step(Code.BY_OTHER, {"cause": entry.cause})

"""The reasons why somebody earned nothing of an order under a rule: codes with their numbers, not prose.

`graph/explanation_texts.py` says them in words. In `values`, what ends in `_minor` is an amount in the order's
currency, what ends in `_bp` a rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.ledger import PostedReward
    from graph.members import MemberId
    from graph.rewards import Rule

Value = str | int | tuple[str, ...] | None


class Why(StrEnum):
    """Why nothing was paid. The words are stable: clients may stand on them."""

    NOT_IN_UPLINE = "NOT_IN_UPLINE"
    ORDER_NOT_COMPLETED = "ORDER_NOT_COMPLETED"
    NOT_APPLIED_YET = "NOT_APPLIED_YET"
    NO_SUCH_RULE_IN_PLAN = "NO_SUCH_RULE_IN_PLAN"
    CURRENCY_NOT_COVERED = "CURRENCY_NOT_COVERED"
    ROUNDS_TO_ZERO = "ROUNDS_TO_ZERO"
    FIXED_ROUNDS_TO_ZERO = "FIXED_ROUNDS_TO_ZERO"
    ORDER_REFUNDED = "ORDER_REFUNDED"
    CUT_BY_CAP = "CUT_BY_CAP"

    BEYOND_LEVELS = "BEYOND_LEVELS"
    NO_ORDER_BEFORE = "NO_ORDER_BEFORE"
    LEVEL_TAKEN_BY = "LEVEL_TAKEN_BY"
    BEYOND_NEAREST = "BEYOND_NEAREST"

    NO_RANK = "NO_RANK"
    RATE_NOT_ABOVE_PAID = "RATE_NOT_ABOVE_PAID"
    RANK_WITHOUT_RATE = "RANK_WITHOUT_RATE"
    NO_BONUS_BELOW = "NO_BONUS_BELOW"
    NOT_A_PEER = "NOT_A_PEER"
    PEER_TAKEN_BY = "PEER_TAKEN_BY"
    HIGHER_RANK_BETWEEN = "HIGHER_RANK_BETWEEN"

    NOT_DIRECT_REFERRER = "NOT_DIRECT_REFERRER"
    NOT_FIRST_ORDER = "NOT_FIRST_ORDER"
    TOO_SMALL = "TOO_SMALL"
    NO_OWN_ORDER_BEFORE = "NO_OWN_ORDER_BEFORE"
    ALL_SLOTS_TAKEN = "ALL_SLOTS_TAKEN"
    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"
    MAX_CYCLES = "MAX_CYCLES"
    ANCHOR_REFUNDED = "ANCHOR_REFUNDED"
    WAITS_IN_BANK = "WAITS_IN_BANK"
    REFUNDED_IN_BANK = "REFUNDED_IN_BANK"
    THRESHOLD_OPEN = "THRESHOLD_OPEN"
    SLOT_BURNT = "SLOT_BURNT"
    SLOT_REOPENED = "SLOT_REOPENED"
    SLOT_WORTH_ZERO = "SLOT_WORTH_ZERO"

    MONTH_NOT_CLOSED = "MONTH_NOT_CLOSED"
    BELOW_TIERS = "BELOW_TIERS"
    PAID_BY_MONTH = "PAID_BY_MONTH"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason under one rule."""

    rule: Rule
    why: Why
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member got of an order, and why nothing where a rule gave nothing. `level` is None outside the upline."""

    member_id: MemberId
    level: int | None
    got: tuple[PostedReward, ...]
    """All that stands for them and this order, also what a refund or a cap has brought to zero."""
    reasons: tuple[Reason, ...]

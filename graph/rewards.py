"""What an accepted order makes due: pure functions from facts and plans to rewards (rules.md §3, §4).

`graph/rebates.py` holds the three-for-one slots; level commission is short enough to stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from graph.money import share
from graph.plan import Eligible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from graph.events import OrderCompleted
    from graph.members import Ancestor, MemberId
    from graph.orders import OrderId
    from graph.plan import Levels, PlanVersion

WHOLE_UPLINE = 2**31 - 1
"""A number of levels that no upline has."""


class Rule(StrEnum):
    """Which rule of the plan pays. Exports are ordered by these words."""

    COMMISSION = "commission"
    REBATE = "rebate"


@dataclass(frozen=True, slots=True)
class Reward:
    """What one member is due for one cause under one rule, with the numbers it was computed from.

    Keyed by (order, rule, beneficiary, level or anchor); `reward_id` is a hash of that key, so the same facts
    give the same id on every machine. Amounts are minor units of `currency`; `path` runs from the buyer to
    the beneficiary.
    """

    order_id: OrderId
    order_seq: int
    rule: Rule
    beneficiary_id: MemberId
    plan_version: int
    amount_minor: int
    currency: str
    base_minor: int
    rate_bp: int
    path: tuple[MemberId, ...]
    caused_by: OrderId
    """The order whose completion made it due: another than `order_id` where slots fall due together."""
    created_at: datetime
    due_at: datetime
    level: int | None = None
    slot: int | None = None
    anchor_order_id: OrderId | None = None

    @property
    def reward_id(self) -> str:
        """32 hexadecimal digits."""
        place = self.anchor_order_id if self.level is None else self.level
        return digest(self.order_id, self.rule, self.beneficiary_id, place)


def digest(*key: object) -> str:
    """A deterministic id for a composite key: 128 bits of SHA-256 over its length-prefixed parts."""
    parts = "".join(f"{len(text)}:{text}" for text in map(str, key))
    return sha256(parts.encode()).hexdigest()[:32]


def levels_needed(version: PlanVersion, currency: str) -> int:
    """How far up an order's upline the commission rule may have to look."""
    rule = version.plan.levels
    if rule is None or not version.plan.covers(currency):
        return 0
    return WHOLE_UPLINE if rule.compression and rule.eligible is not Eligible.ANY else len(rule.levels_bp)


def commissions(order: OrderCompleted, upline: Sequence[Ancestor], version: PlanVersion) -> list[Reward]:
    """The level commissions of one order, nearest first. `upline` is the buyer's, nearest first (rules.md §4).

    Commission that rounds to nothing is no reward.
    """
    rule = version.plan.levels
    if rule is None or not version.plan.covers(order.currency):
        return []
    hold = timedelta(days=rule.hold_days)
    path = (order.buyer_id, *(ancestor.member_id for ancestor in upline))
    rewards = []
    for level, (ancestor, rate_bp) in enumerate(_earners(order, upline, rule), start=1):
        amount = share(order.net_minor, rate_bp)
        if ancestor is None or amount == 0:
            continue
        rewards.append(
            Reward(
                order_id=order.order_id,
                order_seq=order.seq,
                rule=Rule.COMMISSION,
                beneficiary_id=ancestor.member_id,
                plan_version=version.version,
                amount_minor=amount,
                currency=order.currency,
                base_minor=order.net_minor,
                rate_bp=rate_bp,
                path=path[: ancestor.level + 1],
                caused_by=order.order_id,
                created_at=order.completed_at,
                due_at=order.completed_at + hold,
                level=level,
            )
        )
    return rewards


def _earners(order: OrderCompleted, upline: Sequence[Ancestor], rule: Levels) -> Iterator[tuple[Ancestor | None, int]]:
    """For each paid level in turn, who takes it (None: nobody) and at which rate."""

    def eligible(ancestor: Ancestor) -> bool:
        first = ancestor.first_order_seq
        return rule.eligible is Eligible.ANY or (first is not None and first < order.seq)

    takers: list[Ancestor | None] = [a if eligible(a) else None for a in upline]
    if rule.compression:
        takers = [ancestor for ancestor in takers if ancestor is not None]
    return zip(takers, rule.levels_bp, strict=False)

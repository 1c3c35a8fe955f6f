"""Rewards: what a member is due for one cause under one rule, and the arithmetic to do it again (rules.md §4, §5, §7).

`graph/rebates.py` finds what three-for-one slots are worth, `graph/commissions.py` and `graph/bonuses.py` what the
upline earns of an order, `graph/caps.py` what an order may pay in all. All of them answer with rewards; the ledger
posts the difference to what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from graph.money import half_up, share

if TYPE_CHECKING:
    from datetime import datetime

    from graph.members import MemberId
    from graph.orders import OrderId


class Rule(StrEnum):
    """Which rule of the plan pays. Exports are ordered by these words."""

    ADJUSTMENT = "adjustment"
    COMMISSION = "commission"
    DIFFERENTIAL = "differential"
    NEAREST = "nearest"
    PEER = "peer"
    REBATE = "rebate"
    TIER = "tier"


Share = tuple[str, Rule, str]
"""Who is paid, under which rule, in which currency."""
OF_THE_ORDER = frozenset({Rule.COMMISSION, Rule.DIFFERENTIAL, Rule.NEAREST, Rule.PEER})
"""Rules whose amounts follow the net amount of the order alone, with the rates once stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    worth_minor: int
    """What the rule gives now, before the cap of the order."""
    currency: str
    base_minor: int
    rate_bp: int
    path: tuple[MemberId, ...]
    created_at: datetime
    due_at: datetime | None
    """When its hold has passed; None once it is no longer pending."""
    level: int | None = None
    slot: int | None = None
    anchor_order_id: OrderId | None = None
    below_bp: int = 0
    """Differential and peer: the rate that the upline below had already been paid."""
    peer_bp: int | None = None
    """Peer: the share of the winner's differential."""
    fixed_minor: int | None = None
    """Nearest with a fixed amount: that amount, for the whole of what was paid."""
    order_minor: int | None = None
    """Nearest with a fixed amount: what was paid for the order."""

    @property
    def reward_id(self) -> str:
        """32 hexadecimal digits."""
        place = self.anchor_order_id if self.level is None else self.level
        return digest(self.order_id, self.rule, self.beneficiary_id, place)

    def on(self, net_minor: int) -> Reward:
        """The same reward on another net amount of its order; only for rules of `OF_THE_ORDER`."""
        fixed = None if self.fixed_minor is None or self.order_minor is None else (self.fixed_minor, self.order_minor)
        worth = order_worth(net_minor, self.rate_bp, self.below_bp, self.peer_bp, fixed)
        return replace(self, base_minor=net_minor, worth_minor=worth)


def order_worth(net_minor: int, rate_bp: int, below_bp: int, peer_bp: int | None, fixed: tuple[int, int] | None) -> int:
    """What a rule of `OF_THE_ORDER` gives on a net amount; `fixed`: so much for the whole of what was paid."""
    if fixed is not None:
        return half_up(fixed[0] * net_minor, fixed[1])
    worth = share(net_minor, rate_bp)
    if below_bp:
        worth -= share(net_minor, below_bp)
    return worth if peer_bp is None else share(worth, peer_bp)


def digest(*key: object) -> str:
    """A deterministic id for a composite key: 128 bits of SHA-256 over its length-prefixed parts."""
    parts = "".join(f"{len(text)}:{text}" for text in map(str, key))
    return sha256(parts.encode()).hexdigest()[:32]

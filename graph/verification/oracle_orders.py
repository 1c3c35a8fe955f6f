"""What the recount remembers of a plan, an order and a slot, and the rounding of rules.md §1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

DEFAULTS: dict[str, dict[str, Any]] = {
    "three_for_one": {
        "slots_bp": [2000, 3000, 5000],
        "base": "own",
        "qualify": "first_order",
        "min_order_minor": 1,
        "anchor": "oldest",
        "window_days": None,
        "max_cycles": None,
        "bank": "none",
        "mode": "slot",
        "refund_policy": "burn",
        "allow_over_100": False,
    },
    "levels": {"levels_bp": [], "eligible": "any", "compression": False},
    "team": {"ranks": [], "peer_bp": 0},
    "nearest": {"count": 0, "rate_bp": 0, "fixed_minor": None, "eligible": "any"},
    "monthly": {"tiers": []},
}
WHOLE = 10_000


def half_up(numerator: int, denominator: int = WHOLE) -> int:
    """R of rules.md §1; a numerator of money times basis points needs no denominator."""
    return (2 * numerator + denominator) // (2 * denominator)


class Plan:
    """A version of the plan with every default filled in; a section that the document lacks is None."""

    def __init__(self, version: int, document: Mapping[str, Any]) -> None:
        self.version = version
        self.currencies = document.get("currencies")
        self.max_payout_bp: int | None = document.get("max_payout_bp")
        self.sections = {
            name: defaults | document[name] for name, defaults in DEFAULTS.items() if document.get(name) is not None
        }

    def section(self, name: str, currency: str) -> dict[str, Any] | None:
        """The settings of a rule for money of this currency; None when the plan does not pay it."""
        if self.currencies and currency not in self.currencies:
            return None
        return self.sections.get(name)


@dataclass(slots=True, eq=False)
class Share:
    """What an upline member has of one order: a rate of it less the rate paid below, a fixed sum, or a peer's part."""

    rule: str
    member: str
    level: int
    rate_bp: int = 0
    paid_below_bp: int = 0
    fixed_minor: int | None = None
    winner: Share | None = None


@dataclass(slots=True, eq=False)
class Slot:
    """A used slot. `granted` is None until it is valued, and again when it has moved; `due` is what is payable now."""

    referral: Order
    position: int
    granted: int | None = None
    due: int = 0


@dataclass(slots=True, eq=False)
class Order:
    """A completed order in both its parts: an anchor with its `filled` slots, and a referral in its `slot`.

    `rule` is the three-for-one section of its plan, empty when that does not cover it. `filled` is in the order of
    filling. `anchor` is the order that this one filled, also after it lost the slot.
    """

    id: str
    seq: int
    buyer: str
    paid: int
    currency: str
    at: datetime
    plan: Plan
    net: int
    rule: dict[str, Any]
    filled: list[Slot] = field(default_factory=list)
    received: bool = False
    slot: Slot | None = None
    anchor: Order | None = None
    shares: list[Share] | tuple[()] = ()


def upline(referrers: Mapping[str, str | None], member: str) -> Iterator[str]:
    """Everyone above a member, level 1 first."""
    above = referrers.get(member)
    while above:
        yield above
        above = referrers.get(above)

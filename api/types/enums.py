"""The domain's enumerations as GraphQL enums. Every value has a description; a test refuses one without."""

from collections.abc import Mapping
from enum import Enum

import strawberry

from graph.adjustments import AdjustmentStatus
from graph.holds import HoldStatus
from graph.ledger import Account, RewardState
from graph.orders import OrderStatus
from graph.payouts import PayoutStatus
from graph.rewards import Rule


def _publish(enum: type[Enum], description: str, values: Mapping[str, str]) -> None:
    """Makes a domain enumeration a GraphQL enum, in place, with a description for each of its names."""
    strawberry.enum(enum, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values.get(value.name)


_publish(
    OrderStatus,
    "Where an order stands.",
    {
        "PLACED": "Placed, and not yet counting for anything.",
        "COMPLETED": "Received and past any check: it counts.",
        "CANCELLED": "Given up before completion.",
    },
)
_publish(
    Rule,
    "Which rule of the plan pays a reward.",
    {
        "ADJUSTMENT": "Money given or taken by hand.",
        "REBATE": "Three-for-one: one's own order coming back.",
        "COMMISSION": "A rate of a downline order.",
    },
)
_publish(
    RewardState,
    "Which of the beneficiary's accounts a reward's money is in.",
    {
        "PENDING": "Its hold has not passed.",
        "AVAILABLE": "Settled, and free to be paid out.",
        "HELD": "Held back by a review.",
        "PAID": "Paid out.",
    },
)
_publish(
    Account,
    "Where money is. All but the first belong to the beneficiary of the entry.",
    {
        "COMPANY_REWARDS": "The company's account, from which all rewards come.",
        "PENDING": "Rewards whose hold has not passed.",
        "AVAILABLE": "Rewards that were settled.",
        "HELD": "Rewards held back by a review.",
        "PAID": "Rewards that were paid out.",
    },
)
_publish(
    PayoutStatus,
    "How far a payout, or a batch, is on its way to the bank.",
    {
        "PAYING": "A batch that has not come to its end: run it again with its key.",
        "OPEN": "Paid out of the balances, and not yet in a file for the bank.",
        "EXPORTED": "In a file for the bank.",
        "SETTLED": "Paid by the bank.",
        "FAILED": "Refused by the bank: the money is available again.",
    },
)
_publish(
    AdjustmentStatus,
    "Whether an adjustment moved money.",
    {
        "PROPOSED": "It waits for a second person.",
        "POSTED": "It moved money.",
        "REJECTED": "It was given up.",
    },
)
_publish(
    HoldStatus,
    "Whether a hold keeps its rewards back.",
    {"HELD": "It does.", "RELEASED": "It did once."},
)

__all__ = ["Account", "AdjustmentStatus", "HoldStatus", "OrderStatus", "PayoutStatus", "RewardState", "Rule"]

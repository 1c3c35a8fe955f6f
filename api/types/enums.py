"""The domain's enumerations as GraphQL enums. Every value has a description; a test refuses one without."""

from collections.abc import Mapping
from enum import Enum

import strawberry

from graph.adjustments import AdjustmentStatus
from graph.holds import HoldStatus
from graph.identity import IdentifierKind, IdentityField
from graph.ledger import Account, RewardState
from graph.orders import OrderStatus
from graph.payouts import PayoutStatus
from graph.plan import ScheduleState
from graph.plan_findings import Severity, Topic
from graph.principals import Role
from graph.refunds import RefundStatus
from graph.rewards import Rule


def _publish(enum: type[Enum], description: str, values: Mapping[str, str], name: str | None = None) -> None:
    """Makes a domain enumeration a GraphQL enum, in place, with a description for each of its names."""
    strawberry.enum(enum, name=name, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values.get(value.name)


_publish(
    OrderStatus,
    "Where an order stands.",
    {
        "PLACED": "Placed, and not yet counting for anything.",
        "COMPLETED": "Received and past any check: it counts.",
        "CANCELLED": "Given up before completion.",
        "PARTIALLY_REFUNDED": "Completed, and refunded in part: what is left counts.",
        "REFUNDED": "Completed, and refunded in full.",
    },
)
_publish(
    RefundStatus,
    "What became of a refund.",
    {
        "PARKED": "It waits until its order is completed.",
        "APPLIED": "Taken off its order.",
        "REFUSED": "It was parked, and its order then did not admit it.",
    },
)
_publish(
    Rule,
    "Which rule of the plan pays a reward.",
    {
        "REBATE": "Three-for-one: one's own order coming back.",
        "COMMISSION": "A rate of a downline order, by level.",
        "DIFFERENTIAL": "What a rank's rate is above the ranks below, of a downline order (极差).",
        "PEER": "A share of the differential of somebody below who holds the same rank (平级).",
        "NEAREST": "A rate, or a fixed amount, for the nearest of the upline (见点).",
        "TIER": "A rate of what the team bought in a month.",
        "ADJUSTMENT": "Given or taken by hand.",
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
    Severity,
    "How grave a finding is.",
    {
        "NOTE": "It explains.",
        "WARN": "It wants a decision.",
        "ALARM": "It wants another plan, or a lawyer.",
    },
    name="PlanFindingSeverity",
)
_publish(
    Topic,
    "What a finding is about.",
    {
        "PAYS": "What the plan pays, and when.",
        "COST": "What it costs at worst.",
        "FRAUD": "What members who refer themselves could take.",
        "LAW": "Which legal lines it comes near.",
    },
    name="PlanFindingTopic",
)
_publish(
    ScheduleState,
    "What became of a plan that was to be published later.",
    {
        "SCHEDULED": "It waits for its moment.",
        "PUBLISHED": "It was published as a version.",
        "CANCELLED": "It was cancelled, and will not be published.",
    },
    name="PlanScheduleState",
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

__all__ = [
    "Account",
    "AdjustmentStatus",
    "HoldStatus",
    "OrderStatus",
    "PayoutStatus",
    "RefundStatus",
    "RewardState",
    "Role",
    "Rule",
    "ScheduleState",
    "Severity",
    "Topic",
]
_publish(
    IdentifierKind,
    "What members can turn out to share.",
    {
        "DEVICE": "A device or browser fingerprint.",
        "IP": "An IP address.",
        "PAYMENT": "What they paid with.",
        "PAYOUT": "What they are paid out to.",
        "ADDRESS": "A postal address.",
        "PHONE": "A phone number.",
        "ID_NUMBER": "An ID number.",
    },
)
_publish(
    IdentityField,
    "What is kept sealed of a member.",
    {"NAME": "What they are called.", "PHONE": "Their phone.", "ID_NUMBER": "Their ID number."},
)
_publish(
    Role,
    "What somebody who asks may do; several roles add up.",
    {
        "MEMBER": "Their own money, and their downline to an allowed depth.",
        "ANALYST": "The whole network in numbers, names masked.",
        "REVIEWER": "What an analyst sees; holds, look-ups and reveals with a reason.",
        "FINANCE": "What an analyst sees, and every movement of money.",
        "ADMIN": "Plans, keys, dead letters, erasure; moves no money.",
        "INGEST": "Records facts, and reads nothing but who it is.",
    },
)

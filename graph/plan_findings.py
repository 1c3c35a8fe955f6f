"""What a review of a plan finds: a code, how grave it is, and the numbers; the words are in `graph/plan_texts.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from graph.currencies import MINOR_DIGITS
from graph.money import BASIS_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.plan import Plan


class Topic(StrEnum):
    """What a finding is about; a review is read in this order."""

    PAYS = "pays"
    COST = "cost"
    FRAUD = "fraud"
    LAW = "law"


class Severity(StrEnum):
    """A note explains, a warning wants a decision, an alarm wants another plan or a lawyer."""

    NOTE = "note"
    WARN = "warn"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units of a currency."""

    minor: int
    currency: str


Number: TypeAlias = "int | str | Fraction | Amount | tuple[Number, ...]"
"""A Fraction is a share of 1; a text is a name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a plan. `code` is stable; the text of that code names these numbers."""

    topic: Topic
    severity: Severity
    code: str
    numbers: Mapping[str, Number] = field(default_factory=dict)


def pays(code: str, **numbers: Number) -> Finding:
    """What a rule pays, and when."""
    return Finding(Topic.PAYS, Severity.NOTE, code, numbers)


def rate(basis_points: int) -> Fraction:
    """The share that a rate in basis points is."""
    return Fraction(basis_points, BASIS_POINTS)


def example_order(plan: Plan) -> Amount:
    """The order that a review reckons with: 299.00, or the least that counts, in a currency of the plan."""
    currency = "CNY" if plan.covers("CNY") else min(plan.currencies or ("CNY",))
    least = plan.three_for_one.min_order_minor if plan.three_for_one else 1
    return Amount(max(299 * 10 ** MINOR_DIGITS[currency], least), currency)

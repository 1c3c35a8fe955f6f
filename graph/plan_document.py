"""Reads a plan document, a JSON object, or names every fault in it at once.

One table a section says which settings there are, what each means and how it is read; a setting left out or null
takes its default from `graph/plan.py`. What is wrong between settings is found by `graph/plan_limits.py`.
"""

from __future__ import annotations

import json
from typing import Any

from graph.errors import PlanInvalid
from graph.money import BASIS_POINTS, MAX_AMOUNT_MINOR
from graph.plan import (
    AnchorChoice,
    Bank,
    Base,
    Eligible,
    Levels,
    Mode,
    Monthly,
    Nearest,
    Plan,
    Qualify,
    Rank,
    RefundPolicy,
    TeamBonus,
    ThreeForOne,
    Tier,
)
from graph.plan_limits import contradictions, reach_faults
from graph.plan_readers import (
    MAX_COUNT,
    MAX_DAYS,
    MAX_LIST,
    RATE,
    Reader,
    Unreadable,
    choice,
    currencies,
    flag,
    note,
    rates,
    section,
    sections,
    text,
    whole,
)


def parse_plan(document: str) -> Plan:
    """The plan that a JSON text describes; raises PlanInvalid naming every fault found."""
    plan = stored_plan(document)
    faults = (*contradictions(plan), *reach_faults(plan))
    if faults:
        raise PlanInvalid(faults)
    return plan


def stored_plan(document: str) -> Plan:
    """As parse_plan, for a version that was published once: limits that were added since do not undo it."""
    try:
        value: Any = json.loads(document, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as fault:
        raise PlanInvalid((f"it is not JSON: {fault}",)) from None
    try:
        plan: Plan = PLAN.read(value, "")
    except Unreadable as fault:
        raise PlanInvalid(fault.faults) from None
    return plan


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON lets a name stand twice; a plan must not leave open which one is meant."""
    whole_section = dict(pairs)
    if len(whole_section) < len(pairs):
        raise ValueError("a setting stands twice")
    return whole_section


NOTE = {"note": note().about("Words for those who read the plan. No rule looks at them.")}
HOLD_DAYS = whole(0, MAX_DAYS).about("Days until a pending reward becomes available.")
ELIGIBLE = choice(Eligible).about(
    "Who of the upline may earn: anybody, or only members with a completed order of their own before this one."
)

THREE_FOR_ONE = section(
    ThreeForOne,
    {
        "slots_bp": rates(1, 10 * BASIS_POINTS).about(
            "What each slot of one's own order is worth, in basis points, in the order of filling. At most 10000 "
            "together, unless allow_over_100."
        ),
        "base": choice(Base).about(
            "What a slot is a share of: one's own order, the referral's order, or the smaller of the two."
        ),
        "qualify": choice(Qualify).about("Whether only the first order of a referee is a referral, or every order."),
        "min_order_minor": whole(1, MAX_AMOUNT_MINOR).about(
            "An order below this many minor units is no referral; it still uses up first_order."
        ),
        "anchor": choice(AnchorChoice).about("Which of one's own open orders a referral fills."),
        "window_days": whole(0, MAX_DAYS).about(
            "A referral counts only if the two completions are at most so many days apart; null: always."
        ),
        "max_cycles": whole(0, MAX_COUNT).about("At most so many orders of a member are ever refunded; null: all."),
        "bank": choice(Bank).about("A referral that finds no open order pays nothing (none), or waits for one (keep)."),
        "mode": choice(Mode).about("Each slot pays as it is filled, or all pay together when none is open."),
        "refund_policy": choice(RefundPolicy).about(
            "When a referral is refunded in full: its slot stays used (burn), later slots move down (shift), or it "
            "opens again (refill)."
        ),
        "hold_days": HOLD_DAYS,
        "allow_over_100": flag().about("Lets one order return more than it cost."),
    },
    NOTE,
).about("Three-for-one: refer buyers and your own order is refunded, slot by slot.")

LEVELS = section(
    Levels,
    {
        "levels_bp": rates(0, BASIS_POINTS).about(
            "Basis points of the order for each level of the buyer's upline, the direct referrer first."
        ),
        "eligible": ELIGIBLE,
        "compression": flag().about("Whether an ineligible level is skipped and the next eligible member takes it."),
        "hold_days": HOLD_DAYS,
    },
    NOTE,
).about("Level commission: a rate of every order for each level above the buyer.")

RANK = section(
    Rank,
    {
        "name": text(100).about("The name of the rank; a rank that a member reached counts wherever its name stands."),
        "min_direct": whole(0, MAX_COUNT).about("So many direct referees must have a completed order."),
        "min_team_volume_minor": whole(0, MAX_AMOUNT_MINOR).about(
            "The team must have bought for so many minor units of the order's currency."
        ),
        "rate_bp": RATE.about("The differential rate in basis points; not below that of a lower rank."),
    },
    NOTE,
)
TEAM = section(
    TeamBonus,
    {
        "ranks": sections(RANK).about("From the lowest rank to the highest."),
        "peer_bp": RATE.about("What the next upline of the same rank earns, in basis points of the differential."),
        "hold_days": HOLD_DAYS,
    },
    NOTE,
).about("Team bonus: each rank earns the difference between its rate and what was paid below it.")

NEAREST = section(
    Nearest,
    {
        "count": whole(1, MAX_LIST).about("How many of the upline earn, the nearest eligible first."),
        "rate_bp": RATE.about("Basis points of the order for each. Either this or fixed_minor."),
        "fixed_minor": whole(1, MAX_AMOUNT_MINOR).about(
            "A fixed amount for each, in minor units of the one currency that the plan lists."
        ),
        "eligible": ELIGIBLE,
        "hold_days": HOLD_DAYS,
    },
    NOTE,
).about("Nearest: the first eligible members above the buyer each earn the same.")

TIER = section(
    Tier,
    {
        "min_volume_minor": whole(0, MAX_AMOUNT_MINOR).about(
            "The tier holds from this volume of the team's month on, in minor units."
        ),
        "rate_bp": RATE.about("Basis points of the whole volume."),
    },
    NOTE,
)
MONTHLY = section(
    Monthly,
    {
        "tiers": sections(TIER).about("By rising volume; the highest that holds applies to the whole volume."),
        "hold_days": whole(0, MAX_DAYS).about("Days from the end of the month until the bonus becomes available."),
    },
    NOTE,
).about("Monthly bonus: the volume of a member's team in a calendar month (UTC) decides the rate.")

PLAN = section(
    Plan,
    {
        "name": text(100).about("What the plan is called."),
        "three_for_one": THREE_FOR_ONE,
        "levels": LEVELS,
        "team": TEAM,
        "nearest": NEAREST,
        "monthly": MONTHLY,
        "currencies": currencies().about("The plan pays only for orders in these currencies; null: in all."),
        "max_payout_bp": whole(0, 10 * BASIS_POINTS).about(
            "All that falls due because of one order, the monthly bonus apart, is at most this share; null: no cap."
        ),
        "max_level": whole(1, MAX_LIST).about(
            "A plan that can pay a member further above the buyer is refused, unless acknowledge_multi_level."
        ),
        "acknowledge_multi_level": flag().about("Says that paying beyond max_level is meant."),
    },
    NOTE | {"$schema": note().about("Where an editor finds this schema.")},
)
"""The whole plan language."""

__all__ = ["PLAN", "Reader", "parse_plan", "stored_plan"]

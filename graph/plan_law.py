"""The legal lines of China that a plan comes near. A guard, not legal advice.

The sources: the Regulation on the Prohibition of Pyramid Selling (《禁止传销条例》, State Council order 444, in force
since 2005-11-01), Article 7; Criminal Law Article 224-1 with the joint opinion of 2013; WeChat's announcement of 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.plan import Eligible, Mode
from graph.plan_findings import Finding, Number, Severity, Topic
from graph.plan_limits import reach, reaches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.plan import Plan

LEVELS_TOLERATED = 2
"""Beyond so many levels above the buyer a plan is treated as an alarm."""


def legal_lines(plan: Plan) -> Iterator[Finding]:
    """Each line that the plan comes near, or crosses."""
    depth = reach(plan)
    if depth == 0:
        return
    far = depth is None or depth > LEVELS_TOLERATED
    if far:
        rules = tuple(rule for rule, deep in reaches(plan) if deep is None or deep > LEVELS_TOLERATED)
        yield _law("LAW_DEPTH_ANY" if depth is None else "LAW_DEPTH", Severity.ALARM, depth=depth or 0, rules=rules)
    yield from _to_qualify(plan)
    yield from _heads(plan)
    yield from _team_pay(plan)
    near = Severity.WARN if depth == LEVELS_TOLERATED else Severity.NOTE
    gravity = Severity.ALARM if far else near
    yield _law("LAW_THIRTY", gravity)
    if depth != 1:
        yield _law("LAW_WECHAT_OVER" if far else "LAW_WECHAT", gravity)


def _to_qualify(plan: Plan) -> Iterator[Finding]:
    """Article 7, item 2: an entry fee, or goods bought in its place."""
    asking = {
        "three_for_one": plan.three_for_one is not None,
        "levels": plan.levels is not None and plan.levels.eligible is Eligible.HAS_ORDER,
        "nearest": plan.nearest is not None and plan.nearest.eligible is Eligible.HAS_ORDER,
    }
    rules = tuple(rule for rule, asks in asking.items() if asks)
    if rules:
        yield _law("LAW_BUY_IN", Severity.WARN, rules=rules)


def _heads(plan: Plan) -> Iterator[Finding]:
    """Article 7, item 1: pay by the number of people recruited."""
    slots = plan.three_for_one
    if slots and slots.mode is Mode.THRESHOLD:
        yield _law("LAW_HEADCOUNT", Severity.WARN, count=len(slots.slots_bp))
    if plan.team and any(rank.min_direct for rank in plan.team.ranks):
        yield _law("LAW_HEADCOUNT_RANKS", Severity.WARN, count=max(rank.min_direct for rank in plan.team.ranks))


def _team_pay(plan: Plan) -> Iterator[Finding]:
    """Article 7, item 3: the upline paid from the sales of the downline."""
    rules = tuple(rule for rule, deep in reaches(plan) if rule in ("team", "monthly") and deep is None)
    if rules:
        yield _law("LAW_TEAM_PAY", Severity.ALARM, rules=rules)
    indirect = tuple(rule for rule, deep in reaches(plan) if rule in ("levels", "nearest") and deep != 1)
    if indirect:
        yield _law("LAW_DOWNLINE_SALES", Severity.WARN, rules=indirect)


def _law(code: str, severity: Severity, **numbers: Number) -> Finding:
    return Finding(Topic.LAW, severity, code, numbers)

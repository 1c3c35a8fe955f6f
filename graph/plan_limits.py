"""What a plan must not promise: settings that contradict each other, and pay beyond the levels it admits to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from graph.money import BASIS_POINTS
from graph.plan import Eligible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.plan import Levels, Monthly, Nearest, Plan, TeamBonus


def contradictions(plan: Plan) -> tuple[str, ...]:
    """Every fault between settings that are right by themselves."""
    return tuple(_contradictions(plan))


def _contradictions(plan: Plan) -> Iterator[str]:
    slots = plan.three_for_one
    if slots and sum(slots.slots_bp) > BASIS_POINTS and not slots.allow_over_100:
        yield f"slots_bp add up to {sum(slots.slots_bp)}, over {BASIS_POINTS}, without allow_over_100"
    if plan.team:
        yield from _of_ranks(plan.team)
    if plan.nearest:
        yield from _of_nearest(plan.nearest, plan.currencies)
    if plan.monthly:
        yield from _of_tiers(plan.monthly)


def _of_ranks(team: TeamBonus) -> Iterator[str]:
    names = [rank.name for rank in team.ranks]
    yield from (f"team.ranks has {name!r} twice" for name in sorted({n for n in names if names.count(n) > 1}))
    for lower, higher in pairwise(team.ranks):
        if higher.rate_bp < lower.rate_bp:
            yield f"team.ranks: {higher.name!r} has a lower rate_bp than {lower.name!r} below it"


def _of_nearest(nearest: Nearest, currencies: frozenset[str] | None) -> Iterator[str]:
    if (nearest.rate_bp > 0) is (nearest.fixed_minor is not None):
        yield "nearest needs exactly one of rate_bp and fixed_minor, above 0"
    if nearest.fixed_minor is not None and len(currencies or ()) != 1:
        yield "nearest.fixed_minor is an amount of one currency: currencies must list exactly that one"


def _of_tiers(monthly: Monthly) -> Iterator[str]:
    for lower, higher in pairwise(monthly.tiers):
        if higher.min_volume_minor <= lower.min_volume_minor:
            yield f"monthly.tiers: min_volume_minor {higher.min_volume_minor} does not rise above the tier before it"
        if higher.rate_bp < lower.rate_bp:
            yield f"monthly.tiers: rate_bp {higher.rate_bp} is below that of the tier before it"


def reach(plan: Plan) -> int | None:
    """How many levels above the buyer the plan can pay at most; None: at any distance."""
    depths = [depth for _, depth in reaches(plan)]
    return None if None in depths else max((depth for depth in depths if depth is not None), default=0)


def reaches(plan: Plan) -> list[tuple[str, int | None]]:
    """As reach, for each rule that pays anything."""
    depths: dict[str, int | None] = {}
    if plan.three_for_one:
        depths["three_for_one"] = 1 if any(plan.three_for_one.slots_bp) else 0
    if plan.levels:
        depths["levels"] = _levels_reach(plan.levels)
    if plan.team:
        depths["team"] = None if any(rank.rate_bp for rank in plan.team.ranks) else 0
    if plan.nearest:
        depths["nearest"] = None if plan.nearest.eligible is Eligible.HAS_ORDER else plan.nearest.count
    if plan.monthly:
        depths["monthly"] = None if any(tier.rate_bp for tier in plan.monthly.tiers) else 0
    return [(rule, depth) for rule, depth in depths.items() if depth != 0]


def _levels_reach(levels: Levels) -> int | None:
    skips = levels.compression and levels.eligible is Eligible.HAS_ORDER
    return None if _listed(levels) and skips else _listed(levels)


def _listed(levels: Levels) -> int:
    """How many levels are paid: up to the last rate that is not 0."""
    return max((level for level, rate in enumerate(levels.levels_bp, start=1) if rate), default=0)


WHY_ANY_LEVEL = {
    "team": "pays a rate of the order at any level",
    "monthly": "pays for the whole team, at any level",
}


def reach_faults(plan: Plan) -> tuple[str, ...]:
    """For each rule that can pay more levels than max_level, how many; none if the plan acknowledges it.

    Compression and has_order pay no more levels than the plan lists, only farther up: that is for the review to say.
    """
    if plan.acknowledge_multi_level:
        return ()
    beyond = [(rule, paid) for rule, paid in _paid_levels(plan) if paid is None or paid > plan.max_level]
    return tuple(
        f"{rule} {WHY_ANY_LEVEL[rule] if paid is None else f'pays {paid} levels'}, "
        f"over max_level {plan.max_level}, without acknowledge_multi_level"
        for rule, paid in beyond
    )


def _paid_levels(plan: Plan) -> Iterator[tuple[str, int | None]]:
    """How many members above the buyer each rule can pay for one order; None: any number."""
    for rule, depth in reaches(plan):
        if rule == "levels" and plan.levels:
            yield rule, _listed(plan.levels)
        elif rule == "nearest" and plan.nearest:
            yield rule, plan.nearest.count
        else:
            yield rule, depth

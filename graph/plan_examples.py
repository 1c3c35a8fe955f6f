"""What each rule of a plan pays, worked out on one order: who gets what, and when."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from graph.money import BASIS_POINTS, share
from graph.plan import Bank, Base, Eligible, Mode, Qualify
from graph.plan_findings import Amount, Finding, pays, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.plan import Levels, Monthly, Nearest, Plan, TeamBonus, ThreeForOne


def examples(plan: Plan, order: Amount) -> Iterator[Finding]:
    """The rules of a plan, one after the other, on an order like this."""
    if plan.currencies:
        yield pays("CURRENCIES", currencies=tuple(sorted(plan.currencies)))
    if plan.three_for_one:
        yield from _of_slots(plan.three_for_one, order)
    if plan.levels and any(plan.levels.levels_bp):
        yield from _of_levels(plan.levels, order)
    if plan.team:
        yield from _of_team(plan.team, order)
    if plan.nearest:
        yield from _of_nearest(plan.nearest, order)
    if plan.monthly:
        yield from _of_months(plan.monthly, order.currency)
    if plan.max_payout_bp is not None:
        most = order.minor * plan.max_payout_bp // BASIS_POINTS
        yield pays("CAP", order=order, most=Amount(most, order.currency), share=rate(plan.max_payout_bp))


def slot_amounts(rule: ThreeForOne, order_minor: int) -> list[int]:
    """What each slot of an order returns, where all referrals are of the same amount (rules.md §3)."""
    if rule.max_cycles == 0:
        return [0] * len(rule.slots_bp)
    upto = [share(order_minor, sum(rule.slots_bp[:k])) for k in range(len(rule.slots_bp) + 1)]
    if rule.base is Base.OWN:
        return [after - before for before, after in pairwise(upto)]
    granted: list[int] = []
    for slot_bp in rule.slots_bp:
        due = share(order_minor, slot_bp)
        granted.append(due if rule.allow_over_100 else min(due, upto[-1] - sum(granted)))
    return granted


def _of_slots(rule: ThreeForOne, order: Amount) -> Iterator[Finding]:
    amounts = slot_amounts(rule, order.minor)
    total = sum(amounts)
    yield pays(
        "SLOTS" if rule.mode is Mode.SLOT else "THRESHOLD",
        order=order,
        count=len(amounts),
        amounts=tuple(Amount(amount, order.currency) for amount in amounts),
        total=Amount(total, order.currency),
        share=rate(sum(rule.slots_bp)),
        hold_days=rule.hold_days,
    )
    yield pays(f"BASE_{rule.base.name}")
    yield pays("FIRST_ORDER" if rule.qualify is Qualify.FIRST_ORDER else "EVERY_ORDER")
    if rule.min_order_minor > 1:
        yield pays("MIN_ORDER", least=Amount(rule.min_order_minor, order.currency))
    if rule.window_days is not None:
        yield pays("WINDOW", days=rule.window_days)
    if rule.max_cycles is not None:
        yield pays("MAX_CYCLES", orders=rule.max_cycles)
    yield pays("BANK_KEEP" if rule.bank is Bank.KEEP else "BANK_NONE")


def _of_levels(rule: Levels, order: Amount) -> Iterator[Finding]:
    yield pays(
        "LEVELS",
        order=order,
        amounts=tuple(Amount(share(order.minor, level), order.currency) for level in rule.levels_bp),
        rates=tuple(rate(level) for level in rule.levels_bp),
        hold_days=rule.hold_days,
    )
    if rule.eligible is Eligible.HAS_ORDER:
        yield pays("LEVELS_COMPRESSED" if rule.compression else "LEVELS_HAS_ORDER")


def _of_team(rule: TeamBonus, order: Amount) -> Iterator[Finding]:
    upto = [0, *(share(order.minor, rank.rate_bp) for rank in rule.ranks)]
    steps = [Amount(after - before, order.currency) for before, after in pairwise(upto)]
    top = rule.ranks[-1]
    yield pays(
        "DIFFERENTIAL",
        order=order,
        ranks=tuple(rank.name for rank in rule.ranks),
        amounts=tuple(steps),
        total=Amount(upto[-1], order.currency),
        share=rate(top.rate_bp),
        hold_days=rule.hold_days,
    )
    for rank in rule.ranks:
        volume = Amount(rank.min_team_volume_minor, order.currency)
        code = "RANK" if volume.minor else "RANK_BY_DIRECT"
        yield pays(code, rank=rank.name, rate=rate(rank.rate_bp), direct=rank.min_direct, volume=volume)
    if rule.peer_bp:
        second = share(upto[-1], rule.peer_bp)
        yield pays(
            "PEER",
            rank=top.name,
            rate=rate(rule.peer_bp),
            first=Amount(upto[-1], order.currency),
            second=Amount(second, order.currency),
        )


def nearest_amount(rule: Nearest, order_minor: int) -> int:
    """What each of the nearest earns from an order that was not refunded."""
    return share(order_minor, rule.rate_bp) if rule.fixed_minor is None else rule.fixed_minor


def _of_nearest(rule: Nearest, order: Amount) -> Iterator[Finding]:
    each = Amount(nearest_amount(rule, order.minor), order.currency)
    yield pays("NEAREST", order=order, count=rule.count, each=each, hold_days=rule.hold_days)
    if rule.eligible is Eligible.HAS_ORDER:
        yield pays("NEAREST_HAS_ORDER")


def _of_months(rule: Monthly, currency: str) -> Iterator[Finding]:
    yield pays("MONTHLY", hold_days=rule.hold_days)
    for tier in rule.tiers:
        volume = Amount(tier.min_volume_minor, currency)
        worth = Amount(share(tier.min_volume_minor, tier.rate_bp), currency)
        yield pays("TIER", volume=volume, rate=rate(tier.rate_bp), amount=worth)

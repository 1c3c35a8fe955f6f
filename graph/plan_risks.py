"""What a plan can cost at worst, and what members who refer themselves could take from it.

Shares are exact, and of *referred sales*: the orders of buyers whom somebody referred.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from graph.money import BASIS_POINTS, half_up
from graph.plan import Base, Mode, Qualify
from graph.plan_examples import nearest_amount, slot_amounts
from graph.plan_findings import Amount, Finding, Number, Severity, Topic, rate
from graph.plan_limits import reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.plan import Monthly, Plan, ThreeForOne

RETURN_DAYS = 7
"""Within so many days a consumer may send back what was bought at a distance, in China, without a reason."""
MANY_ABOVE = 10
"""How many members above a buyer the monthly bonus is reckoned for."""


def risks(plan: Plan, order: Amount) -> Iterator[Finding]:
    """What it costs, then what fraud takes."""
    yield from _costs(plan, order)
    yield from _dangers(plan, order)
    if reach(plan) != 0:
        yield from _puppets(plan, order)


def exposures(rule: ThreeForOne) -> list[Fraction]:
    """What slots cost of referred sales if every member refers just one buyer, just two, …, all orders being alike."""
    paid = [rule.slots_bp[:k] if rule.mode is Mode.SLOT or k == len(rule.slots_bp) else () for k in _upto(rule)]
    if rule.max_cycles == 0:
        return [Fraction(0)] * len(paid)
    return [rate(sum(slots)) * Fraction(1, k) for k, slots in zip(_upto(rule), paid, strict=True)]


def _upto(rule: ThreeForOne) -> range:
    return range(1, len(rule.slots_bp) + 1)


def shares(plan: Plan, order: Amount) -> dict[str, Fraction]:
    """What each rule, the monthly bonus apart, takes of referred sales at worst; fixed amounts as of this order."""
    found = {}
    if plan.three_for_one:
        found["three_for_one"] = max(exposures(plan.three_for_one))
    if plan.levels:
        found["levels"] = rate(sum(plan.levels.levels_bp))
    if plan.team:
        top = max(rank.rate_bp for rank in plan.team.ranks)
        found["team"] = rate(top) * (1 + rate(plan.team.peer_bp))
    if plan.nearest:
        found["nearest"] = plan.nearest.count * (
            rate(plan.nearest.rate_bp)
            if plan.nearest.fixed_minor is None
            else Fraction(plan.nearest.fixed_minor, order.minor)
        )
    return found


def worst_share(plan: Plan, order: Amount) -> Fraction:
    """All of them together, under the cap if there is one."""
    together = sum(shares(plan, order).values(), Fraction(0))
    return together if plan.max_payout_bp is None else min(together, rate(plan.max_payout_bp))


def _costs(plan: Plan, order: Amount) -> Iterator[Finding]:
    each = shares(plan, order)
    if plan.three_for_one:
        of_slots = exposures(plan.three_for_one)
        worst = max(of_slots)
        numbers: dict[str, Number] = {"shares": tuple(of_slots), "worst": worst, "referrals": of_slots.index(worst) + 1}
        yield _cost("COST_SLOTS", Severity.NOTE, **numbers)
    if each.get("levels"):
        yield _cost("COST_LEVELS", Severity.NOTE, share=each["levels"])
    if each.get("team"):
        yield _cost("COST_TEAM", Severity.NOTE, share=each["team"])
    if each.get("nearest"):
        yield _cost("COST_NEAREST", Severity.NOTE, share=each["nearest"], order=order)
    worst = worst_share(plan, order)
    if worst:
        cost = Amount(half_up(order.minor * worst.numerator, worst.denominator), order.currency)
        yield _cost("COST_WORST", _gravity(worst), share=worst, order=order, cost=cost)
    if worst >= 1:
        yield _cost("COST_ALL", Severity.ALARM, share=worst)
    if plan.monthly:
        yield from _monthly_cost(plan.monthly)


def _gravity(of_sales: Fraction) -> Severity:
    if of_sales >= Fraction(1, 2):
        return Severity.ALARM
    return Severity.WARN if of_sales > Fraction(1, 3) else Severity.NOTE


def _monthly_cost(rule: Monthly) -> Iterator[Finding]:
    top = rate(max(tier.rate_bp for tier in rule.tiers))
    if top:
        yield _cost("COST_MONTHLY", Severity.ALARM, rate=top, members=MANY_ABOVE, share=top * MANY_ABOVE)


def _dangers(plan: Plan, order: Amount) -> Iterator[Finding]:
    slots, capped = plan.three_for_one, plan.max_payout_bp is not None
    if slots and not capped and any(slots.slots_bp):
        yield from _slot_dangers(slots, order)
    if slots and slots.allow_over_100 and sum(slots.slots_bp) > BASIS_POINTS:
        yield _cost("OVER_100", Severity.ALARM, share=rate(sum(slots.slots_bp)))
    if plan.nearest and plan.nearest.fixed_minor is not None and not capped:
        paid = Amount(plan.nearest.count * plan.nearest.fixed_minor, order.currency)
        yield _cost("FIXED_ON_SMALL", Severity.ALARM, paid=paid, order=Amount(1, order.currency))
    for rule in ("three_for_one", "levels", "team", "nearest", "monthly"):
        held = getattr(getattr(plan, rule), "hold_days", RETURN_DAYS)
        if held < RETURN_DAYS:
            yield _cost("SHORT_HOLD", Severity.WARN, rule=rule, days=held, return_days=RETURN_DAYS)
    if plan.currencies is None and _names_amounts(plan):
        yield _cost("AMOUNTS_OF_ANY_CURRENCY", Severity.WARN)


def _slot_dangers(rule: ThreeForOne, order: Amount) -> Iterator[Finding]:
    if rule.base is Base.OWN:
        small = Amount(rule.min_order_minor, order.currency)
        returned = Amount(sum(slot_amounts(rule, order.minor)), order.currency)
        yield _cost("OWN_BASE", Severity.ALARM, count=len(rule.slots_bp), small=small, order=order, returned=returned)
    elif rate(max(rule.slots_bp)) > max(exposures(rule)):
        yield _cost("UNEVEN_ORDERS", Severity.WARN, share=rate(max(rule.slots_bp)))


def _names_amounts(plan: Plan) -> bool:
    return (
        (plan.three_for_one is not None and plan.three_for_one.min_order_minor > 1)
        or (plan.team is not None and any(rank.min_team_volume_minor for rank in plan.team.ranks))
        or (plan.monthly is not None and any(tier.min_volume_minor for tier in plan.monthly.tiers))
    )


def _puppets(plan: Plan, order: Amount) -> Iterator[Finding]:
    """Accounts that a member made to refer themselves: each buys once, like the member."""
    count = len(plan.three_for_one.slots_bp) if plan.three_for_one else 3
    shapes = {"PUPPETS_BESIDE": [0] * count, "PUPPETS_BELOW": list(range(count))}
    got = {code: returned_to_self(plan, parents, order.minor) for code, parents in shapes.items()}
    code = max(got, key=lambda shape: got[shape])
    paid = (count + 1) * order.minor
    limit = worst_share(plan, order)
    if got[code]:
        discount = Fraction(got[code], paid)
        yield Finding(
            Topic.FRAUD,
            _gravity_of_fraud(discount),
            code,
            {
                "puppets": count,
                "order": order,
                "paid": Amount(paid, order.currency),
                "returned": Amount(got[code], order.currency),
                "discount": discount,
            },
        )
    if plan.team and limit:
        top = plan.team.ranks[-1]
        numbers: dict[str, Number] = {"rank": top.name, "team": min(rate(top.rate_bp), limit), "share": limit}
        yield Finding(Topic.FRAUD, _gravity_of_fraud(limit), "PUPPETS_RANKS", numbers)
    elif limit:
        yield Finding(Topic.FRAUD, _gravity_of_fraud(limit), "PUPPETS_LIMIT", {"share": limit})
    if plan.three_for_one and plan.three_for_one.qualify is Qualify.EVERY_ORDER:
        yield Finding(Topic.FRAUD, Severity.WARN, "ONE_PUPPET")
    if plan.monthly:
        yield Finding(Topic.FRAUD, Severity.ALARM, "PUPPETS_MONTHLY")


def _gravity_of_fraud(discount: Fraction) -> Severity:
    if discount >= Fraction(1, 2):
        return Severity.ALARM
    return Severity.WARN if discount >= Fraction(1, 10) else Severity.NOTE


def returned_to_self(plan: Plan, parents: Sequence[int], order_minor: int) -> int:
    """What a member gets back who is alone with accounts of their own, each buying once, ranks and months apart.

    Account 0 is the member; `parents[i]` refers account i + 1. All amounts are the same.
    """
    slots = slot_amounts(plan.three_for_one, order_minor) if plan.three_for_one else []
    filled = [0] * (len(parents) + 1)
    returned = 0
    for account, parent in enumerate(parents, start=1):
        above = _distance(parents, account)
        due = sum(_by_distance(plan, order_minor, above))
        pays_slot = filled[parent] < len(slots) and (_slotwise(plan) or parents.count(parent) >= len(slots))
        if pays_slot:
            due += slots[filled[parent]]
        filled[parent] += 1
        cap = plan.max_payout_bp
        returned += due if cap is None else min(due, order_minor * cap // BASIS_POINTS)
    return returned


def _slotwise(plan: Plan) -> bool:
    return plan.three_for_one is not None and plan.three_for_one.mode is Mode.SLOT


def _distance(parents: Sequence[int], account: int) -> int:
    return 0 if account == 0 else 1 + _distance(parents, parents[account - 1])


def _by_distance(plan: Plan, order_minor: int, above: int) -> Iterator[int]:
    """Levels and nearest of an order with so many accounts above it."""
    if plan.levels:
        yield from (half_up(order_minor * level, BASIS_POINTS) for level in plan.levels.levels_bp[:above])
    if plan.nearest:
        yield from [nearest_amount(plan.nearest, order_minor)] * min(above, plan.nearest.count)


def _cost(code: str, severity: Severity, **numbers: Number) -> Finding:
    return Finding(Topic.COST, severity, code, numbers)

"""The steps by which a reward came to its amount, rule by rule: `graph/explanation.py` says what a step is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.bonuses import reached_tier
from graph.caps import cap_of, capped
from graph.commissions import nearest_takers
from graph.explanation import Code, Explanation, Step
from graph.money import BASIS_POINTS, share
from graph.movements import movements, state_of
from graph.plan import Base
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graph.anchors import Anchor, Appraisal
    from graph.explanation import Evidence
    from graph.reasons import Value
    from graph.rewards import Reward


def explained(evidence: Evidence) -> Explanation:
    """The whole of a reward."""
    listed = movements(evidence)
    available_at, held_by = state_of(evidence.reward, listed)
    steps = (*_order(evidence), *STEPS[evidence.reward.rule](evidence), *_cap(evidence))
    return Explanation(evidence.reward, evidence.order, evidence.version, steps, tuple(listed), available_at, held_by)


def _order(evidence: Evidence) -> Iterator[Step]:
    order, net = evidence.order, evidence.net_minor
    if order is not None:
        refunded = order.paid_minor - net
        values: dict[str, Value] = {
            "order_id": order.order_id,
            "buyer_id": order.member_id,
            "paid_minor": order.paid_minor,
            "refunded_minor": refunded,
        }
        yield Step(Code.ORDER_NET, values, f"{order.paid_minor} - {refunded}", net)


def _rebate(evidence: Evidence) -> Iterator[Step]:
    reward, book = evidence.reward, evidence.book
    anchor = book.by_referral.get(reward.order_id) if book else None
    if anchor is None:
        yield Step(Code.SLOT_REOPENED, {"order_id": reward.order_id}, "0", 0)
        return
    seen = anchor.appraise(anchor.due()[reward.order_id][0])
    anchor_id = anchor.order.order_id
    slots = len(anchor.rule.slots_bp)
    values: dict[str, Value] = {
        "anchor_order_id": anchor_id,
        "net_minor": anchor.order.net_minor,
        "filled": len(anchor.slots),
        "slots": slots,
    }
    yield Step(Code.ANCHOR, values)
    yield from _own_share(anchor, seen) if anchor.rule.base is Base.OWN else _share_of_referral(anchor, seen)
    if anchor.closed:
        yield Step(Code.ANCHOR_REFUNDED, {"anchor_order_id": anchor_id}, "0", 0)
    elif seen.slot.referral.net_minor == 0:
        yield Step(Code.SLOT_BURNT, {"order_id": reward.order_id, "slot": seen.position}, "0", 0)
    elif not seen.falls_due:
        yield Step(Code.THRESHOLD_OPEN, {"filled": len(anchor.slots), "slots": slots}, "0", 0)


def _own_share(anchor: Anchor, seen: Appraisal) -> Iterator[Step]:
    rates, k, own = anchor.rule.slots_bp, seen.position, anchor.order.net_minor
    upto, before = sum(rates[:k]), sum(rates[: k - 1])
    values = {
        "slot": k,
        "slots": len(rates),
        "rate_bp": rates[k - 1],
        "net_minor": own,
        "cumulative_bp": upto,
        "before_bp": before,
    }
    formula = f"{_share(own, upto)} - {_share(own, before)}"
    yield Step(Code.SLOT_SHARE, values, formula, seen.due_minor)


def _share_of_referral(anchor: Anchor, seen: Appraisal) -> Iterator[Step]:
    """`referee` and `min`: due, then what was granted, then what the cap of the anchor leaves now."""
    rates, k, referral = anchor.rule.slots_bp, seen.position, seen.slot.referral.net_minor
    base = str(referral)
    if anchor.rule.base is Base.MIN:
        base = f"min({referral}, {anchor.order.net_minor})"
    values = {"slot": k, "slots": len(rates), "rate_bp": rates[k - 1], "base_minor": seen.base_minor}
    worth = seen.due_minor
    yield Step(Code.SLOT_DUE, values, f"R({base}*{rates[k - 1]}/{BASIS_POINTS})", worth)
    granted = seen.slot.granted_minor
    if granted < worth:
        yield Step(Code.GRANTED, {"granted_minor": granted}, f"min({worth}, {granted})", granted)
        worth = granted
    if seen.cap_minor is not None and seen.cap_minor - seen.earlier_minor < worth:
        cap, earlier = seen.cap_minor, seen.earlier_minor
        values = {"cap_minor": cap, "earlier_minor": earlier}
        yield Step(Code.ANCHOR_CAP, values, f"min({worth}, {cap} - {earlier})", cap - earlier)


def _commission(evidence: Evidence) -> Iterator[Step]:
    reward = evidence.reward
    distance, level = len(reward.path) - 1, reward.level or 0
    if level < distance:
        yield Step(Code.COMPRESSED, {"level": level, "distance": distance, "skipped": distance - level})
    values = {"level": level, "rate_bp": reward.rate_bp, "net_minor": reward.base_minor}
    yield Step(Code.COMMISSION, values, _share(reward.base_minor, reward.rate_bp), reward.worth_minor)


def _differential(evidence: Evidence) -> Iterator[Step]:
    reward = evidence.reward
    if reward.below_bp:
        yield _winner_below(evidence, lambda other: other.rate_bp == reward.below_bp)
    values = {
        "rank": _rank(evidence, reward.beneficiary_id),
        "rate_bp": reward.rate_bp,
        "below_bp": reward.below_bp,
        "net_minor": reward.base_minor,
    }
    yield Step(Code.DIFFERENTIAL, values, _difference(reward), reward.worth_minor)


def _peer(evidence: Evidence) -> Iterator[Step]:
    reward = evidence.reward
    yield _winner_below(evidence, lambda other: (other.rate_bp, other.below_bp) == (reward.rate_bp, reward.below_bp))
    peer_bp = reward.peer_bp or 0
    worth = share(reward.base_minor, reward.rate_bp) - share(reward.base_minor, reward.below_bp)
    values = {"peer_bp": peer_bp, "bonus_minor": worth, "rank": _rank(evidence, reward.beneficiary_id)}
    formula = f"R(({_difference(reward)})*{peer_bp}/{BASIS_POINTS})"
    yield Step(Code.PEER, values, formula, reward.worth_minor)


def _winner_below(evidence: Evidence, matches: Callable[[Reward], bool]) -> Step:
    """The one below whose differential counts: no two of an order have the same rate."""
    won = (other for other in evidence.group if other.rule is Rule.DIFFERENTIAL and matches(other))
    winner = next(won, None)
    if winner is None:
        return Step(Code.RANK_BELOW, {"member_id": None, "rank": None, "rate_bp": evidence.reward.below_bp})
    values = {"member_id": winner.beneficiary_id, "rank": _rank(evidence, winner.beneficiary_id)}
    return Step(Code.RANK_BELOW, values | {"rate_bp": winner.rate_bp})


def _rank(evidence: Evidence, member_id: str) -> str | None:
    team, place = evidence.plan and evidence.plan.team, evidence.ranks.get(member_id)
    return team.ranks[place].name if team and place is not None else None


def _nearest(evidence: Evidence) -> Iterator[Step]:
    reward, rule = evidence.reward, evidence.plan and evidence.plan.nearest
    takers = nearest_takers(reward.order_seq, evidence.upline, rule) if rule else []
    place = next((at for at, taker in enumerate(takers, 1) if taker.member_id == reward.beneficiary_id), None)
    count = rule.count if rule else None
    net, paid = reward.base_minor, reward.order_minor
    if reward.fixed_minor is not None:
        values = {"place": place, "count": count, "fixed_minor": reward.fixed_minor, "net_minor": net}
        formula = f"R({reward.fixed_minor}*{net}/{paid})"
        yield Step(Code.NEAREST_FIXED, values | {"paid_minor": paid}, formula, reward.worth_minor)
    else:
        values = {"place": place, "count": count, "rate_bp": reward.rate_bp, "net_minor": net}
        yield Step(Code.NEAREST_RATE, values, _share(net, reward.rate_bp), reward.worth_minor)


def _tier(evidence: Evidence) -> Iterator[Step]:
    reward, monthly = evidence.reward, evidence.plan and evidence.plan.monthly
    tier = reached_tier(monthly, reward.base_minor) if monthly else None
    if tier is None:
        yield Step(Code.NO_TIER, {"volume_minor": reward.base_minor}, "0", 0)
        return
    values = {"volume_minor": reward.base_minor, "min_volume_minor": tier.min_volume_minor, "rate_bp": tier.rate_bp}
    yield Step(Code.TIER, values, _share(reward.base_minor, tier.rate_bp), reward.worth_minor)


def _adjustment(evidence: Evidence) -> Iterator[Step]:
    reward, made = evidence.reward, evidence.adjustment
    values: dict[str, Value] = {
        "adjustment_id": reward.order_id,
        "reason": made.reason if made else None,
        "actor": made.actor if made else None,
    }
    yield Step(Code.ADJUSTMENT, values, str(reward.worth_minor), reward.worth_minor)


def _cap(evidence: Evidence) -> Iterator[Step]:
    """What the most that the order may pay leaves of the reward."""
    reward = evidence.reward
    payout_bp = evidence.plans.in_force(reward.order_seq).plan.max_payout_bp
    if payout_bp is None or evidence.order is None:
        return
    cap, total = cap_of(evidence.net_minor, payout_bp), sum(other.worth_minor for other in evidence.group)
    values = {"max_payout_bp": payout_bp, "cap_minor": cap, "total_minor": total, "rewards": len(evidence.group)}
    if total <= cap:
        yield Step(Code.WITHIN_CAP, values)
        return
    yield Step(Code.ORDER_CAP, values, f"floor({evidence.net_minor}*{payout_bp}/{BASIS_POINTS})", cap)
    amount = capped({other.reward_id: other for other in evidence.group}, cap)[reward.reward_id]
    floor = reward.worth_minor * cap // total
    formula = f"floor({reward.worth_minor}*{cap}/{total})" + (f" + {amount - floor}" if amount > floor else "")
    yield Step(Code.CUT_BY_CAP, {"worth_minor": reward.worth_minor, "remainder_minor": amount - floor}, formula, amount)


def _share(amount_minor: int, rate_bp: int) -> str:
    return f"R({amount_minor}*{rate_bp}/{BASIS_POINTS})"


def _difference(reward: Reward) -> str:
    return f"{_share(reward.base_minor, reward.rate_bp)} - {_share(reward.base_minor, reward.below_bp)}"


STEPS: dict[Rule, Callable[[Evidence], Iterator[Step]]] = {
    Rule.REBATE: _rebate,
    Rule.COMMISSION: _commission,
    Rule.DIFFERENTIAL: _differential,
    Rule.PEER: _peer,
    Rule.NEAREST: _nearest,
    Rule.TIER: _tier,
    Rule.ADJUSTMENT: _adjustment,
}

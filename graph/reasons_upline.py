"""Why a member of the upline earned nothing by their place or rank: level commission, nearest, differential, peer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.bonuses import winners
from graph.commissions import eligible, level_takers, nearest_takers
from graph.reasons import Reason, Value, Why
from graph.rewards import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.events import OrderCompleted
    from graph.members import Ancestor
    from graph.plan import Levels, Nearest, TeamBonus


def commission_reasons(
    order: OrderCompleted, upline: Sequence[Ancestor], member: Ancestor, rule: Levels
) -> list[Reason]:
    """Why a member has no commission. `upline` is the buyer's, nearest first."""
    takers = list(level_takers(order.seq, upline, rule))
    place = next((at for at, taker in enumerate(takers, 1) if taker and taker.level >= member.level), len(takers) + 1)
    if not rule.compression:
        place = member.level
    if place > len(rule.levels_bp):
        return [_reason(Rule.COMMISSION, Why.BEYOND_LEVELS, level=place, levels=len(rule.levels_bp))]
    if eligible(member, order.seq, rule):
        rate_bp = rule.levels_bp[place - 1]
        return [_reason(Rule.COMMISSION, Why.ROUNDS_TO_ZERO, net_minor=order.net_minor, rate_bp=rate_bp)]
    reasons = [_reason(Rule.COMMISSION, Why.NO_ORDER_BEFORE)]
    taker = takers[place - 1] if rule.compression and place <= len(takers) else None
    if taker:
        reasons.append(_reason(Rule.COMMISSION, Why.LEVEL_TAKEN_BY, level=place, member_id=taker.member_id))
    return reasons


def nearest_reasons(order: OrderCompleted, upline: Sequence[Ancestor], member: Ancestor, rule: Nearest) -> list[Reason]:
    """Why a member is not among the nearest, or has nothing of it."""
    takers = nearest_takers(order.seq, upline, rule)
    if len([taker for taker in takers if taker.level < member.level]) == rule.count:
        return [_reason(Rule.NEAREST, Why.BEYOND_NEAREST, count=rule.count, last_id=takers[-1].member_id)]
    if not eligible(member, order.seq, rule):
        return [_reason(Rule.NEAREST, Why.NO_ORDER_BEFORE)]
    if rule.fixed_minor is not None:
        return [
            _reason(Rule.NEAREST, Why.FIXED_ROUNDS_TO_ZERO, fixed_minor=rule.fixed_minor, net_minor=order.net_minor)
        ]
    return [_reason(Rule.NEAREST, Why.ROUNDS_TO_ZERO, net_minor=order.net_minor, rate_bp=rule.rate_bp)]


def differential_reasons(
    upline: Sequence[Ancestor], member: Ancestor, ranks: Mapping[str, int], team: TeamBonus
) -> list[Reason]:
    """Why a member won no differential. `ranks` are those before the order, by place in the table."""
    rank = ranks.get(member.member_id)
    if rank is None:
        return [_reason(Rule.DIFFERENTIAL, Why.NO_RANK)]
    held = team.ranks[rank]
    below = [(taker, rate) for taker, rate, _, peer_bp in winners(upline, ranks, team) if peer_bp is None]
    below = [(taker, rate) for taker, rate in below if taker.level < member.level]
    if not below:
        return [_reason(Rule.DIFFERENTIAL, Why.RANK_WITHOUT_RATE, rank=held.name)]
    taker, paid_bp = below[-1]
    return [
        _reason(
            Rule.DIFFERENTIAL,
            Why.RATE_NOT_ABOVE_PAID,
            rank=held.name,
            rate_bp=held.rate_bp,
            paid_bp=paid_bp,
            paid_to=taker.member_id,
        )
    ]


def peer_reasons(
    upline: Sequence[Ancestor], member: Ancestor, ranks: Mapping[str, int], team: TeamBonus
) -> list[Reason]:
    """Why a member who matched nobody's differential did not."""
    rank = ranks.get(member.member_id)
    if rank is None:
        return [_reason(Rule.PEER, Why.NO_RANK)]
    won = [taker for taker, _, _, peer_bp in winners(upline, ranks, team) if peer_bp is None]
    won = [taker for taker in won if taker.level < member.level]
    if not won:
        return [_reason(Rule.PEER, Why.NO_BONUS_BELOW)]
    winner, to_match = won[-1], ranks[won[-1].member_id]
    if rank != to_match:
        names = {"rank": team.ranks[rank].name, "winner_rank": team.ranks[to_match].name}
        return [_reason(Rule.PEER, Why.NOT_A_PEER, winner_id=winner.member_id, **names)]
    between = [other for other in upline if winner.level < other.level < member.level]
    first = next(other for other in between if ranks.get(other.member_id, -1) >= to_match)
    why = Why.PEER_TAKEN_BY if ranks[first.member_id] == to_match else Why.HIGHER_RANK_BETWEEN
    return [_reason(Rule.PEER, why, winner_id=winner.member_id, member_id=first.member_id)]


def _reason(rule: Rule, why: Why, **values: Value) -> Reason:
    return Reason(rule, why, values)

"""Applies facts one after the other, across scopes: for plans with ranks, monthly tiers or a cap on each order.

What such an order pays depends on the whole team and on both of its scopes at once, so from the first of these plans
on a single worker applies the log in seq order, a stretch in each transaction. What each scope does with a fact is
the same as ever: `graph/engine/handlers.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.bonuses import differentials
from graph.caps import cap_of, capped
from graph.commissions import WHOLE_UPLINE
from graph.engine.gathering import gather
from graph.engine.handlers import HANDLERS
from graph.engine.months import Months, close_month
from graph.events import MonthClosed, OrderCompleted
from graph.times import month_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.engine.books import OrderNet, SequenceBooks
    from graph.engine.handlers import Scope
    from graph.events import OrderFact
    from graph.members import Ancestor
    from graph.plan import PlanHistory
    from graph.postings import Postings
    from graph.rewards import Reward
    from graph.standings import Standings

AT_ONCE = 500
"""Facts in one transaction."""


async def apply_next(books: SequenceBooks, at_once: int = AT_ONCE) -> bool:
    """Applies the next stretch of the log, or part of a month's closing; whether there may be more.

    The caller holds the sequence's lease. Does nothing while no plan in force needs it.
    """
    mark = await books.mark()
    plans = await books.plans()  # after the mark, as in `apply_news`
    place = await books.place(plans)
    if place is None or place.seq >= mark or (plans.counts_teams and not place.counted):
        return False
    upto = min(place.seq + at_once, mark)
    facts = await books.stretch(place.seq, upto)
    if facts and isinstance(facts[0], MonthClosed):
        await close_month(books, facts[0], plans, place.month_cursor)
        return True
    stretch: list[OrderFact] = []
    for fact in facts:
        if isinstance(fact, MonthClosed):
            upto = fact.seq - 1
            break
        stretch.append(fact)
    await _apply(books, plans, stretch, place.seq, upto)
    return True


async def _apply(books: SequenceBooks, plans: PlanHistory, stretch: Sequence[OrderFact], after: int, upto: int) -> None:
    touched = {scope_id for fact in stretch for scope_id in (fact.buyer_id, fact.referrer_id) if scope_id}
    marks = await books.lock(touched)
    facts = await books.facts({mark.scope_id: mark.applied_seq for mark in marks}, upto)
    scopes = await gather(books, marks, facts, plans, whole_groups=True)
    if scopes:
        by_id = {scope.scope_id: scope for scope in scopes}
        sequence = await _prepare(books, plans, by_id, stretch, after)
        for fact, of_fact in _merged(facts, by_id):
            sequence.apply(fact, of_fact)
        await books.save(scopes, upto)
        await books.save_standings(sequence.standings)
        await books.post(sequence.postings)
        dead = [mark.scope_id for mark in marks if mark.dead]
        if dead:
            await books.revive(dead)
    await books.advance(upto)


def _merged(
    facts: Mapping[str, Sequence[OrderFact]], scopes: Mapping[str, Scope]
) -> list[tuple[OrderFact, list[Scope]]]:
    """Every fact once, in seq order, with the scopes that have not applied it yet."""
    merged: dict[int, tuple[OrderFact, list[Scope]]] = {}
    for scope_id, of_scope in facts.items():
        for fact in of_scope:
            merged.setdefault(fact.seq, (fact, []))[1].append(scopes[scope_id])
    return [merged[seq] for seq in sorted(merged)]


async def _prepare(
    books: SequenceBooks, plans: PlanHistory, scopes: Mapping[str, Scope], stretch: Sequence[OrderFact], after: int
) -> Stretch:
    """Reads what the rules that look across scopes will ask about."""
    postings = next(iter(scopes.values())).postings
    buyers = sorted({fact.buyer_id for fact in stretch})
    chains = await books.uplines(buyers, WHOLE_UPLINE) if plans.counts_teams else {}
    for buyer_id, chain in chains.items():
        scopes[buyer_id].upline = chain
    asked: set[str] = {fact.order_id for fact in stretch}
    asked |= {order_id for scope in scopes.values() for order_id in scope.book.by_referral}
    asked |= {order.order_id for scope in scopes.values() for order in scope.book.waiting}
    orders = await books.order_nets(sorted(asked))
    months = Months(await books.closed_months(after), plans)
    members = sorted({ancestor.member_id for chain in chains.values() for ancestor in chain})
    touched_months = {month_of(order.completed_at) for order in orders.values()}
    standings = await books.standings(members, sorted(touched_months))
    late = months.reward_ids(stretch, chains, orders)
    if late:
        postings.load(await books.rewards_by_ids(late))
    return Stretch(plans, postings, standings, months, after, orders)


@dataclass(slots=True)
class Stretch:
    """A stretch of facts while it is applied. `orders` are those whose net amount a cap or a volume may ask for."""

    plans: PlanHistory
    postings: Postings
    standings: Standings
    months: Months
    after: int
    orders: dict[str, OrderNet]
    nets: dict[str, int] = field(default_factory=dict)

    def apply(self, fact: OrderFact, scopes: Sequence[Scope]) -> None:
        """One fact: what its scopes make of it, what it earns the team, and what the cap leaves of both."""
        claims = [reward for scope in scopes for reward in HANDLERS[type(fact)](scope, fact)]
        if fact.seq > self.after:
            buyer = next(scope for scope in scopes if scope.scope_id == fact.buyer_id)
            claims += self._team(fact, buyer.upline)
        self._post(fact, claims)

    def _team(self, fact: OrderFact, upline: Sequence[Ancestor]) -> list[Reward]:
        """Bonuses by the ranks before the order; then the order or refund is counted, and ranks are looked at again."""
        minor = self._count_net(fact)
        if not self.plans.counts_teams:
            return []
        above = [ancestor.member_id for ancestor in upline]
        version = self.plans.in_force(fact.seq)
        team = version.plan.team if version.plan.covers(fact.currency) else None
        bonuses: list[Reward] = []
        if isinstance(fact, OrderCompleted) and team:
            self.standings.look(above, fact.currency, team, fact.seq - 1)
            held = {member_id: self.standings.rank(member_id, fact.currency, team) for member_id in above}
            ranks: dict[str, int] = {member_id: rank for member_id, rank in held.items() if rank is not None}
            bonuses = differentials(fact, upline, ranks, version)
        month = month_of(self.orders[fact.order_id].completed_at)
        self.standings.count(above, fact.currency, month, minor)
        if isinstance(fact, OrderCompleted):
            if fact.first and fact.referrer_id:
                self.standings.count_direct(fact.referrer_id)
            if team:
                self.standings.look(above, fact.currency, team, fact.seq)
        late = self.months.late(month, fact.currency, above, self.standings)
        return bonuses + [tier for tier in late if tier.worth_minor or tier.reward_id in self.postings.rewards]

    def _count_net(self, fact: OrderFact) -> int:
        """Keeps the net amount of the fact's order; by how much it has changed."""
        if isinstance(fact, OrderCompleted):
            self.nets[fact.order_id] = fact.net_minor
            return fact.net_minor
        self.nets[fact.order_id] = (
            self.nets.get(fact.order_id, self.orders[fact.order_id].net_minor) - fact.amount_minor
        )
        return -fact.amount_minor

    def _post(self, fact: OrderFact, claims: Sequence[Reward]) -> None:
        """Claims without a cap as they are; each capped order as a whole, also when only its net amount changed."""
        groups: dict[str, int] = {}
        touched: set[str] = {reward.order_id for reward in claims} | {fact.order_id}
        for order_id in touched:
            order = self.orders.get(order_id)
            max_payout_bp = self.plans.in_force(order.seq).plan.max_payout_bp if order else None
            if order and max_payout_bp is not None:
                net = self.nets.get(order_id, order.net_minor)
                groups[order_id] = cap_of(net, max_payout_bp)
        free = [reward for reward in claims if reward.order_id not in groups]
        self.postings.claim(free, fact.cause, fact.at)
        for order_id in sorted(groups):
            group = {reward.reward_id: reward for reward in self.postings.of_order(order_id)}
            group |= {reward.reward_id: reward for reward in claims if reward.order_id == order_id}
            self.postings.claim_capped(group, capped(group, groups[order_id]), fact.cause, fact.at)

"""Replays facts in seq order through the engine's handlers, all scopes in memory.

What a scope does with a fact, and the order of doing things where rules look across scopes, are those of
`graph/engine/handlers.py` and `graph/engine/sequence.py`: nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graph.commissions import WHOLE_UPLINE, levels_needed
from graph.engine.books import OrderNet
from graph.engine.handlers import HANDLERS, Scope
from graph.engine.months import Months, tiers_at_closing
from graph.engine.sequence import Stretch
from graph.events import MonthClosed, OrderCompleted
from graph.members import Ancestor, MemberId
from graph.rebates import RebateBook
from graph.simulation.sums import Sums
from graph.standings import Standings
from graph.times import month_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from graph.events import OrderFact
    from graph.plan import PlanHistory


@dataclass(slots=True)
class Forest:
    """Who referred whom, and when each member's first completion was accepted. Shares uplines among siblings."""

    referrers: Mapping[str, str]
    first_seqs: Mapping[str, int]
    _chains: dict[tuple[str, int], tuple[Ancestor, ...]] = field(default_factory=dict)

    def upline(self, member_id: str, levels: int) -> tuple[Ancestor, ...]:
        """A member's upline, nearest first, up to a number of levels."""
        above = self.referrers.get(member_id)
        if above is None or not levels:
            return ()
        chain = self._chains.get((above, levels))
        if chain is None:
            chain = self._chains[above, levels] = self._chain(above, levels)
        return chain

    def _chain(self, step: str | None, levels: int) -> tuple[Ancestor, ...]:
        chain: list[Ancestor] = []
        while step is not None and len(chain) < levels:
            chain.append(Ancestor(MemberId(step), len(chain) + 1, self.first_seqs.get(step)))
            step = self.referrers.get(step)
        return tuple(chain)


class Replay:
    """The state of the network between two facts. `sums` says what has come of it.

    With `members`, only the scopes of these are replayed: scopes are independent while no plan looks across them
    (`graph.plan.Plan.in_sequence`). `refunded` names every order that is refunded in the history.
    """

    def __init__(
        self, plans: PlanHistory, forest: Forest, refunded: Container[str], members: Container[str] | None = None
    ) -> None:
        self.plans = plans
        self.forest = forest
        self.members = members
        self.refunded = refunded
        capped = any(version.plan.max_payout_bp is not None for version in plans)
        self.sums = Sums(refunded=refunded, keep_all=capped)
        self._closings: list[MonthClosed] = []
        self._scopes: dict[str, Scope] = {}
        self._reach: dict[tuple[int, str], int] = {}
        sequence_from = plans.sequence_from
        months = Months(self._closings, plans)
        self._sequence = (
            None if sequence_from is None else Stretch(plans, self.sums, Standings(), months, sequence_from - 1, {})
        )

    def apply(self, fact: OrderFact | MonthClosed) -> None:
        """The next fact."""
        if isinstance(fact, MonthClosed):
            self._close(fact)
        elif self._sequence is not None:
            self._apply_in_sequence(self._sequence, fact)
        else:
            for scope_id in (fact.buyer_id, fact.referrer_id):
                if scope_id is not None and (self.members is None or scope_id in self.members):
                    scope = self._scope(scope_id, fact)
                    self.sums.claim(HANDLERS[type(fact)](scope, fact), fact.cause, fact.at)
                    _forget_changes(scope)

    def _apply_in_sequence(self, sequence: Stretch, fact: OrderFact) -> None:
        if isinstance(fact, OrderCompleted):
            sequence.orders[fact.order_id] = OrderNet(fact.seq, fact.net_minor, fact.completed_at)
        if fact.seq <= sequence.after:
            self._count(sequence, fact)
        scopes = [self._scope(scope_id, fact) for scope_id in (fact.buyer_id, fact.referrer_id) if scope_id is not None]
        sequence.apply(fact, scopes)
        for scope in scopes:
            _forget_changes(scope)
        _forget_written(sequence.standings)
        if fact.order_id not in self.refunded and not self.sums.keep_all:
            del sequence.orders[fact.order_id]
            sequence.nets.pop(fact.order_id, None)

    def _count(self, sequence: Stretch, fact: OrderFact) -> None:
        """What teams have done before the first plan that asks: as `graph/engine/counting.py` counts it."""
        order = sequence.orders[fact.order_id]
        minor = order.net_minor
        if not isinstance(fact, OrderCompleted):
            minor = -fact.amount_minor
            sequence.orders[fact.order_id] = replace(order, net_minor=order.net_minor + minor)
        if self.plans.counts_teams:
            above = [ancestor.member_id for ancestor in self.forest.upline(fact.buyer_id, WHOLE_UPLINE)]
            sequence.standings.count(above, fact.currency, month_of(order.completed_at), minor)
            if isinstance(fact, OrderCompleted) and fact.first and fact.referrer_id:
                sequence.standings.count_direct(fact.referrer_id)

    def _close(self, closed: MonthClosed) -> None:
        """A month can be closed once: its first closing counts."""
        if closed.month in {earlier.month for earlier in self._closings}:
            return
        self._closings.append(closed)
        sequence = self._sequence
        if sequence is not None and closed.seq > sequence.after:
            volumes = [
                (member_id, currency, minor)
                for (member_id, currency, period), minor in sequence.standings.volumes.items()
                if period == closed.month
            ]
            tiers = tiers_at_closing(closed, self.plans.in_force(closed.seq), volumes)
            self.sums.claim(tiers, closed.cause, closed.at)

    def _scope(self, scope_id: str, fact: OrderFact) -> Scope:
        scope = self._scopes.get(scope_id)
        if scope is None:
            book = RebateBook(MemberId(scope_id), self.plans)
            scope = self._scopes[scope_id] = Scope(scope_id, book, self.sums)
        if scope_id == fact.buyer_id:
            scope.upline = self.forest.upline(scope_id, self._levels(fact))
        return scope

    def _levels(self, fact: OrderFact) -> int:
        if self._sequence is not None and fact.seq > self._sequence.after and self.plans.counts_teams:
            return WHOLE_UPLINE
        version = self.plans.in_force(fact.seq)
        key = version.version, fact.currency
        if key not in self._reach:
            self._reach[key] = levels_needed(version, fact.currency)
        return self._reach[key]


def _forget_changes(scope: Scope) -> None:
    """Nothing is written: what a store would have to write need not be kept."""
    book = scope.book
    if book.filled or book.mended or book.banked:
        book.filled.clear()
        book.mended.clear()
        book.banked.clear()


def _forget_written(standings: Standings) -> None:
    standings.changed_volumes.clear()
    standings.changed_directs.clear()
    standings.changed_ranks.clear()

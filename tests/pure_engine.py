"""The engine's own handlers over facts in memory: what the store would be given, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from graph.engine.handlers import HANDLERS, Scope
from graph.events import OrderCompleted, OrderRefunded
from graph.members import Ancestor, MemberId
from graph.orders import OrderId
from graph.plan import PlanHistory, PlanVersion
from graph.plan_document import parse_plan
from graph.postings import Postings
from graph.rebates import RebateBook
from graph.refunds import RefundId

if TYPE_CHECKING:
    from graph.events import OrderFact
    from graph.rewards import Reward

DEFAULT = '{"name": "default", "three_for_one": {}}'
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class PureEngine:
    """A network in memory. Facts are given seqs in the order of the calls; `postings` grows as they come."""

    def __init__(self, document: str = DEFAULT, members: dict[str, str | None] | None = None) -> None:
        self.referrer: dict[str, str | None] = members or {}
        self.first_seq: dict[str, int] = {}
        self.postings = Postings()
        self._orders: dict[str, OrderCompleted] = {}
        self._versions = [PlanVersion(1, 0, parse_plan(document), document)]
        self._scopes: dict[str, Scope] = {}
        self._seq = 0

    def publish(self, document: str) -> None:
        self._seq += 1
        self._versions.append(PlanVersion(len(self._versions) + 1, self._seq, parse_plan(document), document))

    def buys(self, member: str, amount: int, **given: Any) -> list[Reward]:
        """An order of minor units is completed; the rewards that are new, as they are worth."""
        self._seq += 1
        order = OrderCompleted(
            seq=self._seq,
            order_id=OrderId(given.get("order_id", f"o{self._seq}")),
            buyer_id=MemberId(member),
            referrer_id=MemberId(above) if (above := self.referrer.get(member)) else None,
            net_minor=amount,
            currency=given.get("currency", "CNY"),
            completed_at=given.get("at", NOON),
            first=self.first_seq.setdefault(member, self._seq) == self._seq,
        )
        self._orders[order.order_id] = order
        return self._tell(order)

    def refunds(self, order_id: str, amount: int | None = None, at: datetime = NOON) -> list[Reward]:
        """Money back on an order; all that is left of it unless an amount is given. The rewards that are new."""
        self._seq += 1
        order = self._orders[order_id]
        back = order.net_minor if amount is None else amount
        self._orders[order_id] = replace(order, net_minor=order.net_minor - back)
        refund = RefundId(f"r{self._seq}")
        return self._tell(
            OrderRefunded(
                self._seq, refund, order.order_id, order.buyer_id, order.referrer_id, back, order.currency, at
            )
        )

    def refers(self, referrer: str, *referees: str) -> None:
        self.referrer.setdefault(referrer, None)
        self.referrer |= dict.fromkeys(referees, referrer)

    @property
    def rewards(self) -> list[Reward]:
        """All rewards in the order in which they came about; `worth_minor` is what they are worth now."""
        return list(self.postings.rewards.values())

    def earned(self, member: str) -> int:
        """What a member's entries add up to."""
        return sum(
            entry.amount_minor if entry.debit == "company:rewards" else -entry.amount_minor
            for entry in self.postings.entries
            if entry.beneficiary_id == member
        )

    def _tell(self, fact: OrderFact) -> list[Reward]:
        before = set(self.postings.rewards)
        for scope_id in filter(None, (fact.buyer_id, fact.referrer_id)):
            scope = self._scope(scope_id)
            self.postings.claim(HANDLERS[type(fact)](scope, fact), fact.cause, fact.at)
        return [reward for reward_id, reward in self.postings.rewards.items() if reward_id not in before]

    def _scope(self, member: str) -> Scope:
        if member not in self._scopes:
            book = RebateBook(MemberId(member), PlanHistory([]))
            self._scopes[member] = Scope(member, book, self.postings)
        scope = self._scopes[member]
        scope.book.plans, scope.upline = PlanHistory(self._versions), self._upline(member)
        return scope

    def _upline(self, member: str) -> list[Ancestor]:
        chain = []
        step = self.referrer.get(member)
        while step:
            chain.append(Ancestor(MemberId(step), len(chain) + 1, self.first_seq.get(step)))
            step = self.referrer.get(step)
        return chain

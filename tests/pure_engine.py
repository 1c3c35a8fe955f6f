"""The engine's own handlers over facts in memory: what the store would be given, without a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from graph.engine.handlers import HANDLERS, Scope
from graph.events import OrderCompleted
from graph.members import Ancestor, MemberId
from graph.orders import OrderId
from graph.plan import PlanHistory, PlanVersion
from graph.plan_document import parse_plan
from graph.rebates import RebateBook

if TYPE_CHECKING:
    from graph.rewards import Reward

DEFAULT = '{"name": "default", "three_for_one": {}}'
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class PureEngine:
    """A network in memory. Facts are given seqs in the order of the calls; `rewards` grows as they come."""

    def __init__(self, document: str = DEFAULT, members: dict[str, str | None] | None = None) -> None:
        self.referrer: dict[str, str | None] = members or {}
        self.first_seq: dict[str, int] = {}
        self.rewards: list[Reward] = []
        self._versions = [PlanVersion(1, 0, parse_plan(document), document)]
        self._books: dict[str, RebateBook] = {}
        self._seq = 0

    def publish(self, document: str) -> None:
        self._seq += 1
        self._versions.append(PlanVersion(len(self._versions) + 1, self._seq, parse_plan(document), document))

    def buys(self, member: str, amount: int, **given: Any) -> list[Reward]:
        """An order of minor units is completed; the rewards that fall due."""
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
        before = len(self.rewards)
        for scope_id in filter(None, (order.buyer_id, order.referrer_id)):
            scope = Scope(scope_id, self._book(scope_id), self._upline(scope_id))
            HANDLERS[type(order)](scope, order)
            self.rewards += scope.rewards
        return self.rewards[before:]

    def refers(self, referrer: str, *referees: str) -> None:
        self.referrer.setdefault(referrer, None)
        self.referrer |= dict.fromkeys(referees, referrer)

    def _book(self, member: str) -> RebateBook:
        book = self._books.setdefault(member, RebateBook(MemberId(member), PlanHistory([])))
        book.plans = PlanHistory(self._versions)
        return book

    def _upline(self, member: str) -> list[Ancestor]:
        chain = []
        step = self.referrer.get(member)
        while step:
            chain.append(Ancestor(MemberId(step), len(chain) + 1, self.first_seq.get(step)))
            step = self.referrer.get(step)
        return chain

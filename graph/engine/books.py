"""What the engine asks of a store inside one transaction. Neo4j's answer is `graph/store/books.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from graph.anchors import Anchor
    from graph.engine.handlers import Scope
    from graph.events import MonthClosed, OrderCompleted, OrderFact
    from graph.ledger import PostedReward
    from graph.members import Ancestor
    from graph.plan import PlanHistory
    from graph.postings import Postings
    from graph.standings import Standings


@dataclass(frozen=True, slots=True)
class ScopeMark:
    """How far a scope has been applied, and its counters."""

    scope_id: str
    applied_seq: int
    cycles: int
    dead: bool


@dataclass(frozen=True, slots=True)
class OrderNet:
    """An order by its seq, with its net amount as far as its buyer's scope has been applied."""

    seq: int
    net_minor: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class SequencePlace:
    """How far the sequence has been applied; within a month's closing, the last member whose tier was posted."""

    seq: int
    month_cursor: str = ""
    counted: bool = False
    """Whether the standings hold all facts up to here: `graph/engine/counting.py`."""


class Books(Protocol):
    """One transaction. What it reads for a scope is as of that scope's mark; locks hold until the transaction ends."""

    async def lock(self, scope_ids: Iterable[str]) -> list[ScopeMark]:
        """Locks scopes in id order, making those that are new; always the first call."""

    async def mark(self) -> int:
        """The seq up to which facts may be read."""

    async def plans(self) -> PlanHistory:
        """What has been in force since the first fact."""

    async def facts(self, applied: Mapping[str, int], upto: int) -> dict[str, list[OrderFact]]:
        """For each scope, its facts after a seq of its own and up to a common one, in seq order."""

    async def open_anchors(self, upto: Mapping[str, int], plans: PlanHistory) -> dict[str, list[Anchor]]:
        """Each scope's own orders up to a seq that may have an open slot, oldest first, with their slots."""

    async def refunded_anchors(
        self, upto: Mapping[str, int], refunded: Mapping[str, Sequence[str]], plans: PlanHistory
    ) -> dict[str, list[Anchor]]:
        """Each scope's own orders up to a seq that are among its refunded orders, or hold one of them in a slot."""

    async def banks(self, scope_ids: Sequence[str]) -> dict[str, list[OrderCompleted]]:
        """The referrals that wait in each scope's bank, oldest first."""

    async def order_nets(self, order_ids: Sequence[str]) -> dict[str, OrderNet]:
        """These orders, by id."""

    async def rewards_of(self, order_seqs: Sequence[int]) -> list[PostedReward]:
        """Every reward for these orders, locked."""

    async def uplines(self, member_ids: Sequence[str], max_level: int) -> dict[str, list[Ancestor]]:
        """The upline of each member, nearest first."""

    async def post(self, postings: Postings) -> None:
        """Writes rewards and entries, and the audit of them. Keys refuse a second writing."""

    async def save(self, scopes: Sequence[Scope], upto: int) -> None:
        """Writes slots, banks, net amounts and counters, and that these scopes are applied up to a seq."""

    async def revive(self, scope_ids: Sequence[str]) -> None:
        """Takes scopes off the list of dead letters that have been applied after all."""


class SequenceBooks(Books, Protocol):
    """What the sequence asks beside: it alone writes standings, under its lease."""

    async def place(self, plans: PlanHistory) -> SequencePlace | None:
        """How far it has been applied; None while no plan in force needs it."""

    async def advance(self, seq: int, *, month_cursor: str = "") -> None:
        """Notes how far it has been applied."""

    async def stretch(self, after: int, upto: int) -> list[OrderFact | MonthClosed]:
        """The facts after one seq up to another, in seq order; publications of plans are none."""

    async def standings(self, member_ids: Sequence[str], months: Sequence[str]) -> Standings:
        """The counters of these members, for all time and in these months."""

    async def save_standings(self, standings: Standings) -> None:
        """Writes the counters that have changed."""

    async def closed_months(self, upto: int) -> list[MonthClosed]:
        """The closings up to a seq, each month's first one."""

    async def month_volumes(self, month: str, after: str, count: int) -> list[tuple[str, str, int]]:
        """Member, currency and volume of a month, by member id, of the next `count` members after one."""

    async def rewards_by_ids(self, reward_ids: Sequence[str]) -> list[PostedReward]:
        """The rewards that exist among these, locked."""

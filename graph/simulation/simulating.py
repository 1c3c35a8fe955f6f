"""One simulation: reads a history, replays it under another plan, and sets the outcome beside what is so now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.engine.progress import advance
from graph.fact_pages import FactPage
from graph.plan import PlanVersion
from graph.plan_document import parse_plan
from graph.simulation.comparison import Comparison, PaidOrder, overpaid
from graph.simulation.part import Answer, Opening
from graph.simulation.parts import parts_for, replay, split
from graph.simulation.sales import Sales

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence

    from graph.rewards import Share
    from graph.simulation.files import FileHistory
    from graph.store.history import HistoryStore
    from graph.store.log import EventLog
    from graph.store.plans import PlanStore
    from graph.store.refunds import RefundStore

    Versions = Sequence[PlanVersion]
    Report = Callable[[str, int, int], None]

REFUNDS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a plan would have paid, beside what is paid now."""

    comparison: Comparison
    sales: Sales
    overpaid_orders: int
    """Orders that would pay more than was left of them."""
    worst_orders: list[PaidOrder]
    unapplied: int = 0
    """Facts whose rewards are not posted yet, so that `now` may lack some."""
    open_months: list[str] = field(default_factory=list)
    """Where the plan has monthly tiers: months with orders that no fact has closed, which pay none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to simulate: a document, in force from a seq on, before which the other versions hold."""

    document: str
    from_seq: int = 0
    close_months: bool = False
    """Whether every month with orders that no fact has closed is closed after the last fact."""

    def among(self, others: Versions) -> Versions:
        """The versions in force: the others up to the seq, then the document."""
        kept = [version for version in others if version.seq is not None and version.seq < self.from_seq]
        number = max((version.version for version in kept), default=0) + 1
        return [*kept, version_of(self.document, number, self.from_seq)]


def version_of(document: str, number: int = 1, seq: int = 0) -> PlanVersion:
    """A version that nobody has published; raises PlanInvalid."""
    return PlanVersion(number, seq, parse_plan(document), document)


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """A history in a store. Reads only."""

    log: EventLog
    history: HistoryStore
    plans: PlanStore
    refunds: RefundStore

    async def simulate(self, wish: Wish, report: Report) -> Simulated:
        """Sets the wish beside what the ledger holds of the rewards for all facts that can be read."""
        position = await self.log.position()
        versions = wish.among(await self.plans.all())
        referrers, first_seqs = await self.history.referrals()
        refunded = await self._refunded()
        sales = Sales(refunded)
        pages = _with_closings(self.history.pages(position.mark), sales, position.mark, close=wish.close_months)
        opening = Opening(_wired(versions), 0, 1, referrers, first_seqs, sorted(refunded))
        openings = split(opening, parts_for(versions))
        answers, now = await asyncio.gather(
            replay(openings, pages, lambda seq: report("replayed", seq, position.mark)),
            self.history.posted(position.mark),
        )
        applied = await advance(self.log, position.applied_seq, position.mark)
        return _set_beside(now, answers, sales, versions[-1], unapplied=position.mark - applied)

    async def _refunded(self) -> set[str]:
        """Every order that has a refund."""
        found: set[str] = set()
        after = ""
        while page := await self.refunds.page(after, REFUNDS_AT_ONCE):
            found |= {refund.order_id for refund in page}
            after = page[-1].refund_id
        return found


async def simulate_files(history: FileHistory, wish: Wish, against: str, report: Report) -> Simulated:
    """Replays files under two plans, each on a process of its own."""
    before = [version_of(against)]
    plans = [before, wish.among(before)]
    people = (history.referrers, history.first_seqs, sorted(history.refunded))
    sales = Sales(history.refunded)
    pages = _with_closings(_stream(history.pages), sales, history.seq, close=wish.close_months)
    openings = [Opening(_wired(versions), 0, 1, *people) for versions in plans]
    now, then = await replay(openings, pages, lambda seq: report("replayed", seq, history.seq))
    return _set_beside(now.shares(), [then], sales, plans[1][-1])


def _wired(versions: Versions) -> list[tuple[int, int, str]]:
    return [(version.version, version.seq, version.document) for version in versions if version.seq is not None]


async def _stream(pages: Sequence[FactPage]) -> AsyncIterator[FactPage]:
    for page in pages:
        yield page


async def _with_closings(
    pages: AsyncIterable[FactPage], sales: Sales, upto: int, *, close: bool
) -> AsyncIterator[FactPage]:
    """The pages, counted into the sales; then, if asked, a page that closes every open month."""
    async for page in pages:
        sales.add(page)
        yield page
    if close:
        closings = FactPage()
        for seq, month in enumerate(sorted(sales.open_months), start=upto + 1):
            closings.add_closing(seq, month)
        sales.add(closings)
        yield closings


def _set_beside(
    now: dict[Share, int], answers: Sequence[Answer], sales: Sales, version: PlanVersion, *, unapplied: int = 0
) -> Simulated:
    then: dict[Share, int] = {}
    by_order: dict[int, int] = {}
    for answer in answers:
        for share, minor in answer.shares().items():
            then[share] = then.get(share, 0) + minor
        for seq, minor in answer.by_order:
            by_order[seq] = by_order.get(seq, 0) + minor
    count, worst = overpaid(by_order.items(), sales)
    open_months = sorted(sales.open_months) if version.plan.monthly else []
    return Simulated(Comparison(now, then), sales, count, worst, unapplied, open_months)

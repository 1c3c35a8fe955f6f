"""The engine's view of one transaction, in Neo4j: `graph/engine/books.py` says what each answer means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from graph.engine.books import OrderNet
from graph.store import audit, dead_letters, ledger, log, scopes, slots
from graph.store.members import uplines
from graph.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from graph.anchors import Anchor
    from graph.engine.books import ScopeMark
    from graph.engine.handlers import Scope
    from graph.events import OrderCompleted, OrderFact
    from graph.ledger import Entry, PostedReward
    from graph.members import Ancestor
    from graph.plan import PlanHistory
    from graph.postings import Postings
    from graph.store.database import Database, Transaction
    from graph.store.plans import PlanStore

NETS = load("order/nets")
SAVE_NETS = load("order/save_nets")

REWARDS = "rewards"

T = TypeVar("T")


async def tell_nobody(entries: Sequence[Entry]) -> None:
    """What to do with posted entries where nobody listens."""


@dataclass(frozen=True, slots=True)
class BookStore:
    """Opens the books: one write transaction, done again after passing faults.

    `tell` learns after the commit which entries it posted; after a commit whose outcome was unknown, perhaps none.
    """

    database: Database
    plans: PlanStore
    tell: Callable[[Sequence[Entry]], Awaitable[None]] = tell_nobody

    async def write(self, work: Callable[[Neo4jBooks], Awaitable[T]], chain: str = REWARDS) -> T:
        """Does work in one transaction: all of it, or nothing. It may be run more than once.

        `chain` is the audit chain that records it: writers of different chains do not wait for one another.
        """

        async def once(tx: Transaction) -> tuple[T, list[Entry]]:
            books = Neo4jBooks(tx, self.plans, chain)
            return await work(books), books.posted

        answer, posted = await self.database.write(once)
        await self.tell(posted)
        return answer

    async def ping(self) -> None:
        """Returns when the database answers; raises Unavailable."""
        await self.database.ping()


@dataclass(frozen=True, slots=True)
class Neo4jBooks:
    """One transaction."""

    tx: Transaction
    plan_store: PlanStore
    chain: str
    posted: list[Entry] = field(default_factory=list)
    """What this transaction has posted so far."""

    async def lock(self, scope_ids: Iterable[str]) -> list[ScopeMark]:
        """See Books."""
        return await scopes.lock(self.tx, scope_ids)

    async def mark(self) -> int:
        """See Books."""
        return (await log.position(self.tx)).mark

    async def plans(self) -> PlanHistory:
        """See Books."""
        return await self.plan_store.history(self.tx)

    async def facts(self, applied: Mapping[str, int], upto: int) -> dict[str, list[OrderFact]]:
        """See Books."""
        return await log.of_scopes(self.tx, applied, upto)

    async def open_anchors(self, upto: Mapping[str, int], plans: PlanHistory) -> dict[str, list[Anchor]]:
        """See Books."""
        return await slots.open_anchors(self.tx, upto, plans)

    async def refunded_anchors(
        self, upto: Mapping[str, int], refunded: Mapping[str, Sequence[str]], plans: PlanHistory
    ) -> dict[str, list[Anchor]]:
        """See Books."""
        return await slots.refunded_anchors(self.tx, upto, refunded, plans)

    async def banks(self, scope_ids: Sequence[str]) -> dict[str, list[OrderCompleted]]:
        """See Books."""
        return await slots.banks(self.tx, scope_ids)

    async def order_nets(self, order_ids: Sequence[str]) -> dict[str, OrderNet]:
        """See Books."""
        rows = await self.tx.run(NETS, order_ids=list(order_ids))
        return {
            row["order_id"]: OrderNet(row["seq"], row["net_minor"], datetime.fromisoformat(row["completed_at"]))
            for row in rows
        }

    async def rewards_of(self, order_seqs: Sequence[int]) -> list[PostedReward]:
        """See Books."""
        return await ledger.rewards_of(self.tx, order_seqs)

    async def uplines(self, member_ids: Sequence[str], max_level: int) -> dict[str, list[Ancestor]]:
        """See Books."""
        return await uplines(self.tx, member_ids, max_level)

    async def post(self, postings: Postings) -> None:
        """See Books."""
        self.posted.extend(postings.entries)
        if postings.entries:
            draft = await audit.begin(self.tx, self.chain)
            await ledger.post(self.tx, postings, draft.link_id)
            await draft.seal(self.tx, self.chain, datetime.now(UTC), postings.entries)
        else:
            await ledger.post(self.tx, postings)

    async def save(self, scopes_: Sequence[Scope], upto: int) -> None:
        """See Books."""
        await slots.write(self.tx, [scope.book for scope in scopes_], upto)
        nets = [{"order_id": order_id, "net_minor": s.nets[order_id]} for s in scopes_ for order_id in s.refunded]
        if nets:
            await self.tx.run(SAVE_NETS, rows=nets)
        await scopes.mark_applied(self.tx, {scope.scope_id: scope.book.cycles for scope in scopes_}, upto)

    async def revive(self, scope_ids: Sequence[str]) -> None:
        """See Books."""
        await dead_letters.clear(self.tx, scope_ids)

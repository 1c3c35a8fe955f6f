"""The log, its lease and the dead letters in memory, with the methods of their namesakes in `graph/store/`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from graph.events import LogPosition, OrderCompleted, OrderRefunded
from graph.store.leases import LeaseLost
from memory.books import NEW_SCOPE, MemoryBooks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from graph.events import MonthClosed, OrderFact
    from graph.members import Member
    from memory.transactions import Store, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted event: numbered once its fact has a seq. A plan's publication has a version and no fact."""

    stamp: tuple[int, int]
    fact: Any = None
    plan_version: int | None = None
    scopes: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class MemoryLease:
    """As `graph/store/leases.py`; it expires by the store's clock, which counts the simulator's steps."""

    store: Store
    name: str
    token: int
    ttl: int

    async def hold(self, tx: Transaction) -> None:
        await tx.lock(("lease", self.name))
        holder, token, _ = tx.get("leases", self.name)
        if token != self.token:
            raise LeaseLost(self.name)
        tx.put("leases", self.name, (holder, token, self.store.now + self.ttl))


async def take(store: Store, name: str, holder: str, ttl: int) -> MemoryLease | None:
    async def work(tx: Transaction) -> MemoryLease | None:
        await tx.lock(("lease", name))
        had, token, expires = tx.get("leases", name) or ("", 0, -1)
        if had != holder and expires >= store.now:
            return None
        token += had != holder
        tx.put("leases", name, (holder, token, store.now + ttl))
        return MemoryLease(store, name, token, ttl)

    return await store.write(work)


@dataclass(frozen=True, slots=True)
class MemoryLog:
    """As EventLog."""

    store: Store

    async def position(self) -> LogPosition:
        await self.store.pause()
        log = self.store["log"]
        return LogPosition(log["seq"], log["mark"], log["published_seq"], log["applied_seq"])

    async def waiting(self) -> int:
        await self.store.pause()
        return len(self.store.tables.unnumbered)

    async def number(self, lease: MemoryLease, count: int) -> int:
        async def work(tx: Transaction) -> int:
            await lease.hold(tx)
            waiting = [(self.store["events"][key].stamp, key) for key in self.store.tables.unnumbered]
            found = sorted(waiting)[:count]
            after = tx.get("log", "seq")
            for seq, (_, key) in enumerate(found, start=after + 1):
                _number(tx, key, seq)
            if found:
                tx.put("log", "seq", after + len(found))
            return len(found)

        numbered = await self.store.write(work)
        if numbered:
            await self.mark(lease)
        return numbered

    async def mark(self, lease: MemoryLease) -> None:
        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            tx.put("log", "mark", tx.get("log", "seq"))

        await self.store.write(work)

    async def news(self, after: int, upto: int) -> list[str]:
        await self.store.pause()
        facts = [fact for fact in self.store.tables.log if after < fact.seq <= upto]
        return sorted({scope for fact in facts for scope in scopes_of(fact)})

    async def mark_published(self, lease: MemoryLease, seq: int) -> None:
        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            tx.put("log", "published_seq", seq)

        await self.store.write(work)

    async def mark_applied(self, lease: MemoryLease, seq: int) -> None:
        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            tx.put("log", "applied_seq", max(seq, tx.get("log", "applied_seq")))

        await self.store.write(work)

    async def unapplied(self, after: int, upto: int, count: int) -> list[tuple[int, str]]:
        await self.store.pause()
        scopes, dead = self.store["scopes"], self.store["dead_letters"]
        found = [
            (fact.seq, scope_id)
            for fact in self.store.tables.log
            if after < fact.seq <= upto
            for scope_id in scopes_of(fact)
            if scopes.get(scope_id, NEW_SCOPE)["applied_seq"] < fact.seq and scope_id not in dead
        ]
        return sorted(found)[:count]

    async def facts(self, after: int, upto: int) -> AsyncIterator[OrderFact | MonthClosed]:
        await self.store.pause()
        for fact in [fact for fact in self.store.tables.log if after < fact.seq <= upto]:
            yield fact


def scopes_of(fact: OrderFact | MonthClosed) -> tuple[str, ...]:
    if not isinstance(fact, OrderCompleted | OrderRefunded):
        return ()
    return (fact.buyer_id, fact.referrer_id) if fact.referrer_id else (fact.buyer_id,)


def _number(tx: Transaction, key: object, seq: int) -> None:
    """One event gets its seq, and with it the order, refund or plan that it is about."""
    event = tx.store["events"][key]
    fact = replace(event.fact, seq=seq) if event.fact else None
    if isinstance(fact, OrderCompleted):
        tx.set("orders", fact.order_id, seq=seq)
        buyer = tx.get("members", fact.buyer_id)
        if buyer["first_order_seq"] is None:
            fact = replace(fact, first=True)
            tx.set("members", fact.buyer_id, first_order_seq=seq)
    if event.plan_version:
        plan = tx.get("plans", event.plan_version)
        tx.put("plans", event.plan_version, replace(plan, seq=seq))
    tx.create("seqs", seq, key)
    tx.put("events", key, replace(event, fact=fact, seq=seq))


@dataclass(frozen=True, slots=True)
class MemorySequenceStore:
    """As SequenceStore."""

    store: Store

    async def write(self, lease: MemoryLease, work: Callable[[MemoryBooks], Awaitable[T]]) -> T:
        async def held(tx: Transaction) -> T:
            await lease.hold(tx)
            return await work(MemoryBooks(tx))

        return await self.store.write(held)

    async def take(self, holder: str, lease_ms: int) -> MemoryLease | None:
        return await take(self.store, "sequence", holder, lease_ms)


@dataclass(frozen=True, slots=True)
class MemoryMembers:
    """As MemberStore, where the sequencer asks it."""

    store: Store

    async def all(self) -> Sequence[Member]:
        await self.store.pause()
        return [row["member"] for row in self.store["members"].values()]


@dataclass(frozen=True, slots=True)
class MemoryDeadLetters:
    """As DeadLetterStore."""

    store: Store

    async def write(self, scope_id: str, reason: str, deliveries: int) -> None:
        async def work(tx: Transaction) -> None:
            await tx.lock(("scope", scope_id))
            tx.put("scopes", scope_id, (tx.get("scopes", scope_id) or NEW_SCOPE) | {"dead": True})
            tx.put("dead_letters", scope_id, (reason, deliveries))

        await self.store.write(work)

"""Scopes in Neo4j: the locks under which a member's orders and referrals are turned into money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.engine.books import ScopeMark
from graph.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.store.database import Transaction

LOCK = load("scope/lock")
APPLY = load("scope/apply")


async def lock(tx: Transaction, scope_ids: Iterable[str]) -> list[ScopeMark]:
    """Locks scopes in id order until the transaction ends; always its first statement."""
    rows = await tx.run(LOCK, scope_ids=sorted(set(scope_ids)))
    return [ScopeMark(row["scope_id"], row["applied_seq"], row["cycles"], row["dead"]) for row in rows]


async def mark_applied(tx: Transaction, cycles: dict[str, int], seq: int) -> None:
    """Notes that locked scopes have applied all their events up to a seq, with their new counters."""
    rows = [{"scope_id": scope_id, "cycles": count} for scope_id, count in cycles.items()]
    await tx.run(APPLY, rows=rows, seq=seq)

"""Leases in Neo4j: who may do a singular job now, with a fencing token that a stale holder cannot renew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store.queries import load

if TYPE_CHECKING:
    from graph.store.database import Database, Transaction

TAKE = load("lease/take")
HOLD = load("lease/hold")
RELEASE = load("lease/release")
HOLDER = load("lease/holder")


class LeaseLost(Exception):
    """Somebody else holds the lease now; what this transaction did is rolled back."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease held under a fencing token. Expiry is judged by the database's clock alone."""

    database: Database
    name: str
    token: int
    ttl_ms: int

    async def hold(self, tx: Transaction) -> None:
        """Locks the lease for the rest of a transaction and renews it; raises LeaseLost if it has moved on."""
        if not await tx.run(HOLD, name=self.name, token=self.token, ttl_ms=self.ttl_ms):
            raise LeaseLost(self.name)

    async def release(self) -> None:
        """Gives it back before it expires."""
        await self.database.write(lambda tx: tx.run(RELEASE, name=self.name, token=self.token))


async def take(database: Database, name: str, holder: str, ttl_ms: int) -> Lease | None:
    """The lease, if it is free, expired or already this holder's."""
    (row,) = await database.write(lambda tx: tx.run(TAKE, name=name, holder=holder, ttl_ms=ttl_ms))
    return Lease(database, name, row["token"], ttl_ms) if row["holder"] == holder else None


async def holder(database: Database, name: str) -> str | None:
    """Who holds a lease now."""
    rows = await database.rows(HOLDER, name=name)
    return str(rows[0]["holder"]) if rows else None

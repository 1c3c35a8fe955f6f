"""Periodic jobs in Neo4j: when each was last begun, by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Transaction
    from graph.store.leases import Lease

DUE = load("job/due")
DONE = load("job/done")
FAILED = load("job/failed")
ALL = load("job/all")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What is known of one job. Before its first run `last_run_ms` (Unix time) is when it was first seen."""

    name: str
    every_ms: int
    last_run_ms: int
    runs: int
    fault: str


@dataclass(frozen=True, slots=True)
class JobStore:
    """Says which jobs are due, and keeps their last runs. What writes needs the jobs' lease."""

    database: Database

    async def due(self, lease: Lease, intervals: Sequence[tuple[str, int, int]]) -> list[tuple[str, int]]:
        """Of (name, every_ms, retry_ms), those whose time has come, each with the moment it is now."""
        wanted = [{"name": name, "every_ms": every, "retry_ms": retry} for name, every, retry in intervals]

        async def work(tx: Transaction) -> list[tuple[str, int]]:
            await lease.hold(tx)
            return [(row["name"], row["now_ms"]) for row in await tx.run(DUE, rows=wanted)]

        return await self.database.write(work)

    async def done(self, lease: Lease, name: str, began_ms: int) -> None:
        """A job that began at a moment has come to its end."""

        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            await tx.run(DONE, name=name, now_ms=began_ms)

        await self.database.write(work)

    async def failed(self, lease: Lease, name: str, fault: str) -> None:
        """A job failed just now."""

        async def work(tx: Transaction) -> None:
            await lease.hold(tx)
            await tx.run(FAILED, name=name, fault=fault)

        await self.database.write(work)

    async def all(self) -> list[JobRecord]:
        """Every job that was ever seen, by name."""
        return [JobRecord(**row) for row in await self.database.rows(ALL)]

"""Dead letters in Neo4j: scopes that could not be applied, kept until somebody looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Transaction

ALL = load("dead_letter/all")
WRITE = load("dead_letter/write")
CLEAR = load("dead_letter/clear")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A scope that failed every delivery, with the last reason."""

    scope_id: str
    reason: str
    deliveries: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetterStore:
    """Lists and writes dead letters."""

    database: Database

    async def all(self) -> list[DeadLetter]:
        """Every dead letter, oldest first."""
        rows = await self.database.rows(ALL)
        return [DeadLetter(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows]

    async def write(self, scope_id: str, reason: str, deliveries: int) -> None:
        """Puts a scope aside; its facts stay in the log, and its neighbours go on."""
        at = stored(datetime.now(UTC))
        await self.database.write(
            lambda tx: tx.run(WRITE, scope_id=scope_id, reason=reason, deliveries=deliveries, at=at)
        )


async def clear(tx: Transaction, scope_ids: Sequence[str]) -> None:
    """Takes scopes off the list that have been applied after all."""
    await tx.run(CLEAR, scope_ids=list(scope_ids))

"""Dead letters in Neo4j: scopes that could not be applied, kept until somebody looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.desk_errors import UnknownDeadLetter
from graph.payouts import actor_name, reason_text
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Transaction

ALL = load("dead_letter/all")
FACTS = load("dead_letter/facts")
WRITE = load("dead_letter/write")
CLEAR = load("dead_letter/clear")
DISCARD = load("dead_letter/discard")
REOPEN = load("dead_letter/reopen")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A scope that failed every delivery, with the last reason, and how many of its facts wait.

    One that was discarded is not waited for; its facts stay unapplied until it is tried again.
    """

    scope_id: str
    reason: str
    deliveries: int
    since: datetime
    at: datetime
    facts: int
    discarded_by: str | None = None
    discarded_reason: str | None = None


@dataclass(frozen=True, slots=True)
class UnappliedFact:
    """A fact of the log that a scope has not applied."""

    seq: int
    kind: str
    order_id: str | None
    buyer_id: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class DeadLetterStore:
    """Lists and writes dead letters."""

    database: Database

    async def all(self) -> list[DeadLetter]:
        """Every dead letter that waits for somebody, oldest first."""
        return [letter for letter in await self.with_discarded() if letter.discarded_by is None]

    async def with_discarded(self) -> list[DeadLetter]:
        """Every dead letter, oldest first, also those that were discarded."""
        return [
            DeadLetter(**row | {"since": datetime.fromisoformat(row["since"]), "at": datetime.fromisoformat(row["at"])})
            for row in await self.database.rows(ALL)
        ]

    async def facts(self, scope_id: str, count: int) -> list[UnappliedFact]:
        """The first facts that a dead letter's scope has not applied, in seq order."""
        return [UnappliedFact(**row) for row in await self.database.rows(FACTS, scope_ids=[scope_id], count=count)]

    async def write(self, scope_id: str, reason: str, deliveries: int) -> None:
        """Puts a scope aside; its facts stay in the log, and its neighbours go on."""
        at = stored(datetime.now(UTC))
        await self.database.write(
            lambda tx: tx.run(WRITE, scope_id=scope_id, reason=reason, deliveries=deliveries, at=at)
        )

    async def discard(self, scope_id: str, actor: str, reason: str) -> None:
        """Waits for a dead letter no more. Raises UnknownDeadLetter."""
        actor_name(actor)
        reason_text(reason)
        at = datetime.now(UTC)

        async def work(tx: Transaction) -> None:
            if not await tx.run(DISCARD, scope_id=scope_id, actor=actor, reason=reason):
                raise UnknownDeadLetter(scope_id)
            action = Action("dead_letter_discarded", scope_id, actor, at, {"reason": reason})
            await record(tx, DESK, actor, at, (), [action])

        await self.database.write(work)

    async def reopen(self, scope_ids: Sequence[str]) -> None:
        """Waits for dead letters again, all or none. Raises UnknownDeadLetter."""

        async def work(tx: Transaction) -> None:
            found = {row["scope_id"] for row in await tx.run(REOPEN, scope_ids=sorted(scope_ids))}
            missing = set(scope_ids) - found
            if missing:
                raise UnknownDeadLetter(min(missing))

        await self.database.write(work)


async def clear(tx: Transaction, scope_ids: Sequence[str]) -> None:
    """Takes scopes off the list that have been applied after all."""
    await tx.run(CLEAR, scope_ids=list(scope_ids))

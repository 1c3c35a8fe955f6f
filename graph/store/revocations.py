"""Tokens taken back, in Neo4j: whose tokens, issued before which moment, are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from graph.access.tokens import KEY_PREFIX
from graph.audit import Action
from graph.errors import InvalidInput
from graph.members import identifier
from graph.payouts import actor_name
from graph.store.queries import load
from graph.store.recording import DESK, record
from graph.times import stored

if TYPE_CHECKING:
    from graph.store.database import Database, Transaction

TAKE = load("revocation/take")
SINCE = load("revocation/since")


@dataclass(frozen=True, slots=True)
class RevocationStore:
    """Refuses tokens before they expire."""

    database: Database
    token_max_s: int
    """How long a token may be valid: what was revoked longer ago has expired."""

    async def revoke(self, subject: str, actor: str) -> datetime:
        """Refuses every token of a subject issued up to now; from which moment on new ones count. Audited.

        Raises InvalidInput, also for the name of an API key: a key is revoked by its id.
        """
        if identifier(subject, "subject").startswith(KEY_PREFIX):
            raise InvalidInput("subject", "An API key is revoked by its id: `threefold api-key revoke`.", code="BAD_ID")
        actor_name(actor)
        at = datetime.now(UTC)
        await self.database.write(lambda tx: _revoke(tx, subject, actor, at))
        return at

    async def in_force(self) -> dict[str, datetime]:
        """By subject, the moment before which tokens must not have been issued."""
        since = datetime.now(UTC) - timedelta(seconds=self.token_max_s, minutes=5)
        rows = await self.database.rows(SINCE, since=stored(since))
        return {row["subject"]: datetime.fromisoformat(row["before"]) for row in rows}


async def _revoke(tx: Transaction, subject: str, actor: str, at: datetime) -> None:
    (row,) = await tx.run(TAKE, subject=subject, before=stored(at))
    if row["new"]:
        await record(tx, DESK, actor, at, [], [Action("tokens.revoked", subject, actor, at, {})])

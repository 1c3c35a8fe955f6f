"""Plan versions in Neo4j: appended, never edited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.errors import PlanInvalid
from graph.plan import PlanHistory, PlanVersion
from graph.plan_document import parse_plan, stored_plan
from graph.store.queries import load

if TYPE_CHECKING:
    from graph.store.acceptance import Stamp
    from graph.store.database import Database, Row, Transaction

ALL = load("plan/all")
BY_KEY = load("plan/by_key")
PUBLISH = load("plan/publish")
BEGIN = load("plan/begin")


@dataclass(slots=True)
class PlanStore:
    """Reads and publishes plans. Numbered versions are immutable, so they are kept once read."""

    database: Database
    _numbered: dict[int, PlanVersion] = field(default_factory=dict)

    async def all(self) -> list[PlanVersion]:
        """Every version, oldest first, whether numbered yet or not."""
        return await self.database.read(self._all)

    async def history(self, tx: Transaction) -> PlanHistory:
        """What has been in force since the first fact, as this transaction sees it."""
        return PlanHistory(await self._all(tx))

    async def publish(self, document: str, idempotency_key: str, stamp: Stamp) -> PlanVersion:
        """Appends a version, or answers with the one published before under the same key.

        Raises PlanInvalid for a faulty document, and for a key used with another document.
        """
        plan = parse_plan(document)

        async def work(tx: Transaction) -> PlanVersion:
            earlier = await tx.run(BY_KEY, idempotency_key=idempotency_key)
            if earlier:
                version = _version(earlier[0])
                if version.document != document:
                    raise PlanInvalid((f"idempotency key {idempotency_key!r} was used for another document",))
                return version
            (row,) = await tx.run(
                PUBLISH,
                document=document,
                name=plan.name,
                idempotency_key=idempotency_key,
                accepted_us=stamp.accepted_us,
            )
            return PlanVersion(row["version"], None, plan, document)

        return await self.database.write(work)

    async def begin(self, document: str) -> None:
        """Puts a document in force from before the first fact, if the store is fresh."""
        name = parse_plan(document).name
        await self.database.write(lambda tx: tx.run(BEGIN, document=document, name=name))

    async def _all(self, tx: Transaction) -> list[PlanVersion]:
        known = [self._numbered[version] for version in sorted(self._numbered)]
        newer = [_version(row) for row in await tx.run(ALL, from_version=len(known) + 1)]
        for version in newer:
            if version.seq is None:
                break
            self._numbered[version.version] = version
        return known + newer


def _version(row: Row) -> PlanVersion:
    return PlanVersion(row["version"], row["seq"], stored_plan(row["document"]), row["document"])

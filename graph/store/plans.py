"""Plan versions in Neo4j: appended, never edited; and plans that wait for their moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from graph.audit import Action
from graph.errors import InvalidInput, PlanInvalid
from graph.plan import PlanHistory, PlanVersion, ScheduledPlan, ScheduleState
from graph.plan_document import parse_plan, stored_plan
from graph.rewards import digest
from graph.store.queries import load
from graph.store.recording import record
from graph.times import LATEST, shown, stored

if TYPE_CHECKING:
    from graph.store.acceptance import Stamp, StampClock
    from graph.store.database import Database, Row, Transaction

T = TypeVar("T", PlanVersion, ScheduledPlan)

ALL = load("plan/all")
BY_KEY = load("plan/by_key")
PUBLISH = load("plan/publish")
BEGIN = load("plan/begin")
LOCK = load("plan/lock")
SCHEDULE = load("plan/schedule")
SCHEDULED = load("plan/scheduled")
SCHEDULED_BY_ID = load("plan/scheduled_by_id")
END_SCHEDULE = load("plan/end_schedule")

PLANS = "plans"
"""The audit chain of plans, and who writes it until callers have names."""


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

        Raises PlanInvalid for a faulty document, and for a key used with another document or moment.
        """
        parse_plan(document)

        async def work(tx: Transaction) -> PlanVersion:
            await tx.run(LOCK)
            earlier = await tx.run(BY_KEY, idempotency_key=idempotency_key)
            if earlier:
                return _same(_version(earlier[0]), document, idempotency_key)
            if await _scheduled(tx, schedule_id(idempotency_key)):
                raise PlanInvalid((f"idempotency key {idempotency_key!r} was used to publish at a later moment",))
            return await _publish(tx, document, idempotency_key, stamp)

        return await self.database.write(work)

    async def schedule(self, document: str, idempotency_key: str, at: datetime, stamp: Stamp) -> ScheduledPlan:
        """Has a plan published at a moment, or answers with what was scheduled before under the same key.

        Raises PlanInvalid as `publish` does, and InvalidInput for a moment that has passed.
        """
        wanted = ScheduledPlan(schedule_id(idempotency_key), at, parse_plan(document), document)

        async def work(tx: Transaction) -> ScheduledPlan:
            await tx.run(LOCK)
            earlier = await _scheduled(tx, wanted.id)
            if earlier:
                if earlier.at != at:
                    raise PlanInvalid((f"idempotency key {idempotency_key!r} was used for {shown(earlier.at)}",))
                return _same(earlier, document, idempotency_key)
            if await tx.run(BY_KEY, idempotency_key=idempotency_key):
                raise PlanInvalid((f"idempotency key {idempotency_key!r} was used to publish at once",))
            if at <= stamp.moment:
                raise InvalidInput(
                    "at", f"{shown(at)} has passed; leave it out to publish at once.", code="PAST_MOMENT"
                )
            await tx.run(
                SCHEDULE,
                id=wanted.id,
                at=stored(at),
                document=document,
                name=wanted.plan.name,
                idempotency_key=idempotency_key,
                accepted_us=stamp.accepted_us,
            )
            await _record(tx, "plan_scheduled", wanted.id, stamp.moment, {"name": wanted.plan.name, "at": stored(at)})
            return wanted

        return await self.database.write(work)

    async def scheduled(self) -> list[ScheduledPlan]:
        """The plans that wait, in the order in which they will be published."""
        return [_scheduled_plan(row) for row in await self.database.rows(SCHEDULED, upto=stored(LATEST))]

    async def cancel(self, plan_id: str) -> ScheduledPlan:
        """Keeps a waiting plan from being published; raises InvalidInput if none waits under this id.

        Cancelling again answers the same.
        """

        async def work(tx: Transaction) -> ScheduledPlan:
            await tx.run(LOCK)
            found = await _scheduled(tx, plan_id)
            if found is None or found.state is ScheduleState.PUBLISHED:
                raise InvalidInput(
                    "id", f"No plan with the id {plan_id} waits to be published.", code="NO_SCHEDULED_PLAN"
                )
            await tx.run(END_SCHEDULE, id=plan_id, state=ScheduleState.CANCELLED, version=0)
            await _record(tx, "plan_cancelled", plan_id, datetime.now(UTC), {"name": found.plan.name})
            return replace(found, state=ScheduleState.CANCELLED)

        return await self.database.write(work)

    async def publish_due(self, now: datetime, clock: StampClock) -> list[PlanVersion]:
        """Publishes the plans whose moment has come, each once however often and by however many this is called."""
        published = []
        for row in await self.database.rows(SCHEDULED, upto=stored(now)):
            version = await self._publish_scheduled(row["id"], await clock.stamp())
            if version:
                published.append(version)
        return published

    async def _publish_scheduled(self, plan_id: str, stamp: Stamp) -> PlanVersion | None:
        async def work(tx: Transaction) -> PlanVersion | None:
            await tx.run(LOCK)
            waiting = await _scheduled(tx, plan_id)
            if waiting is None or waiting.state is not ScheduleState.SCHEDULED:
                return None
            version = await _publish(tx, waiting.document, f"scheduled:{plan_id}", stamp)
            await tx.run(END_SCHEDULE, id=plan_id, state=ScheduleState.PUBLISHED, version=version.version)
            return version

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


def schedule_id(idempotency_key: str) -> str:
    """The id of what is scheduled under a key: short enough to be typed."""
    return digest("scheduled plan", idempotency_key)[:12]


async def _publish(tx: Transaction, document: str, idempotency_key: str, stamp: Stamp) -> PlanVersion:
    plan = stored_plan(document)
    (row,) = await tx.run(
        PUBLISH,
        document=document,
        name=plan.name,
        idempotency_key=idempotency_key,
        in_sequence=plan.in_sequence,
        accepted_us=stamp.accepted_us,
    )
    await _record(tx, "plan_published", f"v{row['version']}", stamp.moment, {"name": plan.name, "key": idempotency_key})
    return PlanVersion(row["version"], None, plan, document)


async def _record(tx: Transaction, kind: str, subject: str, at: datetime, detail: dict[str, str | int]) -> None:
    await record(tx, PLANS, PLANS, at, (), [Action(kind, subject, PLANS, at, detail)])


async def _scheduled(tx: Transaction, plan_id: str) -> ScheduledPlan | None:
    rows = await tx.run(SCHEDULED_BY_ID, id=plan_id)
    return _scheduled_plan(rows[0]) if rows else None


def _same(earlier: T, document: str, idempotency_key: str) -> T:
    if earlier.document != document:
        raise PlanInvalid((f"idempotency key {idempotency_key!r} was used for another document",))
    return earlier


def _version(row: Row) -> PlanVersion:
    return PlanVersion(row["version"], row["seq"], stored_plan(row["document"]), row["document"])


def _scheduled_plan(row: Row) -> ScheduledPlan:
    at, document = datetime.fromisoformat(row["at"]), row["document"]
    return ScheduledPlan(row["id"], at, stored_plan(document), document, ScheduleState(row["state"]), row["version"])

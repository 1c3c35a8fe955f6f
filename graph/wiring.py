"""The composition root: the one place where stores, stream and engine are given what they need."""

from __future__ import annotations

import os
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from graph.access.opening import open_authenticator
from graph.cache.budgets import Budgets
from graph.engine.jobs import Job, Jobs
from graph.engine.relay import Relay
from graph.engine.sequencer import Sequencer
from graph.engine.worker import Worker
from graph.errors import DatabaseUnavailable
from graph.local.servers import Addresses, running
from graph.privacy.erasure_register import ErasureRegister
from graph.privacy.key_file import KeyFile
from graph.privacy.keyring import Keyring
from graph.privacy.master_keys import FileMasterKeys, GivenMasterKeys
from graph.store import database, migrations
from graph.store.acceptance import StampClock
from graph.store.api_keys import ApiKeyStore
from graph.store.audit import AuditStore
from graph.store.books import BookStore
from graph.store.database import Database
from graph.store.dead_letters import DeadLetterStore
from graph.store.desk import Desk, open_desk
from graph.store.erasure import ErasureStore
from graph.store.explanations import ExplanationStore
from graph.store.history import HistoryStore
from graph.store.identifiers import IdentifierStore
from graph.store.ledger import LedgerStore
from graph.store.log import EventLog
from graph.store.members import MemberStore
from graph.store.orders import OrderStore
from graph.store.people import PeopleStore
from graph.store.person_keys import PersonKeyStore
from graph.store.plans import PlanStore
from graph.store.refunds import RefundStore
from graph.store.revocations import RevocationStore
from graph.store.sequence import SequenceStore
from graph.store.sight import SightStore
from graph.store.teams import TeamStore
from graph.stream import connection
from graph.stream.announcements import Announcements
from graph.stream.news import NewsStream
from graph.stream.partitions import PartitionShare
from graph.verification.audit_trail import AuditTrail
from graph.verification.checkpoints import CheckpointFile
from seeds import plans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graph.access.authenticator import Authenticator
    from graph.settings import Settings
    from graph.store.migrations import Migration

MONTH_END_EVERY_S = 3600.0
PLANS_EVERY_S = 5.0
CHECKPOINT_EVERY_S = 60.0
NO_REDIS = "redis://127.0.0.1:0"
"""An address where nothing can listen: what needs no news works without one, the rest says that Redis is away."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that commands, the API and the engine work with, over one Neo4j and one Redis."""

    settings: Settings
    database: Database
    members: MemberStore
    people: PeopleStore
    identifiers: IdentifierStore
    erasure: ErasureStore
    person_keys: PersonKeyStore
    orders: OrderStore
    refunds: RefundStore
    plans: PlanStore
    ledger: LedgerStore
    explanations: ExplanationStore
    teams: TeamStore
    sight: SightStore
    log: EventLog
    history: HistoryStore
    books: BookStore
    dead_letters: DeadLetterStore
    desk: Desk
    news: NewsStream
    announcements: Announcements
    audit: AuditTrail
    api_keys: ApiKeyStore
    revocations: RevocationStore
    authenticator: Authenticator
    budgets: Budgets

    def clock(self) -> StampClock:
        """A clock for one sequence of accepted facts."""
        return StampClock(self.database)

    def relay(self) -> Relay:
        """A relay under a name of its own."""
        return Relay(self.database, self.log, self.news, _process_name(), self.settings.lease_ms, self.settings.sweep_s)

    def worker(self) -> Worker:
        """A reward worker under a name of its own."""
        share = PartitionShare(self.news.redis, _process_name(), self.news.partitions, self.settings.lease_ms)
        idle_ms = self.settings.worker_idle_ms
        return Worker(self.books, self.dead_letters, self.news, share, idle_ms)

    def sequencer(self) -> Sequencer:
        """A sequencer under a name of its own."""
        store = SequenceStore(self.database, self.plans, self.announcements.posted)
        return Sequencer(store, self.log, self.members, self.dead_letters, _process_name(), self.settings.lease_ms)

    def jobs(self, *more: Job) -> Jobs:
        """The periodic jobs, and more of them, under a name of their own."""
        settle = Job("settle", self.settings.settle_every_s, lambda: self.ledger.settle(datetime.now(UTC)))
        after_days = self.settings.month_end_after_days
        month_end = Job(
            "month-end", MONTH_END_EVERY_S, lambda: self.desk.months.close_ended(self.clock(), after_days, "jobs")
        )
        publish = Job("plans", PLANS_EVERY_S, lambda: self.plans.publish_due(datetime.now(UTC), self.clock()))
        checkpoint = Job("checkpoint", CHECKPOINT_EVERY_S, self.audit.checkpoint)
        jobs = (settle, month_end, publish, checkpoint, *more)
        return Jobs(self.desk.jobs, jobs, _process_name(), self.settings.lease_ms)

    async def migrate(self) -> list[Migration]:
        """Brings the database up to this version; which migrations it took."""
        done = await migrations.migrate(self.database, _process_name())
        if any(migration.name == "audit" for migration in done):
            await self.audit.seal("migrate")
        await self.erasure.reapply()
        await self.erasure.seal_plain_names()
        await self.plans.begin(plans.preset(plans.DEFAULT))
        return done


@asynccontextmanager
async def open_services(settings: Settings, addresses: Addresses | None = None) -> AsyncIterator[Services]:
    """Services over these addresses, or those that the settings lead to. Nothing is connected before first use.

    Raises DatabaseUnavailable when no address is set and no local servers run.
    """
    where = addresses or resolve(settings)
    driver = database.connect(where.neo4j_uri, where.neo4j_user, where.neo4j_password)
    redis = connection.connect(where.redis_url)
    try:
        services = compose(settings, Database(driver, settings.neo4j_database), redis)
        try:
            yield services
        finally:
            await services.authenticator.aclose()
    finally:
        await redis.aclose()
        await driver.close()


def compose(settings: Settings, base: Database, redis: connection.Connection) -> Services:
    """Every store and stream over one database and one Redis."""
    api_keys, revocations = ApiKeyStore(base), RevocationStore(base, settings.token_max_s)
    keyring = open_keyring(settings)
    plans_, log, announcements = PlanStore(base), EventLog(base), Announcements(redis)
    return Services(
        settings=settings,
        database=base,
        members=MemberStore(base, keyring),
        people=PeopleStore(base, keyring, settings.phone_region),
        identifiers=IdentifierStore(base, keyring, settings.phone_region),
        erasure=ErasureStore(base, keyring),
        person_keys=PersonKeyStore(base, keyring),
        orders=OrderStore(base),
        refunds=RefundStore(base),
        plans=plans_,
        ledger=LedgerStore(base),
        explanations=ExplanationStore(base, plans_),
        teams=TeamStore(base),
        sight=SightStore(base),
        log=log,
        history=HistoryStore(base),
        books=BookStore(base, plans_, announcements.posted),
        dead_letters=DeadLetterStore(base),
        desk=open_desk(base, plans_, log, settings.adjustment_limit_minor),
        news=NewsStream(redis, settings.partitions),
        announcements=announcements,
        audit=AuditTrail(AuditStore(base), checkpoint_file(settings)),
        api_keys=api_keys,
        revocations=revocations,
        authenticator=open_authenticator(settings, api_keys, revocations),
        budgets=Budgets(redis, settings.budget_points, settings.budget_restore_per_s),
    )


def checkpoint_file(settings: Settings) -> CheckpointFile:
    """Where the audit's checkpoints and their key are."""
    folder = settings.home / "audit"
    return CheckpointFile(
        settings.audit_file or folder / "checkpoints.jsonl", settings.audit_key_file or folder / "key.pem"
    )


def open_keyring(settings: Settings) -> Keyring:
    """The keys of personal values. A key management service is one more `MasterKeys` here (docs/privacy.md)."""
    folder = settings.privacy_folder or settings.home / "privacy"
    file, given = KeyFile(folder / "keys.json"), settings.master_keys
    masters = GivenMasterKeys.read(given.get_secret_value()) if given else FileMasterKeys(file)
    return Keyring(file, masters, ErasureRegister(folder / "erasures.jsonl", file))


def resolve(settings: Settings) -> Addresses:
    """The addresses that are set, and those of the running local servers for what is not."""
    up = running(settings.home)
    local = up.addresses if up else Addresses()
    if not (settings.neo4j_uri or local.neo4j_uri):
        raise DatabaseUnavailable(
            "No Neo4j is running here.", remedy="Start one with `threefold up`, or set THREEFOLD_NEO4J_URI."
        )
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else local.redis_url or NO_REDIS
    if not settings.neo4j_uri:
        return Addresses(local.neo4j_uri, local.neo4j_user, local.neo4j_password, redis_url)
    password = settings.neo4j_password.get_secret_value()
    return Addresses(settings.neo4j_uri, settings.neo4j_user, password, redis_url)


def _process_name() -> str:
    """A name that no other process or run has, for leases and consumer groups."""
    return f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"

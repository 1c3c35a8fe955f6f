"""Migrations: numbered Cypher files, applied in order under a lease, recorded with their checksums.

Each statement runs in a transaction of its own, since Neo4j does not mix schema and data in one, and is
written to be repeatable: a migration cut off half-way is simply run again.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from graph.errors import SchemaOutdated
from graph.store import leases
from graph.store.plans import ALL as PLANS
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.store.database import Database, Row
    from graph.store.leases import Lease

APPLIED = load("migration/applied")
RECORD = load("migration/record")
PREPARE = load("migration/prepare")
_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.cypher")
LEASE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its statements, and a checksum over its text."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """The statements, without comment lines."""
        text = "\n".join(line for line in self.text.splitlines() if not line.lstrip().startswith("//"))
        return [statement for part in text.split(";") if (statement := part.strip())]


def shipped() -> list[Migration]:
    """The migrations of this version of Threefold, in order."""
    found = []
    for file in files("cypher.migrations").iterdir():
        match = _FILE_NAME.fullmatch(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], file.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.version)


async def assert_migrated(database: Database, migrations: Sequence[Migration] | None = None) -> None:
    """Raises SchemaOutdated unless the database has had exactly these migrations, and has a plan."""
    missing = pending(await database.rows(APPLIED), migrations if migrations is not None else shipped())
    if missing:
        names = ", ".join(f"{m.version:04d}_{m.name}" for m in missing)
        raise SchemaOutdated(f"The database lacks {len(missing)} migration(s): {names}.")
    if not await database.rows(PLANS, from_version=1):
        raise SchemaOutdated("The database has no plan yet.")


def pending(applied: Sequence[Row], migrations: Sequence[Migration]) -> list[Migration]:
    """The migrations still to run; raises SchemaOutdated for one that was changed or is not known here."""
    known = {migration.version: migration for migration in migrations}
    for row in applied:
        version, name = row["version"], row["name"]
        if version not in known:
            raise SchemaOutdated(
                f"The database has migration {version:04d}_{name}, which this version does not know.",
                remedy="Use the version of Threefold that applied it, or a newer one.",
            )
        if known[version].checksum != row["checksum"]:
            raise SchemaOutdated(
                f"Migration {version:04d}_{name} was changed after it had been applied.",
                remedy="Restore the file; put the change into a new migration.",
            )
    done = {row["version"] for row in applied}
    return [migration for migration in migrations if migration.version not in done]


async def migrate(database: Database, holder: str, migrations: Sequence[Migration] | None = None) -> list[Migration]:
    """Applies what is missing, one process at a time; which migrations it were."""
    wanted = migrations if migrations is not None else shipped()
    await database.schema(PREPARE.text)
    lease = await _take_lease(database, holder)
    try:
        todo = pending(await database.rows(APPLIED), wanted)
        for migration in todo:
            await _apply(database, migration, lease)
    finally:
        await lease.release()
    return todo


async def _take_lease(database: Database, holder: str) -> Lease:
    while True:
        lease = await leases.take(database, "migrations", holder, LEASE_MS)
        if lease is not None:
            return lease
        await asyncio.sleep(0.2)


async def _apply(database: Database, migration: Migration, lease: Lease) -> None:
    for statement in migration.statements:
        await database.write(lease.hold)
        await database.schema(statement)
    await database.write(
        lambda tx: tx.run(
            RECORD,
            version=migration.version,
            name=migration.name,
            checksum=migration.checksum,
            applied_at=stored(datetime.now(UTC)),
        )
    )

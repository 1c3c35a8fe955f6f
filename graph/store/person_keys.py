"""Persons' wrapped keys in Neo4j, and the rotation of the master key that wraps them.

Rotation is online: values are not touched, both master keys open what they wrapped, and a rotation that was cut off
goes on where it ended, since what is left to do is what the database says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.privacy.key_file import with_new_master, without_master
from graph.privacy.master_keys import FileMasterKeys
from graph.privacy_errors import MasterKeyInUse
from graph.store.people import PRIVACY
from graph.store.queries import load
from graph.store.recording import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.privacy.keyring import Keyring
    from graph.store.database import Database, Transaction

BY_KID = load("person/by_kid")
REWRAP = load("person/rewrap")
KIDS = load("person/kids")
WRAPPED_BY = load("person/wrapped_by")

AT_ONCE = 500
NO_TIME, LEAST_IDLE = timedelta(), timedelta(minutes=10)
"""Longer than any transaction lasts: an enrolment that wrapped a key before the rotation has ended, or never will."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did. `resumed` is whether an earlier one was finished, so that no new master key was made."""

    kid: str
    rewrapped: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class PersonKeyStore:
    """Counts and re-wraps."""

    database: Database
    keyring: Keyring

    async def kids(self) -> dict[str, int]:
        """How many persons' keys each master key wraps."""
        return {row["kid"]: row["count"] for row in await self.database.rows(KIDS)}

    async def rotate(self, actor: str, report: Callable[[str, int, int], None], at_once: int = AT_ONCE) -> Rotation:
        """Makes a new master key and wraps every person's key by it; after one that was cut off, finishes that.

        Master keys from elsewhere than the key file are made active there. `report(what, done, total)` follows
        each batch. Raises DecryptionFailed where a master key is missing.
        """
        masters, counts = self.keyring.masters, await self.kids()
        resumed = bool(counts.keys() - {masters.active})
        if isinstance(masters, FileMasterKeys) and not resumed:
            masters.file.change(with_new_master)
            await self._note("master_key.rotated", masters.active, actor)
        done, total = 0, sum(count for kid, count in counts.items() if kid != masters.active)
        while old := sorted(kid for kid in await self.kids() if kid != masters.active):
            for kid in old:
                while count := await self._rewrap(kid, at_once):
                    done += count
                    report("keys", done, total)
        return Rotation(masters.active, done, resumed)

    async def retire(self, kid: str, actor: str, least_idle: timedelta = LEAST_IDLE) -> None:
        """Removes a master key for good. Raises MasterKeyInUse where it is, or may be about to be, of use."""
        masters = self.keyring.masters
        if not isinstance(masters, FileMasterKeys):
            raise MasterKeyInUse(kid, "it is kept elsewhere: remove it there")
        key = masters.file.keys().masters.get(kid)
        if key is None:
            raise MasterKeyInUse(kid, "there is no such key")
        if kid == masters.active or key.idle_since is None:
            raise MasterKeyInUse(kid, "it is the active one")
        if datetime.now(UTC) < datetime.fromisoformat(key.idle_since) + least_idle:
            minutes = int(least_idle.total_seconds() // 60)
            raise MasterKeyInUse(
                kid, f"it has been idle for less than {minutes} minutes, and a write may be on its way"
            )
        (row,) = await self.database.rows(WRAPPED_BY, kid=kid)
        if row["count"]:
            raise MasterKeyInUse(kid, f"it wraps {row['count']} persons' keys: finish the rotation first")
        await self._note("master_key.retired", kid, actor)
        masters.file.change(lambda keys: without_master(keys, kid))

    async def _rewrap(self, kid: str, at_once: int) -> int:
        """One batch. The new keys are made before the transaction, and written where the old ones still are."""
        found = await self.database.rows(BY_KID, kid=kid, count=at_once)
        rows = []
        for row in sorted(found, key=lambda row: str(row["member_id"])):
            before = bytes(row["wrapped"])
            new_kid, wrapped = self.keyring.rewrapped(row["member_id"], before)
            rows.append({"member_id": row["member_id"], "before": before, "kid": new_kid, "wrapped": wrapped})
        if rows:
            await self.database.write(lambda tx: tx.run(REWRAP, rows=rows))
        return len(rows)

    async def _note(self, kind: str, kid: str, actor: str) -> None:
        at = datetime.now(UTC)

        async def work(tx: Transaction) -> None:
            await record(tx, PRIVACY, actor, at, [], [Action(kind, kid, actor, at, {})])

        await self.database.write(work)

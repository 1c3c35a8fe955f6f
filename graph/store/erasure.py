"""Erasure: a person's key is destroyed, and with it every value; the pseudonymous ledger and the audit stay.

The register of erasures is written before the database, under the same locks. A crash in between leaves a person whom
the keyring already refuses, and whom the next `migrate` erases here too; so does a backup that brings them back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.errors import UnknownMember
from graph.identity import IdentityField
from graph.payouts import actor_name, reason_text
from graph.privacy_errors import ErasureBlocked, PersonErased, PrivacyBroken
from graph.store import wallets
from graph.store.identifiers import LOCK
from graph.store.people import PRIVACY, claim, keep
from graph.store.queries import load
from graph.store.recording import record
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.privacy.keyring import Keyring, SealedPerson
    from graph.store.database import Database, Row, Transaction

BLOCKING = load("erasure/blocking")
ERASE = load("erasure/erase")
ORPHANS = load("erasure/orphans")
COUNT = load("erasure/count")
NOTE = load("erasure/note")
MARK = load("person/mark")
PLAIN = load("person/plain")
PLAIN_NOW = load("person/plain_now")
SEALED_ALL = load("person/sealed_all")
NOTE_SEALED_ALL = load("person/note_sealed_all")

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a person is erased, since when, and how many identifiers they were seen with until now."""

    member_id: str
    erased_at: datetime
    identifiers: int


@dataclass(frozen=True, slots=True)
class ErasureStore:
    """Erases people, and what an older backup or an older version has left of them."""

    database: Database
    keyring: Keyring

    async def erase(self, member_id: str, reason: str, actor: str) -> Erasure:
        """Destroys what is known of a member. A second time changes nothing.

        Raises UnknownMember, InvalidInput, and ErasureBlocked while money of theirs is on its way, or held.
        """
        actor_name(actor)
        action = Action("identity.erased", member_id, actor, datetime.now(UTC), {"reason": reason_text(reason)})

        async def work(tx: Transaction) -> Erasure:
            if not await wallets.known(tx, member_id):
                raise UnknownMember(member_id)
            (locked,) = await tx.run(LOCK, member_ids=[member_id])
            if locked["erased_at"]:
                return Erasure(member_id, datetime.fromisoformat(locked["erased_at"]), 0)
            (blocking,) = await tx.run(BLOCKING, member_id=member_id)
            if blocking["payouts"] or blocking["held"]:
                raise ErasureBlocked(member_id, blocking["payouts"], blocking["held"])
            await claim(tx, self.keyring)
            await asyncio.to_thread(self.keyring.register.append, member_id)
            identifiers = await _destroy(tx, [member_id], action.at)
            await tx.run(COUNT)
            await record(tx, PRIVACY, actor, action.at, [], [action])
            return Erasure(member_id, action.at, identifiers)

        erasure = await self.database.write(work)
        self.keyring.forget()
        return erasure

    async def reapply(self, actor: str = "migrate") -> int:
        """Erases again whom the register names and an older backup brought back; how many there were.

        Raises PrivacyBroken where the keys or the register are not those that this database knows.
        """
        applied, count = await self._counted()
        erased, after = 0, ""
        while count > applied and (rows := await self.database.rows(PLAIN, after=after, count=AT_ONCE)):
            after = rows[-1]["member_id"]
            back = [row["member_id"] for row in rows if self.keyring.register.holds(row["member_id"])]
            erased += await self._again(back, actor) if back else 0
        if count > applied:
            installation = self.keyring.installation
            await self.database.write(lambda tx: tx.run(NOTE, installation=installation, erasures=count))
        return erased

    async def checked(self) -> int:
        """How many erasures there are. Raises PrivacyBroken where keys, register and database do not fit together."""
        return (await self._counted())[1]

    async def _counted(self) -> tuple[int, int]:
        """How many erasures are applied here, and how many the register holds."""
        marks = await self.database.rows(MARK)
        applied = marks[0]["erasures"] if marks else 0
        if marks and not (self.keyring.files.exists and self.keyring.installation == marks[0]["installation"]):
            raise PrivacyBroken("The key file here is not the one that sealed what this database holds.")
        count = self.keyring.register.count
        if count < applied:
            raise PrivacyBroken(f"The register holds {count} erasures, and {applied} were applied to this database.")
        return applied, count

    async def seal_plain_names(self) -> int:
        """Seals the names that an earlier version kept in plain text; how many. Goes on where it was cut off."""
        if await self.database.rows(SEALED_ALL):
            return 0
        sealed, after = 0, ""
        while rows := await self.database.rows(PLAIN, after=after, count=AT_ONCE):
            after = rows[-1]["member_id"]
            plain = [row["member_id"] for row in rows if row["name"] is not None]
            sealed += await self._seal(plain) if plain else 0
        await self.database.write(lambda tx: tx.run(NOTE_SEALED_ALL))
        return sealed

    async def _again(self, member_ids: Sequence[str], actor: str) -> int:
        at = datetime.now(UTC)
        detail: dict[str, str | int] = {"reason": "an older backup was restored"}

        async def work(tx: Transaction) -> int:
            locked = await tx.run(LOCK, member_ids=sorted(member_ids))
            back = [row["member_id"] for row in locked if row["erased_at"] is None]
            await _destroy(tx, back, at)
            actions = [Action("identity.erased", member_id, actor, at, detail) for member_id in back]
            await record(tx, PRIVACY, actor, at, [], actions)
            return len(back)

        return await self.database.write(work)

    async def _seal(self, member_ids: Sequence[str]) -> int:
        async def work(tx: Transaction) -> int:
            people = [person for row in await tx.run(PLAIN_NOW, member_ids=member_ids) if (person := self._sealed(row))]
            await keep(tx, self.keyring, people)
            return len(people)

        return await self.database.write(work)

    def _sealed(self, row: Row) -> SealedPerson | None:
        """None for one who was erased since: `reapply` removes the name."""
        try:
            return self.keyring.seal(row["member_id"], {IdentityField.NAME: row["name"]})
        except PersonErased:
            return None


async def _destroy(tx: Transaction, member_ids: Sequence[str], at: datetime) -> int:
    """Of locked members; how many identifiers they were seen with."""
    found = await tx.run(ERASE, member_ids=sorted(member_ids), at=stored(at))
    tokens = sorted({token for row in found for token in row["tokens"]})
    rows = [dict(zip(("kind", "token"), token.split(" "), strict=True)) for token in tokens]
    if rows:
        await tx.run(ORPHANS, rows=rows)
    return len(rows)

"""What is known of people in Neo4j, sealed: read, revealed to somebody who says why, and looked up by.

Every reveal and every look-up is audited in the transaction that reads, without the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graph.audit import Action
from graph.errors import UnknownMember
from graph.identity import IdentityField
from graph.payouts import actor_name, reason_text
from graph.privacy.canonical import canonical
from graph.privacy.keyring import SealedPerson
from graph.privacy_errors import PersonErased, PrivacyBroken
from graph.store.queries import load
from graph.store.recording import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.identity import IdentifierKind
    from graph.privacy.keyring import Keyring
    from graph.store.database import Database, Row, Transaction

OF_MEMBERS = load("person/of_members")
SEAL = load("person/seal")
CLAIM = load("person/claim")
FIND = load("identifier/find")

PRIVACY = "privacy"
"""The chain of all that is done to what is known of people."""
MOST_FOUND, MOST_NAMED = 1_000, 20


@dataclass(frozen=True, slots=True)
class PeopleStore:
    """Reads what is sealed. `phone_region` is the country of a phone that names none."""

    database: Database
    keyring: Keyring
    phone_region: str = "CN"

    async def of_members(self, member_ids: Sequence[str]) -> dict[str, SealedPerson]:
        """What is sealed of the members that exist among these ids; those erased have nothing."""
        rows = await self.database.rows(OF_MEMBERS, member_ids=list(member_ids))
        return {row["member_id"]: person_from(row) for row in rows}

    def shown(self, person: SealedPerson | None, name: IdentityField) -> str | None:
        """A value for whoever may see it; None where there is none, or no longer. Raises DecryptionFailed."""
        try:
            return self.keyring.open(person, name) if person else None
        except PersonErased:
            return None

    async def reveal(
        self, member_id: str, fields: Iterable[IdentityField], reason: str, actor: str
    ) -> dict[IdentityField, str | None]:
        """The values in plain text. Raises UnknownMember, PersonErased, DecryptionFailed, and InvalidInput."""
        wanted = sorted(set(fields))
        actor_name(actor)
        detail: dict[str, str | int] = {"fields": ",".join(wanted), "reason": reason_text(reason)}
        action = Action("identity.revealed", member_id, actor, datetime.now(UTC), detail)

        async def work(tx: Transaction) -> dict[IdentityField, str | None]:
            rows = await tx.run(OF_MEMBERS, member_ids=[member_id])
            if not rows:
                raise UnknownMember(member_id)
            if rows[0]["erased_at"]:
                raise PersonErased(member_id)
            person = person_from(rows[0])
            found = {name: self.keyring.open(person, name) for name in wanted}
            await record(tx, PRIVACY, actor, action.at, [], [action])
            return found

        return await self.database.write(work)

    async def find_by(self, kind: IdentifierKind, value: str, reason: str, actor: str) -> list[str]:
        """The ids of the first thousand members seen with an identifier. Raises InvalidInput."""
        actor_name(actor)
        reason_text(reason)
        token = self.keyring.token(kind, canonical(kind, value, self.phone_region))
        at = datetime.now(UTC)

        async def work(tx: Transaction) -> list[str]:
            found = [row["member_id"] for row in await tx.run(FIND, kind=kind, token=token, count=MOST_FOUND)]
            named = " ".join(found[:MOST_NAMED])
            detail: dict[str, str | int] = {"reason": reason, "found": len(found), "members": named}
            await record(tx, PRIVACY, actor, at, [], [Action("identity.looked_up", kind, actor, at, detail)])
            return found

        return await self.database.write(work)


def person_from(row: Row) -> SealedPerson:
    """What a row says is sealed."""
    values = {name: bytes(row[name]) for name in IdentityField if row[name] is not None}
    wrapped = None if row["wrapped"] is None else bytes(row["wrapped"])
    return SealedPerson(row["member_id"], row["kid"], wrapped, values)


async def keep(tx: Transaction, keyring: Keyring, people: Sequence[SealedPerson]) -> None:
    """Writes what is sealed of members that have nothing sealed yet.

    A key that another master key has replaced since it was wrapped is wrapped again, so that the replaced one can
    be retired. Raises PrivacyBroken where the database knows another key file.
    """
    if not people:
        return
    await claim(tx, keyring)
    active = keyring.masters.active
    await tx.run(SEAL, rows=[_row(keyring, person, active) for person in people])


async def claim(tx: Transaction, keyring: Keyring) -> None:
    """Notes that this key file is the one of this database; raises PrivacyBroken if another is."""
    (row,) = await tx.run(CLAIM, installation=keyring.installation)
    if row["installation"] != keyring.installation:
        raise PrivacyBroken("The key file here is not the one that sealed what this database holds.")


def _row(keyring: Keyring, person: SealedPerson, active: str) -> Row:
    kid, wrapped = person.kid, person.wrapped
    if kid != active and wrapped is not None:
        kid, wrapped = keyring.rewrapped(person.member_id, wrapped)
    sealed: Row = {name: person.values.get(name) for name in IdentityField}
    return {"member_id": person.member_id, "kid": kid, "wrapped": wrapped, **sealed}

"""What members were seen with, in Neo4j: keyed hashes, so that two who share one are found without its being known.

A sighting is a fact and has its event, `IdentifierSeen`, with the member and the kind but never the hash: the log
outlives an erasure. The engine pays nothing for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.errors import Refused, UnknownMember
from graph.privacy.canonical import canonical
from graph.privacy_errors import PersonErased
from graph.store.acceptance import Accepted
from graph.store.people import claim
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.identity import IdentifierKind
    from graph.members import MemberId
    from graph.privacy.keyring import Keyring
    from graph.store.acceptance import Stamp
    from graph.store.database import Database, Row, Transaction

LOCK = load("person/lock")
USE = load("identifier/use")
ANNOUNCE = load("identifier/announce")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A member was seen with something. A moment unsaid is the moment of acceptance.

    `value` is read as `graph.privacy.canonical` does when the sighting is recorded.
    """

    member_id: MemberId
    kind: IdentifierKind
    value: str = field(repr=False)
    seen_at: datetime | None = None


Recorded = Accepted[Sighting] | Refused


@dataclass(frozen=True, slots=True)
class IdentifierStore:
    """Records sightings."""

    database: Database
    keyring: Keyring
    phone_region: str = "CN"

    async def record(self, wishes: Sequence[tuple[int, Sighting]], stamp: Stamp) -> list[Recorded]:
        """Accepts sightings, each with its row number, in one transaction; answers in the same order.

        One that is known widens the time over which the member was seen with it, and is no new fact. Refused are
        unknown and erased members, and values that cannot be read as their kind.
        """
        hashed = [self._hashed(number, wish, stamp.moment) for number, wish in wishes]
        rows = [row for row in hashed if not isinstance(row, Refused)]
        alive, new = await self.database.write(lambda tx: self._record(tx, rows, stamp)) if rows else ({}, set())
        return [
            row if isinstance(row, Refused) else _outcome(wish, alive, new=row["row"] in new)
            for (_, wish), row in zip(wishes, hashed, strict=True)
        ]

    def _hashed(self, number: int, wish: Sighting, now: datetime) -> Row | Refused:
        try:
            token = self.keyring.token(wish.kind, canonical(wish.kind, wish.value, self.phone_region))
        except Refused as refusal:
            return refusal
        seen = stored(wish.seen_at or now)
        return used(wish.member_id, wish.kind, token, seen) | {"row": number}

    async def _record(self, tx: Transaction, rows: Sequence[Row], stamp: Stamp) -> tuple[dict[str, bool], set[int]]:
        """Which members there are and whether they may be seen; the rows that nobody had reported before."""
        locked = await tx.run(LOCK, member_ids=sorted({row["member_id"] for row in rows}))
        alive = {row["member_id"]: row["erased_at"] is None for row in locked}
        await claim(tx, self.keyring)
        new = await use(tx, [row for row in rows if alive.get(row["member_id"])])
        await tx.run(ANNOUNCE, rows=[row for row in rows if row["row"] in new], accepted_us=stamp.accepted_us)
        return alive, new


def used(member_id: str, kind: IdentifierKind, token: str, seen: str) -> Row:
    """That a member was seen with something at a moment, as a row."""
    return {"member_id": member_id, "kind": kind, "token": token, "first_seen": seen, "last_seen": seen, "row": 0}


async def use(tx: Transaction, rows: Sequence[Row]) -> set[int]:
    """Draws the edges of locked members; the numbers of the first rows that say what was not so before."""
    ordered = sorted(rows, key=lambda row: (row["kind"], row["token"], row["row"]))
    found = {row["row"]: row["new"] for row in await tx.run(USE, rows=ordered)} if ordered else {}
    first = {(row["member_id"], row["kind"], row["token"]): row["row"] for row in reversed(ordered)}
    return {number for number in first.values() if found[number]}


def _outcome(wish: Sighting, alive: dict[str, bool], *, new: bool) -> Recorded:
    if wish.member_id not in alive:
        return UnknownMember(wish.member_id)
    return Accepted(wish, new) if alive[wish.member_id] else PersonErased(wish.member_id)

"""Members in Neo4j: enrolment, uplines, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from graph.commissions import WHOLE_UPLINE
from graph.errors import ReferralCycle, Refused, UnknownReferrer
from graph.identity import IdentifierKind, IdentityField
from graph.members import Ancestor, Enrolment, Member
from graph.privacy_errors import PersonErased
from graph.store.acceptance import Accepted
from graph.store.identifiers import use, used
from graph.store.people import OF_MEMBERS, keep, person_from
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.privacy.keyring import Keyring, SealedPerson
    from graph.store.acceptance import Stamp
    from graph.store.database import Database, Row, Transaction

BY_ID = load("member/by_id")
PAGE = load("member/page")
COUNT = load("member/count")
ENROL = load("member/enrol")
REFER = load("member/refer")
CHAIN = load("upline/chain")
DOWNLINE = load("downline/page")

Enrolled = Accepted[Member] | Refused
ALL_AT_ONCE = 10_000
LOOKED_UP = {IdentityField.PHONE: IdentifierKind.PHONE, IdentityField.ID_NUMBER: IdentifierKind.ID_NUMBER}
"""What an enrolment says of a person by which they are also found."""


@dataclass(frozen=True, slots=True)
class MemberStore:
    """Reads and enrols members."""

    database: Database
    keyring: Keyring

    async def by_ids(self, member_ids: Sequence[str]) -> dict[str, Member]:
        """The members that exist among these ids."""
        rows = await self.database.rows(BY_ID, member_ids=list(member_ids))
        return {row["member_id"]: member_from(row) for row in rows}

    async def page(self, after: str, count: int) -> list[Member]:
        """The next members by id after one."""
        return [member_from(row) for row in await self.database.rows(PAGE, after=after, count=count)]

    async def all(self) -> list[Member]:
        """Every member, by id: about 1 kB each."""
        members: list[Member] = []
        while page := await self.page(members[-1].member_id if members else "", ALL_AT_ONCE):
            members += page
        return members

    async def count(self) -> int:
        """How many members there are."""
        (row,) = await self.database.rows(COUNT)
        return int(row["members"])

    async def uplines(self, member_ids: Sequence[str], max_level: int) -> dict[str, list[Ancestor]]:
        """The upline of each member, nearest first; a root or an unknown id has an empty one."""
        return await self.database.read(lambda tx: uplines(tx, member_ids, max_level))

    async def downline(
        self, member_id: str, max_level: int, after: tuple[int, str], count: int
    ) -> list[tuple[int, Member]]:
        """The next of a member's downline with their levels, ordered by (level, id), after a place in that order."""
        rows = await self.database.rows(
            DOWNLINE,
            member_id=member_id,
            max_level=max_level,
            after_level=after[0],
            after_id=after[1],
            count=count,
        )
        return [(row["level"], member_from(row)) for row in rows]

    async def enrol(self, wishes: Sequence[tuple[int, Enrolment]], stamp: Stamp) -> list[Enrolled]:
        """Accepts enrolments, each with its row number, in one transaction; answers in the same order.

        A referrer comes before their referees. A wish that the forest does not admit gets its refusal, and
        one that repeats what is so gets the member there is; neither stops the others.
        """
        sealed = [self._sealed(wish) for _, wish in wishes]
        return await self.database.write(lambda tx: _Enrolling(tx, self.keyring, stamp).enrol(wishes, sealed))

    def _sealed(self, wish: Enrolment) -> SealedPerson | Refused | None:
        """Once, before the transaction: however often that is done again, it writes the same bytes."""
        try:
            return self.keyring.seal(wish.member_id, wish.personal) if wish.personal else None
        except PersonErased as refusal:
            return refusal


async def uplines(tx: Transaction, member_ids: Sequence[str], max_level: int) -> dict[str, list[Ancestor]]:
    """As MemberStore.uplines, inside a transaction."""
    chains: dict[str, list[Ancestor]] = {member_id: [] for member_id in member_ids}
    for row in await tx.run(CHAIN, member_ids=list(chains), max_level=max_level):
        chains[row["member_id"]].append(Ancestor(row["ancestor_id"], row["level"], row["first_order_seq"]))
    return chains


def member_from(row: Row) -> Member:
    """The member that a row describes."""
    return Member(
        member_id=row["member_id"],
        referrer_id=row["referrer_id"],
        depth=row["depth"],
        joined_at=datetime.fromisoformat(row["joined_at"]),
    )


@dataclass(slots=True)
class _Enrolling:
    """One attempt at a batch of enrolments, in a transaction."""

    tx: Transaction
    keyring: Keyring
    stamp: Stamp
    known: dict[str, Member] = field(default_factory=dict)
    personal: dict[str, Mapping[IdentityField, str | None]] = field(default_factory=dict)
    """What is known of the people whom a wish says something of."""
    created: list[tuple[Row, Enrolment, SealedPerson | None]] = field(default_factory=list)

    async def enrol(
        self, wishes: Sequence[tuple[int, Enrolment]], sealed: Sequence[SealedPerson | Refused | None]
    ) -> list[Enrolled]:
        ids = {i for _, wish in wishes for i in (wish.member_id, wish.referrer_id) if i}
        self.known = {row["member_id"]: member_from(row) for row in await self.tx.run(BY_ID, member_ids=sorted(ids))}
        await self._read_people(wishes)
        outcomes: list[Enrolled] = []
        for (row_number, wish), person in zip(wishes, sealed, strict=True):
            try:
                if isinstance(person, Refused):
                    raise person
                outcomes.append(await self._accept(row_number, wish, person))
            except Refused as refusal:
                outcomes.append(refusal)
        await self._write()
        return outcomes

    async def _read_people(self, wishes: Sequence[tuple[int, Enrolment]]) -> None:
        again = sorted({wish.member_id for _, wish in wishes if wish.personal and wish.member_id in self.known})
        for row in await self.tx.run(OF_MEMBERS, member_ids=again) if again else ():
            person = person_from(row)
            self.personal[person.member_id] = {name: self.keyring.open(person, name) for name in IdentityField}

    async def _accept(self, row_number: int, wish: Enrolment, person: SealedPerson | None) -> Accepted[Member]:
        member = self.known.get(wish.member_id)
        if member is not None:
            await self._refuse_other_content(member, wish)
            return Accepted(member, new=False)
        member = _joined(wish, self.known, self.stamp.moment)
        self.known[wish.member_id], self.personal[wish.member_id] = member, wish.personal
        self.created.append((_row(member, row_number), wish, person))
        return Accepted(member, new=True)

    async def _refuse_other_content(self, member: Member, wish: Enrolment) -> None:
        """Names a cycle as such: the wished referrer is in the member's own downline."""
        if wish.referrer_id is not None and wish.referrer_id != member.referrer_id:
            chain = await uplines(self.tx, [wish.referrer_id], WHOLE_UPLINE)
            if any(ancestor.member_id == member.member_id for ancestor in chain[wish.referrer_id]):
                raise ReferralCycle(member.member_id, wish.referrer_id)
        member.refuse_other_content(wish, self.personal.get(member.member_id, {}))

    async def _write(self) -> None:
        if not self.created:
            return
        rows = [row for row, _, _ in self.created]
        await self.tx.run(ENROL, rows=rows, accepted_us=self.stamp.accepted_us)
        referred = sorted((row for row in rows if row["referrer_id"]), key=lambda row: str(row["referrer_id"]))
        await self.tx.run(REFER, rows=referred)
        await keep(self.tx, self.keyring, [person for _, _, person in self.created if person])
        await use(
            self.tx,
            [
                used(wish.member_id, kind, self.keyring.token(kind, wish.personal[name]), row["joined_at"])
                for row, wish, _ in self.created
                for name, kind in LOOKED_UP.items()
                if name in wish.personal
            ],
        )


def _joined(wish: Enrolment, known: dict[str, Member], now: datetime) -> Member:
    depth = 0
    if wish.referrer_id is not None:
        if wish.referrer_id not in known:
            raise UnknownReferrer(wish.referrer_id)
        depth = known[wish.referrer_id].depth + 1
    return Member(wish.member_id, wish.referrer_id, depth, wish.joined_at or now)


def _row(member: Member, row_number: int) -> Row:
    return {
        "member_id": member.member_id,
        "referrer_id": member.referrer_id,
        "depth": member.depth,
        "joined_at": stored(member.joined_at),
        "row": row_number,
    }

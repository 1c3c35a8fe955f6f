"""Members in Neo4j: enrolment, uplines, pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from graph.commissions import WHOLE_UPLINE
from graph.errors import ReferralCycle, Refused, UnknownReferrer
from graph.members import Ancestor, Enrolment, Member
from graph.store.acceptance import Accepted
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class MemberStore:
    """Reads and enrols members."""

    database: Database

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
        return await self.database.write(lambda tx: _enrol(tx, wishes, stamp))


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
        name=row["name"],
    )


async def _enrol(tx: Transaction, wishes: Sequence[tuple[int, Enrolment]], stamp: Stamp) -> list[Enrolled]:
    ids = {i for _, wish in wishes for i in (wish.member_id, wish.referrer_id) if i}
    known = {row["member_id"]: member_from(row) for row in await tx.run(BY_ID, member_ids=sorted(ids))}
    created: list[Row] = []
    outcomes: list[Enrolled] = []
    for row_number, wish in wishes:
        try:
            member = known.get(wish.member_id)
            new = member is None
            if member is None:
                member = _joined(wish, known, stamp.moment)
                known[wish.member_id] = member
                created.append(_row(member, row_number))
            else:
                await _refuse_other_content(tx, member, wish)
            outcomes.append(Accepted(member, new))
        except Refused as refusal:
            outcomes.append(refusal)
    if created:
        await tx.run(ENROL, rows=created, accepted_us=stamp.accepted_us)
        referred = sorted((row for row in created if row["referrer_id"]), key=lambda row: str(row["referrer_id"]))
        await tx.run(REFER, rows=referred)
    return outcomes


def _joined(wish: Enrolment, known: dict[str, Member], now: datetime) -> Member:
    depth = 0
    if wish.referrer_id is not None:
        if wish.referrer_id not in known:
            raise UnknownReferrer(wish.referrer_id)
        depth = known[wish.referrer_id].depth + 1
    return Member(wish.member_id, wish.referrer_id, depth, wish.joined_at or now, wish.name)


async def _refuse_other_content(tx: Transaction, member: Member, wish: Enrolment) -> None:
    """Names a cycle as such: the wished referrer is in the member's own downline."""
    if wish.referrer_id is not None and wish.referrer_id != member.referrer_id:
        chain = await uplines(tx, [wish.referrer_id], WHOLE_UPLINE)
        if any(ancestor.member_id == member.member_id for ancestor in chain[wish.referrer_id]):
            raise ReferralCycle(member.member_id, wish.referrer_id)
    member.refuse_other_content(wish)


def _row(member: Member, row_number: int) -> Row:
    return {
        "member_id": member.member_id,
        "referrer_id": member.referrer_id,
        "depth": member.depth,
        "joined_at": stored(member.joined_at),
        "name": member.name,
        "row": row_number,
    }

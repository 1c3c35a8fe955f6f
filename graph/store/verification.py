"""What `threefold verify` reads: whole tables page by page, each page a short transaction that locks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store import standings
from graph.store.queries import load
from graph.store.sequence import PLACE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from graph.standings import Standings
    from graph.store.database import Database, Row
    from graph.store.queries import Query

MEMBERS = load("verification/members")
SCOPES = load("verification/scopes")
EVENTS = load("verification/events")
ORDERS = load("verification/orders")
REWARDS = load("verification/rewards")
SLOTS = load("verification/slots")
ADJUSTMENTS = load("verification/adjustments")
COUNTS = load("verification/counts")
KEYLESS = load("verification/keyless")
STRAYS = load("verification/strays")
CONSTRAINTS = load("migration/constraints")

ROWS_AT_ONCE = 10_000
SEQS_AT_ONCE = 5_000
LAST_SEQ = 2**53


@dataclass(frozen=True, slots=True)
class VerificationStore:
    """Reads nodes as they are, also those that the domain would refuse."""

    database: Database

    async def members(self) -> AsyncIterator[list[Row]]:
        """Every member, by id, in pages."""
        async for page in self._by_member(MEMBERS):
            yield page

    async def scopes(self) -> AsyncIterator[list[Row]]:
        """Every scope, by member, in pages."""
        async for page in self._by_member(SCOPES):
            yield page

    async def _by_member(self, query: Query) -> AsyncIterator[list[Row]]:
        after = ""
        while page := await self.database.rows(query, after=after, count=ROWS_AT_ONCE):
            yield page
            after = page[-1]["member_id"]

    async def events(self, after: int, upto: int) -> list[Row]:
        """The events of a stretch of the log, in seq order."""
        return await self.database.rows(EVENTS, after=after, upto=upto)

    async def orders(self, after: int, upto: int) -> list[Row]:
        """The orders numbered in a stretch of the log."""
        return await self.database.rows(ORDERS, after=after, upto=upto)

    async def rewards(self, after: int, upto: int) -> list[Row]:
        """The rewards of a stretch of the log, with their entries."""
        return await self.database.rows(REWARDS, after=after, upto=upto)

    async def slots(self, after: int, upto: int) -> list[Row]:
        """The slots of the anchors of a stretch of the log."""
        return await self.database.rows(SLOTS, after=after, upto=upto)

    async def adjustments(self) -> AsyncIterator[list[Row]]:
        """Every adjustment that was posted, in pages."""
        after = ""
        while page := await self.database.rows(ADJUSTMENTS, after=after, count=ROWS_AT_ONCE):
            yield page
            after = page[-1]["id"]

    async def standings(self, member_ids: Sequence[str], months: Sequence[str]) -> Standings:
        """The counters of these members, for all time and in these months."""
        return await self.database.read(lambda tx: standings.read(tx, member_ids, months))

    async def sequence(self) -> Row:
        """How far the sequence has been applied; its seq is null before it began."""
        (row,) = await self.database.rows(PLACE)
        return row

    async def counts(self) -> Row:
        """How many rewards, entries, slots, volumes and standings there are."""
        (row,) = await self.database.rows(COUNTS)
        return row

    async def keyless(self, count: int) -> list[Row]:
        """Nodes that lack a part of their key."""
        return await self.database.rows(KEYLESS, count=count)

    async def strays(self, count: int) -> list[Row]:
        """Nodes that hang on nothing."""
        return await self.database.rows(STRAYS, count=count)

    async def constraints(self) -> set[str]:
        """The names of the constraints there are."""
        return {row["name"] for row in await self.database.shown(CONSTRAINTS)}


def stretches(upto: int) -> list[tuple[int, int]]:
    """The log up to a mark, cut into pages: (after, upto)."""
    return [(first, min(first + SEQS_AT_ONCE, upto)) for first in range(0, upto, SEQS_AT_ONCE)]

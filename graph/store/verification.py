"""What `threefold verify` reads: whole tables page by page, each page a short transaction that locks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.store import standings
from graph.store.paging import pages
from graph.store.queries import load
from graph.store.sequence import PLACE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from graph.standings import Standings
    from graph.store.database import Database, Row

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
LAST_SEQ = 2**53


@dataclass(frozen=True, slots=True)
class VerificationStore:
    """Reads nodes as they are, also those that the domain would refuse."""

    database: Database

    def members(self) -> AsyncIterator[list[Row]]:
        """Every member, by id, in pages."""
        return pages(self.database, MEMBERS, "member_id", ROWS_AT_ONCE)

    def scopes(self) -> AsyncIterator[list[Row]]:
        """Every scope, by member, in pages."""
        return pages(self.database, SCOPES, "member_id", ROWS_AT_ONCE)

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

    def adjustments(self) -> AsyncIterator[list[Row]]:
        """Every adjustment that was posted, in pages."""
        return pages(self.database, ADJUSTMENTS, "id", ROWS_AT_ONCE)

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

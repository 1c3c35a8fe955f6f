"""Teams in Neo4j: a member's whole downline in numbers, counted directly (`cypher/team/`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.ledger import Balance
from graph.store.queries import load
from graph.times import stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from graph.store.database import Database

LEVELS = load("team/levels")
ACTIVE = load("team/active")
TREND = load("team/trend")
REWARDS = load("team/rewards")

EVERY_LEVEL = 2**31 - 1
"""How many levels down a whole team is counted."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Completed orders in one currency: how many, and their net sum in minor units."""

    currency: str
    orders: int
    volume_minor: int


@dataclass(frozen=True, slots=True)
class TeamLevel:
    """One level of a team; level 1 are the direct referees."""

    level: int
    members: int
    volumes: tuple[Volume, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A member's team, level by level."""

    member_id: str
    levels: tuple[TeamLevel, ...]

    def down_to(self, level: int) -> Team:
        """The team as far as a level."""
        return Team(self.member_id, tuple(each for each in self.levels if each.level <= level))

    @property
    def size(self) -> int:
        """How many members, the top not included."""
        return sum(level.members for level in self.levels)

    @property
    def direct(self) -> int:
        """How many direct referees."""
        return self.levels[0].members if self.levels else 0

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The volume of all levels together, by currency code."""
        totals: dict[str, tuple[int, int]] = {}
        for volume in (v for level in self.levels for v in level.volumes):
            orders, minor = totals.get(volume.currency, (0, 0))
            totals[volume.currency] = (orders + volume.orders, minor + volume.volume_minor)
        return tuple(Volume(currency, *totals[currency]) for currency in sorted(totals))


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A team's completed orders of one day (UTC, such as 2026-11-23) in one currency."""

    day: str
    volume: Volume


@dataclass(frozen=True, slots=True)
class TeamStore:
    """Counts teams in the graph itself: exact, and as slow as the team is large."""

    database: Database

    async def by_members(self, member_ids: Sequence[str]) -> dict[str, Team]:
        """The team of each member; an unknown id has an empty one."""
        levels: dict[str, dict[int, TeamLevel]] = {member_id: {} for member_id in member_ids}
        for row in await self.database.rows(LEVELS, member_ids=list(levels)):
            of_member = levels[row["member_id"]]
            level = of_member.get(row["level"], TeamLevel(row["level"], row["members"], ()))
            if row["currency"]:
                volume = Volume(row["currency"], row["orders"], row["volume_minor"])
                level = TeamLevel(level.level, level.members, (*level.volumes, volume))
            of_member[row["level"]] = level
        return {member_id: Team(member_id, tuple(found.values())) for member_id, found in levels.items()}

    async def active(self, member_ids: Sequence[str], window: tuple[datetime, int]) -> dict[str, int]:
        """How many of each team completed an order since a moment, down to a level: the two of the window."""
        since, max_level = window
        rows = await self.database.rows(ACTIVE, member_ids=list(member_ids), since=stored(since), max_level=max_level)
        return {row["member_id"]: row["active"] for row in rows}

    async def trends(self, member_ids: Sequence[str], window: tuple[datetime, int]) -> dict[str, list[TeamDay]]:
        """The days on which each team completed orders, oldest first, in a window as `active` takes it."""
        since, max_level = window
        days: dict[str, list[TeamDay]] = {member_id: [] for member_id in member_ids}
        for row in await self.database.rows(TREND, member_ids=list(days), since=stored(since), max_level=max_level):
            volume = Volume(row["currency"], row["orders"], row["volume_minor"])
            days[row["member_id"]].append(TeamDay(row["day"], volume))
        return days

    async def rewards(self, member_ids: Sequence[str]) -> dict[str, list[Balance]]:
        """What the members of each team earned together, one balance a currency."""
        balances: dict[str, list[Balance]] = {member_id: [] for member_id in member_ids}
        for row in await self.database.rows(REWARDS, member_ids=list(balances)):
            balances[row["member_id"]].append(Balance(**row))
        return balances

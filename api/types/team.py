"""Teams: a member's whole downline in numbers."""

from datetime import datetime
from typing import Self

import strawberry

from api.context import Context, Info
from api.policies import CROWD, SEEN, SIGHT
from api.scalars import DateTime
from api.types import member as members
from api.types.arguments import Days
from api.types.fields import field, seen
from api.types.lazy import LazyMember
from api.types.money import Balance, Money, volume
from api.windows import days_before
from graph.store import teams as domain
from graph.times import stored


@strawberry.type(description="One level of a team.")
class TeamLevel:
    """Everybody at the same number of hops."""

    level: int = seen(description="Hops from the member: 1 are the direct referees.")
    members: int = seen(description="How many members it has.")
    orders: int = seen(description="How many orders they completed.")
    volume: list[Money] = seen(description="The net sum of those orders, one amount a currency.")

    @classmethod
    def from_domain(cls, level: domain.TeamLevel) -> Self:
        """One level as it was counted."""
        orders = sum(part.orders for part in level.volumes)
        return cls(level=level.level, members=level.members, orders=orders, volume=volume(level.volumes))


@strawberry.type(description="A team's completed orders of one day in one currency.")
class TeamDay:
    """One point of a trend."""

    day: str = seen(description="The day in UTC, such as 2026-11-23.")
    orders: int = seen(description="How many orders were completed.")
    volume: Money = seen(description="Their net sum.")

    @classmethod
    def from_domain(cls, day: domain.TeamDay) -> Self:
        """One day and currency as counted."""
        amount = Money.from_domain(day.volume.volume_minor, day.volume.currency)
        return cls(day=day.day, orders=day.volume.orders, volume=amount)


@strawberry.type(description="A member's whole downline in numbers; the member is not included.")
class Team:
    """Size, volume and earnings of a team."""

    member_id: str = seen(description="Whose team it is.")
    size: int = seen(description="How many members, on all levels.")
    direct: int = seen(description="How many direct referees.")
    levels: list[TeamLevel] = seen(description="The same level by level, nearest first.")
    volume: list[Money] = seen(description="The net sum of completed orders, one amount a currency.")
    as_of: DateTime = seen(description="When these numbers were read.")

    @classmethod
    def from_domain(cls, team: domain.Team, as_of: datetime) -> Self:
        """A team as it was counted at a moment."""
        return cls(
            member_id=team.member_id,
            size=team.size,
            direct=team.direct,
            levels=[TeamLevel.from_domain(level) for level in team.levels],
            volume=volume(team.volumes),
            as_of=DateTime(stored(as_of)),
        )

    @classmethod
    async def of(cls, context: Context, member_id: str) -> Self:
        """The team of a member; a leaf has an empty one."""
        team = await context.loaders.team_by_member_id.load(member_id)
        return cls.from_domain(team or domain.Team(member_id, ()), context.now)

    @field(description="The member on top of it.", allow=SEEN)
    async def member(self, info: Info) -> LazyMember:
        """Whose team it is."""
        return await members.Member.get(info.context, self.member_id)

    @field(description="How many of the team completed an order in the last days.", allow=SIGHT)
    async def active(self, info: Info, days: Days = 30) -> int:
        """Members counted once, however many orders they completed."""
        return await info.context.reads.team_active(self.member_id, days_before(info.context.now, days))

    @field(description="What the team's members earned together, one entry a currency.", allow=CROWD)
    async def rewards(self, info: Info) -> list[Balance] | None:
        """By account, as in a member's own balance."""
        balances = await info.context.reads.team_rewards(self.member_id)
        return None if balances is None else [Balance.from_domain(balance) for balance in balances]

    @field(
        description="The team's completed orders by day (UTC), oldest first; days without are left out.", allow=SIGHT
    )
    async def trend(self, info: Info, days: Days = 30) -> list[TeamDay]:
        """One point a day and currency."""
        found = await info.context.reads.team_trend(self.member_id, days_before(info.context.now, days))
        return [TeamDay.from_domain(day) for day in found]

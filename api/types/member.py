"""Members and the pages that hang on them."""

from typing import Self

import strawberry

from api import pages
from api.context import Context, Info
from api.paging import levels
from api.policies import OWN, SEEN, SIGHT, STAFF
from api.scalars import DateTime
from api.types import team as teams
from api.types.arguments import After, First, MaxLevel
from api.types.connection import Connection, Edge, PageInfo
from api.types.fields import field, seen
from api.types.lazy import LazyOrder, LazyReward, LazyTeam
from api.types.money import Balance
from api.types.node import Node, global_id
from graph import members as domain
from graph.errors import UnknownMember
from graph.identity import IdentityField
from graph.times import stored


@strawberry.type(description="A member of the referral network.")
class Member(Node):
    """One person and their place in the forest."""

    member_id: str = seen(description="The business key.")
    depth: int = seen(description="Hops from the root of their tree, which has depth 0; for a member: from themself.")
    joined_at: DateTime = seen(description="When they joined.")
    referrer_id: strawberry.Private[domain.MemberId | None]

    @classmethod
    def from_domain(cls, member: domain.Member) -> Self:
        """A member as the store holds them."""
        return cls(
            id=global_id("Member", member.member_id),
            member_id=member.member_id,
            depth=member.depth,
            joined_at=DateTime(stored(member.joined_at)),
            referrer_id=member.referrer_id,
        )

    @classmethod
    async def find(cls, context: Context, member_id: str) -> Self | None:
        """The member with a business key."""
        member = await context.loaders.member_by_id.load(member_id)
        return None if member is None else cls.from_domain(member)

    @classmethod
    async def get(cls, context: Context, member_id: str) -> Self:
        """The member with a business key that must exist; raises UnknownMember."""
        member = await cls.find(context, member_id)
        if member is None:
            raise UnknownMember(member_id)
        return member

    @field(description="What they are called, if known; masked, but for themself.", allow=SEEN, cost=0)
    async def name(self, info: Info) -> str | None:
        """Opened only where it is asked for; null once the person is erased."""
        return await info.context.reads.personal(self.member_id, IdentityField.NAME)

    @field(
        description="Their phone: whole for themself, for staff masked, such as 138****8000, and for others null.",
        allow=SEEN,
    )
    async def phone(self, info: Info) -> str | None:
        """The whole number takes a `revealIdentity`."""
        return await info.context.reads.number(self.member_id, IdentityField.PHONE)

    @field(
        description="Their ID number: whole for themself, for staff masked, such as 1101**********1234, and for "
        "others null.",
        allow=SEEN,
    )
    async def id_number(self, info: Info) -> str | None:
        """The whole number takes a `revealIdentity`."""
        return await info.context.reads.number(self.member_id, IdentityField.ID_NUMBER)

    @field(description="Who referred them; null for a root.", allow=SIGHT)
    async def referrer(self, info: Info) -> "Member | None":
        """The one member directly above."""
        return None if self.referrer_id is None else await Member.find(info.context, self.referrer_id)

    @field(description="Everybody above them, nearest first.", allow=SIGHT, rows=25)
    async def upline(self, info: Info, max_level: MaxLevel = 100) -> list["UplineMember"]:
        """Up to a number of levels."""
        chain = await info.context.reads.upline(self.member_id, levels(max_level))
        return [UplineMember(level=above.level, member_id=above.member_id) for above in chain]

    @field(description="Everybody below them, nearest first and then by id.", allow=SIGHT)
    async def downline(
        self, info: Info, max_level: MaxLevel = 100, first: First = 20, after: After = None
    ) -> "DownlineConnection":
        """A page of the whole downline."""
        return await pages.downline(info.context, self.member_id, max_level, first, after)

    @field(description="The whole downline in numbers.", allow=SIGHT)
    async def team(self, info: Info) -> LazyTeam:
        """Empty for a leaf."""
        return await teams.Team.of(info.context, self.member_id)

    @field(description="What they bought and was numbered, newest first.", allow=OWN)
    async def orders(self, info: Info, first: First = 20, after: After = None) -> Connection[LazyOrder] | None:
        """A page of the member's orders."""
        return await pages.orders(info.context, self.member_id, first, after)

    @field(description="What they earned, newest order first.", allow=OWN)
    async def rewards(self, info: Info, first: First = 20, after: After = None) -> Connection[LazyReward] | None:
        """A page of the member's rewards."""
        return await pages.rewards_of_member(info.context, self.member_id, first, after)

    @field(description="Their money, one entry for each currency in which they ever earned.", allow=OWN)
    async def balance(self, info: Info) -> list[Balance] | None:
        """The sums of the member's ledger entries."""
        balances = await info.context.reads.balance(self.member_id)
        return None if balances is None else [Balance.from_domain(balance) for balance in balances]


@strawberry.type(description="One member of somebody's upline.")
class UplineMember:
    """A member, and how far above."""

    level: int = seen(description="Hops: 1 is the direct referrer.")
    member_id: strawberry.Private[str]

    @field(description="Their name, masked, but for oneself.", allow=SIGHT)
    async def display_name(self, info: Info) -> str | None:
        """All that a member sees of their upline."""
        return await info.context.reads.personal(self.member_id, IdentityField.NAME)

    @field(description="Who it is.", allow=SIGHT)
    async def member(self, info: Info) -> Member | None:
        """The member of this level."""
        return await Member.find(info.context, self.member_id)


@strawberry.type(description="A page of members, and how many there are in all.")
class MemberConnection(Connection[Member]):
    """Members by id."""

    @field(description="How many members there are in all: exact, and cheap.", allow=STAFF)
    async def total_count(self, info: Info) -> int:
        """From the database's own count."""
        return await info.context.reads.member_count()


@strawberry.type(description="One member of somebody's downline.")
class DownlineEdge(Edge[Member]):
    """A member, their place, and how far below."""

    level: int = seen(description="Hops: 1 are the direct referees.")


@strawberry.type(description="A page of somebody's downline.")
class DownlineConnection:
    """Members by level and id."""

    edges: list[DownlineEdge] = seen(description="The rows, each with its level and cursor.")
    nodes: list[Member] = seen(description="The rows without levels and cursors.")
    page_info: PageInfo = seen(description="Where this page lies.")

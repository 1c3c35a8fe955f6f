"""Members by key and by page."""

import strawberry

from api import pages
from api.context import Info
from api.policies import READERS, STAFF
from api.types.arguments import After, First, MemberKey
from api.types.fields import field
from api.types.member import Member, MemberConnection


@strawberry.type
class MemberQueries:
    """The query fields about members."""

    @field(description="The member with a business key, or null.", allow=READERS)
    async def member(self, info: Info, member_id: MemberKey) -> Member | None:
        """One member."""
        return await Member.find(info.context, member_id)

    @field(description="All members by id.", allow=STAFF)
    async def members(self, info: Info, first: First = 20, after: After = None) -> MemberConnection:
        """A page of members."""
        return await pages.all_members(info.context, first, after)

"""Teams by their top."""

import strawberry

from api.context import Info
from api.policies import READERS
from api.types.arguments import MemberKey
from api.types.fields import field
from api.types.member import Member
from api.types.team import Team


@strawberry.type
class TeamQueries:
    """The query fields about teams."""

    @field(description="A member's whole downline in numbers, or null if there is no such member.", allow=READERS)
    async def team(self, info: Info, member_id: MemberKey) -> Team | None:
        """One team."""
        if await Member.find(info.context, member_id) is None:
            return None
        return await Team.of(info.context, member_id)

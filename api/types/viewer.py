"""Who asks, by their token or API key."""

from typing import Self

import strawberry

from api.context import Info
from api.policies import SEEN
from api.scalars import DateTime
from api.types import member as members
from api.types.enums import Role
from api.types.fields import field, seen
from api.types.lazy import LazyMember
from graph.principals import Principal
from graph.times import stored


@strawberry.type(description="Whoever asks, as their token or API key says.")
class Viewer:
    """A principal. What its roles may do: docs/policies.md."""

    name: str = seen(description="What the audit calls them.")
    roles: list[Role] = seen(description="What they may do, by name; several add up.")
    expires_at: DateTime | None = seen(
        description="When the token or key ends, and subscriptions with it; null for a key without an end."
    )

    @classmethod
    def from_domain(cls, principal: Principal) -> Self:
        """A principal as it was let in."""
        ends = principal.expires_at
        expires_at = None if ends is None else DateTime(stored(ends))
        return cls(name=principal.name, roles=sorted(principal.roles), expires_at=expires_at)

    @field(description="The member they act for; null for staff and machines.", allow=SEEN)
    async def member(self, info: Info) -> LazyMember | None:
        """The member themself, once enrolled."""
        member_id = info.context.principal.member_id
        return None if member_id is None else await members.Member.find(info.context, member_id)

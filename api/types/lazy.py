"""Names for the types whose files need one another: what a field's annotation says; the files import themselves."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from api.types.member import Member
    from api.types.order import Order
    from api.types.refund import Refund
    from api.types.reward import Reward
    from api.types.team import Team

LazyMember: TypeAlias = Annotated["Member", strawberry.lazy("api.types.member")]
LazyOrder: TypeAlias = Annotated["Order", strawberry.lazy("api.types.order")]
LazyRefund: TypeAlias = Annotated["Refund", strawberry.lazy("api.types.refund")]
LazyReward: TypeAlias = Annotated["Reward", strawberry.lazy("api.types.reward")]
LazyTeam: TypeAlias = Annotated["Team", strawberry.lazy("api.types.team")]
